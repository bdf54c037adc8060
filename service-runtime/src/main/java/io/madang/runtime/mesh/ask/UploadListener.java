package io.madang.runtime.mesh.ask;

import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.topic.Payload;

/** Hears of an upload from the service that takes it, on the event loop that opened it. */
public interface UploadListener {

  /** So many more items may be sent. */
  void more(int items);

  void progress(Payload item);

  /** The upload was answered, whether or not all of it was sent. Nothing comes after. */
  void outcome(CommandOutcome outcome);
}
