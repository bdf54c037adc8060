package io.madang.dashboard;

import static io.madang.dashboard.DashboardNode.json;
import static io.madang.dashboard.DashboardNode.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.config.Secret;
import io.madang.runtime.mesh.ask.StreamHandle;
import io.madang.runtime.mesh.ask.StreamReader;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.topic.Payload;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DashboardStreamsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Logger LOG = LoggerFactory.getLogger("some.part");

  private static TestKeyspace keyspace;
  private static DashboardNode node;

  @BeforeAll
  static void start() {
    keyspace = TestStores.createKeyspace();
    node =
        new DashboardNode(DashboardConfig.defaults().withRedis(new Secret(keyspace.url())), "one");
  }

  @AfterAll
  static void stop() {
    node.close();
    keyspace.close();
  }

  /** What one reader got. */
  private static final class Reader implements StreamReader {
    private final List<JsonNode> items = new CopyOnWriteArrayList<>();
    private final List<Optional<Refusal>> ends = new CopyOnWriteArrayList<>();

    @Override
    public void item(Payload item) {
      items.add(json(item));
    }

    @Override
    public void end(Optional<Refusal> refusal) {
      ends.add(refusal);
    }

    private void awaitItems(int count) {
      await().atMost(SOON).until(() -> items.size() >= count);
    }

    private String awaitRefusal() {
      await().atMost(SOON).until(() -> !ends.isEmpty());
      return ends.get(0).orElseThrow().code();
    }
  }

  private static StreamHandle open(
      Caller caller, String name, String arguments, int credit, Reader reader) {
    return node.client().stream(
        "dashboard", new StreamCall(caller, name, Payload.ofJson(arguments)), credit, reader);
  }

  @Nested
  class The_time {
    @Test
    void comes_at_the_interval_that_was_asked_for() {
      Reader reader = new Reader();

      StreamHandle handle = open(person("ada"), "streamTime", "{\"intervalMs\":100}", 100, reader);
      reader.awaitItems(4);
      handle.cancel();

      Instant first = Instant.parse(reader.items.get(0).asText());
      Instant fourth = Instant.parse(reader.items.get(3).asText());
      assertThat(Duration.between(first, fourth))
          .isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
    }

    @Test
    void waits_for_credit_and_then_tells_the_time_of_then() {
      Reader reader = new Reader();
      StreamHandle handle = open(person("ada"), "streamTime", "{\"intervalMs\":100}", 2, reader);
      reader.awaitItems(2);
      Instant second = Instant.parse(reader.items.get(1).asText());
      await().atMost(SOON).until(() -> Instant.now().isAfter(second.plusMillis(600)));
      assertThat(reader.items).hasSize(2);

      handle.more(1);
      reader.awaitItems(3);
      handle.cancel();

      assertThat(Instant.parse(reader.items.get(2).asText())).isAfter(second.plusMillis(500));
    }
  }

  @Nested
  class A_price {
    @Test
    void walks_and_says_that_it_is_a_demo() {
      Reader reader = new Reader();
      Reader same = new Reader();

      StreamHandle handle = open(person("ada"), "streamStockPrices", "[\"MDNG\"]", 10, reader);
      StreamHandle other =
          open(person("ada"), "streamStockPrices", "{\"symbol\":\"MDNG\"}", 10, same);
      reader.awaitItems(2);
      same.awaitItems(1);
      handle.cancel();
      other.cancel();

      JsonNode first = reader.items.get(0);
      assertThat(first.path("symbol").asText()).isEqualTo("MDNG");
      assertThat(first.path("price").asDouble()).isBetween(99.0, 101.0);
      assertThat(first.path("demo").asBoolean()).isTrue();
      assertThat(first.path("volume").asLong()).isBetween(1_000_000L, 5_000_000L);
      assertThat(Instant.parse(first.path("timestamp").asText())).isNotNull();
      assertThat(same.items.get(0).path("price")).isEqualTo(first.path("price"));
    }

    @Test
    void of_no_symbol_is_refused() {
      Reader reader = new Reader();

      open(person("ada"), "streamStockPrices", "{}", 10, reader);

      assertThat(reader.awaitRefusal()).isEqualTo("bad-request");
    }
  }

  @Nested
  class The_log {
    @Test
    void is_told_from_before_and_live_with_its_fields() {
      String mark = UUID.randomUUID().toString();
      Reader reader = new Reader();
      LOG.warn("before {}", mark);

      StreamHandle handle =
          open(person("root", "admin"), "streamLogs", "{\"minLevel\":\"Warning\"}", 10_000, reader);
      await().atMost(SOON).until(() -> said(reader, "before " + mark).isPresent());
      MDC.put("connection", "c1");
      LOG.atError()
          .addKeyValue("room", "dev")
          .setCause(new ServiceUnavailableException("broken"))
          .log("after {}", mark);
      MDC.remove("connection");
      await().atMost(SOON).until(() -> said(reader, "after " + mark).isPresent());
      handle.cancel();

      JsonNode line = said(reader, "after " + mark).orElseThrow();
      assertThat(line.path("level").asText()).isEqualTo("ERROR");
      assertThat(line.path("logger").asText()).isEqualTo("some.part");
      assertThat(line.path("node").asText()).isEqualTo("one");
      assertThat(line.path("failure").asText())
          .isEqualTo("io.madang.runtime.service.ServiceUnavailableException: broken");
      assertThat(line.path("fields").toString())
          .isEqualTo("{\"connection\":\"c1\",\"room\":\"dev\"}");
    }

    @Test
    void leaves_out_what_is_below_the_level() {
      String mark = UUID.randomUUID().toString();
      Reader reader = new Reader();

      StreamHandle handle =
          open(person("root", "admin"), "streamLogs", "{\"minLevel\":\"error\"}", 10_000, reader);
      LOG.warn("small {}", mark);
      LOG.error("grave {}", mark);
      await().atMost(SOON).until(() -> said(reader, "grave " + mark).isPresent());
      handle.cancel();

      assertThat(said(reader, "small " + mark)).isEmpty();
    }

    @Test
    void is_not_for_everyone() {
      Reader reader = new Reader();

      open(person("ada"), "streamLogs", "{}", 10, reader);

      assertThat(reader.awaitRefusal()).isEqualTo("forbidden");
    }

    @Test
    void is_told_from_a_level_by_its_number() {
      String mark = UUID.randomUUID().toString();
      Reader reader = new Reader();
      LOG.info("no error {}", mark);
      LOG.error("an error {}", mark);

      StreamHandle handle =
          open(person("root", "admin"), "streamLogsFrom", "{\"level\":4}", 10_000, reader);
      await().atMost(SOON).until(() -> said(reader, "an error " + mark).isPresent());
      handle.cancel();

      assertThat(said(reader, "no error " + mark)).isEmpty();
    }

    @Test
    void of_no_known_level_is_refused() {
      Reader reader = new Reader();

      open(person("root", "admin"), "streamLogs", "{\"minLevel\":\"loud\"}", 10, reader);

      assertThat(reader.awaitRefusal()).isEqualTo("bad-request");
    }

    private Optional<JsonNode> said(Reader reader, String message) {
      return reader.items.stream()
          .filter(item -> item.path("message").asText().equals(message))
          .findFirst();
    }
  }
}
