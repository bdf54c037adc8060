package io.madang.gateway.connection;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.ServerFrame.NotRestored;
import io.madang.protocol.frame.ServerFrame.Restored;
import io.madang.protocol.frame.ServerFrame.Resumption;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.frame.TopicPosition;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one connection asked of topics, and what they bring it. Part of its {@link Connection}. */
final class TopicRequests {
  /** Publications in the answer to one subscribe; more follow it as publications. */
  static final int MAX_ANSWERED = 500;

  /** Publications in the answer to one resume, over all its topics. */
  static final int MAX_RESUMED = 2_000;

  private final Connection connection;
  private final Surroundings around;

  /** Topics subscribed or being set up, each with what tells this wish from an earlier one for the same topic. */
  private final Map<String, Object> wanted = new HashMap<>();

  /** Resumes that wait for some of their topics; what those topics bring is held until the answer is out. */
  private final List<Resuming> resuming = new ArrayList<>();

  TopicRequests(Connection connection, Surroundings around) {
    this.connection = connection;
    this.around = around;
  }

  boolean subscribe(ClientFrame.Subscribe frame) {
    Optional<Failure> problem = want(List.of(frame.topic()));
    if (problem.isPresent()) {
      connection.fail(frame.ref(), problem.get());
      return false;
    }
    ask(
        frame.topic(),
        frame.since(),
        MAX_ANSWERED,
        answer ->
            answer.dispatch(
                new ServerFrame.ResumptionHandler<Void>() {
                  @Override
                  public Void on(Restored restored) {
                    connection.send(new ServerFrame.Subscribed(frame.ref(), restored.state()));
                    return null;
                  }

                  @Override
                  public Void on(NotRestored refused) {
                    connection.fail(frame.ref(), refused.failure());
                    return null;
                  }
                }));
    return true;
  }

  boolean resume(ClientFrame.Resume frame) {
    List<String> names = frame.topics().stream().map(TopicPosition::topic).toList();
    Optional<Failure> problem = want(names);
    if (problem.isPresent()) {
      connection.fail(frame.ref(), problem.get());
      return false;
    }
    Resuming resume = new Resuming(frame);
    resuming.add(resume);
    int limit = Math.max(1, Math.min(MAX_ANSWERED, MAX_RESUMED / Math.max(1, names.size())));
    frame
        .topics()
        .forEach(
            topic -> ask(topic.topic(), Optional.of(topic.position()), limit, answer -> resume.answered(answer)));
    resume.finishIfWhole();
    return true;
  }

  boolean unsubscribe(ClientFrame.Unsubscribe frame) {
    if (wanted.remove(frame.topic()) != null) {
      around.topics().unsubscribe(connection, Topic.parse(frame.topic()));
    }
    connection.send(new ServerFrame.Unsubscribed(frame.ref(), frame.topic(), Optional.empty()));
    return true;
  }

  /** Publications and gaps, in the topic's order. */
  void deliver(String topic, ServerFrame frame) {
    if (!wanted.containsKey(topic)) {
      return;
    }
    for (Resuming resume : resuming) {
      if (resume.names.contains(topic)) {
        resume.held.add(frame);
        return;
      }
    }
    connection.send(frame);
  }

  void onRevoked(String topic, String reason) {
    if (wanted.containsKey(topic)) {
      deliver(topic, new ServerFrame.Unsubscribed(ClientFrame.NO_REF, topic, Optional.of(reason)));
      wanted.remove(topic);
    }
  }

  /** Notes all of the topics as wanted, or none and says why. */
  private Optional<Failure> want(List<String> names) {
    Set<String> fresh = new HashSet<>();
    for (String name : names) {
      try {
        Topic.parse(name);
      } catch (IllegalArgumentException e) {
        return Optional.of(Failure.of(ErrorCode.BAD_REQUEST, e.getMessage()));
      }
      if (wanted.containsKey(name) || !fresh.add(name)) {
        return Optional.of(Failure.of(ErrorCode.CONFLICT, "This connection is subscribed to the topic already."));
      }
    }
    int max = around.limits().maxTopics();
    if (wanted.size() + fresh.size() > max) {
      return Optional.of(
          Failure.of(ErrorCode.TOO_MANY_TOPICS, "One connection is subscribed to at most " + max + " topics."));
    }
    fresh.forEach(name -> wanted.put(name, new Object()));
    return Optional.empty();
  }

  private void ask(String name, Optional<StreamPosition> since, int limit, Answer answer) {
    Object wish = wanted.get(name);
    around
        .topics()
        .subscribe(connection, Topic.parse(name), since, limit, resumption -> onAnswer(wish, resumption, answer));
  }

  private void onAnswer(Object wish, Resumption resumption, Answer answer) {
    String topic = resumption.topic();
    if (wanted.get(topic) != wish) {
      answer.is(
          new NotRestored(topic, Failure.of(ErrorCode.CONFLICT, "The topic was unsubscribed before it was answered.")));
      return;
    }
    if (resumption instanceof NotRestored) {
      wanted.remove(topic);
    }
    answer.is(resumption);
  }

  @FunctionalInterface
  private interface Answer {
    void is(Resumption resumption);
  }

  /** One resume whose topics are answered one by one, and whose client hears of them in one frame. */
  private final class Resuming {
    private final long ref;

    /** In the order of the request. */
    private final List<String> names;

    private final Map<String, Resumption> answers = new HashMap<>();

    /** What topics of this resume brought before the answer was out, in order. */
    private final List<ServerFrame> held = new ArrayList<>();

    Resuming(ClientFrame.Resume frame) {
      this.ref = frame.ref();
      this.names = frame.topics().stream().map(TopicPosition::topic).toList();
    }

    void answered(Resumption resumption) {
      answers.put(resumption.topic(), resumption);
      finishIfWhole();
    }

    void finishIfWhole() {
      if (answers.size() == names.size() && resuming.remove(this)) {
        connection.send(new ServerFrame.Resumed(ref, names.stream().map(answers::get).toList()));
        held.forEach(connection::send);
      }
    }
  }
}
