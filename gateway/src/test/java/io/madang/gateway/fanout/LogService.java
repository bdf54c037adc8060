package io.madang.gateway.fanout;

import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor.History;
import io.madang.runtime.descriptor.TopicDescriptor.Pressure;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Logs in memory whose publications can be lost on purpose; the topics {@code watch:…} are guarded by {@code log:…}. */
final class LogService implements MeshService {
  static final String EPOCH = "e1";

  private final Map<Topic, List<Publication>> logs = new HashMap<>();
  private final Set<String> banned = new HashSet<>();
  private long firstKept = 1;
  private Runnable duringRead = () -> {};
  private Future<Void> nextAnswerHeld = Future.succeededFuture();
  private boolean isAnswerHeld;
  private ServiceContext context;
  private Context loop;

  @Override
  public ServiceDescriptor descriptor() {
    return new ServiceDescriptor(
        "logs",
        "1",
        List.of(
            TopicDescriptor.of("log", History.ALL, Pressure.CATCH_UP),
            TopicDescriptor.of("watch", History.ALL, Pressure.CATCH_UP).guardedBy("log")),
        List.of(),
        List.of(),
        List.of());
  }

  @Override
  public Future<?> start(ServiceContext serviceContext) {
    context = serviceContext;
    loop = Vertx.currentContext();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    return Future.succeededFuture();
  }

  private void run(Runnable work) {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(turn -> {
      work.run();
      done.complete();
    });
    try {
      done.future().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Appends and publishes. */
  void put(Topic topic, int count) {
    run(() -> putNow(topic, count));
  }

  /** As {@link #put}, when already on the service's loop. */
  void putNow(Topic topic, int count) {
    for (int i = 0; i < count; i++) {
      context.publisher().publish(append(topic, Optional.empty()));
    }
  }

  /** Appends; the publication is lost. */
  void putUnpublished(Topic topic, int count) {
    run(() -> {
      for (int i = 0; i < count; i++) {
        append(topic, Optional.empty());
      }
    });
  }

  void revoke(Topic topic, String user, String reason) {
    run(() ->
        context.publisher().publish(append(topic, Optional.of(new Revocation(user, reason)))));
  }

  void revokeUnpublished(Topic topic, String user, String reason) {
    run(() -> append(topic, Optional.of(new Revocation(user, reason))));
  }

  void ban(String user) {
    run(() -> banned.add(user));
  }

  void forgetBefore(long offset) {
    run(() -> firstKept = offset);
  }

  /** Runs once, after the next subscriber's answer was made and before it is sent. */
  void duringNextRead(Runnable work) {
    run(() -> duringRead = work);
  }

  /** The next subscriber's answer is made in its turn and comes when {@code until} succeeds. */
  void holdNextAnswer(Future<Void> until) {
    run(() -> nextAnswerHeld = until);
  }

  boolean isAnswerHeld() {
    boolean[] held = new boolean[1];
    run(() -> held[0] = isAnswerHeld);
    return held[0];
  }

  boolean isWanted(Topic topic) {
    boolean[] wanted = new boolean[1];
    run(() -> wanted[0] = context.publisher().isWanted(topic));
    return wanted[0];
  }

  private Publication append(Topic topic, Optional<Revocation> revocation) {
    List<Publication> log = logs.computeIfAbsent(topic, t -> new ArrayList<>());
    long offset = log.size() + 1L;
    Publication plain = Publication.log(
        topic, "put", new StreamPosition(EPOCH, offset), offset - 1, 0, Payload.NULL);
    Publication publication = revocation.map(plain::revoking).orElse(plain);
    log.add(publication);
    return publication;
  }

  private StreamPosition head(Topic topic) {
    return new StreamPosition(EPOCH, logs.getOrDefault(topic, List.of()).size());
  }

  private TopicAnswer since(Topic topic, StreamPosition since, int limit) {
    StreamPosition head = head(topic);
    if (!since.epoch().equals(EPOCH)
        || since.offset() > head.offset()
        || since.offset() + 1 < firstKept) {
      return new TopicAnswer.Granted(
          head, false, false, Optional.of(Payload.EMPTY_OBJECT), List.of());
    }
    List<Publication> log = logs.getOrDefault(topic, List.of());
    List<Publication> after = log.subList((int) since.offset(), log.size());
    boolean more = after.size() > limit;
    return TopicAnswer.recovered(head, more, List.copyOf(more ? after.subList(0, limit) : after));
  }

  @Override
  public Future<CommandOutcome> command(CommandCall call) {
    return Future.succeededFuture(CommandOutcome.done(Payload.NULL));
  }

  @Override
  public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    if (banned.contains(read.caller().user())) {
      return Future.succeededFuture(TopicAnswer.denied("forbidden", "No."));
    }
    TopicAnswer answer = read.since().isPresent()
        ? since(read.topic(), read.since().get(), read.limit())
        : TopicAnswer.snapshot(head(read.topic()), Payload.EMPTY_OBJECT);
    duringRead.run();
    duringRead = () -> {};
    Future<Void> until = nextAnswerHeld;
    nextAnswerHeld = Future.succeededFuture();
    isAnswerHeld = !until.isComplete();
    return until.map(answer);
  }

  @Override
  public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    return Future.succeededFuture(since(read.topic(), read.since(), read.limit()));
  }

  @Override
  public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return Future.succeededFuture(
        banned.contains(read.caller().user())
            ? TopicAnswer.denied("forbidden", "No.")
            : TopicAnswer.recovered(head(read.topic()), false, List.of()));
  }

  @Override
  public Future<TopicAnswer> history(TopicRead.History read) {
    return authorise(new TopicRead.Authorise(read.topic(), read.caller()));
  }
}
