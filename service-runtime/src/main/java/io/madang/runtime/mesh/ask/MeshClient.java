package io.madang.runtime.mesh.ask;

import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.service.ServiceAsker;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.vertx.core.Future;

/**
 * Asks the services of the mesh. Safe on any event loop; results arrive on the loop that asked, in no order among each other.
 *
 * <p>Failures: {@link io.madang.runtime.service.ServiceUnavailableException} when no node answered in time (an attempt takes
 * two seconds, one retry on another node, a tenth of the traffic at most), {@link ServiceBrokenException} when the service
 * is wrong.
 */
public interface MeshClient extends ServiceAsker {

  /** Arguments as the client gave them, by name or position; checked here and again at the service. */
  @Override
  Future<CommandOutcome> command(String service, CommandCall call);

  /**
   * Asks a topic's owner. For history the owner of the topic's guard is asked first; whoever subscribes asks the guard
   * itself, since it must hear of revocations from that moment on.
   */
  Future<TopicAnswer> read(TopicRead read);

  /**
   * Opens a stream.
   *
   * @param credit items that may come before {@link StreamHandle#more}, at least 1
   */
  StreamHandle stream(String service, StreamCall call, int credit, StreamReader reader);

  /**
   * Opens an upload. Nothing of it is kept or sent twice: when its node goes away, it ends with {@code unavailable}, and what
   * became of it is not known.
   *
   * @param listener hears of it on the event loop that calls; first when an item may be sent
   */
  UploadHandle upload(String service, UploadCall call, UploadListener listener);
}
