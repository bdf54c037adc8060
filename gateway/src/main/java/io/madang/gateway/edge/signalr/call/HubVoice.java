package io.madang.gateway.edge.signalr.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.gateway.edge.signalr.meaning.HubScope;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Caller;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.hub.Hub;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.LongFunction;

/** What calls and the other parts of one hub connection need of it. On its loop. */
public interface HubVoice {

  /** Tells the client. */
  void say(HubMessage message);

  /** Tells the client what of these events holds. */
  void tell(List<CallerEvent> events, RawJson data, ObjectNode arguments);

  /**
   * Asks the gateway in the client's name; the frame is made with the ref that it gets.
   *
   * @throws IllegalArgumentException when the frame cannot be made; then nothing was asked
   */
  void ask(LongFunction<ClientFrame> frame, Answer answer);

  /** Counts what is refused without asking, as too much of it is refused like anything else: then {@code answer} is told so at once. */
  boolean mayAsk(Answer answer);

  /** Says something about what was asked before. */
  void about(ClientFrame frame);

  /** From now on the client is not told what the topic brings; it waits. */
  void hold(String topic);

  /** The client is told what waits of these topics, each as often released as it was held. */
  void release(Collection<String> topics);

  /** As services show it now. */
  Hub hub();

  Caller caller();

  HubScope scope(RawJson data, ObjectNode arguments);

  /** Does it later, unless the connection is over then, or what is answered was run, which gives it up. */
  Runnable later(Duration wait, Runnable task);

  /** Whether more waits for the network than should. */
  boolean isBusy();

  /** Reads on from the client, or leaves what it sends to wait with it. */
  void setReading(boolean isReading);

  long nowMs();
}
