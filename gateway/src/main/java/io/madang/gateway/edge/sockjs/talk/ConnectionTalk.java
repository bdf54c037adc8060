package io.madang.gateway.edge.sockjs.talk;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.FrameSink;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.connection.measure.ConnectionMeters;
import io.madang.gateway.connection.measure.LoopCounts;
import io.madang.gateway.edge.sockjs.session.Conversation;
import io.madang.gateway.edge.sockjs.session.Link;
import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Speech;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.vertx.core.Future;
import java.time.Duration;

/** A session whose client is a connection of this gateway; how frames are said is a subclass's. On the session's loop. */
public abstract class ConnectionTalk implements FrameSink, Conversation {
  private final Link link;
  private final Speech speech;
  private final ConnectionMeters meters;
  private final LoopCounts counts;
  private final int maxMessageBytes;
  private final Authenticator authenticator;
  private final Connection connection;

  /** @param speech how publications are said */
  protected ConnectionTalk(
      Link link, Speech speech, Opening opening, Surroundings around, LoopCounts counts) {
    this.link = link;
    this.speech = speech;
    this.meters = around.meters();
    this.counts = counts;
    this.maxMessageBytes = around.limits().maxMessageBytes();
    this.authenticator = around.authenticator();
    this.connection =
        new Connection(around.connections().nextId(), this, opening.offered(), around);
  }

  /** To be called once the talk is made: a gateway that stops says so to whoever comes. */
  protected final void beginUnlessStopping(Surroundings around) {
    if (around.connections().isClosing()) {
      connection.close(CloseCode.RESTARTING, Duration.ZERO);
    }
  }

  protected final Connection connection() {
    return connection;
  }

  /** A message within the limits came. */
  protected abstract void onMessage(byte[] utf8);

  /** The message as UTF-8. */
  protected abstract byte[] utf8(String message);

  // What the session tells.

  @Override
  public final void onMessage(String message, boolean isText) {
    if (connection.isClosed()) {
      return;
    }
    byte[] utf8 = utf8(message);
    if (utf8.length > maxMessageBytes) {
      connection.close(CloseCode.MESSAGE_TOO_BIG, Duration.ZERO);
      return;
    }
    meters.messageIn(utf8.length);
    onMessage(utf8);
  }

  @Override
  public final boolean isOf(Credential credential) {
    if (!connection.isSignedIn()) {
      return false;
    }
    Future<Principal> judged = authenticator.authenticate(credential);
    return judged.succeeded()
        && judged.result().userId().equals(connection.caller().user());
  }

  @Override
  public final void onHeard() {
    connection.onHeard();
  }

  @Override
  public final void onWritten() {
    connection.onWritten();
  }

  @Override
  public final void onNoPlace(Failure failure) {
    if (!connection.isClosed()) {
      send(ServerFrame.Error.unasked(failure));
      connection.close(CloseCode.TRY_AGAIN_LATER, Duration.ofMillis(failure.retryAfterMs()));
    }
  }

  @Override
  public final void onViolation(CloseCode code) {
    connection.close(code, Duration.ZERO);
  }

  @Override
  public final void onShutdown() {
    connection.close(CloseCode.RESTARTING, Duration.ZERO);
  }

  @Override
  public void onClosed() {
    connection.onTransportClosed();
  }

  // What the connection asks.

  /** Sends one message. */
  protected final void say(byte[] message) {
    meters.messageOut(message.length);
    link.send(message);
  }

  @Override
  public final void send(SharedPublication publication) {
    meters.messageOut(link.send(publication, speech));
  }

  @Override
  public final boolean sendTogether(Bundle bundle) {
    counts.publicationsOut(bundle.size(), link.send(bundle, speech));
    return true;
  }

  @Override
  public final long queuedBytes() {
    return link.queuedBytes();
  }

  @Override
  public final long takenBytes() {
    return link.takenBytes();
  }

  @Override
  public final void probe() {
    link.probe();
  }

  @Override
  public final void close(CloseCode code) {
    link.close(code.code(), code.reason());
  }

  @Override
  public final void cut() {
    link.cut();
  }
}
