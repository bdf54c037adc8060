package io.madang.gateway.connection;

import io.madang.runtime.mesh.ask.StreamHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The requests of one connection that wait for their answer, by ref. */
final class Requests {
  /** How a request begins, or why not. */
  enum Begin {
    BEGUN,
    REF_IN_USE,
    TOO_MANY
  }

  /** Stands for the stream of a request that has none. */
  private static final StreamHandle NO_STREAM = new StreamHandle() {
    @Override
    public void more(int items) {}

    @Override
    public void cancel() {}
  };

  private record Request(StreamHandle stream, int bytes) {}

  private final int max;
  private final int maxBytes;
  private final Map<Long, Request> open = new HashMap<>();

  /** Of the arguments of all that are open. */
  private long bytes;

  /** @param maxBytes of arguments of all together; one alone may be larger */
  Requests(int max, int maxBytes) {
    this.max = max;
    this.maxBytes = maxBytes;
  }

  Begin begin(long ref, int argumentBytes) {
    if (open.containsKey(ref)) {
      return Begin.REF_IN_USE;
    }
    if (open.size() >= max || (!open.isEmpty() && bytes + argumentBytes > maxBytes)) {
      return Begin.TOO_MANY;
    }
    open.put(ref, new Request(NO_STREAM, argumentBytes));
    bytes += argumentBytes;
    return Begin.BEGUN;
  }

  /** The request, begun before, turned out to be a stream; does nothing if that ended meanwhile. */
  void isStream(long ref, StreamHandle stream) {
    open.computeIfPresent(ref, (known, request) -> new Request(stream, request.bytes()));
  }

  /** The open stream of this ref; empty for requests of other kinds. */
  Optional<StreamHandle> stream(long ref) {
    Request request = open.get(ref);
    return request == null || request.stream() == NO_STREAM
        ? Optional.empty()
        : Optional.of(request.stream());
  }

  /** False if it has ended before: nothing is to be answered any more. */
  boolean end(long ref) {
    Request ended = open.remove(ref);
    if (ended != null) {
      bytes -= ended.bytes();
    }
    return ended != null;
  }

  /** Whether anything waits for its one answer, streams and uploads apart. */
  boolean hasUnanswered() {
    return open.values().stream().anyMatch(request -> request.stream() == NO_STREAM);
  }

  void cancelAll() {
    open.values().forEach(request -> request.stream().cancel());
    open.clear();
    bytes = 0;
  }
}
