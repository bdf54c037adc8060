package io.madang.gateway.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * What the product logs as an error on the thread that made this, until it is closed: it is wrong whatever else happens, as the
 * simulated world is only ill. Nothing of it is printed.
 */
final class Complaints extends AppenderBase<ILoggingEvent> {
  private final String thread = Thread.currentThread().getName();
  private final Consumer<String> heard;
  private final Logger logger;

  Complaints(Consumer<String> heard) {
    this.heard = heard;
    LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
    this.logger = logging.getLogger("io.madang");
    setContext(logging);
    start();
    logger.addAppender(this);
  }

  /** Whether warnings of the whole process are printed: a mesh that is made to fail has many. */
  static void printNothing(boolean on) {
    Logger all = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("io.madang");
    all.setAdditive(!on);
    all.setLevel(on ? Level.ERROR : null);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel() == Level.ERROR && event.getThreadName().equals(thread)) {
      heard.accept(event.getFormattedMessage()
          + (event.getThrowableProxy() == null
              ? ""
              : ": " + event.getThrowableProxy().getClassName() + " "
                  + event.getThrowableProxy().getMessage()));
    }
  }

  void close() {
    logger.detachAppender(this);
    stop();
  }
}
