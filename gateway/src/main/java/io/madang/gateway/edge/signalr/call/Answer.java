package io.madang.gateway.edge.signalr.call;

import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Effects;

/** Waits for what becomes of one frame of the connection. Told on its loop; what ends it is told once. */
public interface Answer {

  /** It failed, which ends it. */
  void onError(Failure failure);

  /** A command or an upload was done, which ends it. */
  default void onReply(RawJson result, Effects effects) {}

  /** The next item of a stream, or of an upload's progress. */
  default void onItem(RawJson item) {}

  /** So many items more may be sent. */
  default void onMore(int items) {}

  /** A stream is over, or what was cancelled is, which ends it. */
  default void onComplete() {}

  /** The topic is heard from now on, which ends it. */
  default void onSubscribed(ServerFrame.TopicState topic) {}

  /** What needs no more than that was done, which ends it. */
  default void onDone() {}
}
