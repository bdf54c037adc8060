package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.signalr.call.HubVoice;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.protocol.frame.ClientFrame;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the client of a hub that is signed in shows anew who it is: each of its requests may bring what counts for longer. Owns nothing
 * that changes. On the connection's loop.
 */
final class HubRenewal {
  private static final Logger LOG = LoggerFactory.getLogger(HubRenewal.class);

  private static final Credential.Handler<Optional<String>> TOKEN = new Token();

  private final HubLink link;
  private final HubOpening opening;
  private final Surroundings around;
  private final Connection connection;
  private final HubVoice voice;

  HubRenewal(
      HubLink link,
      HubOpening opening,
      Surroundings around,
      Connection connection,
      HubVoice voice) {
    this.link = link;
    this.opening = opening;
    this.around = around;
    this.connection = connection;
    this.voice = voice;
  }

  /** The token that a credential is; a ticket is none. */
  private static final class Token implements Credential.Handler<Optional<String>> {
    @Override
    public Optional<String> on(Credential.Bearer credential) {
      return Optional.of(credential.token().value());
    }

    @Override
    public Optional<String> on(Credential.Ticket credential) {
      return Optional.empty();
    }

    @Override
    public Optional<String> on(Credential.Cookie credential) {
      return Optional.of(credential.token().value());
    }
  }

  /** Whether the credential says at once that it is of the same user. */
  boolean isOf(Credential credential) {
    if (!connection.isSignedIn()) {
      return false;
    }
    Future<Principal> judged = around.authenticator().authenticate(credential);
    return judged.succeeded()
        && judged.result().userId().equals(connection.caller().user());
  }

  /** The client goes on with what was shown, if that can be. */
  void renew(Credential newer) {
    newer
        .dispatch(TOKEN)
        .ifPresent(token -> voice.ask(
            ref -> new ClientFrame.Refresh(ref, token),
            failure -> LOG.debug(
                "Connection {} goes on with its old token: {}",
                opening.connectionId(),
                failure.code())));
  }

  /**
   * What the client showed counts no more. Each poll is judged, so nothing comes or goes until one shows a token that counts.
   *
   * @return how long the client may take for that
   */
  Duration onExpired() {
    if (opening.transport() != HubTransport.LONG_POLLING || opening.offered().isEmpty()) {
      return Duration.ZERO;
    }
    link.letGo();
    return HubTimes.LATE_TOKEN;
  }
}
