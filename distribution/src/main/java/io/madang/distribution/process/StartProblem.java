package io.madang.distribution.process;

import io.madang.runtime.launch.ProcessStartException;
import java.net.BindException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever ended a start into the one sentence a person reads. */
public final class StartProblem {
  private static final Logger LOG = LoggerFactory.getLogger(StartProblem.class);

  private StartProblem() {}

  /** One sentence; what is our own fault is logged with its stack besides. */
  public static String sentence(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isWrittenForPeople(cause)) {
        return asSentence(cause.getMessage());
      }
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return "A port is taken by another program (%s); the settings that end in _PORT choose others."
            .formatted(cause.getMessage());
      }
    }
    if (failure instanceof ProcessStartException) {
      LOG.debug("The start failed", failure);
      return asSentence(failure.getMessage());
    }
    LOG.error("The start failed in a way that nobody foresaw", failure);
    return "Madang has a fault and cannot start (%s); the log above has the details."
        .formatted(failure);
  }

  /** The innermost of these says more than what is wrapped around it. */
  private static boolean isWrittenForPeople(Throwable cause) {
    return cause instanceof CannotStartException
        || cause instanceof io.madang.stores.StoreStartException
        || cause instanceof io.madang.runtime.store.StoreStartException;
  }

  private static String asSentence(String message) {
    String line = String.join(" ", message.strip().lines().map(String::strip).toList());
    String capital = line.substring(0, 1).toUpperCase(Locale.ROOT) + line.substring(1);
    return capital.endsWith(".") ? capital : capital + ".";
  }
}
