package io.madang.runtime.host;

import io.madang.runtime.bus.BusMessage.Answer;
import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.BusMessage.BatchTaken;
import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.bus.BusMessage.InterestDigest;
import io.madang.runtime.bus.BusMessage.InterestTaken;
import io.madang.runtime.bus.BusMessage.InterestWanted;
import io.madang.runtime.bus.BusMessage.StreamControl;
import io.madang.runtime.bus.BusMessage.StreamOpen;
import io.madang.runtime.bus.BusMessage.UploadEnd;
import io.madang.runtime.bus.BusMessage.UploadItem;
import io.madang.runtime.bus.BusMessage.UploadOpen;
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
import io.madang.runtime.inspect.NodeReport.Hosted;
import io.madang.runtime.inspect.NodeReport.Reader;
import io.madang.runtime.interest.InterestTable;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.NoClientAnswerException;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.time.NodeTime;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service on this node: the single writer of its {@link InterestTable}, its outgoing batches and the service's own
 * state; every field is touched on this verticle's event loop only.
 *
 * <p>It takes commands only when it has the set of every live gateway; otherwise a publication that a command causes could
 * miss a reader. A handler that throws is answered for at once: it never shows as the asker's time-out.
 */
public final class ServiceHost extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceHost.class);

  /** How long a stop waits for what is under way: longer than an attempt, so that what is later is asked for elsewhere. */
  private static final Duration FINISH_WITHIN = Duration.ofSeconds(5);

  /** How a context is made once the loop and the publisher exist. */
  public interface ContextMaker extends Function<Publisher, ServiceContext> {}

  private final MeshService service;
  private final ServiceDescriptor descriptor;
  private final MeshBus bus;
  private final ContextMaker contexts;
  private final InterestTable interest = new InterestTable();

  /** Live gateways by id, told by the mesh. */
  private final Set<String> gateways = new HashSet<>();

  /** Whether the mesh has said which gateways there are: before, none is known, which is not the same as none being there. */
  private boolean gatewaysTold;

  /**
   * Gateways whose set may have changed without a word here, as this process stood still: it is used until the whole set came,
   * but no command is taken on it.
   */
  private final Set<String> doubtful = new HashSet<>();

  private final CommandOrder order = new CommandOrder();
  private final CommandMeters meters;
  private final BatchLimits batchLimits;
  private final BatchMeters batchMeters;
  private final NodeTime time;

  /** Whether the service's own start has succeeded and its stop has not begun. */
  private boolean serving;

  /** Questions that were begun and not answered. */
  private int underWay;

  /** Completed by the stop, when nothing is under way any more or the time for it is over. */
  private final Promise<Void> idle = Promise.promise();

  /** Read by the mesh loop for its beats; written here. */
  private volatile boolean accepting;

  private Outgoing outgoing;
  private HostedStreams streams;
  private HostedUploads uploads;

  public ServiceHost(
      MeshService service,
      MeshBus bus,
      CommandMeters meters,
      BatchLimits batchLimits,
      BatchMeters batchMeters,
      NodeTime time,
      ContextMaker contexts) {
    this.service = service;
    this.descriptor = service.descriptor();
    this.bus = bus;
    this.meters = meters;
    this.batchLimits = batchLimits;
    this.batchMeters = batchMeters;
    this.time = time;
    this.contexts = contexts;
  }

  @Override
  public Future<?> start() {
    outgoing =
        new Outgoing(descriptor.service(), bus, interest, context, batchLimits, batchMeters, time);
    streams = new HostedStreams(bus, service, descriptor);
    uploads = new HostedUploads(bus, service, descriptor);
    return service.start(contexts.apply(outgoing)).onSuccess(started -> {
      serving = true;
      gateways.forEach(this::wantInterest);
      decideAccepting();
    });
  }

  /**
   * Takes nothing new, finishes what is under way and waits until the gateways have what came of it, then ends what has no end of
   * its own and closes the stores.
   */
  @Override
  public Future<?> stop() {
    serving = false;
    decideAccepting();
    Promise<Void> late = Promise.promise();
    long timer = vertx.setTimer(FINISH_WITHIN.toMillis(), over -> {
      late.complete();
      if (idle.tryComplete()) {
        LOG.warn("{} stops with {} questions unanswered", descriptor.service(), underWay);
      }
    });
    if (underWay == 0) {
      idle.tryComplete();
    }
    Future<?> finished =
        idle.future().compose(answered -> Future.any(outgoing.settled(), late.future()));
    return finished.compose(settled -> {
      vertx.cancelTimer(timer);
      streams.cancelAll();
      uploads.cancelAll();
      return service.stop();
    });
  }

  public ServiceDescriptor descriptor() {
    return descriptor;
  }

  /** Whether commands are taken; safe on any thread. */
  public boolean isAccepting() {
    return accepting;
  }

  /** Where everything of this host must be called. */
  public Context loop() {
    return context;
  }

  // What the mesh tells, on this loop.

  /** Those that are there when the mesh learns of this host; what comes and goes is told from then on. */
  public void onGateways(List<NodeInfo> there) {
    gatewaysTold = true;
    there.forEach(this::onGatewayJoined);
    decideAccepting();
  }

  public void onGatewayJoined(NodeInfo gateway) {
    if (gateways.add(gateway.id())) {
      wantInterest(gateway.id());
      decideAccepting();
    }
  }

  public void onGatewayGone(NodeInfo gateway) {
    gateways.remove(gateway.id());
    doubtful.remove(gateway.id());
    interest.remove(gateway.id());
    outgoing.onGone(gateway.id());
    streams.cancelAllOf(gateway.id());
    uploads.cancelAllOf(gateway.id());
    decideAccepting();
  }

  /** It is there and not heard: nothing is sent to it until it returns. */
  public void onGatewaySilent(NodeInfo gateway) {
    outgoing.onSilent(gateway.id());
  }

  public void onGatewayReturned(NodeInfo gateway) {
    outgoing.onReturned(gateway.id());
  }

  public void onBatchTaken(BatchTaken message) {
    outgoing.onTaken(message);
  }

  /**
   * This process stood still so long that gateways may have taken its interest for granted without it. Every set is asked for
   * again, and no command is taken before all have come.
   */
  public void onStoodStill() {
    doubtful.addAll(gateways);
    gateways.forEach(this::wantInterest);
    decideAccepting();
  }

  public void onDigest(String gateway, InterestDigest digest) {
    if (!interest.matches(gateway, digest)) {
      wantInterest(gateway);
    } else if (gateways.contains(gateway)) {
      // What told it so may have been lost, and somebody waits for it.
      tellTaken(gateway, interest.version(gateway));
    }
  }

  /**
   * Once a second: asks again where a set is still missing, ends uploads that take too long, and tells the metrics what is on
   * its way.
   */
  public void onTick() {
    uploads.sweep();
    order.sweep(time.millis());
    batchMeters.onItsWay(inspect().readers());
    for (String gateway : gateways) {
      if (!isKnown(gateway)) {
        wantInterest(gateway);
      }
    }
  }

  public void onInterest(Interest message) {
    if (!gateways.contains(message.gateway())) {
      return;
    }
    if (interest.take(message)) {
      if (message.baseVersion() == 0) {
        doubtful.remove(message.gateway());
      }
      tellTaken(message.gateway(), message.version());
      decideAccepting();
    } else {
      wantInterest(message.gateway());
    }
  }

  public void onStreamOpen(StreamOpen message) {
    if (accepting) {
      streams.open(message);
    } else {
      streams.refuse(message, Refusal.later("unavailable", "The service is starting.", 500));
    }
  }

  public void onStreamControl(StreamControl message) {
    streams.control(message);
  }

  public void onUploadOpen(UploadOpen message) {
    if (accepting) {
      uploads.open(message);
    } else {
      uploads.refuse(message, Refusal.later("unavailable", "The service is starting.", 500));
    }
  }

  public void onUploadItem(UploadItem message) {
    uploads.item(message);
  }

  public void onUploadEnd(UploadEnd message) {
    uploads.end(message);
  }

  /** @param receivedNanos when the node got it, by {@link NodeTime#nanos} */
  public void onAsk(Ask ask, long receivedNanos) {
    // What is in memory is told whether or not commands are taken: it stays as true as it was.
    if (!accepting && !(ask.question() instanceof Question.Recent)) {
      reply(
          ask,
          new Reply.Failed(
              Reply.Kind.NOT_ACCEPTING, descriptor.service() + " takes no commands here now"));
      return;
    }
    if (TimeUnit.NANOSECONDS.toMillis(time.nanos() - receivedNanos) > ask.budgetMs()
        || time.millis() > ask.beginUntilMs()) {
      reply(ask, new Reply.Failed(Reply.Kind.EXPIRED, "too late to begin"));
      return;
    }
    if (ask.place().isPresent() && !isNext(ask, ask.place().get())) {
      return;
    }
    underWay++;
    Future<Reply> answer = answer(ask);
    answer.onComplete(reply -> reply(ask, reply), failure -> {
      Reply.Failed failed = failed(failure);
      if (failed.kind() == Reply.Kind.BUG) {
        LOG.error("{} broke on {}", descriptor.service(), kindOf(ask.question()), failure);
      } else {
        LOG.warn(
            "{} could not do {}: {}",
            descriptor.service(),
            kindOf(ask.question()),
            failure.toString());
      }
      reply(ask, failed);
    });
    answer.onComplete(ended -> onAnswered());
  }

  private void onAnswered() {
    underWay--;
    if (!serving && underWay == 0) {
      idle.tryComplete();
    }
  }

  /** Whether it is the turn of this command; if not, what is to be said to that has been said. */
  private boolean isNext(Ask ask, Place place) {
    CommandOrder.Verdict verdict = order.take(ask.from(), place, time.millis());
    switch (verdict) {
      case AHEAD -> reply(ask, new Reply.Ahead(order.next(ask.from(), place)));
      case GIVEN_UP ->
        reply(ask, new Reply.Failed(Reply.Kind.EXPIRED, "it was sent again behind others"));
      case BEGIN, BEGUN_BEFORE -> {}
    }
    return verdict == CommandOrder.Verdict.BEGIN;
  }

  private Future<Reply> answer(Ask ask) {
    Question question = ask.question();
    if (question instanceof Question.Command command) {
      return meters.measure(() -> command(ask.from(), command.call())).map(Reply.Outcome::new);
    }
    if (question instanceof Question.Read read) {
      return guarded(() -> read(read.read())).map(Reply.OfTopic::new);
    }
    if (question instanceof Question.Recent recent) {
      return Future.succeededFuture(
          new Reply.Recent(outgoing.recent(recent.topic(), recent.after())));
    }
    if (question instanceof Question.Moved moved) {
      return moved(moved.known()).map(Reply.Moved::new);
    }
    if (question instanceof Question.Observe observe) {
      return guarded(() -> service.observe(observe.observation())).map(Reply.Observed::new);
    }
    return Future.succeededFuture(new Reply.Failed(Reply.Kind.BUG, "not a question for a service"));
  }

  private Future<CommandOutcome> command(String from, CommandCall call) {
    Optional<CommandDescriptor> found = descriptor.command(call.name());
    if (found.isEmpty()
        || (found.get().access() == Access.SERVICES && !call.caller().isService())) {
      return refused(
          Refusal.of("unknown-command", descriptor.service() + " has no command of that name."));
    }
    CommandDescriptor command = found.get();
    if (command.role().isPresent()
        && !call.caller().isService()
        && !call.caller().hasRole(command.role().get())) {
      return refused(
          Refusal.of("forbidden", "This needs the role " + command.role().get() + "."));
    }
    Arguments.Bound bound =
        Arguments.bind(command.parameters(), command.positions(), call.arguments());
    if (bound instanceof Arguments.Unfit unfit) {
      return refused(unfit.refusal());
    }
    CommandCall checked = new CommandCall(
        call.caller().through(from), command.name(), call.id(), ((Arguments.Fit) bound).payload());
    return guarded(() -> service.command(checked))
        .recover(cause -> cause instanceof NoClientAnswerException unanswered
            ? refused(unanswered.refusal())
            : Future.failedFuture(cause));
  }

  private static Future<CommandOutcome> refused(Refusal refusal) {
    return Future.succeededFuture(CommandOutcome.refused(refusal));
  }

  private Future<TopicAnswer> read(TopicRead read) {
    if (read instanceof TopicRead.Subscribe subscribe) {
      return service.subscribe(subscribe);
    }
    if (read instanceof TopicRead.CatchUp catchUp) {
      return service.catchUp(catchUp);
    }
    if (read instanceof TopicRead.Authorise authorise) {
      return service.authorise(authorise);
    }
    return service.history((TopicRead.History) read);
  }

  /** Asks for all of them at once, so that a service can read for many together. */
  private Future<List<Topic>> moved(Map<Topic, StreamPosition> known) {
    List<Topic> moved = new ArrayList<>();
    List<Future<TopicAnswer>> answers = new ArrayList<>();
    known.forEach((topic, since) ->
        answers.add(guarded(() -> service.catchUp(new TopicRead.CatchUp(topic, since, 1)))
            .onComplete(answer -> {
              if (answer.failed() || !isStill(since, answer.result())) {
                moved.add(topic);
              }
            })));
    return Future.join(answers).transform(all -> Future.succeededFuture(moved));
  }

  private static boolean isStill(StreamPosition since, TopicAnswer answer) {
    return answer instanceof TopicAnswer.Granted granted
        && granted.recovered()
        && granted.publications().isEmpty()
        && granted.position().equals(since);
  }

  /** Turns what is thrown into a failed future. */
  private static <T> Future<T> guarded(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Our own mistakes are unchecked exceptions of the kinds the JDK throws at them; all else is the world being ill. */
  private static Reply.Failed failed(Throwable failure) {
    boolean ours = failure instanceof NullPointerException
        || failure instanceof IllegalArgumentException
        || failure instanceof IllegalStateException
        || failure instanceof IndexOutOfBoundsException
        || failure instanceof ClassCastException
        || failure instanceof UnsupportedOperationException;
    return ours
        ? new Reply.Failed(Reply.Kind.BUG, "internal")
        : new Reply.Failed(Reply.Kind.FAULT, failure.getClass().getSimpleName());
  }

  /** What this host knows of each gateway that is there. */
  public Hosted inspect() {
    List<Reader> readers = gateways.stream()
        .sorted()
        .map(gateway -> new Reader(
            gateway, interest.version(gateway), interest.size(gateway), outgoing.inspect(gateway)))
        .toList();
    return new Hosted(descriptor.service(), accepting, readers);
  }

  private void reply(Ask ask, Reply reply) {
    bus.send(ask.from(), new Answer(ask.id(), reply));
  }

  private void tellTaken(String gateway, long version) {
    bus.send(gateway, new InterestTaken(bus.node(), descriptor.service(), version));
  }

  private void wantInterest(String gateway) {
    bus.send(gateway, new InterestWanted(bus.node(), descriptor.service()));
  }

  private void decideAccepting() {
    accepting = serving && gatewaysTold && gateways.stream().allMatch(this::isKnown);
  }

  private boolean isKnown(String gateway) {
    return interest.has(gateway) && !doubtful.contains(gateway);
  }

  /** The clock that the mesh's beats tell others. */
  private static String kindOf(Question question) {
    if (question instanceof Question.Command command) {
      return command.call().name();
    }
    if (question instanceof Question.Read read) {
      return read.read().getClass().getSimpleName() + " of "
          + read.read().topic().prefix();
    }
    return question.getClass().getSimpleName();
  }
}
