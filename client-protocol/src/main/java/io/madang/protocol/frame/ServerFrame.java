package io.madang.protocol.frame;

import static io.madang.protocol.frame.ClientFrame.NO_REF;

import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.json.RawJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Everything a gateway may say. A frame that answers a request carries its {@code ref}. */
public sealed interface ServerFrame {
  <R> R dispatch(Handler<R> handler);

  /** One method per frame. */
  interface Handler<R> {
    R on(Connected frame);

    R on(Subscribed frame);

    R on(Resumed frame);

    R on(Unsubscribed frame);

    R on(Reply frame);

    R on(Item frame);

    R on(More frame);

    R on(Complete frame);

    R on(Refreshed frame);

    R on(Pong frame);

    R on(Publication frame);

    R on(Gap frame);

    R on(Disconnect frame);

    R on(Error frame);
  }

  /**
   * The client is signed in.
   *
   * @param connection this connection's name in logs and at the services
   * @param node the gateway's name
   * @param heartbeatMs how often a client with nothing to say should ping; the gateway closes a
   *     connection from which it heard nothing for a multiple of this
   * @param expiresAt when the token ends and the connection with it; empty if it does not
   */
  record Connected(
      long ref,
      String connection,
      String node,
      User user,
      long heartbeatMs,
      Optional<Instant> expiresAt,
      Limits limits)
      implements ServerFrame {
    public Connected {
      Bounds.ref(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Who is signed in; roles as the token claims them. */
  record User(String id, String name, List<String> roles) {
    public User {
      roles = List.copyOf(roles);
    }
  }

  /**
   * What a client can know beforehand instead of being refused.
   *
   * @param maxMessageBytes of one message; a larger one closes the connection with 1009
   * @param maxTopics subscriptions of one connection
   * @param maxPending requests of one connection that wait for their answer
   * @param commandsPerSecond requests a connection may make in the long run
   * @param commandBurst requests it may make at once after a pause
   */
  record Limits(
      int maxMessageBytes,
      int maxTopics,
      int maxPending,
      int commandsPerSecond,
      int commandBurst) {}

  /** The topic's publications follow from {@code topic.position()} on. */
  record Subscribed(long ref, TopicState topic) implements ServerFrame {
    public Subscribed {
      Bounds.ref(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Where a new subscription stands.
   *
   * @param position of the topic at this moment, what {@code publications} bring included
   * @param recovered whether {@code publications} bring everything after the position the client named; false if it
   *     named none, or another epoch, or one too long ago, or more came since than one answer may bring
   * @param snapshot what the topic is at {@code position}, if publications alone do not tell
   * @param publications what came after the position the client named, in order
   */
  record TopicState(
      String topic,
      StreamPosition position,
      boolean recovered,
      Optional<RawJson> snapshot,
      List<Publication> publications) {
    public TopicState {
      Bounds.topic(topic);
      publications = List.copyOf(publications);
    }
  }

  /** One entry per topic asked for, in the order of the request. */
  record Resumed(long ref, List<Resumption> topics) implements ServerFrame {
    public Resumed {
      Bounds.ref(ref);
      topics = List.copyOf(topics);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** What became of one topic of a {@link ClientFrame.Resume}. */
  sealed interface Resumption {
    String topic();

    <R> R dispatch(ResumptionHandler<R> handler);
  }

  /** One method per outcome. */
  interface ResumptionHandler<R> {
    R on(Restored resumption);

    R on(NotRestored resumption);
  }

  /** The topic is subscribed to again. */
  record Restored(TopicState state) implements Resumption {
    @Override
    public String topic() {
      return state.topic();
    }

    @Override
    public <R> R dispatch(ResumptionHandler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The topic is not subscribed to; the others are not touched by that. {@link ErrorCode#TOO_LARGE} to be tried later says that
   * all topics together bring more than one answer may: subscribe to this one by itself, from the same position.
   */
  record NotRestored(String topic, Failure failure) implements Resumption {
    public NotRestored {
      Bounds.topic(topic);
    }

    @Override
    public <R> R dispatch(ResumptionHandler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * No more publications of the topic.
   *
   * @param ref {@link ClientFrame#NO_REF} if nobody asked for it
   * @param reason why, if the client did not ask: for example {@code kicked}
   */
  record Unsubscribed(long ref, String topic, Optional<String> reason) implements ServerFrame {
    public Unsubscribed {
      Bounds.optionalRef(ref);
      Bounds.topic(topic);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A command or an upload succeeded. */
  record Reply(long ref, RawJson result) implements ServerFrame {
    public Reply {
      Bounds.ref(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The next item of a stream, or of an upload's progress. */
  record Item(long ref, RawJson item) implements ServerFrame {
    public Item {
      Bounds.ref(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The upload with this ref may send so many items more. */
  record More(long ref, int items) implements ServerFrame {
    public More {
      Bounds.ref(ref);
      if (items < 1) {
        throw new IllegalArgumentException("items must be a positive integer");
      }
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The stream ended, because it has no more items or because it was cancelled. */
  record Complete(long ref) implements ServerFrame {
    public Complete {
      Bounds.ref(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The new token counts; the connection ends with it, if not refreshed again. */
  record Refreshed(long ref, Optional<Instant> expiresAt) implements ServerFrame {
    public Refreshed {
      Bounds.ref(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The gateway is there; {@code time} is its clock. */
  record Pong(long ref, Instant time) implements ServerFrame {
    public Pong {
      Bounds.optionalRef(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Something happened in a topic.
   *
   * @param place where it stands in the topic's order; empty for what is not kept, such as typing
   * @param event what kind of thing happened; compare without case
   * @param key for a topic that is a state: which part of it this replaces, or removes if data is null
   * @param command the id of the command that caused it, by which a sender knows its own
   */
  record Publication(
      String topic,
      Optional<Place> place,
      String event,
      Optional<String> key,
      Optional<String> command,
      Instant time,
      RawJson data)
      implements ServerFrame {
    public Publication {
      Bounds.topic(topic);
      Bounds.name("event", event);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The place of a publication: the offset it has and the one before it. A client that has {@code last} misses
   * something exactly if {@code prev > last}, and has it already if {@code offset <= last}.
   */
  record Place(StreamPosition position, long prev) {
    public Place {
      if (prev < 0 || prev >= position.offset()) {
        throw new IllegalArgumentException("prev must be an integer from 0 to below offset");
      }
    }

    public Place(String epoch, long offset, long prev) {
      this(new StreamPosition(epoch, offset), prev);
    }

    public String epoch() {
      return position.epoch();
    }

    public long offset() {
      return position.offset();
    }
  }

  /** Publications after {@code from} up to and including {@code to} will not come: their owner no longer has them. */
  record Gap(String topic, StreamPosition from, StreamPosition to) implements ServerFrame {
    public Gap {
      Bounds.topic(topic);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * The last frame before the gateway closes the connection.
   *
   * @param afterMs how long the client should wait before it connects again
   */
  record Disconnect(int code, String reason, boolean reconnect, long afterMs)
      implements ServerFrame {
    public Disconnect {
      if (afterMs < 0) {
        throw new IllegalArgumentException("afterMs must not be negative");
      }
    }

    public static Disconnect because(CloseCode code, Duration after) {
      return new Disconnect(code.code(), code.reason(), code.mayReconnect(), after.toMillis());
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * A request failed; the connection lives on.
   *
   * @param ref {@link ClientFrame#NO_REF} if the request could not be read so far as to know it
   */
  @SuppressWarnings("JavaLangClash") // the wire's own word; always named through ServerFrame
  record Error(long ref, Failure failure) implements ServerFrame {
    public Error {
      Bounds.optionalRef(ref);
    }

    /** Answers nothing in particular. */
    public static Error unasked(Failure failure) {
      return new Error(NO_REF, failure);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Why a request failed.
   *
   * @param code an {@link ErrorCode} on the wire, or the service's own
   * @param message one sentence for people, without internals
   * @param retryAfterMs when another try makes sense; 0 if nobody knows
   * @param details whatever else helps a program; empty if nothing does
   */
  record Failure(
      String code, String message, Retry retry, long retryAfterMs, Optional<RawJson> details) {
    public Failure {
      Bounds.name("code", code);
      if (retryAfterMs < 0) {
        throw new IllegalArgumentException("retryAfterMs must not be negative");
      }
    }

    public static Failure of(ErrorCode code, String message) {
      return new Failure(code.wire(), message, code.retry(), 0, Optional.empty());
    }

    public Failure after(Duration wait) {
      return new Failure(code, message, retry, wait.toMillis(), details);
    }
  }
}
