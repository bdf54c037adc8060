package io.madang.notification;

import io.madang.contracts.notification.NotificationCommand;
import io.madang.contracts.notification.NotificationJson;
import io.madang.notification.ledger.Entry;
import io.madang.notification.ledger.Ledger;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.postgres.Migrations;
import io.madang.runtime.postgres.PostgresOptions;
import io.madang.runtime.postgres.PostgresPool;
import io.madang.runtime.postgres.PostgresUrl;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns {@code notifications:<user>}, which only that user may hear: a log of {@code notification} and {@code read} events
 * without gaps, whose state is the unread count and the newest notifications.
 *
 * <p>A type that the user has switched off is not stored at all: nothing is heard of it then or later. What was stored before
 * stays. Everything is kept in PostgreSQL, so any number of nodes may run; this one holds only what is under way.
 */
public final class NotificationService implements MeshService {
  private static final Logger LOG = LoggerFactory.getLogger(NotificationService.class);
  private static final String SCHEMA = "notification";

  /** Chars of a command id at most; a client's is a UUID, an outbox's a few words. */
  private static final int MAX_COMMAND_ID = 200;

  /** How long PostgreSQL may take to be there at the start. */
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** Commands that wait in one lane; more are turned away at once. */
  private static final int MAX_WAITING = 256;

  private static final Duration FORGET_EVERY = Duration.ofHours(1);
  private static final int FORGET_AT_ONCE = 10_000;

  private final NotificationConfig config;

  /** What {@link #start} opened; null before. */
  private Open open;

  public NotificationService(NotificationConfig config) {
    this.config = config;
  }

  /** Everything that is there between start and stop. */
  private record Open(
      Vertx vertx, Publisher publisher, Pool pool, Ledger ledger, Topics topics, UserLanes lanes, long forgetTimer) {}

  @Override
  public ServiceDescriptor descriptor() {
    return Offer.DESCRIPTOR;
  }

  @Override
  public Future<?> start(ServiceContext context) {
    PostgresUrl url = PostgresUrl.parse(config.postgres().value());
    return Migrations.run(context.vertx(), url, SCHEMA, START_LIMIT)
        .onSuccess(migrated -> open = open(context, url));
  }

  private Open open(ServiceContext context, PostgresUrl url) {
    Vertx vertx = context.vertx();
    PostgresOptions options =
        PostgresOptions.of(url, context.self().name() + " " + SCHEMA)
            .withPool(config.connections(), config.connections() * MAX_WAITING);
    Pool pool = PostgresPool.create(vertx, options);
    Ledger ledger = new Ledger(pool);
    long forgetTimer = vertx.setPeriodic(FORGET_EVERY.toMillis(), tick -> forget(ledger));
    return new Open(
        vertx,
        context.publisher(),
        pool,
        ledger,
        new Topics(ledger, config.snapshot()),
        new UserLanes(config.connections(), MAX_WAITING),
        forgetTimer);
  }

  @Override
  public Future<?> stop() {
    if (open == null) {
      return Future.succeededFuture();
    }
    open.vertx().cancelTimer(open.forgetTimer());
    return open.pool().close();
  }

  @Override
  public Future<CommandOutcome> command(CommandCall call) {
    if (!isStorable(call.id())) {
      return Future.succeededFuture(
          CommandOutcome.refused(Refusal.badRequest("the id of a command has 1 to " + MAX_COMMAND_ID + " characters.")));
    }
    NotificationCommand command = NotificationJson.decode(call.name(), call.arguments().utf8());
    String user = command instanceof NotificationCommand.Send send ? send.userId() : call.caller().user();
    return open.lanes().inOrder(user, () -> command.dispatch(new Commands(call, open.ledger(), this::publish)));
  }

  private void publish(List<Entry> entries) {
    open.publisher().publish(entries.stream().map(Topics::publication).toList());
  }

  /** The store keeps no U+0000 and no half of a surrogate pair, which would become another id. */
  private static boolean isStorable(String id) {
    return !id.isEmpty()
        && id.length() <= MAX_COMMAND_ID
        && id.codePoints().noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }

  @Override
  public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    return open.topics().subscribe(read);
  }

  @Override
  public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    return open.topics().catchUp(read);
  }

  @Override
  public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return open.topics().authorise(read);
  }

  @Override
  public Future<TopicAnswer> history(TopicRead.History read) {
    return open.topics().history(read);
  }

  private static void forget(Ledger ledger) {
    ledger
        .forgetMarks(FORGET_AT_ONCE)
        .onFailure(failure -> LOG.warn("Old marks are not forgotten, trying again in an hour: {}", failure.toString()));
  }
}
