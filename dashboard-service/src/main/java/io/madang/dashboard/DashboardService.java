package io.madang.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.contracts.dashboard.DashboardJson;
import io.madang.contracts.dashboard.DashboardNames;
import io.madang.dashboard.logtail.LogTail;
import io.madang.dashboard.logtail.LogbackTap;
import io.madang.dashboard.processing.ChunkStream;
import io.madang.dashboard.processing.DataStream;
import io.madang.dashboard.series.Series;
import io.madang.dashboard.stream.LogStream;
import io.madang.dashboard.stream.PriceStream;
import io.madang.dashboard.stream.TimeStream;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.redis.RedisLink;
import io.madang.runtime.redis.RedisLinkOptions;
import io.madang.runtime.redis.RedisUrl;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.service.UploadSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Owns {@code metric:<name>}, one sample a second with ten minutes of past, and {@code dashboard}, everything every five
 * seconds. Every node collects; Redis takes one sample per second, so no node is elected and none is missed.
 *
 * <p>The log that {@code streamLogs} tells is that of the process the stream happens to run on; its lines name the node.
 */
public final class DashboardService implements MeshService {
  /** How long Redis may take to be there at the start. */
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final DashboardConfig config;

  /** What {@link #start} opened; null before. */
  private Open open;

  public DashboardService(DashboardConfig config) {
    this.config = config;
  }

  /** Everything that is there between start and stop. */
  private record Open(
      Vertx vertx,
      String node,
      RedisLink redis,
      Commands commands,
      Topics topics,
      Sampler sampler,
      LogTail tail,
      Optional<LogbackTap> tap) {}

  @Override
  public ServiceDescriptor descriptor() {
    return Offer.of(config);
  }

  @Override
  public Future<?> start(ServiceContext context) {
    RedisLink redis = RedisLink.create(
        context.vertx(), RedisLinkOptions.of(RedisUrl.parse(config.redis().value())));
    return redis.start(START_LIMIT).onSuccess(connected -> {
      open = open(context, redis);
      open.sampler().start();
    });
  }

  private Open open(ServiceContext context, RedisLink redis) {
    Series series = new Series(redis);
    LogTail tail = new LogTail(config.logLines());
    return new Open(
        context.vertx(),
        context.self().name(),
        redis,
        new Commands(series, context.nodes()),
        new Topics(series, config.role()),
        new Sampler(
            context.vertx(),
            context.nodes(),
            context.publisher(),
            series,
            config.alerts(),
            config.operationsEvery()),
        tail,
        LogbackTap.open(context.vertx().getOrCreateContext(), tail));
  }

  @Override
  public Future<?> stop() {
    if (open == null) {
      return Future.succeededFuture();
    }
    open.sampler().stop();
    open.tap().ifPresent(LogbackTap::close);
    return open.redis().close();
  }

  @Override
  public Future<CommandOutcome> command(CommandCall call) {
    return DashboardJson.decode(call.name(), call.arguments().utf8()).dispatch(open.commands());
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

  @Override
  public void stream(StreamCall call, StreamSink sink) {
    JsonNode arguments = DashboardJson.arguments(call.arguments().utf8());
    switch (call.name()) {
      case DashboardNames.STREAM_TIME -> streamTime(arguments, sink);
      case DashboardNames.STREAM_STOCK_PRICES -> streamStockPrices(arguments, sink);
      case DashboardNames.STREAM_LOGS, DashboardNames.STREAM_LOGS_FROM ->
        streamLogs(arguments, sink);
      default -> MeshService.super.stream(call, sink);
    }
  }

  @Override
  public UploadReceiver upload(UploadCall call, UploadSource source) {
    return switch (call.name()) {
      case DashboardNames.PROCESS_DATA_STREAM -> DataStream.open(source, Clock.systemUTC());
      case DashboardNames.UPLOAD_CHUNKS -> ChunkStream.open(source);
      default -> MeshService.super.upload(call, source);
    };
  }

  private void streamTime(JsonNode arguments, StreamSink sink) {
    Duration interval = Duration.ofMillis(arguments.path(Offer.INTERVAL).asLong());
    TimeStream.open(open.vertx(), Clock.systemUTC(), interval, sink);
  }

  private void streamStockPrices(JsonNode arguments, StreamSink sink) {
    PriceStream.open(
        open.vertx(), Clock.systemUTC(), arguments.path(Offer.SYMBOL).asText(), sink);
  }

  private void streamLogs(JsonNode arguments, StreamSink sink) {
    JsonNode number = arguments.path(Offer.LEVEL);
    Optional<String> level = number.isNumber()
        ? Optional.of(LogStream.level(number.asInt()))
        : LogStream.level(arguments.path(Offer.MIN_LEVEL).asText());
    if (level.isEmpty()) {
      sink.fail(Refusal.badRequest("minLevel is TRACE, DEBUG, INFO, WARN or ERROR."));
    } else if (open.tap().isEmpty()) {
      sink.fail(Refusal.of("not-found", "This process keeps no log that could be read."));
    } else {
      LogStream.open(open.tail(), open.node(), level.get(), sink);
    }
  }
}
