package io.madang.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test class of the doors after which buffers of Netty were found that nobody has released. The build has Netty look at
 * every one; it finds one when it was collected.
 */
public final class LeakWatch implements BeforeAllCallback, AfterAllCallback {
  private static final Logger DETECTOR =
      (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  private static final Leaks LEAKS = new Leaks();
  private static final int COLLECTIONS = 3;

  private static final class Leaks extends AppenderBase<ILoggingEvent> {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getFormattedMessage().startsWith("LEAK:")) {
        lines.add(event.getFormattedMessage());
      }
    }
  }

  private static boolean isWatched(ExtensionContext context) {
    Class<?> test = context.getRequiredTestClass();
    return test.getEnclosingClass() == null
        && test.getPackageName().startsWith("io.madang.gateway.edge");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (isWatched(context)) {
      assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
      LEAKS.start();
      DETECTOR.detachAppender(LEAKS);
      DETECTOR.addAppender(LEAKS);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (!isWatched(context)) {
      return;
    }
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      // It reports what it has found when the next buffer is made.
      PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
    }
    List<String> found = List.copyOf(LEAKS.lines);
    LEAKS.lines.clear();
    assertThat(found).as("buffers that nobody has released").isEmpty();
  }
}
