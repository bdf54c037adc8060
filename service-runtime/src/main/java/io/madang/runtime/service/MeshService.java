package io.madang.runtime.service;

import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.vertx.core.Future;

/**
 * A service of the mesh. Every method is called on one event loop, the one {@link #start} was called on, and never blocks.
 *
 * <p>Errors: what the domain refuses is a value ({@link CommandOutcome.Refused}, {@link TopicAnswer.Denied}); a failed
 * future or a thrown exception is a fault and reaches the caller at once as {@code unavailable} or {@code internal}.
 */
public interface MeshService {

  /** What it offers; the same on every node of one version. */
  ServiceDescriptor descriptor();

  /** Opens the stores. No command comes before the future has succeeded. */
  Future<?> start(ServiceContext context);

  /** Closes what {@link #start} opened; no command comes any more. */
  Future<?> stop();

  /** Does what the descriptor's command of that name says, once per command id as its id kind demands. */
  Future<CommandOutcome> command(CommandCall call);

  /** Authorises a person and tells where the topic stands, in one read. */
  Future<TopicAnswer> subscribe(TopicRead.Subscribe read);

  /** Tells a gateway what came after a position; nobody is authorised, as gateways are trusted. */
  Future<TopicAnswer> catchUp(TopicRead.CatchUp read);

  /** Decides for a topic guarded by one of ours. Answers like {@link #subscribe} without snapshot and publications. */
  Future<TopicAnswer> authorise(TopicRead.Authorise read);

  /** One page of the past, for a person. */
  Future<TopicAnswer> history(TopicRead.History read);

  /** Hears of the clients of one gateway; only when the descriptor observes something. True when taken over, false when everything must be told again. */
  default Future<Boolean> observe(Observation observation) {
    return Future.succeededFuture(true);
  }

  /** Answers a stream of the descriptor. */
  default void stream(StreamCall call, StreamSink sink) {
    sink.fail(Refusal.of("unknown-command", "there is no stream " + call.name()));
  }

  /** Takes an upload of the descriptor: asks {@code source} for items, answers it, and says who takes the items. */
  default UploadReceiver upload(UploadCall call, UploadSource source) {
    source.fail(Refusal.of("unknown-command", "there is no upload " + call.name()));
    return UploadReceiver.none();
  }
}
