package io.madang.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.inspect.NodeReport.Reader;
import io.madang.runtime.inspect.NodeReport.Window;
import io.madang.runtime.metrics.MeterNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BatchMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BatchMeters meters = new BatchMeters(registry, "echo");

  private static Reader reader(String gateway, int batches, long bytes) {
    return new Reader(gateway, 1, 1, new Window(batches, bytes, 0, false));
  }

  private double gauge(String name, String gateway) {
    return registry
        .get(name)
        .tag(MeterNames.SERVICE, "echo")
        .tag(MeterNames.GATEWAY, gateway)
        .gauge()
        .value();
  }

  @Test
  void show_what_is_on_its_way_to_each_gateway_by_its_name() {
    meters.onItsWay(List.of(reader("gateway-1.a", 2, 70), reader("gateway-2.b", 0, 0)));
    assertThat(gauge(MeterNames.IN_FLIGHT, "gateway-1")).isEqualTo(2);
    assertThat(gauge(MeterNames.BYTES_IN_FLIGHT, "gateway-1")).isEqualTo(70);
    assertThat(gauge(MeterNames.IN_FLIGHT, "gateway-2")).isZero();
  }

  @Test
  void show_two_lives_of_a_gateway_together_and_one_that_is_gone_no_more() {
    meters.onItsWay(List.of(reader("gateway-1.a", 2, 70), reader("gateway-1.b", 1, 30)));
    assertThat(gauge(MeterNames.IN_FLIGHT, "gateway-1")).isEqualTo(3);

    meters.onItsWay(List.of(reader("gateway-2.c", 1, 30)));

    assertThat(registry.find(MeterNames.IN_FLIGHT).gauges()).hasSize(1);
    assertThat(gauge(MeterNames.IN_FLIGHT, "gateway-2")).isEqualTo(1);
  }
}
