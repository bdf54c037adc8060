package io.madang.runtime.mesh.ask;

import io.madang.runtime.topic.Payload;

/** Sends an upload that was opened; safe on any thread, in order from one. */
public interface UploadHandle {

  /** Sends one item; to be called only as often as {@link UploadListener#more} allows. */
  void item(Payload item);

  /** There are no more items; the answer is awaited. */
  void end();

  /** Gives up; nothing more is heard. */
  void cancel();
}
