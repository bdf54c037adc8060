package io.madang.dashboard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.contracts.dashboard.LogLine;
import io.madang.dashboard.logtail.LogTail;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.topic.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LogStreamTest {
  private final LogTail tail = new LogTail(3);
  private final FakeSink sink = new FakeSink();

  /** A reader with so much credit. */
  private static final class FakeSink implements StreamSink {
    private final List<String> items = new ArrayList<>();
    private int credit = 100;
    private Runnable ready = () -> {};
    private Runnable cancelled = () -> {};

    @Override
    public boolean item(Payload item) {
      if (credit == 0) {
        return false;
      }
      credit--;
      String text = item.toString();
      int message = text.indexOf("\"message\":\"");
      items.add(message < 0 ? text : text.substring(message + 11, text.indexOf('"', message + 11)));
      return true;
    }

    @Override
    public void onCredit(Runnable handler) {
      ready = handler;
    }

    @Override
    public void onCancel(Runnable handler) {
      cancelled = handler;
    }

    @Override
    public void complete() {
      throw new AssertionError("a log has no end");
    }

    @Override
    public void fail(Refusal refusal) {
      throw new AssertionError(refusal.toString());
    }

    private void more(int items) {
      credit += items;
      ready.run();
    }
  }

  private void log(String level, String message) {
    tail.add(new LogLine(
        Instant.EPOCH, level, "some.part", "main", message, Optional.empty(), Map.of()));
  }

  @Nested
  class A_reader {
    @Test
    void starts_with_the_newest_lines_that_are_kept() {
      for (int i = 1; i <= 5; i++) {
        log("INFO", "line " + i);
      }

      LogStream.open(tail, "one", "INFO", sink);
      log("INFO", "line 6");

      assertThat(sink.items).containsExactly("line 3", "line 4", "line 5", "line 6");
    }

    @Test
    void gets_only_what_is_grave_enough() {
      LogStream.open(tail, "one", "WARN", sink);

      log("INFO", "small");
      log("ERROR", "grave");

      assertThat(sink.items).containsExactly("grave");
    }

    @Test
    void without_credit_goes_on_where_it_stopped() {
      sink.credit = 1;
      LogStream.open(tail, "one", "INFO", sink);
      log("INFO", "line 1");
      log("INFO", "line 2");
      log("INFO", "line 3");

      sink.more(5);

      assertThat(sink.items).containsExactly("line 1", "line 2", "line 3");
    }

    @Test
    void that_is_too_slow_is_told_how_much_it_missed() {
      sink.credit = 1;
      LogStream.open(tail, "one", "INFO", sink);
      for (int i = 1; i <= 8; i++) {
        log("INFO", "line " + i);
      }

      sink.more(10);

      assertThat(sink.items)
          .containsExactly("line 1", "{\"missed\":4}", "line 6", "line 7", "line 8");
    }

    @Test
    void is_told_of_lines_that_nobody_could_take() {
      LogStream.open(tail, "one", "INFO", sink);
      log("INFO", "line 1");

      tail.skip(7);
      log("INFO", "line 9");

      assertThat(sink.items).containsExactly("line 1", "{\"missed\":7}", "line 9");
    }

    @Test
    void that_cancelled_hears_nothing_more() {
      LogStream.open(tail, "one", "INFO", sink);

      sink.cancelled.run();
      log("INFO", "line 1");

      assertThat(sink.items).isEmpty();
    }
  }

  @Nested
  class A_level {
    @Test
    void is_known_by_the_names_of_other_platforms_too() {
      assertThat(LogStream.level("Information")).contains("INFO");
      assertThat(LogStream.level("critical")).contains("ERROR");
      assertThat(LogStream.level("warn")).contains("WARN");
      assertThat(LogStream.level("loud")).isEmpty();
    }
  }
}
