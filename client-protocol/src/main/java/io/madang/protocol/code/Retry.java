package io.madang.protocol.code;

import java.util.Locale;
import java.util.Optional;

/** Whether the same request can succeed at another time. */
public enum Retry {
  /** Sending it again as it is brings the same answer. */
  NEVER,
  /** It may succeed later; for a command, repeat it with the same id. */
  LATER;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Retry> fromWire(String wire) {
    return wire.equals("never")
        ? Optional.of(NEVER)
        : wire.equals("later") ? Optional.of(LATER) : Optional.empty();
  }
}
