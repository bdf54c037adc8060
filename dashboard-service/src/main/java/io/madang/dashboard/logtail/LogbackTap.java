package io.madang.dashboard.logtail;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.madang.contracts.dashboard.LogLine;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what this process logs into a {@link LogTail}. {@link #append} runs on whatever thread logs and only hands over; the
 * tail is touched on its own event loop. At most {@value #MAX_WAITING} lines wait for that loop; more are dropped and counted.
 */
public final class LogbackTap extends UnsynchronizedAppenderBase<ILoggingEvent> {
  static final int MAX_WAITING = 2_000;
  private static final int MAX_MESSAGE_CHARS = 4_000;

  private final Context loop;
  private final LogTail tail;

  /** Lines handed over and not yet taken. */
  private final AtomicInteger waiting = new AtomicInteger();

  /** Lines dropped since the loop last took one. */
  private final AtomicLong dropped = new AtomicLong();

  private LogbackTap(Context loop, LogTail tail) {
    this.loop = loop;
    this.tail = tail;
  }

  /**
   * Begins to fill {@code tail} on {@code loop}.
   *
   * @return empty when this process does not log by Logback
   */
  public static Optional<LogbackTap> open(Context loop, LogTail tail) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext logback)) {
      return Optional.empty();
    }
    LogbackTap tap = new LogbackTap(loop, tail);
    tap.setName("log tail " + System.identityHashCode(tap));
    tap.setContext(logback);
    tap.start();
    logback.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(tap);
    return Optional.of(tap);
  }

  /** Lets go of Logback; nothing comes after. */
  public void close() {
    ((LoggerContext) getContext()).getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this);
    stop();
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      dropped.incrementAndGet();
      return;
    }
    LogLine line = line(event);
    loop.runOnContext(turn -> take(line));
  }

  private void take(LogLine line) {
    waiting.decrementAndGet();
    long lost = dropped.getAndSet(0);
    if (lost > 0) {
      tail.skip(lost);
    }
    tail.add(line);
  }

  private static LogLine line(ILoggingEvent event) {
    Map<String, String> fields = new HashMap<>(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().forEach(pair -> fields.put(pair.key, cut(String.valueOf(pair.value))));
    }
    IThrowableProxy failure = event.getThrowableProxy();
    return new LogLine(
        event.getInstant(),
        event.getLevel().toString(),
        event.getLoggerName(),
        event.getThreadName(),
        cut(event.getFormattedMessage()),
        failure == null
            ? Optional.empty()
            : Optional.of(cut(failure.getClassName() + ": " + failure.getMessage())),
        fields);
  }

  private static String cut(String text) {
    return text.length() <= MAX_MESSAGE_CHARS ? text : text.substring(0, MAX_MESSAGE_CHARS) + "…";
  }
}
