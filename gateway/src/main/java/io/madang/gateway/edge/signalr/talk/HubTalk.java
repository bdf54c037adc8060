package io.madang.gateway.edge.signalr.talk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.FrameSink;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.signalr.session.HubConversation;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.edge.signalr.session.HubProtocol;
import io.madang.gateway.edge.signalr.session.HubSpeech;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubFrames;
import io.madang.gateway.edge.signalr.wire.HubHandshake;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.Effects;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientAnswer.Reason;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One hub connection: its messages become the frames of a connection of this gateway, and those become what its client hears. On the
 * connection's loop.
 *
 * <pre>
 *                handshake good            signed in, topics of the greeting heard: accepted
 *  HANDSHAKING ------------------> ENTERING -----------------------------------------------> OPEN
 *       |                             |                                                       |
 *       +-- refused, or not in time --+---- refused: the handshake's answer says why          |
 *       +------------------------------------------------------------------------------> CLOSED <--+ with a close message
 * </pre>
 *
 * <p>One that may outlive its transport may also go on at another gateway: there it is ENTERING without a handshake, and leaves here
 * from OPEN by MOVING, in which nothing more is said.
 *
 * <p>A client hears all that is published to its hub's first topics after its handshake was accepted. What the hub protocol has no
 * word for, a gap in what a topic brings or its end, is logged.
 */
public final class HubTalk implements FrameSink, HubConversation {
  private static final Logger LOG = LoggerFactory.getLogger(HubTalk.class);

  private enum Phase {
    HANDSHAKING,
    ENTERING,
    OPEN,
    MOVING,
    CLOSED
  }

  private static final Credential.Handler<Optional<String>> TOKEN = new Token();

  private final HubLink link;
  private final HubOpening opening;
  private final HubPlace place;
  private final Surroundings around;
  private final Connection connection;
  private final HubTopics topics;
  private final HubCalls calls;
  private final HubMessage.Handler<Boolean> messages = new Messages();
  private final HubAsked asked = new HubAsked(new Unasked());
  private final HubPulse pulse;
  private final HubVoice voice = new Voice();
  private final HubEntrance entrance;

  private Phase phase = Phase.HANDSHAKING;

  /** Takes the frames off what comes; of the handshake first. */
  private HubFrames incoming;

  /** Of the messages; set by the handshake. */
  private HubFormat format = HubFormat.JSON;

  /** How publications are said; set by the handshake, null before. */
  private HubSpeech speech;

  /** Whether the client counts messages, so that it may come back by another transport; set by the handshake. */
  private boolean isNumbered;

  private final HubHeld held = new HubHeld();

  /** Why the client is not let in, where somebody said. */
  private Optional<String> refusal = Optional.empty();

  /** Whether the connection ends because of what the client sent. */
  private boolean isBadInput;

  /** Whether the client said goodbye, and needs none. */
  private boolean isPeerClosing;

  /** Whether what the client says is taken; else it waits, here and with the client. */
  private boolean isReading = true;

  /** Calls of the client that are to be completed, of a connection that may go on elsewhere. */
  private final Set<String> uncompleted = new LinkedHashSet<>(0);

  /** Whether the connection is to go on elsewhere as soon as it can. */
  private boolean isOnItsWay;

  /** Whether nothing more is taken from the client, as the connection goes on elsewhere. */
  private boolean isLeaving;

  /** Whether it does by now. */
  private boolean isMoved;

  /** Whether messages are just being taken, which may let reading end and begin again. */
  private boolean isTaking;

  private HubTalk(HubLink link, HubOpening opening, HubPlace place) {
    this.link = link;
    this.opening = opening;
    this.place = place;
    this.around = place.around();
    this.incoming = HubHandshake.frames(around.limits().maxMessageBytes());
    this.pulse = new HubPulse(around, place.times(), new Pulse());
    this.topics = new HubTopics(voice, this::onRecovered);
    this.calls = new HubCalls(
        voice,
        topics,
        around.limits().maxPending(),
        new HubAsks.Limits(around.limits().maxAsks(), around.limits().maxMessageBytes()));
    this.connection = new Connection(opening.connectionId(), this, opening.offered(), around);
    this.entrance = new HubEntrance(opening, place, connection, voice, topics, new Entrance());
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

  /** The protocol of hub connections on this loop. */
  public static HubProtocol on(HubPlace place) {
    return (link, opening) -> {
      HubTalk talk = new HubTalk(link, opening, place);
      if (place.around().connections().isClosing()) {
        talk.connection.close(CloseCode.RESTARTING, Duration.ZERO);
      } else {
        opening.memory().ifPresent(talk::goOn);
      }
      return talk;
    };
  }

  // What carries it tells.

  @Override
  public void onBytes(byte[] bytes) {
    if (connection.isClosed()) {
      return;
    }
    around.meters().messageIn(bytes.length);
    onHeard();
    incoming.add(bytes);
    read();
  }

  private void read() {
    try {
      if (phase == Phase.HANDSHAKING) {
        incoming.next().ifPresent(this::onHandshake);
      }
      takeMessages();
      if (phase == Phase.ENTERING && incoming.waiting() > around.limits().maxMessageBytes()) {
        onBadInput("more than one message may have came before the handshake's answer");
      }
    } catch (BadHubMessageException e) {
      onBadInput(e.getMessage());
    }
  }

  private void takeMessages() throws BadHubMessageException {
    if (isTaking) {
      return;
    }
    isTaking = true;
    try {
      while (phase == Phase.OPEN && isReading && !isLeaving && !connection.isClosed()) {
        Optional<byte[]> message = incoming.next();
        if (message.isEmpty()) {
          return;
        }
        Optional<HubMessage> read = format.read(message.get());
        if (read.isPresent() && link.takes(read.get())) {
          remember(read.get());
          read.get().dispatch(messages);
        }
      }
    } finally {
      isTaking = false;
    }
  }

  private void remember(HubMessage message) {
    if (isNumbered) {
      if (message instanceof HubMessage.Invocation call) {
        call.id().ifPresent(uncompleted::add);
      } else if (message instanceof HubMessage.StreamInvocation call) {
        uncompleted.add(call.id());
      }
    }
  }

  private void onBadInput(String why) {
    LOG.debug("Connection {} sent what is no hub message: {}", opening.connectionId(), why);
    if (phase == Phase.HANDSHAKING) {
      refusal = Optional.of(HubHandshake.CANCELED);
    }
    isBadInput = true;
    connection.close(CloseCode.NOT_OUR_PROTOCOL, Duration.ZERO);
  }

  private void onHandshake(byte[] handshake) {
    try {
      HubHandshake read =
          HubHandshake.read(handshake, opening.transport() != HubTransport.SERVER_SENT_EVENTS);
      byte[] rest = incoming.rest();
      format = read.format();
      isNumbered = read.version() == HubHandshake.NUMBERED;
      speech = place.speeches().of(opening.hub().name(), format);
      incoming = format.frames(around.limits().maxMessageBytes());
      incoming.add(rest);
      phase = Phase.ENTERING;
      entrance.enter();
    } catch (HubHandshake.RefusedException e) {
      refuse(e.getMessage(), CloseCode.NOT_OUR_PROTOCOL);
    }
  }

  private void refuse(String why, CloseCode code) {
    refusal = Optional.of(why);
    connection.close(code, Duration.ZERO);
  }

  @Override
  public boolean isOf(Credential credential) {
    if (!connection.isSignedIn()) {
      return false;
    }
    Future<Principal> judged = around.authenticator().authenticate(credential);
    return judged.succeeded()
        && judged.result().userId().equals(connection.caller().user());
  }

  @Override
  public void onNewer(Credential credential) {
    Optional<String> token = credential.dispatch(TOKEN);
    if (phase == Phase.OPEN && token.isPresent()) {
      voice.ask(
          ref -> new ClientFrame.Refresh(ref, token.get()),
          failure -> LOG.debug(
              "Connection {} goes on with its old token: {}",
              opening.connectionId(),
              failure.code()));
    }
  }

  /** Each poll is judged, so nothing comes or goes until one shows a token that counts. */
  @Override
  public Duration onExpired() {
    boolean isJudgedByPoll = opening.transport() == HubTransport.LONG_POLLING
        && opening.offered().isPresent()
        && phase == Phase.OPEN;
    if (!isJudgedByPoll) {
      return Duration.ZERO;
    }
    link.letGo();
    return HubTimes.LATE_TOKEN;
  }

  @Override
  public void onHeard() {
    pulse.onHeard();
    connection.onHeard();
  }

  /** No pings of the client's own, which alone show that it is behind whatever takes what it is sent. */
  @Override
  public void onTaken() {
    connection.onHeard();
  }

  @Override
  public void onWritten() {
    connection.onWritten();
    calls.onWritten();
  }

  @Override
  public void onOtherTransport() {
    if (phase == Phase.OPEN) {
      incoming = format.frames(around.limits().maxMessageBytes());
    }
  }

  @Override
  public void onNoPlace(Failure failure) {
    if (!connection.isClosed()) {
      refusal = Optional.of(failure.message());
      connection.close(CloseCode.TRY_AGAIN_LATER, Duration.ofMillis(failure.retryAfterMs()));
    }
  }

  @Override
  public void onViolation(CloseCode code) {
    isBadInput = true;
    connection.close(code, Duration.ZERO);
  }

  @Override
  public void onShutdown() {
    connection.close(CloseCode.RESTARTING, Duration.ZERO);
  }

  @Override
  public void onClosed() {
    end();
    connection.onTransportClosed();
  }

  // Entering.

  private final class Entrance implements HubEntrance.Host {
    @Override
    public void isIn() {
      if (phase == Phase.ENTERING) {
        toOpen();
      }
    }

    @Override
    public void isTurnedAway(String why, CloseCode code) {
      refuse(why, code);
    }

    @Override
    public void isNotSignedIn(String why) {
      refusal = Optional.of(why);
    }
  }

  /** Goes on with what began at another gateway. */
  private void goOn(HubMemory memory) {
    format = memory.isBinary() ? HubFormat.MESSAGE_PACK : HubFormat.JSON;
    isNumbered = true;
    speech = place.speeches().of(opening.hub().name(), format);
    incoming = format.frames(around.limits().maxMessageBytes());
    phase = Phase.ENTERING;
    // What its client says is for when it has its topics again.
    link.setReading(false);
    entrance.goOn(memory.topics());
  }

  private boolean goesOn() {
    return opening.memory().isPresent();
  }

  private void acceptHandshake() {
    link.speaksBytes(format.isBinary());
    byte[] accepted = HubHandshake.accepted();
    around.meters().messageOut(accepted.length);
    link.send(accepted);
    if (isNumbered) {
      link.numbered(format);
    }
  }

  private void toOpen() {
    phase = Phase.OPEN;
    if (!goesOn()) {
      acceptHandshake();
    }
    held.releaseAll();
    connection.onWritten();
    if (opening.transport() != HubTransport.LONG_POLLING) {
      pulse.begin();
    }
    if (goesOn()) {
      link.setReading(true);
      return;
    }
    for (Hub.Greeting greeting : voice.hub().greetings()) {
      greeting.greeting().asks().forEach(ask -> ask(greeting.service(), ask));
    }
    read();
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

  // Signs of life.

  private final class Pulse implements HubPulse.Host {
    @Override
    public void ping() {
      if (!isReading || link.isAway()) {
        // What it says waits with it because we want it to, or there is nobody to say it for now.
        onHeard();
      }
      voice.say(new HubMessage.Ping());
    }

    @Override
    public void isSilent() {
      connection.close(CloseCode.CLIENT_SILENT, Duration.ZERO);
    }
  }

  private void end() {
    phase = Phase.CLOSED;
    pulse.end();
    asked.forgetAll();
    held.drop();
    calls.end();
  }

  // What the client says.

  private final class Messages implements HubMessage.Handler<Boolean> {
    @Override
    public Boolean on(HubMessage.Invocation message) {
      calls.invoke(message);
      return true;
    }

    @Override
    public Boolean on(HubMessage.StreamInvocation message) {
      calls.stream(message);
      return true;
    }

    @Override
    public Boolean on(HubMessage.StreamItem message) {
      calls.item(message);
      return true;
    }

    @Override
    public Boolean on(HubMessage.Completion message) {
      calls.complete(message);
      return true;
    }

    @Override
    public Boolean on(HubMessage.CancelInvocation message) {
      calls.cancel(message);
      return true;
    }

    @Override
    public Boolean on(HubMessage.Ping message) {
      pulse.onPinged();
      return true;
    }

    @Override
    public Boolean on(HubMessage.Close message) {
      isPeerClosing = true;
      connection.close(CloseCode.NORMAL, Duration.ZERO);
      return true;
    }

    @Override
    public Boolean on(HubMessage.Ack message) {
      return false;
    }

    @Override
    public Boolean on(HubMessage.Sequence message) {
      return false;
    }
  }

  // What the connection tells.

  @Override
  public void send(ServerFrame frame) {
    frame.dispatch(asked);
  }

  @Override
  public void effects(long ref, Effects did) {
    asked.effects(ref, did);
  }

  @Override
  public void ask(ClientQuestion question, Consumer<ClientAnswer> told) {
    if (phase == Phase.OPEN && !isOnItsWay) {
      calls.ask(question, told);
    } else {
      told.accept(new ClientAnswer.Untold(Reason.GONE, "There is no such connection."));
    }
  }

  @Override
  public void send(SharedPublication publication) {
    String topic = publication.publication().topic().name();
    if (held.holds(topic)) {
      held.add(topic, publication.publication().data().bytes(), () -> put(publication));
    } else {
      put(publication);
    }
  }

  private void put(SharedPublication publication) {
    if (phase == Phase.OPEN) {
      around.meters().messageOut(link.send(publication, speech));
    }
  }

  @Override
  public boolean sendTogether(Bundle bundle) {
    if (phase != Phase.OPEN || held.holds(bundle.topic().name())) {
      return false;
    }
    place.counts().publicationsOut(bundle.size(), link.send(bundle, speech));
    return true;
  }

  @Override
  public long queuedBytes() {
    return link.queuedBytes() + held.bytes();
  }

  @Override
  public long takenBytes() {
    return link.takenBytes();
  }

  @Override
  public void probe() {
    link.probe();
  }

  @Override
  public void close(CloseCode code) {
    end();
    if (isMoved) {
      // A client that is not told goodbye comes back, and finds it where it went.
      link.cut();
    } else {
      link.close();
    }
  }

  @Override
  public boolean handsOver(Runnable otherwise) {
    if (phase != Phase.OPEN || isOnItsWay || !isNumbered || !link.mayMove()) {
      return false;
    }
    isOnItsWay = true;
    new HubLeaving(around, link, new Leaving(otherwise)).look();
    return true;
  }

  private final class Leaving implements HubLeaving.Host {
    private final Runnable otherwise;

    Leaving(Runnable otherwise) {
      this.otherwise = otherwise;
    }

    @Override
    public boolean isClosed() {
      return connection.isClosed();
    }

    @Override
    public boolean isAsked() {
      return calls.isAsking();
    }

    @Override
    public void stopsListening() {
      isLeaving = true;
      link.setReading(false);
    }

    @Override
    public boolean isIdle() {
      return uncompleted.isEmpty() && asked.isIdle();
    }

    @Override
    public HubMemory leave() {
      List.copyOf(uncompleted)
          .forEach(id -> voice.say(HubMessage.Completion.failed(id, HubErrors.STOPPED)));
      held.giveUp();
      phase = Phase.MOVING;
      Map<String, StreamPosition> heard = new HashMap<>();
      around.topics().positions(connection).forEach((topic, at) -> heard.put(topic.name(), at));
      return new HubMemory(format.isBinary(), entrance.credential(), heard);
    }

    @Override
    public void hasLeft(boolean moved) {
      if (connection.isClosed()) {
        return;
      }
      isMoved = moved;
      if (moved) {
        connection.close(CloseCode.RESTARTING, Duration.ZERO);
      } else {
        otherwise.run();
      }
    }
  }

  @Override
  public void cut() {
    link.cut();
  }

  /** What a topic brought with its answer, from where the client joined it. */
  private void onRecovered(ServerFrame.TopicState state) {
    if (goesOn() && phase == Phase.ENTERING && !state.recovered()) {
      // A client that was to miss nothing would, and not know.
      refuse("Not all that was published is there any more.", CloseCode.TRY_AGAIN_LATER);
      return;
    }
    for (ServerFrame.Publication each : state.publications()) {
      if (held.holds(state.topic())) {
        held.add(state.topic(), each.data().length(), () -> each.dispatch(asked));
      } else {
        each.dispatch(asked);
      }
    }
  }

  private final class Unasked implements HubAsked.Unasked {
    /** Only what topics bring with their answers comes so. */
    @Override
    public void on(ServerFrame.Publication frame) {
      byte[] said = HubSpeeches.publication(
          voice.hub(),
          format,
          Topic.parse(frame.topic()),
          frame.event(),
          frame.time(),
          frame.data().utf8());
      if (said.length > 0) {
        around.meters().messageOut(said.length);
        link.send(said, format.count(said));
      }
    }

    @Override
    public void on(ServerFrame.Gap frame) {
      LOG.info(
          "Connection {} missed publications of {}, which hubs have no word for",
          opening.connectionId(),
          frame.topic());
    }

    @Override
    public void on(ServerFrame.Unsubscribed frame) {
      frame
          .reason()
          .ifPresent(reason -> LOG.debug(
              "Connection {} hears no more of {}: {}",
              opening.connectionId(),
              frame.topic(),
              reason));
    }

    @Override
    public void on(ServerFrame.Disconnect frame) {
      boolean isSpokenTo =
          phase == Phase.OPEN || phase == Phase.MOVING || (phase == Phase.ENTERING && goesOn());
      if (isMoved || isPeerClosing) {
        return;
      }
      if (isSpokenTo) {
        link.sayAll();
        put(format.write(goodbye(frame)));
      } else if (phase == Phase.HANDSHAKING || phase == Phase.ENTERING) {
        put(HubHandshake.refused(refusal.orElse(HubHandshake.CANCELED)));
      }
    }
  }

  private HubMessage.Close goodbye(ServerFrame.Disconnect frame) {
    if (isBadInput) {
      return new HubMessage.Close(Optional.of(HubErrors.CLOSED), true);
    }
    CloseCode code = CloseCode.of(frame.code()).orElse(CloseCode.INTERNAL_ERROR);
    return switch (code) {
      case NORMAL -> new HubMessage.Close(Optional.empty(), false);
      case RESTARTING -> new HubMessage.Close(Optional.empty(), true);
      default ->
        new HubMessage.Close(
            Optional.of(HubErrors.CLOSED + " The reason: " + frame.reason() + "."),
            // Clients of hubs ask for another token when they come back.
            frame.reconnect() || code == CloseCode.TOKEN_EXPIRED);
    };
  }

  private void put(byte[] bytes) {
    around.meters().messageOut(bytes.length);
    link.send(bytes);
  }

  private final class Voice implements HubVoice {
    @Override
    public void say(HubMessage message) {
      if (phase != Phase.OPEN) {
        return;
      }
      if (message instanceof HubMessage.Completion completion) {
        uncompleted.remove(completion.id());
      }
      byte[] said = format.write(message);
      if (message.isNumbered()) {
        around.meters().messageOut(said.length);
        link.send(said, 1);
      } else {
        put(said);
      }
      if (queuedBytes() > around.limits().maxOutboundBytes()) {
        connection.close(CloseCode.SLOW_CONSUMER, Duration.ZERO);
      }
    }

    @Override
    public void tell(List<CallerEvent> events, RawJson data, ObjectNode arguments) {
      if (events.isEmpty()) {
        return;
      }
      HubScope scope = scope(data, arguments);
      for (CallerEvent event : events) {
        if (HubValues.holds(event.when(), scope.data())) {
          say(HubMessage.Invocation.of(
              event.target(), HubValues.arguments(event.arguments(), scope)));
        }
      }
    }

    @Override
    public void ask(LongFunction<ClientFrame> frame, Answer answer) {
      ClientFrame made = frame.apply(asked.nextRef());
      asked.ask(answer);
      connection.onFrame(made);
    }

    @Override
    public boolean mayAsk(Answer answer) {
      long ref = asked.ask(answer);
      boolean may = connection.mayAsk(ref);
      asked.forget(ref);
      return may;
    }

    @Override
    public void about(ClientFrame frame) {
      connection.onFrame(frame);
    }

    @Override
    public void hold(String topic) {
      held.hold(topic);
    }

    @Override
    public void release(Collection<String> topics) {
      held.release(topics);
      if (!connection.isClosed()) {
        connection.onWritten();
      }
    }

    @Override
    public Hub hub() {
      return place.speeches().hub(opening.hub().name()).orElse(opening.hub());
    }

    @Override
    public Caller caller() {
      return connection.caller();
    }

    @Override
    public HubScope scope(RawJson data, ObjectNode arguments) {
      return HubScope.of(
          HubValues.read(data.utf8()),
          around.time().instant(),
          new HubScope.Told(caller(), opening.connectionId(), arguments));
    }

    @Override
    public Runnable later(Duration wait, Runnable task) {
      Deadline deadline = around.deadlines().at(around.time().nowMs() + wait.toMillis(), () -> {
        if (!connection.isClosed()) {
          task.run();
        }
      });
      return deadline::cancel;
    }

    @Override
    public boolean isBusy() {
      return queuedBytes() > around.limits().drainedBytes();
    }

    @Override
    public void setReading(boolean reads) {
      isReading = reads;
      link.setReading(reads && !isLeaving);
      if (reads) {
        read();
      }
    }

    @Override
    public long nowMs() {
      return around.time().nowMs();
    }
  }
}
