package io.madang.chat;

import io.madang.chat.asker.Issued;
import io.madang.chat.everyone.Gathering;
import io.madang.chat.password.RoomPasswords;
import io.madang.chat.people.People;
import io.madang.chat.reading.Topics;
import io.madang.chat.refusal.Refusals;
import io.madang.chat.sequencer.Lanes;
import io.madang.chat.typing.Typists;
import io.madang.chat.unread.UnreadCounts;
import io.madang.chat.upkeep.Upkeep;
import io.madang.chat.upload.Uploads;
import io.madang.contracts.chat.ChatCommand;
import io.madang.contracts.chat.ChatJson;
import io.madang.contracts.chat.ChatNames;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.outbox.OutboxRelay;
import io.madang.runtime.outbox.OutboxTimes;
import io.madang.runtime.postgres.Migrations;
import io.madang.runtime.postgres.PostgresOptions;
import io.madang.runtime.postgres.PostgresPool;
import io.madang.runtime.postgres.PostgresUrl;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.service.UploadSource;
import io.madang.runtime.store.StoreUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;

/**
 * Owns {@code room:<room>} and {@code inbox:<user>} and answers the commands of {@link ChatCommand}. Keeps nothing itself that
 * is not in PostgreSQL, so any number of nodes may run.
 *
 * <p>All of it, and all it is made of, is touched on the service's event loop only.
 */
public final class ChatService implements MeshService {
  private final ChatConfig config;

  /** What runs between {@link #start} and {@link #stop}; null before. */
  private Running running;

  public ChatService(ChatConfig config) {
    this.config = config;
  }

  private record Running(
      Pool pool,
      Lanes lanes,
      People people,
      RoomPasswords passwords,
      UnreadCounts unread,
      Upkeep upkeep,
      OutboxRelay outbox,
      Topics topics,
      Uploads uploads,
      Gathering gathering,
      ChatCommands commands,
      MeterRegistry metrics) {}

  @Override
  public ServiceDescriptor descriptor() {
    return ChatDescriptor.CHAT;
  }

  @Override
  public Future<?> start(ServiceContext context) {
    PostgresUrl url = PostgresUrl.parse(config.postgres().value());
    PostgresOptions options =
        PostgresOptions.of(url, "madang-chat " + context.self().name());
    Pool pool =
        PostgresPool.create(context.vertx(), options.withPool(config.pool(), options.maxWaiting()));
    running = assemble(context, options, pool);
    return Migrations.run(context.vertx(), url, ChatNames.SERVICE, config.storeWait())
        .compose(migrated -> running.lanes().start(config.storeWait()))
        .<Void>mapEmpty()
        .onSuccess(started -> {
          running.upkeep().start();
          running.outbox().start();
        })
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
  }

  private Running assemble(ServiceContext context, PostgresOptions options, Pool pool) {
    Vertx vertx = context.vertx();
    Publisher publisher = context.publisher();
    MeterRegistry metrics = context.metrics();
    Lanes lanes = Lanes.create(vertx, options, config.lanes(), config.lane(), metrics);
    Uploads uploads = new Uploads(pool, publisher, config.uploads());
    People people = new People(pool);
    RoomPasswords passwords = new RoomPasswords(vertx);
    UnreadCounts unread =
        new UnreadCounts(vertx, pool, publisher, config.unreadEvery(), config.unreadMembers());
    OutboxRelay outbox = new OutboxRelay(
        vertx,
        pool,
        ChatNames.SERVICE,
        context.services(),
        ChatNames.SERVICE,
        OutboxTimes.standard(),
        metrics);
    Gathering gathering = new Gathering(vertx, publisher);
    ChatCommands commands = new ChatCommands(
        lanes,
        pool,
        people,
        passwords,
        new Typists(vertx, publisher, config.typingEvery()),
        gathering,
        unread,
        publisher,
        outbox::wake,
        metrics);
    return new Running(
        pool,
        lanes,
        people,
        passwords,
        unread,
        new Upkeep(vertx, pool, config.recordedFor(), uploads::sweep),
        outbox,
        new Topics(pool, publisher),
        uploads,
        gathering,
        commands,
        metrics);
  }

  @Override
  public Future<?> stop() {
    if (running == null) {
      return Future.succeededFuture();
    }
    running.upkeep().stop();
    running.gathering().close();
    running.unread().close();
    return running
        .lanes()
        .close()
        .eventually(() -> running.outbox().stop())
        .eventually(() -> running.passwords().close())
        .eventually(() -> running.pool().close());
  }

  @Override
  public Future<CommandOutcome> command(CommandCall call) {
    if (running.uploads().takes(call.name())) {
      return running
          .people()
          .meet(call.caller())
          .compose(met -> running.uploads().command(call))
          .recover(ChatService::busyIsRefused)
          .map(this::counted);
    }
    ChatCommand command;
    Issued issued;
    try {
      command = ChatJson.decode(call.name(), call.arguments().utf8());
      issued = Issued.of(call.caller().user(), call.id(), command.toString());
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(
          counted(CommandOutcome.refused(Refusal.badRequest(e.getMessage()))));
    }
    return running
        .people()
        .meet(call.caller())
        .compose(met -> running.commands().answer(call.caller(), issued, command))
        .recover(ChatService::busyIsRefused)
        .map(this::counted);
  }

  /** What was not even begun may be told in good order; anything else is a fault. */
  private static Future<CommandOutcome> busyIsRefused(Throwable failure) {
    return failure instanceof StoreUnavailableException away && away.nothingWasSent()
        ? Future.succeededFuture(CommandOutcome.refused(Refusals.busy()))
        : Future.failedFuture(failure);
  }

  private CommandOutcome counted(CommandOutcome outcome) {
    if (outcome instanceof CommandOutcome.Refused refused) {
      running
          .metrics()
          .counter("chat.refusals", "code", refused.refusal().code())
          .increment();
    }
    return outcome;
  }

  @Override
  public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    return running.people().meet(read.caller()).compose(met -> running.topics().subscribe(read));
  }

  @Override
  public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    return running.topics().catchUp(read);
  }

  @Override
  public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return running.topics().authorise(read);
  }

  @Override
  public Future<TopicAnswer> history(TopicRead.History read) {
    return running.topics().history(read);
  }

  @Override
  public void stream(StreamCall call, StreamSink sink) {
    running.uploads().read(call, sink);
  }

  @Override
  public UploadReceiver upload(UploadCall call, UploadSource source) {
    return running.uploads().append(call, source);
  }
}
