package io.madang.gateway.edge.sse;

import io.madang.gateway.connection.measure.ConnectionMeters;
import io.madang.gateway.edge.sse.wire.Positions;
import io.madang.gateway.edge.sse.wire.StreamSocket;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Frames as the events of one stream, each with where the client stands when it has it. On the stream's loop. */
final class Events {
  private static final String SUBSCRIBED = "subscribed";
  private static final String UNSUBSCRIBED = "unsubscribed";
  private static final String GAP = "gap";
  private static final String DISCONNECT = "disconnect";

  /** Not "error", under which EventSource tells what becomes of the connection. */
  static final String PROBLEM = "problem";

  private final StreamSocket socket;
  private final Positions positions;
  private final FrameCodec codec;
  private final ConnectionMeters meters;

  Events(StreamSocket socket, Positions positions, FrameCodec codec, ConnectionMeters meters) {
    this.socket = socket;
    this.positions = positions;
    this.codec = codec;
    this.meters = meters;
  }

  static StreamPosition wire(io.madang.runtime.topic.StreamPosition position) {
    return new StreamPosition(position.epoch(), position.offset());
  }

  private static io.madang.runtime.topic.StreamPosition runtime(StreamPosition position) {
    return new io.madang.runtime.topic.StreamPosition(position.epoch(), position.offset());
  }

  /** As events of which each moves the client on, so that one that is cut off in between loses nothing. */
  void subscribed(ServerFrame.Subscribed frame) {
    ServerFrame.TopicState state = frame.topic();
    Topic topic = Topic.parse(state.topic());
    Optional<io.madang.runtime.topic.StreamPosition> since = positions.of(topic);
    StreamPosition base = base(state, since);
    positions.moveTo(topic, runtime(base));
    if (since.isPresent() && !state.recovered()) {
      positioned(GAP, new ServerFrame.Gap(state.topic(), wire(since.get()), base));
    }
    positioned(
        SUBSCRIBED,
        new ServerFrame.Subscribed(
            frame.ref(),
            new ServerFrame.TopicState(
                state.topic(), base, state.recovered(), state.snapshot(), List.of())));
    state.publications().forEach(this::publication);
    positions.moveTo(topic, runtime(state.position()));
  }

  /** Where what follows continues. */
  private static StreamPosition base(
      ServerFrame.TopicState state, Optional<io.madang.runtime.topic.StreamPosition> since) {
    if (state.recovered() && since.isPresent()) {
      return wire(since.get());
    }
    return state.publications().stream()
        .findFirst()
        .flatMap(ServerFrame.Publication::place)
        .map(place -> new StreamPosition(place.epoch(), place.prev()))
        .orElse(state.position());
  }

  void publication(ServerFrame.Publication frame) {
    frame
        .place()
        .ifPresent(
            place -> positions.moveTo(Topic.parse(frame.topic()), runtime(place.position())));
    told(socket.message(codec.encode(frame), frame.place().isPresent()));
  }

  void publication(SharedPublication publication) {
    publication
        .publication()
        .position()
        .ifPresent(at -> positions.moveTo(publication.publication().topic(), at));
    told(socket.message(
        publication.nativeFrame(), publication.publication().position().isPresent()));
  }

  void gap(ServerFrame.Gap frame) {
    positions.moveTo(Topic.parse(frame.topic()), runtime(frame.to()));
    positioned(GAP, frame);
  }

  void unsubscribed(ServerFrame.Unsubscribed frame) {
    positions.forget(Topic.parse(frame.topic()));
    told(socket.event(UNSUBSCRIBED, codec.encode(frame)));
  }

  void problem(ServerFrame.Error frame) {
    told(socket.event(PROBLEM, codec.encode(frame)));
  }

  /** The last event, and the end of the stream. */
  void disconnect(ServerFrame.Disconnect frame, Duration comeAgain) {
    socket.end(comeAgain, DISCONNECT, codec.encode(frame));
  }

  private void positioned(String kind, ServerFrame frame) {
    told(socket.positioned(kind, codec.encode(frame)));
  }

  private void told(int bytes) {
    meters.messageOut(bytes);
  }
}
