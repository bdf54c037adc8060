package io.madang.gateway.connection;

import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame;
import io.madang.runtime.command.Effects;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientAnswer.Reason;
import io.madang.runtime.service.ClientQuestion;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Where a connection's frames go: what an edge implements for its transport. Called on the connection's event loop; never
 * blocks, never throws for a peer that is gone. Everything leaves in the order of the calls.
 */
public interface FrameSink {

  /** Hands over one frame; does nothing after a close. */
  void send(ServerFrame frame);

  /**
   * What a command did to the topics of its connection; told right before its reply. Doors whose clients name their topics
   * themselves leave it to them.
   */
  default void effects(long ref, Effects effects) {}

  /**
   * Asks the client something, where what it speaks has a word for that.
   *
   * @param told is told once what became of it, also when the connection ends before
   */
  default void ask(ClientQuestion question, Consumer<ClientAnswer> told) {
    told.accept(new ClientAnswer.Untold(
        Reason.UNSUPPORTED, "What this client speaks has no questions for clients."));
  }

  /** Hands over one publication in the encoding of this edge, which is made once for all connections. */
  void send(SharedPublication publication);

  /**
   * Hands over all that a topic brings in a turn, and counts it, where this edge has a form of it that all its connections share.
   *
   * @return false when it has none, and nothing was done
   */
  default boolean sendTogether(Bundle bundle) {
    return false;
  }

  /**
   * The client's token is over.
   *
   * @return how long it may take to show another, where the door lets nothing through meanwhile; zero where it does not, and the
   *     connection ends at once
   */
  default Duration onExpired() {
    return Duration.ZERO;
  }

  /** Bytes handed over that the network has not taken yet. */
  long queuedBytes();

  /** Bytes that the network has ever taken: when it changes, the peer reads. */
  long takenBytes();

  /** Makes a live peer answer, if the transport can; the answer counts as something heard. */
  void probe();

  /** Closes as the transport says goodbye, after what was handed over; a peer that does not read delays it. */
  void close(CloseCode code);

  /**
   * Whether another gateway is to go on with the connection, and this one does not drain it: then it is closed here without a word
   * when that is done.
   *
   * @param otherwise drains it after all; run at most once
   */
  default boolean handsOver(Runnable otherwise) {
    return false;
  }

  /** Ends the transport at once, whatever is still queued. */
  void cut();
}
