package io.madang.gateway.connection;

import io.madang.gateway.command.Refusals;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.fanout.SubscribeOutcome;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.ServerFrame.NotRestored;
import io.madang.protocol.frame.ServerFrame.Restored;
import io.madang.protocol.frame.ServerFrame.Resumption;
import io.madang.protocol.frame.TopicPosition;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one connection asked of topics, and what they bring it. Part of its {@link Connection}. */
final class TopicRequests {
  /** Topics of one resume that are asked for at the same time, as their answers are held at the same time. */
  static final int RESUMED_AT_ONCE = 16;

  private static final Failure BEYOND_ONE_ANSWER = new Failure(
      ErrorCode.TOO_LARGE.wire(),
      "The topics bring more than one answer may; subscribe to this one by itself.",
      Retry.LATER,
      0,
      Optional.empty());

  private final Connection connection;
  private final Outgoing outgoing;
  private final Surroundings around;

  /** Topics subscribed or being set up. */
  private final Map<Topic, Wish> wanted = new HashMap<>();

  /** Resumes that wait for some of their topics; what those topics bring is held until the answer is out. */
  private final List<Resuming> resuming = new ArrayList<>();

  TopicRequests(Connection connection, Outgoing outgoing, Surroundings around) {
    this.connection = connection;
    this.outgoing = outgoing;
    this.around = around;
  }

  boolean subscribe(ClientFrame.Subscribe frame) {
    Topic topic;
    Optional<StreamPosition> since;
    try {
      topic = Topic.parse(frame.topic());
      since = frame.since().map(TopicRequests::runtime);
      requireWantable(Set.of(topic));
    } catch (IllegalArgumentException | RefusedWishException e) {
      return refuse(frame, e);
    }
    SubscribeAnswer answer = new SubscribeAnswer(frame.ref());
    Wish wish = new Wish((resumption, bytes) -> resumption.dispatch(answer));
    wanted.put(topic, wish);
    ask(topic, wish, since);
    return true;
  }

  boolean resume(ClientFrame.Resume frame) {
    Map<Topic, StreamPosition> positions = new LinkedHashMap<>();
    try {
      for (TopicPosition asked : frame.topics()) {
        if (positions.put(Topic.parse(asked.topic()), runtime(asked.position())) != null) {
          throw new IllegalArgumentException("a resume names each topic once");
        }
      }
      requireWantable(positions.keySet());
    } catch (IllegalArgumentException | RefusedWishException e) {
      return refuse(frame, e);
    }
    Resuming resume = new Resuming(frame.ref(), positions);
    resuming.add(resume);
    resume.begin();
    return true;
  }

  boolean unsubscribe(ClientFrame.Unsubscribe frame) {
    Topic topic;
    try {
      topic = Topic.parse(frame.topic());
    } catch (IllegalArgumentException e) {
      return refuse(frame, e);
    }
    Wish wish = wanted.remove(topic);
    if (wish != null) {
      around.topics().unsubscribe(connection, topic);
      wish.takenBack(topic);
    }
    resuming.forEach(resume -> resume.takenBack(topic));
    outgoing.send(new ServerFrame.Unsubscribed(frame.ref(), frame.topic(), Optional.empty()));
    return true;
  }

  /** As {@link io.madang.gateway.fanout.Subscriber#deliver}. */
  int deliver(Topic topic, List<SharedPublication> publications) {
    for (int i = 0; i < publications.size(); i++) {
      SharedPublication publication = publications.get(i);
      boolean isEphemeral = publication.publication().position().isEmpty();
      if (isEphemeral && outgoing.leavesOutEphemeral()) {
        continue;
      }
      if (outgoing.isLagging()) {
        return i;
      }
      bring(topic, publication.publication().data().bytes(), () -> outgoing.send(publication));
    }
    return publications.size();
  }

  /** Whether what topics bring may have to wait for the answer of a resume. */
  boolean areHeld() {
    return !resuming.isEmpty();
  }

  /** About how many bytes wait for the answer of a resume. */
  long heldBytes() {
    long bytes = 0;
    for (int i = 0; i < resuming.size(); i++) {
      bytes += resuming.get(i).heldBytes;
    }
    return bytes;
  }

  void gap(Topic topic, StreamPosition from, StreamPosition to) {
    ServerFrame gap = new ServerFrame.Gap(topic.name(), wire(from), wire(to));
    bring(topic, 0, () -> outgoing.send(gap));
  }

  void ended(Topic topic, String reason) {
    wanted.remove(topic);
    ServerFrame ended =
        new ServerFrame.Unsubscribed(ClientFrame.NO_REF, topic.name(), Optional.of(reason));
    bring(topic, 0, () -> outgoing.send(ended));
  }

  /** Sends what a topic brings, or holds it until the client has the answer that it continues. */
  private void bring(Topic topic, int bytes, Runnable sending) {
    for (Resuming resume : resuming) {
      if (resume.brings(topic)) {
        resume.hold(topic, bytes, sending);
        return;
      }
    }
    sending.run();
  }

  private void ask(Topic topic, Wish wish, Optional<StreamPosition> since) {
    wish.isAsked = true;
    around.topics().subscribe(connection, topic, since, outcome -> onOutcome(topic, wish, outcome));
  }

  private void onOutcome(Topic topic, Wish wish, SubscribeOutcome outcome) {
    if (outcome instanceof SubscribeOutcome.Refused refused) {
      wanted.remove(topic, wish);
      wish.answered(new NotRestored(topic.name(), Refusals.failure(refused.refusal())), 0);
    } else {
      SubscribeOutcome.Subscribed subscribed = (SubscribeOutcome.Subscribed) outcome;
      wish.answered(new Restored(state(topic, subscribed)), subscribed.bytes());
    }
  }

  private static ServerFrame.TopicState state(Topic topic, SubscribeOutcome.Subscribed outcome) {
    return new ServerFrame.TopicState(
        topic.name(),
        wire(outcome.position()),
        outcome.recovered(),
        outcome.snapshot().map(snapshot -> RawJson.trusted(snapshot.utf8())),
        outcome.publications().stream().map(SharedPublication::frameOf).toList());
  }

  private void requireWantable(Set<Topic> topics) {
    int max = around.limits().maxTopics();
    if (wanted.size() + topics.size() > max) {
      throw new RefusedWishException(
          ErrorCode.TOO_MANY_TOPICS, "One connection is subscribed to at most " + max + " topics.");
    }
    if (topics.stream().anyMatch(wanted::containsKey)) {
      throw new RefusedWishException(
          ErrorCode.CONFLICT, "This connection is subscribed to the topic already.");
    }
  }

  private boolean refuse(ClientFrame frame, RuntimeException why) {
    ErrorCode code =
        why instanceof RefusedWishException refused ? refused.code : ErrorCode.BAD_REQUEST;
    outgoing.fail(frame.ref(), Failure.of(code, why.getMessage()));
    return false;
  }

  private static StreamPosition runtime(io.madang.protocol.frame.StreamPosition position) {
    return new StreamPosition(position.epoch(), position.offset());
  }

  private static io.madang.protocol.frame.StreamPosition wire(StreamPosition position) {
    return new io.madang.protocol.frame.StreamPosition(position.epoch(), position.offset());
  }

  /** Takes what became of one topic, and about how many bytes it brings. */
  @FunctionalInterface
  private interface Answer {
    void is(Resumption resumption, long bytes);
  }

  /** One topic wanted; answered exactly once. */
  private static final class Wish {
    private final Answer answer;
    private boolean isAsked;
    private boolean isAnswered;

    Wish(Answer answer) {
      this.answer = answer;
    }

    void answered(Resumption resumption, long bytes) {
      if (!isAnswered) {
        isAnswered = true;
        answer.is(resumption, bytes);
      }
    }

    void takenBack(Topic topic) {
      answered(notAnswered(topic), 0);
    }

    static NotRestored notAnswered(Topic topic) {
      return new NotRestored(
          topic.name(),
          Failure.of(ErrorCode.CONFLICT, "The topic was unsubscribed before it was answered."));
    }
  }

  /** Something a topic brought, and how to send it. */
  private record Held(Topic topic, Runnable sending) {}

  /** What a wish runs into before anybody is asked. */
  private static final class RefusedWishException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    RefusedWishException(ErrorCode code, String message) {
      super(message, null, false, false);
      this.code = code;
    }
  }

  /** Answers a subscribe. */
  private final class SubscribeAnswer implements ServerFrame.ResumptionHandler<Boolean> {
    private final long ref;

    SubscribeAnswer(long ref) {
      this.ref = ref;
    }

    @Override
    public Boolean on(Restored restored) {
      outgoing.send(new ServerFrame.Subscribed(ref, restored.state()));
      return true;
    }

    @Override
    public Boolean on(NotRestored refused) {
      outgoing.fail(ref, refused.failure());
      return false;
    }
  }

  /**
   * One resume, whose topics are asked for a few at a time and whose client hears of them in one frame of bounded size: what
   * does not fit is not asked for any more, and refused with the advice to subscribe to it by itself.
   */
  private final class Resuming {
    private final long ref;

    /** In the order of the request. */
    private final Map<Topic, StreamPosition> positions;

    /** Topics nobody was asked for yet, in order. */
    private final Deque<Topic> unasked;

    private final Map<Topic, Wish> wishes = new HashMap<>();
    private final Map<String, Resumption> answers = new HashMap<>();

    /** What the topics brought before the answer was out, in order. */
    private final List<Held> held = new ArrayList<>();

    /** Topics that the client has unsubscribed since; if it subscribed again, that is another subscription. */
    private final Set<Topic> takenBack = new HashSet<>();

    private long heldBytes;

    /** Asked for and not answered. */
    private int underWay;

    /** What the answer brings so far; the first topic fits whatever it brings, so that each try gets somewhere. */
    private long bytes;

    private boolean isFull;

    Resuming(long ref, Map<Topic, StreamPosition> positions) {
      this.ref = ref;
      this.positions = positions;
      this.unasked = new ArrayDeque<>(positions.keySet());
    }

    void begin() {
      for (Topic topic : positions.keySet()) {
        Wish wish = new Wish((resumption, brings) -> answered(topic, resumption, brings));
        wishes.put(topic, wish);
        wanted.put(topic, wish);
      }
      goOn();
    }

    private void goOn() {
      while (!unasked.isEmpty() && (isFull || underWay < RESUMED_AT_ONCE)) {
        Topic topic = unasked.remove();
        if (answers.containsKey(topic.name())) {
          continue;
        }
        if (isFull) {
          refuse(topic);
        } else {
          underWay++;
          ask(topic, wishes.get(topic), Optional.of(positions.get(topic)));
        }
      }
      finishIfWhole();
    }

    private void answered(Topic topic, Resumption resumption, long brings) {
      if (wishes.get(topic).isAsked) {
        underWay--;
      }
      int most = around.limits().maxResumedBytes();
      if (bytes == 0 || bytes + brings <= most) {
        bytes += brings;
        isFull = isFull || bytes >= most;
        answers.put(topic.name(), resumption);
      } else {
        isFull = true;
        around.topics().unsubscribe(connection, topic);
        refuse(topic);
      }
      goOn();
    }

    private void refuse(Topic topic) {
      wanted.remove(topic, wishes.get(topic));
      answers.put(topic.name(), new NotRestored(topic.name(), BEYOND_ONE_ANSWER));
    }

    boolean brings(Topic topic) {
      return positions.containsKey(topic) && !takenBack.contains(topic);
    }

    /** The client wants to hear no more of the topic: neither the answer nor what came behind it. */
    void takenBack(Topic topic) {
      if (brings(topic)) {
        takenBack.add(topic);
        held.removeIf(each -> each.topic.equals(topic));
        answers.put(topic.name(), Wish.notAnswered(topic));
      }
    }

    void hold(Topic topic, int brings, Runnable sending) {
      held.add(new Held(topic, sending));
      heldBytes += brings;
      outgoing.watch();
    }

    private void finishIfWhole() {
      if (answers.size() == positions.size() && resuming.remove(this)) {
        outgoing.send(new ServerFrame.Resumed(
            ref,
            positions.keySet().stream().map(topic -> answers.get(topic.name())).toList()));
        held.forEach(each -> each.sending.run());
        outgoing.onHeldSent();
      }
    }
  }
}
