package io.madang.gateway.edge.signalr.wire;

import io.madang.protocol.json.RawJson;
import java.util.List;
import java.util.Optional;

/**
 * One message of the hub protocol. Arguments, items and results are JSON that nobody here looks into, whatever they are on the
 * wire.
 */
public sealed interface HubMessage {
  <R> R dispatch(Handler<R> handler);

  /** Whether it has a number where messages have them: all that is about a call has one. */
  default boolean isNumbered() {
    return true;
  }

  /** One method per message. */
  interface Handler<R> {
    R on(Invocation message);

    R on(StreamInvocation message);

    R on(StreamItem message);

    R on(Completion message);

    R on(CancelInvocation message);

    R on(Ping message);

    R on(Close message);

    R on(Ack message);

    R on(Sequence message);
  }

  /**
   * Calls a method of the peer.
   *
   * @param id absent where nobody waits for an answer
   * @param arguments an array
   * @param streams ids of the streams that come with it
   */
  record Invocation(Optional<String> id, String target, RawJson arguments, List<String> streams)
      implements HubMessage {
    public Invocation {
      streams = List.copyOf(streams);
    }

    /** Nobody waits for an answer. */
    public static Invocation of(String target, RawJson arguments) {
      return new Invocation(Optional.empty(), target, arguments, List.of());
    }

    /** The peer is to complete it. */
    public static Invocation asking(String id, String target, RawJson arguments) {
      return new Invocation(Optional.of(id), target, arguments, List.of());
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Calls a method that answers with items; as an {@link Invocation}. */
  record StreamInvocation(String id, String target, RawJson arguments, List<String> streams)
      implements HubMessage {
    public StreamInvocation {
      streams = List.copyOf(streams);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The next item of a stream. */
  record StreamItem(String id, RawJson item) implements HubMessage {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The end of a call or of a stream.
   *
   * @param result absent where there is none; null as JSON is one
   * @param error why it failed; never together with a result
   */
  record Completion(String id, Optional<RawJson> result, Optional<String> error)
      implements HubMessage {
    public Completion {
      if (result.isPresent() && error.isPresent()) {
        throw new IllegalArgumentException("a completion has no result beside an error");
      }
    }

    public static Completion of(String id) {
      return new Completion(id, Optional.empty(), Optional.empty());
    }

    public static Completion of(String id, RawJson result) {
      return new Completion(id, Optional.of(result), Optional.empty());
    }

    public static Completion failed(String id, String error) {
      return new Completion(id, Optional.empty(), Optional.of(error));
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Gives a call up; its completion is still due. */
  record CancelInvocation(String id) implements HubMessage {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The peer is there. */
  record Ping() implements HubMessage {
    @Override
    public boolean isNumbered() {
      return false;
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The connection ends. */
  record Close(Optional<String> error, boolean allowReconnect) implements HubMessage {
    @Override
    public boolean isNumbered() {
      return false;
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** All counted messages up to this number have come. */
  record Ack(long sequence) implements HubMessage {
    @Override
    public boolean isNumbered() {
      return false;
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The next counted message has this number. */
  record Sequence(long sequence) implements HubMessage {
    @Override
    public boolean isNumbered() {
      return false;
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
