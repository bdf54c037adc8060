package io.madang.runtime.mesh.ask;

import io.madang.runtime.bus.BusMessage.Answer;
import io.madang.runtime.bus.BusMessage.StreamControl;
import io.madang.runtime.bus.BusMessage.StreamEnd;
import io.madang.runtime.bus.BusMessage.StreamItem;
import io.madang.runtime.bus.BusMessage.StreamOpen;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.bus.Place;
import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.Arguments;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.Access;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.membership.Rendezvous;
import io.madang.runtime.mesh.ask.Asker.UnansweredException;
import io.madang.runtime.mesh.directory.Directory;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.time.NodeTime;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the node for a question and asks it. Its state is touched on the mesh loop only; the public methods hop there and
 * bring results back to the loop that asked.
 */
public final class RoutingClient implements MeshClient {
  static final int ATTEMPT_MS = (int) CommandDescriptor.USUAL.toMillis();

  /** How long a question that no node has begun is offered again: a service that starts or moves is away this long. */
  private static final long OFFER_MS = 3_000;

  private static final int OFFER_EVERY_MS = 50;

  private final Vertx vertx;
  private final MeshLoop meshLoop;
  private final Context loop;
  private final MeshBus bus;
  private final Membership membership;
  private final Directory directory;
  private final Asker asker;
  private final NodeTime time;
  private final OpenUploads uploads;
  private final RetryBudget budget = new RetryBudget();
  private final CommandQueues queues = new CommandQueues(new AcceptingNodes(), budget);
  private final Map<Long, OpenStream> streams = new HashMap<>();

  /** Number of the last stream opened. */
  private long lastStream;

  public RoutingClient(
      Vertx vertx,
      MeshLoop meshLoop,
      MeshBus bus,
      Membership membership,
      Directory directory,
      Asker asker,
      NodeTime time) {
    this.vertx = vertx;
    this.meshLoop = meshLoop;
    this.loop = meshLoop.context();
    this.bus = bus;
    this.membership = membership;
    this.directory = directory;
    this.asker = asker;
    this.time = time;
    this.uploads = new OpenUploads(vertx, loop, bus, membership, directory);
  }

  @Override
  public Future<CommandOutcome> command(String service, CommandCall call) {
    Optional<ServiceDescriptor> descriptor = directory.service(service);
    if (descriptor.isEmpty()) {
      return Future.succeededFuture(CommandOutcome.refused(directory.noSuchService()));
    }
    Optional<CommandDescriptor> found = descriptor.get().command(call.name());
    if (found.isEmpty()
        || (found.get().access() == Access.SERVICES && !call.caller().isService())) {
      return Future.succeededFuture(
          CommandOutcome.refused("unknown-command", service + " has no command of that name."));
    }
    CommandDescriptor command = found.get();
    Arguments.Bound bound =
        Arguments.bind(command.parameters(), command.positions(), call.arguments());
    if (bound instanceof Arguments.Unfit unfit) {
      return Future.succeededFuture(CommandOutcome.refused(unfit.refusal()));
    }
    Arguments.Fit fit = (Arguments.Fit) bound;
    Optional<String> topic =
        command.key().map(key -> key.topic(fit::textOrEmpty, call.caller().user()));
    CommandCall checked = new CommandCall(call.caller(), command.name(), call.id(), fit.payload());
    return meshLoop
        .call(() -> command.isLong()
            ? askOnce(service, checked, command.within())
            : give(service, topic, checked))
        .compose(reply -> reply instanceof Reply.Outcome outcome
            ? Future.succeededFuture(outcome.outcome())
            : Future.failedFuture(
                new ServiceBrokenException(service + " answered something else")));
  }

  /** On the mesh loop: in order behind what the same connection asks about the same topic; else as soon as it can be. */
  private Future<Reply> give(String service, Optional<String> topic, CommandCall call) {
    Optional<String> connection = call.caller().connection();
    if (topic.isEmpty() || connection.isEmpty()) {
      return ask(service, topic.orElse(call.caller().user()), new Question.Command(call));
    }
    Promise<Reply> promise = Promise.promise();
    CommandQueues.Key queue = new CommandQueues.Key(connection.get(), service, topic.get());
    queues.give(queue, call, time.millis(), new CommandQueues.Waiting() {
      @Override
      public void answered(Reply reply) {
        promise.handle(proper(service, reply));
      }

      @Override
      public void unavailable(String why) {
        promise.fail(new ServiceUnavailableException(why));
      }
    });
    return promise.future();
  }

  /** On the mesh loop: what takes long may ask people, so no second node begins it while the first may be at it. */
  private Future<Reply> askOnce(String service, CommandCall call, Duration within) {
    return offer(
        new Offer(
            service, call.caller().user(), new Question.Command(call), (int) within.toMillis()),
        new HashSet<>(),
        offerUntil(),
        true);
  }

  /** A failure as a failed future. */
  private static Future<Reply> proper(String service, Reply reply) {
    if (!(reply instanceof Reply.Failed failed)) {
      return Future.succeededFuture(reply);
    }
    return Future.failedFuture(
        failed.kind() == Reply.Kind.BUG
            ? new ServiceBrokenException(service + ": " + failed.message())
            : new ServiceUnavailableException(service + " cannot do it now: " + failed.message()));
  }

  /** For what comes from the bus, on the mesh loop. */
  public void onAnswer(Answer answer) {
    if (!queues.onAnswer(answer.id(), answer.reply(), time.millis())) {
      asker.onAnswer(answer);
    }
  }

  /** Several times a second, on the mesh loop. */
  public void onTick() {
    queues.onTick(time.millis());
  }

  private final class AcceptingNodes implements CommandQueues.Nodes {
    @Override
    public List<String> accepting(String service) {
      return membership.accepting(service);
    }

    @Override
    public boolean accepts(String node, String service) {
      return membership.member(node).map(member -> member.accepts(service)).orElse(false);
    }

    @Override
    public void send(String node, long id, String service, Place place, CommandCall call) {
      asker.send(node, id, service, ATTEMPT_MS, Optional.of(place), new Question.Command(call));
    }

    @Override
    public long nextId() {
      return asker.nextId();
    }
  }

  @Override
  public Future<TopicAnswer> read(TopicRead read) {
    Optional<TopicDescriptor> descriptor = directory.topic(read.topic());
    if (descriptor.isEmpty()) {
      return Future.succeededFuture(new TopicAnswer.Denied(directory.noSuchTopic()));
    }
    if (descriptor.get().guard().isEmpty() || !(read instanceof TopicRead.History history)) {
      return readFromOwner(read);
    }
    Topic guard = new Topic(descriptor.get().guard().get(), read.topic().id());
    return readFromOwner(new TopicRead.Authorise(guard, history.caller()))
        .compose(answer -> answer instanceof TopicAnswer.Denied
            ? Future.succeededFuture(answer)
            : readFromOwner(read));
  }

  private Future<TopicAnswer> readFromOwner(TopicRead read) {
    Optional<ServiceDescriptor> owner = directory.owner(read.topic());
    if (owner.isEmpty()) {
      return Future.succeededFuture(new TopicAnswer.Denied(directory.noSuchTopic()));
    }
    return meshLoop
        .call(() -> ask(owner.get().service(), read.topic().name(), new Question.Read(read)))
        .compose(reply -> reply instanceof Reply.OfTopic topic
            ? Future.succeededFuture(topic.answer())
            : Future.failedFuture(
                new ServiceBrokenException(owner.get().service() + " answered something else")));
  }

  /** On the mesh loop: asks the node for {@code key}, and others while that is safe. */
  Future<Reply> ask(String service, String key, Question question) {
    budget.onCall();
    return offer(
        new Offer(service, key, question, ATTEMPT_MS), new HashSet<>(), offerUntil(), false);
  }

  private long offerUntil() {
    return time.nanos() + OFFER_MS * 1_000_000;
  }

  /** @param attemptMs how long one node's answer is waited for */
  private record Offer(String service, String key, Question question, int attemptMs) {}

  private Future<Reply> offer(Offer what, Set<String> tried, long offerUntil, boolean retried) {
    List<String> nodes = membership.accepting(what.service()).stream()
        .filter(node -> !tried.contains(node))
        .toList();
    Optional<String> node = Rendezvous.choose(nodes, what.key());
    if (node.isEmpty()) {
      return offerAgain(what, offerUntil, retried);
    }
    Future<Reply> asked = asker.ask(node.get(), what.service(), what.question(), what.attemptMs());
    return asked.transform(result -> {
      tried.add(node.get());
      if (result.failed()) {
        return afterSilence(what, tried, offerUntil, retried, result.cause());
      }
      if (!(result.result() instanceof Reply.Failed failed)) {
        return Future.succeededFuture(result.result());
      }
      return switch (failed.kind()) {
        case NOT_ACCEPTING, EXPIRED -> offer(what, tried, offerUntil, retried);
        case FAULT, BUG -> proper(what.service(), failed);
      };
    });
  }

  /** No node has begun it, so it can be offered to all of them again until the time for it is over. */
  private Future<Reply> offerAgain(Offer what, long offerUntil, boolean retried) {
    if (time.nanos() - offerUntil > 0) {
      return Future.failedFuture(
          new ServiceUnavailableException("no node of " + what.service() + " takes commands now"));
    }
    Promise<Reply> later = Promise.promise();
    vertx.setTimer(
        OFFER_EVERY_MS + time.dice().nextInt(OFFER_EVERY_MS),
        again -> offer(what, new HashSet<>(), offerUntil, retried).onComplete(later));
    return later.future();
  }

  private Future<Reply> afterSilence(
      Offer what, Set<String> tried, long offerUntil, boolean retried, Throwable cause) {
    if (!(cause instanceof UnansweredException) || retried || !budget.take(1)) {
      return Future.failedFuture(
          new ServiceUnavailableException(what.service() + ": " + cause.getMessage()));
    }
    return offer(what, tried, offerUntil, true);
  }

  @Override
  public StreamHandle stream(String service, StreamCall call, int credit, StreamReader reader) {
    OpenStream stream = new OpenStream(service, call, credit, reader, vertx.getOrCreateContext());
    loop.runOnContext(turn -> open(stream));
    return stream;
  }

  private void open(OpenStream stream) {
    if (stream.cancelled) {
      return;
    }
    if (directory.service(stream.service).isEmpty()) {
      stream.ended(Optional.of(directory.noSuchService()));
      return;
    }
    Optional<String> node = Rendezvous.choose(
        membership.accepting(stream.service), stream.call.caller().user());
    if (node.isEmpty() && stream.mayBeOfferedAgain()) {
      vertx.setTimer(OFFER_EVERY_MS, again -> open(stream));
      return;
    }
    if (node.isEmpty()) {
      stream.ended(Optional.of(Refusal.later("unavailable", "The service is away.", 1_000)));
      return;
    }
    stream.id = ++lastStream;
    stream.node = node.get();
    streams.put(stream.id, stream);
    bus.send(
        stream.node,
        new StreamOpen(bus.node(), stream.id, stream.service, stream.call, stream.credit));
  }

  @Override
  public UploadHandle upload(String service, UploadCall call, UploadListener listener) {
    return uploads.open(service, call, listener);
  }

  /** For what comes from the bus, on the mesh loop. */
  public OpenUploads uploads() {
    return uploads;
  }

  public void onStreamItem(StreamItem message) {
    OpenStream stream = streams.get(message.id());
    if (stream != null) {
      stream.begun = true;
      stream.readerLoop.runOnContext(turn -> stream.reader.item(message.item()));
    }
  }

  public void onStreamEnd(StreamEnd message) {
    OpenStream stream = streams.remove(message.id());
    if (stream == null) {
      return;
    }
    boolean away = message.refusal().map(Refusal::code).equals(Optional.of("unavailable"));
    if (away && !stream.begun && stream.mayBeOfferedAgain()) {
      // Nothing of it came: a service that starts or moves is away for a moment only.
      vertx.setTimer(OFFER_EVERY_MS, again -> open(stream));
    } else {
      stream.ended(message.refusal());
    }
  }

  /** Nothing more comes of the node. */
  public void onGone(String node) {
    asker.onGone(node);
    queues.onGone(node, time.millis());
    uploads.onGone(node);
    for (OpenStream stream : List.copyOf(streams.values())) {
      if (stream.node.equals(node)) {
        streams.remove(stream.id);
        stream.ended(
            Optional.of(Refusal.later("unavailable", "The service's node is gone.", 1_000)));
      }
    }
  }

  private final class OpenStream implements StreamHandle {
    private final String service;
    private final StreamCall call;
    private final StreamReader reader;
    private final Context readerLoop;
    private final long offerUntil = time.nanos() + OFFER_MS * 1_000_000;

    /** 0 before it is open; written on the mesh loop. */
    private long id;

    private String node = "";

    /** Items the reader takes, counted until the first came: for the node that it is opened at. */
    private int credit;

    /** Whether anything came of it. */
    private boolean begun;

    /** Set when the reader gave up before it was open. */
    private boolean cancelled;

    private OpenStream(
        String service, StreamCall call, int credit, StreamReader reader, Context readerLoop) {
      this.service = service;
      this.call = call;
      this.credit = credit;
      this.reader = reader;
      this.readerLoop = readerLoop;
    }

    private boolean mayBeOfferedAgain() {
      return time.nanos() - offerUntil < 0;
    }

    private void ended(Optional<Refusal> refusal) {
      readerLoop.runOnContext(turn -> reader.end(refusal));
    }

    @Override
    public void more(int items) {
      loop.runOnContext(turn -> {
        credit = (int) Math.min(Integer.MAX_VALUE, (long) credit + items);
        control(items);
      });
    }

    @Override
    public void cancel() {
      loop.runOnContext(turn -> {
        cancelled = true;
        control(0);
        streams.remove(id);
      });
    }

    private void control(int change) {
      if (streams.containsKey(id)) {
        bus.send(node, new StreamControl(bus.node(), id, service, change));
      }
    }
  }
}
