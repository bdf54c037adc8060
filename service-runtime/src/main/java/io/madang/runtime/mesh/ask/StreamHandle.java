package io.madang.runtime.mesh.ask;

/** Steers an open stream; safe on any thread. */
public interface StreamHandle {
  /** Lets {@code items} more come. */
  void more(int items);

  /** Ends it; nothing more is heard. */
  void cancel();
}
