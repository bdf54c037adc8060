package io.madang.gateway.edge.signalr.session;

import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import java.util.function.Consumer;

/**
 * What carries the bytes of one hub connection to its client. On one event loop; what is sent leaves in the order of the calls,
 * and nothing after a close.
 */
public interface HubLink {

  /** Sends one or more whole hub messages, framed by the hub protocol. */
  void send(byte[] messages);

  /**
   * As the other, of messages that have numbers where messages have them.
   *
   * @param count how many these are
   */
  default void send(byte[] messages, int count) {
    send(messages);
  }

  /** Messages are numbered from now on, both ways, and the connection may outlive its transport, if the link can. */
  default void numbered(HubFormat format) {}

  /**
   * Whether the conversation is to take a message: it is told of each that comes, in order, and keeps what is about numbers.
   *
   * @throws BadHubMessageException when its number cannot be
   */
  default boolean takes(HubMessage message) throws BadHubMessageException {
    return true;
  }

  /** Whether another gateway may go on with the connection. */
  default boolean mayMove() {
    return false;
  }

  /**
   * Hands the connection over to another gateway. Nothing with a number may be said behind this.
   *
   * @param outcome is told once whether that gateway goes on
   */
  default void move(HubMemory memory, Consumer<Boolean> outcome) {
    outcome.accept(false);
  }

  /** Whether the client has no transport just now and may come back with another. */
  default boolean isAway() {
    return false;
  }

  /** Sends what had to wait for the client, as nothing more comes but a goodbye. */
  default void sayAll() {}

  /** Sends what a publication is to the client, which may be nothing; answers how many bytes that is. */
  int send(SharedPublication publication, HubSpeech speech);

  /** Sends all that a topic brings in a turn, and answers how many bytes that is. */
  default int send(Bundle bundle, HubSpeech speech) {
    int bytes = 0;
    for (SharedPublication publication : bundle.publications()) {
      bytes += send(publication, speech);
    }
    return bytes;
  }

  /** What the messages are from now on: bytes, or UTF-8 text. Text until told. */
  void speaksBytes(boolean isBinary);

  /** Bytes handed over that the network has not taken yet. */
  long queuedBytes();

  /** Bytes that the network has ever taken. */
  long takenBytes();

  /** Makes a live peer be heard, if the transport can by itself. */
  default void probe() {}

  /** Reads on, or leaves what the client sends to wait with it, if the transport can. */
  default void setReading(boolean isReading) {}

  /** Lets a response go that waits, so that the client asks again and shows anew who it is, if the transport can. */
  default void letGo() {}

  /** Says goodbye, as the transport does, behind what was sent before. */
  void close();

  /** Ends at once, whatever waits. */
  void cut();
}
