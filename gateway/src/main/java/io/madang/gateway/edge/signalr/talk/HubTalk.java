package io.madang.gateway.edge.signalr.talk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.FrameSink;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.signalr.call.Answer;
import io.madang.gateway.edge.signalr.call.HubCalls;
import io.madang.gateway.edge.signalr.call.HubTopics;
import io.madang.gateway.edge.signalr.call.HubVoice;
import io.madang.gateway.edge.signalr.meaning.HubScope;
import io.madang.gateway.edge.signalr.meaning.HubValues;
import io.madang.gateway.edge.signalr.session.HubConversation;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.edge.signalr.session.HubProtocol;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubHandshake;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.Effects;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientAnswer.Reason;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.topic.StreamPosition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One hub connection: its messages become the frames of a connection of this gateway, and those become what its client hears. Joins
 * the parts that own what it knows: how far it is ({@link HubCourse}), what its client says ({@link HubIncoming}), calls ({@link
 * HubCalls}) and is told ({@link HubOutgoing}), its way in ({@link HubEntrance}) and to another gateway ({@link HubLeaving}), whether
 * it lives ({@link HubPulse}), why it ends ({@link HubGoodbye}). On the connection's loop.
 *
 * <p>A client hears all that is published to its hub's first topics after its handshake was accepted. What the hub protocol has no
 * word for, a gap in what a topic brings or its end, is logged.
 */
public final class HubTalk implements FrameSink, HubConversation {
  private static final Logger LOG = LoggerFactory.getLogger(HubTalk.class);

  /** Of a call that could not be waited for. */
  private static final String STOPPED = "The server stopped before the call was done.";

  private final HubLink link;
  private final HubOpening opening;
  private final HubPlace place;
  private final Surroundings around;
  private final Connection connection;
  private final HubVoice voice = new Voice();
  private final HubGoodbye goodbye = new HubGoodbye();
  private final HubCourse course;
  private final HubIncoming incoming;
  private final HubOutgoing outgoing;
  private final HubPulse pulse;
  private final HubTopics topics;
  private final HubCalls calls;
  private final HubAsked asked;
  private final HubEntrance entrance;
  private final HubLeaving leaving;
  private final HubRenewal renewal;

  /** Whether the client counts messages, so that it may come back by another transport; set by the handshake. */
  private boolean isNumbered;

  /** By what the client goes on, once it is in; empty while it has shown nothing that counts for longer than what it came with. */
  private Optional<Credential> newer = Optional.empty();

  private HubTalk(HubLink link, HubOpening opening, HubPlace place) {
    this.link = link;
    this.opening = opening;
    this.place = place;
    this.around = place.around();
    this.course = new HubCourse(opening.memory().isPresent());
    this.outgoing = new HubOutgoing(link, opening, place, course, goodbye);
    this.asked = new HubAsked(outgoing);
    this.pulse = new HubPulse(around, place.times(), new Pulse());
    this.topics = new HubTopics(voice, this::onRecovered);
    this.calls = new HubCalls(
        voice,
        topics,
        new HubCalls.Limits(
            around.limits().maxPending(),
            around.limits().maxAsks(),
            around.limits().maxMessageBytes()));
    this.incoming = new HubIncoming(
        link,
        course,
        new HubIncoming.Form(
            opening.transport() != HubTransport.SERVER_SENT_EVENTS,
            around.limits().maxMessageBytes()),
        calls,
        pulse,
        new Incoming());
    this.connection = new Connection(opening.connectionId(), this, opening.offered(), around);
    this.renewal = new HubRenewal(link, opening, around, connection, voice);
    this.entrance = new HubEntrance(opening, place, connection, voice, topics, new Entrance());
    this.leaving = new HubLeaving(around, link, new Leaving());
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
  }

  @Override
  public boolean isOf(Credential credential) {
    return renewal.isOf(credential);
  }

  @Override
  public void onNewer(Credential credential) {
    newer = Optional.of(credential);
    if (course.isOpen()) {
      renewal.renew(credential);
    }
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
    if (course.isOpen()) {
      incoming.startAnew();
    }
  }

  @Override
  public void onNoPlace(Failure failure) {
    if (!connection.isClosed()) {
      goodbye.refuses(failure.message());
      connection.close(CloseCode.TRY_AGAIN_LATER, Duration.ofMillis(failure.retryAfterMs()));
    }
  }

  @Override
  public void onViolation(CloseCode code) {
    goodbye.isBadInput();
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

  // What the client says.

  private final class Incoming implements HubIncoming.Host {
    @Override
    public void onHandshake(HubHandshake handshake) {
      isNumbered = handshake.version() == HubHandshake.NUMBERED;
      outgoing.speaks(handshake.format());
      course.toEntering();
      entrance.enter();
    }

    @Override
    public void onRefused(String why) {
      refuse(why, CloseCode.NOT_OUR_PROTOCOL);
    }

    @Override
    public void onSaid(HubMessage message) {
      if (isNumbered) {
        leaving.onSaid(message);
      }
    }

    @Override
    public void onGoodbye() {
      goodbye.isNotNeeded();
      connection.close(CloseCode.NORMAL, Duration.ZERO);
    }

    @Override
    public void onBadInput(String why) {
      LOG.debug("Connection {} sent what is no hub message: {}", opening.connectionId(), why);
      if (course.isHandshaking()) {
        goodbye.refuses(HubHandshake.CANCELED);
      }
      onViolation(CloseCode.NOT_OUR_PROTOCOL);
    }

    @Override
    public boolean isClosed() {
      return connection.isClosed();
    }
  }

  // Entering.

  private final class Entrance implements HubEntrance.Host {
    @Override
    public void isIn() {
      if (course.isEntering()) {
        toOpen();
      }
    }

    @Override
    public void isTurnedAway(String why, CloseCode code) {
      refuse(why, code);
    }

    @Override
    public void isNotSignedIn(String why) {
      goodbye.refuses(why);
    }
  }

  private void refuse(String why, CloseCode code) {
    goodbye.refuses(why);
    connection.close(code, Duration.ZERO);
  }

  /** Goes on with what began at another gateway. */
  private void goOn(HubMemory memory) {
    HubFormat format = memory.isBinary() ? HubFormat.MESSAGE_PACK : HubFormat.JSON;
    isNumbered = true;
    incoming.speaks(format);
    outgoing.speaks(format);
    course.toEntering();
    // What its client says is for when it has its topics again.
    link.setReading(false);
    entrance.goOn(memory.topics());
  }

  private void toOpen() {
    course.toOpen();
    if (!course.goesOn()) {
      outgoing.accept(isNumbered);
    }
    newer.ifPresent(renewal::renew);
    outgoing.releaseAll();
    connection.onWritten();
    if (opening.transport() != HubTransport.LONG_POLLING) {
      pulse.begin();
    }
    if (course.goesOn()) {
      link.setReading(true);
      return;
    }
    entrance.askForIt();
    incoming.read();
  }

  /** What a topic brought with its answer, from where the client joined it. */
  private void onRecovered(ServerFrame.TopicState state) {
    if (course.goesOn() && course.isEntering() && !state.recovered()) {
      // A client that was to miss nothing would, and not know.
      refuse("Not all that was published is there any more.", CloseCode.TRY_AGAIN_LATER);
      return;
    }
    outgoing.tellRecovered(state);
  }

  // Signs of life.

  private final class Pulse implements HubPulse.Host {
    @Override
    public void ping() {
      if (!incoming.isReading() || link.isAway()) {
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
    course.toClosed();
    pulse.end();
    asked.forgetAll();
    outgoing.drop();
    calls.end();
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
    if (course.isOpen() && !leaving.isBegun()) {
      calls.ask(question, told);
    } else {
      told.accept(new ClientAnswer.Untold(Reason.GONE, "There is no such connection."));
    }
  }

  @Override
  public void send(SharedPublication publication) {
    outgoing.tell(publication);
  }

  @Override
  public boolean sendTogether(Bundle bundle) {
    return outgoing.tellTogether(bundle);
  }

  @Override
  public Duration onExpired() {
    return course.isOpen() ? renewal.onExpired() : Duration.ZERO;
  }

  @Override
  public long queuedBytes() {
    return outgoing.queuedBytes();
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
    if (leaving.isMoved()) {
      // A client that is not told goodbye comes back, and finds it where it went.
      link.cut();
    } else {
      link.close();
    }
  }

  @Override
  public boolean handsOver(Runnable otherwise) {
    if (!course.isOpen() || leaving.isBegun() || !isNumbered || !link.mayMove()) {
      return false;
    }
    leaving.begin(otherwise);
    return true;
  }

  private final class Leaving implements HubLeaving.Host {
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
      incoming.stop();
    }

    @Override
    public boolean isIdle() {
      return asked.isIdle();
    }

    @Override
    public void fail(String call) {
      voice.say(HubMessage.Completion.failed(call, STOPPED));
    }

    @Override
    public HubMemory leave() {
      outgoing.giveUp();
      course.toMoving();
      Map<String, StreamPosition> heard = new HashMap<>();
      around.topics().positions(connection).forEach((topic, at) -> heard.put(topic.name(), at));
      return new HubMemory(outgoing.isBinary(), newer.or(entrance::credential), heard);
    }

    @Override
    public void hasLeft() {
      goodbye.isNotNeeded();
      connection.close(CloseCode.RESTARTING, Duration.ZERO);
    }
  }

  @Override
  public void cut() {
    link.cut();
  }

  private final class Voice implements HubVoice {
    @Override
    public void say(HubMessage message) {
      if (!course.isOpen()) {
        return;
      }
      leaving.onTold(message);
      outgoing.say(message);
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
      outgoing.hold(topic);
    }

    @Override
    public void release(Collection<String> topics) {
      outgoing.release(topics);
      if (!connection.isClosed()) {
        connection.onWritten();
      }
    }

    @Override
    public Hub hub() {
      return place.speeches().shown(opening.hub());
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
      incoming.setReading(reads);
    }

    @Override
    public long nowMs() {
      return around.time().nowMs();
    }
  }
}
