package io.madang.runtime.mesh.ask;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.topic.Payload;
import java.util.Optional;

/** Hears one stream, on the event loop that opened it. */
public interface StreamReader {
  void item(Payload item);

  /** The stream is over; badly when there is a refusal. Nothing comes after. */
  void end(Optional<Refusal> refusal);
}
