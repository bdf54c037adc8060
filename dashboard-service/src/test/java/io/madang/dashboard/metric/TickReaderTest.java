package io.madang.dashboard.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.madang.contracts.dashboard.MetricName;
import io.madang.contracts.dashboard.MetricSample;
import io.madang.runtime.membership.NodeInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TickReaderTest {
  private static final NodeInfo GATEWAY =
      new NodeInfo("gateway-1.a", "gateway-1", Set.of("gateway"));
  private static final NodeInfo GATEWAY_2 =
      new NodeInfo("gateway-2.b", "gateway-2", Set.of("gateway"));
  private static final NodeInfo CHAT = new NodeInfo("chat-1.c", "chat-1", Set.of("chat"));
  private static final Offset<Double> TINY = within(1e-9);

  private final TickReader reader = new TickReader();

  /** Seconds since the first tick. */
  private double now;

  /** What the nodes count now, by node id. */
  private final Map<String, Counters> answers = new HashMap<>();

  private void counts(NodeInfo node, String json) {
    answers.put(
        node.id(), Counters.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  private Optional<Tick> tick(NodeInfo... live) {
    Optional<Tick> tick = reader.read((long) (now * 1e9), List.of(live), answers);
    answers.clear();
    return tick;
  }

  private MetricSample after(double seconds, MetricName metric, NodeInfo... live) {
    now += seconds;
    return tick(live).orElseThrow().samples().get(metric);
  }

  private static void assertValue(OptionalDouble value, double expected) {
    assertThat(value).isPresent();
    assertThat(value.getAsDouble()).isCloseTo(expected, TINY);
  }

  @Nested
  class The_first_answers {
    @Test
    void make_no_tick_as_there_is_no_rate_yet() {
      counts(GATEWAY, "{'madang.connections{door=ws}':3,'madang.messages{direction=in}':10}");

      assertThat(tick(GATEWAY)).isEmpty();
    }
  }

  @Nested
  class Two_answers {
    @Test
    void make_rates_of_counters_by_the_time_between_them() {
      counts(
          GATEWAY,
          "{'madang.messages{direction=in}':100,'madang.messages{direction=out}':7,'madang.deliveries':1000,"
              + "'madang.message.bytes{direction=in}':5000,'madang.message.bytes{direction=out}':7}");
      tick(GATEWAY);
      counts(
          GATEWAY,
          "{'madang.messages{direction=in}':150,'madang.messages{direction=out}':700,'madang.deliveries':1500,"
              + "'madang.message.bytes{direction=in}':10000,'madang.message.bytes{direction=out}':7000}");

      now += 2;
      Map<MetricName, MetricSample> samples = tick(GATEWAY).orElseThrow().samples();

      assertValue(samples.get(MetricName.MESSAGES_PER_SECOND).value(), 25);
      assertValue(samples.get(MetricName.DELIVERIES_PER_SECOND).value(), 250);
      assertValue(samples.get(MetricName.AVERAGE_SIZE).value(), 100);
      assertThat(samples.get(MetricName.MESSAGES_PER_SECOND).nodes())
          .containsOnly(Map.entry("gateway-1", 25.0));
    }

    @Test
    void add_up_gauges_over_tags_and_nodes() {
      counts(GATEWAY, "{}");
      tick(GATEWAY, GATEWAY_2, CHAT);
      counts(
          GATEWAY,
          "{'madang.connections{door=ws}':3,'madang.connections{door=sockjs}':4,'madang.heap.bytes':2097152}");
      counts(GATEWAY_2, "{'madang.connections{door=ws}':5,'madang.heap.bytes':1048576}");
      counts(CHAT, "{'madang.heap.bytes':1048576}");

      now += 1;
      Map<MetricName, MetricSample> samples =
          tick(GATEWAY, GATEWAY_2, CHAT).orElseThrow().samples();

      assertValue(samples.get(MetricName.CONNECTIONS).value(), 12);
      assertThat(samples.get(MetricName.CONNECTIONS).nodes())
          .containsOnly(Map.entry("gateway-1", 7.0), Map.entry("gateway-2", 5.0));
      assertValue(samples.get(MetricName.HEAP_MB).value(), 4);
      assertValue(samples.get(MetricName.NODES).value(), 3);
      assertThat(samples.get(MetricName.NODES).services())
          .containsOnly(Map.entry("gateway", 2.0), Map.entry("chat", 1.0));
    }

    @Test
    void tell_processor_time_in_percent_of_one_processor() {
      counts(CHAT, "{'madang.cpu.seconds':10.0}");
      tick(CHAT);
      counts(CHAT, "{'madang.cpu.seconds':11.5}");

      assertValue(after(1, MetricName.CPU_PERCENT, CHAT).value(), 150);
    }

    @Test
    void count_faults_as_errors_and_refusals_not() {
      counts(CHAT, "{}");
      tick(CHAT);
      counts(
          CHAT,
          "{'madang.commands{outcome=done,service=chat}':6,'madang.commands{outcome=refused,service=chat}':2,"
              + "'madang.commands{outcome=fault,service=chat}':2,'madang.commands{outcome=done,service=presence}':10}");

      MetricSample errors = after(1, MetricName.ERROR_RATE, CHAT);

      assertValue(errors.value(), 0.1);
      assertThat(errors.services())
          .containsOnly(Map.entry("chat", 0.2), Map.entry("presence", 0.0));
      assertThat(errors.nodes()).containsOnly(Map.entry("chat-1", 0.1));
    }

    @Test
    void without_a_message_or_command_have_no_size_no_latency_and_no_errors() {
      counts(
          GATEWAY,
          "{'madang.messages{direction=in}':5,'madang.message.bytes{direction=in}':50,'madang.command.time.count{service=chat}':3}");
      tick(GATEWAY);
      counts(
          GATEWAY,
          "{'madang.messages{direction=in}':5,'madang.message.bytes{direction=in}':50,'madang.command.time.count{service=chat}':3}");

      now += 1;
      Map<MetricName, MetricSample> samples = tick(GATEWAY).orElseThrow().samples();

      assertThat(samples.get(MetricName.AVERAGE_SIZE).value()).isEmpty();
      assertThat(samples.get(MetricName.COMMAND_LATENCY_P99_MS).value()).isEmpty();
      assertValue(samples.get(MetricName.ERROR_RATE).value(), 0);
      assertValue(samples.get(MetricName.MESSAGES_PER_SECOND).value(), 0);
    }

    @Test
    void without_any_known_meter_still_make_a_tick() {
      counts(
          GATEWAY,
          "{'something.else':'text','madang.odd{':1,'madang.odd{x}':1,'madang.command.time.bucket{le=x}':1}");
      tick(GATEWAY);
      counts(GATEWAY, "{}");

      now += 1;
      Map<MetricName, MetricSample> samples = tick(GATEWAY).orElseThrow().samples();

      assertThat(samples).containsOnlyKeys(MetricName.values());
      assertValue(samples.get(MetricName.CONNECTIONS).value(), 0);
    }
  }

  @Nested
  class Latencies_of_commands {
    @Test
    void are_merged_over_nodes_and_told_by_service() {
      NodeInfo other = new NodeInfo("chat-2.d", "chat-2", Set.of("chat"));
      counts(CHAT, timer(0, 0, 0, 0, "chat"));
      counts(other, timer(0, 0, 0, 0, "presence"));
      tick(CHAT, other);
      counts(CHAT, timer(50, 90, 90, 90, "chat"));
      counts(other, timer(0, 0, 10, 10, "presence"));

      now += 1;
      Map<MetricName, MetricSample> samples = tick(CHAT, other).orElseThrow().samples();

      assertValue(samples.get(MetricName.COMMAND_LATENCY_P50_MS).value(), 5);
      assertValue(samples.get(MetricName.COMMAND_LATENCY_P95_MS).value(), 55);
      assertThat(samples.get(MetricName.COMMAND_LATENCY_P50_MS).services().get("presence"))
          .isCloseTo(55, TINY);
      assertThat(samples.get(MetricName.COMMAND_LATENCY_P50_MS).nodes().get("chat-1"))
          .isCloseTo(4.5, TINY);
    }

    @Test
    void above_the_last_bound_are_told_as_the_last_bound() {
      counts(CHAT, timer(0, 0, 0, 0, "chat"));
      tick(CHAT);
      counts(CHAT, timer(0, 0, 0, 10, "chat"));

      assertValue(after(1, MetricName.COMMAND_LATENCY_P50_MS, CHAT).value(), 100);
    }

    /** Cumulative counts up to 5, 10 and 100 ms, and of all. */
    private String timer(int upTo5, int upTo10, int upTo100, int all, String service) {
      return ("{'madang.command.time.bucket{le=0.005,service=%5$s}':%1$d,'madang.command.time.bucket{le=0.01,service=%5$s}':%2$d,"
              + "'madang.command.time.bucket{le=0.1,service=%5$s}':%3$d,'madang.command.time.count{service=%5$s}':%4$d}")
          .formatted(upTo5, upTo10, upTo100, all, service);
    }
  }

  @Nested
  class A_node_that_was_restarted {
    @Test
    void in_a_new_life_counts_from_its_second_answer() {
      NodeInfo reborn = new NodeInfo("gateway-1.z", "gateway-1", Set.of("gateway"));
      counts(GATEWAY, "{'madang.messages{direction=in}':1000}");
      counts(CHAT, "{}");
      tick(GATEWAY, CHAT);
      counts(reborn, "{'madang.messages{direction=in}':7,'madang.connections':2}");
      counts(CHAT, "{}");
      now += 1;
      Tick first = tick(reborn, CHAT).orElseThrow();
      counts(reborn, "{'madang.messages{direction=in}':10,'madang.connections':2}");

      MetricSample second = after(1, MetricName.MESSAGES_PER_SECOND, reborn, CHAT);

      assertValue(first.samples().get(MetricName.MESSAGES_PER_SECOND).value(), 0);
      assertValue(first.samples().get(MetricName.CONNECTIONS).value(), 2);
      assertValue(second.value(), 3);
    }

    @Test
    void whose_counter_is_lower_than_before_began_again_at_zero() {
      counts(GATEWAY, "{'madang.messages{direction=in}':1000}");
      tick(GATEWAY);
      counts(GATEWAY, "{'madang.messages{direction=in}':30}");

      assertValue(after(1, MetricName.MESSAGES_PER_SECOND, GATEWAY).value(), 30);
    }
  }

  @Nested
  class A_node_that_does_not_answer {
    @Test
    void keeps_its_last_values_for_a_while_and_then_counts_for_nothing() {
      counts(GATEWAY, "{'madang.messages{direction=in}':0,'madang.connections':4}");
      counts(CHAT, "{}");
      tick(GATEWAY, CHAT);
      counts(GATEWAY, "{'madang.messages{direction=in}':10,'madang.connections':4}");
      counts(CHAT, "{}");
      now += 1;
      tick(GATEWAY, CHAT);

      counts(CHAT, "{}");
      MetricSample silent = after(1, MetricName.MESSAGES_PER_SECOND, GATEWAY, CHAT);
      counts(CHAT, "{}");
      MetricSample longSilent =
          after((double) TickReader.HOLD.toSeconds(), MetricName.CONNECTIONS, GATEWAY, CHAT);

      assertValue(silent.value(), 10);
      assertValue(longSilent.value(), 0);
    }

    @Test
    void tells_all_that_happened_meanwhile_as_a_rate_over_that_time() {
      counts(GATEWAY, "{'madang.messages{direction=in}':0}");
      tick(GATEWAY);
      counts(GATEWAY, "{'madang.messages{direction=in}':10}");
      now += 1;
      tick(GATEWAY);
      now += 1;
      tick(GATEWAY);
      counts(GATEWAY, "{'madang.messages{direction=in}':70}");

      assertValue(after(2, MetricName.MESSAGES_PER_SECOND, GATEWAY).value(), 20);
    }

    @Test
    void and_is_the_only_one_makes_no_tick_in_the_end() {
      counts(GATEWAY, "{}");
      tick(GATEWAY);
      counts(GATEWAY, "{}");
      now += 1;
      tick(GATEWAY);

      now += TickReader.HOLD.plus(Duration.ofSeconds(1)).toSeconds();

      assertThat(tick(GATEWAY)).isEmpty();
    }
  }

  @Nested
  class A_node_that_left {
    @Test
    void counts_for_nothing_at_once_and_is_new_when_it_returns() {
      counts(GATEWAY, "{'madang.connections':4,'madang.messages{direction=in}':100}");
      counts(CHAT, "{}");
      tick(GATEWAY, CHAT);
      counts(CHAT, "{}");
      MetricSample gone = after(1, MetricName.CONNECTIONS, CHAT);
      counts(GATEWAY, "{'madang.connections':4,'madang.messages{direction=in}':100000}");
      counts(CHAT, "{}");

      MetricSample back = after(1, MetricName.MESSAGES_PER_SECOND, GATEWAY, CHAT);

      assertValue(gone.value(), 0);
      assertThat(gone.nodes()).isEmpty();
      assertValue(back.value(), 0);
    }
  }

  @Nested
  class A_node_that_joined {
    @Test
    void is_listed_at_once_with_its_roles() {
      counts(CHAT, "{}");
      tick(CHAT);
      counts(CHAT, "{}");
      counts(GATEWAY, "{'madang.connections':1}");

      now += 1;
      Tick tick = tick(GATEWAY, CHAT).orElseThrow();

      assertThat(tick.nodes())
          .extracting(node -> node.name() + " " + node.roles())
          .containsExactly("chat-1 [chat]", "gateway-1 [gateway]");
      assertValue(tick.samples().get(MetricName.CONNECTIONS).value(), 1);
    }
  }
}
