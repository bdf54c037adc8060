package io.madang.runtime.service;

import io.madang.runtime.topic.Payload;
import java.time.Duration;
import java.util.List;

/**
 * What one client is asked.
 *
 * @param connection the client's, as {@link io.madang.runtime.command.Caller#connection} names it
 * @param target what the client answers to, spelled as it spells it
 * @param arguments one JSON value each, by position
 * @param within how long the answer is waited for; above 0, at most {@link #LONGEST}
 */
public record ClientQuestion(
    String connection, String target, List<Payload> arguments, Duration within) {
  /** Whoever needs longer has the client tell it with a command of its own. */
  public static final Duration LONGEST = Duration.ofMinutes(10);

  public ClientQuestion {
    arguments = List.copyOf(arguments);
    if (target.isEmpty()) {
      throw new IllegalArgumentException("a client is asked for something");
    }
    if (within.toMillis() < 1 || within.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a client's answer is waited for between 1 ms and " + LONGEST + ", not " + within);
    }
  }
}
