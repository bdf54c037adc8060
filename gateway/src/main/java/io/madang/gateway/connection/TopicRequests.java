package io.madang.gateway.connection;

import io.madang.gateway.command.Refusals;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.fanout.SubscribeOutcome;
import io.madang.protocol.code.ErrorCode;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one connection asked of topics, and what they bring it. Part of its {@link Connection}. */
final class TopicRequests {
  private final Connection connection;
  private final Surroundings around;

  /** Topics subscribed or being set up. */
  private final Map<Topic, Wish> wanted = new HashMap<>();

  /** Resumes that wait for some of their topics; what those topics bring is held until the answer is out. */
  private final List<Resuming> resuming = new ArrayList<>();

  TopicRequests(Connection connection, Surroundings around) {
    this.connection = connection;
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
    want(topic, since, answer -> answer.dispatch(new SubscribeAnswer(frame.ref())));
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
    Resuming resume = new Resuming(frame.ref(), new ArrayList<>(positions.keySet()));
    resuming.add(resume);
    positions.forEach((topic, position) -> want(topic, Optional.of(position), resume::answered));
    resume.finishIfWhole();
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
    connection.send(new ServerFrame.Unsubscribed(frame.ref(), frame.topic(), Optional.empty()));
    return true;
  }

  void deliver(Topic topic, List<SharedPublication> publications) {
    for (SharedPublication publication : publications) {
      bring(topic, () -> connection.send(publication));
    }
  }

  void gap(Topic topic, StreamPosition from, StreamPosition to) {
    ServerFrame gap = new ServerFrame.Gap(topic.name(), wire(from), wire(to));
    bring(topic, () -> connection.send(gap));
  }

  void ended(Topic topic, String reason) {
    wanted.remove(topic);
    ServerFrame ended =
        new ServerFrame.Unsubscribed(ClientFrame.NO_REF, topic.name(), Optional.of(reason));
    bring(topic, () -> connection.send(ended));
  }

  /** Sends what a topic brings, or holds it until the client has the answer that it continues. */
  private void bring(Topic topic, Runnable sending) {
    for (Resuming resume : resuming) {
      if (resume.topics.contains(topic)) {
        resume.held.add(sending);
        return;
      }
    }
    sending.run();
  }

  private void want(Topic topic, Optional<StreamPosition> since, Answer answer) {
    Wish wish = new Wish(answer);
    wanted.put(topic, wish);
    around.topics().subscribe(connection, topic, since, outcome -> onOutcome(topic, wish, outcome));
  }

  private void onOutcome(Topic topic, Wish wish, SubscribeOutcome outcome) {
    if (outcome instanceof SubscribeOutcome.Refused refused) {
      wanted.remove(topic, wish);
      wish.answered(new NotRestored(topic.name(), Refusals.failure(refused.refusal())));
    } else {
      wish.answered(new Restored(state(topic, (SubscribeOutcome.Subscribed) outcome)));
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
    connection.fail(frame.ref(), Failure.of(code, why.getMessage()));
    return false;
  }

  private static StreamPosition runtime(io.madang.protocol.frame.StreamPosition position) {
    return new StreamPosition(position.epoch(), position.offset());
  }

  private static io.madang.protocol.frame.StreamPosition wire(StreamPosition position) {
    return new io.madang.protocol.frame.StreamPosition(position.epoch(), position.offset());
  }

  /** Takes what became of one topic. */
  @FunctionalInterface
  private interface Answer {
    void is(Resumption resumption);
  }

  /** One topic wanted; answered exactly once. */
  private static final class Wish {
    private final Answer answer;
    private boolean isAnswered;

    Wish(Answer answer) {
      this.answer = answer;
    }

    void answered(Resumption resumption) {
      if (!isAnswered) {
        isAnswered = true;
        answer.is(resumption);
      }
    }

    void takenBack(Topic topic) {
      answered(new NotRestored(
          topic.name(),
          Failure.of(ErrorCode.CONFLICT, "The topic was unsubscribed before it was answered.")));
    }
  }

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
      connection.send(new ServerFrame.Subscribed(ref, restored.state()));
      return true;
    }

    @Override
    public Boolean on(NotRestored refused) {
      connection.fail(ref, refused.failure());
      return false;
    }
  }

  /** One resume, whose topics are answered one by one and whose client hears of them in one frame. */
  private final class Resuming {
    private final long ref;

    /** In the order of the request. */
    private final List<Topic> topics;

    private final Map<String, Resumption> answers = new HashMap<>();

    /** Sends what the topics brought before the answer was out, in order. */
    private final List<Runnable> held = new ArrayList<>();

    Resuming(long ref, List<Topic> topics) {
      this.ref = ref;
      this.topics = topics;
    }

    void answered(Resumption resumption) {
      answers.put(resumption.topic(), resumption);
      finishIfWhole();
    }

    void finishIfWhole() {
      if (answers.size() == topics.size() && resuming.remove(this)) {
        connection.send(new ServerFrame.Resumed(
            ref, topics.stream().map(topic -> answers.get(topic.name())).toList()));
        held.forEach(Runnable::run);
      }
    }
  }
}
