package io.madang.gateway.connection;

import io.madang.runtime.mesh.StreamHandle;
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

  private final int max;
  private final Map<Long, StreamHandle> open = new HashMap<>();

  Requests(int max) {
    this.max = max;
  }

  Begin begin(long ref) {
    if (open.containsKey(ref)) {
      return Begin.REF_IN_USE;
    }
    if (open.size() >= max) {
      return Begin.TOO_MANY;
    }
    open.put(ref, NO_STREAM);
    return Begin.BEGUN;
  }

  /** The request, begun before, turned out to be a stream; does nothing if that ended meanwhile. */
  void isStream(long ref, StreamHandle stream) {
    open.replace(ref, stream);
  }

  /** The open stream of this ref; empty for requests of other kinds. */
  Optional<StreamHandle> stream(long ref) {
    StreamHandle stream = open.get(ref);
    return stream == null || stream == NO_STREAM ? Optional.empty() : Optional.of(stream);
  }

  /** False if it has ended before: nothing is to be answered any more. */
  boolean end(long ref) {
    return open.remove(ref) != null;
  }

  void cancelAll() {
    open.values().forEach(StreamHandle::cancel);
    open.clear();
  }
}
