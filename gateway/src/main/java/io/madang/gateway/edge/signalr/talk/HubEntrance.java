package io.madang.gateway.edge.signalr.talk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.signalr.call.Answer;
import io.madang.gateway.edge.signalr.call.HubTopics;
import io.madang.gateway.edge.signalr.call.HubVoice;
import io.madang.gateway.edge.signalr.meaning.HubBinding;
import io.madang.gateway.edge.signalr.meaning.HubScope;
import io.madang.gateway.edge.signalr.meaning.HubValues;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.identity.Credential;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Effects;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.hub.Hub;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one client into its hub, once its handshake was read: it is signed in, as a guest if it must, and hears the topics that
 * the hub begins with; once it is in, it is told what the hub asks for it. On the connection's loop.
 */
final class HubEntrance {
  private static final Logger LOG = LoggerFactory.getLogger(HubEntrance.class);

  /** Told how it ended, unless the connection is closed before. */
  interface Host {
    /** All topics of the greeting are heard that the client may hear. */
    void isIn();

    /** The connection is to be closed; the client is told why. */
    void isTurnedAway(String why, CloseCode code);

    /** The connection is closed by itself right behind this, unless the client may try again; why it will be told. */
    void isNotSignedIn(String why);
  }

  private final HubOpening opening;
  private final HubPlace place;
  private final Surroundings around;
  private final Connection connection;
  private final HubVoice voice;
  private final HubTopics topics;
  private final Host host;

  /** Topics that are not heard yet. */
  private int awaited;

  /** By what the client is signed in; empty before it is tried. */
  private Optional<Credential> credential = Optional.empty();

  HubEntrance(
      HubOpening opening,
      HubPlace place,
      Connection connection,
      HubVoice voice,
      HubTopics topics,
      Host host) {
    this.opening = opening;
    this.place = place;
    this.around = place.around();
    this.connection = connection;
    this.voice = voice;
    this.topics = topics;
    this.host = host;
  }

  void enter() {
    if (opening.offered().isPresent()) {
      credential = opening.offered();
      signIn(Optional.empty(), this::greet);
      return;
    }
    if (place.guests().isEmpty()) {
      host.isTurnedAway("Nobody is signed in, and guests are not let in.", CloseCode.BAD_TOKEN);
      return;
    }
    place.guests().get().come(opening.address()).onComplete(made -> {
      if (connection.isClosed()) {
        return;
      }
      if (made.succeeded()) {
        credential = Optional.of(new Credential.Bearer(made.result()));
        signIn(Optional.of(made.result().value()), this::greet);
      } else {
        LOG.debug("No guest is let in: {}", made.cause().getMessage());
        host.isTurnedAway("No guest is let in just now.", CloseCode.TRY_AGAIN_LATER);
      }
    });
  }

  /** A client that was in already, at another gateway: hears on from where it was brought its topics, all of them or none. */
  void goOn(Map<String, io.madang.runtime.topic.StreamPosition> heard) {
    credential = opening.offered();
    signIn(Optional.empty(), () -> {
      awaited = heard.size() + 1;
      heard.forEach((topic, at) -> topics.subscribe(
          topic, Optional.of(new StreamPosition(at.epoch(), at.offset())), failure -> {
            failure.ifPresent(why -> host.isTurnedAway(why.message(), CloseCode.TRY_AGAIN_LATER));
            isGreetedOneMore();
          }));
      isGreetedOneMore();
    });
  }

  /** By what the client was signed in, for whoever goes on. */
  Optional<Credential> credential() {
    return credential;
  }

  private void signIn(Optional<String> token, Runnable signedIn) {
    voice.ask(ref -> new ClientFrame.Connect(ref, token), new Answer() {
      @Override
      public void onDone() {
        signedIn.run();
      }

      @Override
      public void onError(Failure failure) {
        // The connection is closed behind this, but for what may be tried again.
        host.isNotSignedIn(failure.message());
        around.deadlines().at(around.time().nowMs(), () -> {
          if (!connection.isClosed()) {
            host.isTurnedAway(failure.message(), CloseCode.TRY_AGAIN_LATER);
          }
        });
      }
    });
  }

  private void greet() {
    Set<String> first = new LinkedHashSet<>();
    for (Hub.Greeting greeting : voice.hub().greetings()) {
      for (String template : greeting.greeting().topics()) {
        HubBinding.topic(template, voice.caller().user(), HubScope.NOTHING).ifPresent(first::add);
      }
    }
    awaited = first.size() + 1;
    first.forEach(topic -> topics.subscribe(topic, Optional.empty(), failure -> {
      failure.ifPresent(why -> onGreetingFailed(topic, why));
      isGreetedOneMore();
    }));
    isGreetedOneMore();
  }

  /** A topic that a user may not hear is left out; one that nobody can hear just now would be missed unknown to anybody. */
  private void onGreetingFailed(String topic, Failure failure) {
    LOG.debug("Connection {} does not hear {}: {}", opening.connectionId(), topic, failure.code());
    if (failure.retry() == Retry.LATER) {
      host.isTurnedAway(failure.message(), CloseCode.TRY_AGAIN_LATER);
    }
  }

  private void isGreetedOneMore() {
    if (--awaited == 0 && !connection.isClosed()) {
      host.isIn();
    }
  }

  /** Asks what the hub asks for a client that it has just let in, and tells it the answers. */
  void askForIt() {
    for (Hub.Greeting greeting : voice.hub().greetings()) {
      greeting.greeting().asks().forEach(ask -> ask(greeting.service(), ask));
    }
  }

  private void ask(String service, HubGreeting.Ask ask) {
    ObjectNode arguments = HubScope.NOTHING.deepCopy();
    ask.arguments().forEach((name, value) -> arguments.set(name, HubValues.read(value.utf8())));
    voice.ask(
        ref -> new ClientFrame.Command(
            ref, service, ask.command(), Optional.empty(), HubValues.raw(arguments)),
        new Answer() {
          @Override
          public void onReply(RawJson result, Effects did) {
            did.subscribe()
                .keySet()
                .forEach(topic -> topics.subscribe(topic.name(), Optional.empty(), why -> {}));
            voice.tell(ask.tells(), result, arguments);
          }

          @Override
          public void onError(Failure failure) {
            LOG.debug("A greeting's {} failed: {}", ask.command(), failure.code());
          }
        });
  }
}
