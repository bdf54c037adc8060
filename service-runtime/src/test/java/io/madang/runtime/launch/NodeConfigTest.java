package io.madang.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.config.ConfigException;
import io.madang.runtime.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NodeConfigTest {
  private static NodeConfig read(Map<String, String> environment) {
    Settings settings = new Settings(environment);
    NodeConfig config = NodeConfig.from(settings);
    settings.finish(NodeConfig.SETTINGS);
    return config;
  }

  @Test
  void says_where_others_find_ports_that_are_mapped() {
    NodeConfig config =
        read(Map.of("MADANG_CLUSTER_PUBLIC_PORT", "25001", "MADANG_BUS_PUBLIC_PORT", "25002"));

    assertThat(config.clusterPublicPort()).isEqualTo(25_001);
    assertThat(config.busPublicPort()).isEqualTo(25_002);
    assertThat(NodeConfig.defaults().clusterPublicPort()).isZero();
    assertThat(NodeConfig.defaults().busPublicPort()).isZero();
  }

  @Test
  void lets_nobody_break_the_process_by_default() {
    assertThat(NodeConfig.defaults().faults()).isFalse();
    assertThat(read(Map.of("MADANG_FAULTS", "true")).faults()).isTrue();
  }

  @Test
  void wants_a_secret_where_others_than_this_machine_reach_the_bus() {
    assertThatThrownBy(() -> read(Map.of("MADANG_CLUSTER_HOST", "10.1.2.3")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "MADANG_CLUSTER_SECRET must be set, the same for all nodes, where MADANG_CLUSTER_HOST is not this machine alone");
    assertThatThrownBy(() -> read(Map.of("MADANG_CLUSTER_SECRET", "fifteen letters")))
        .hasMessageContaining("MADANG_CLUSTER_SECRET must have at least 16 characters.")
        .hasMessageNotContaining("fifteen");
    String secret = "sixteen letters.";
    assertThat(read(Map.of("MADANG_CLUSTER_HOST", "10.1.2.3", "MADANG_CLUSTER_SECRET", secret))
            .clusterSecret()
            .value())
        .isEqualTo(secret);
    assertThat(NodeConfig.defaults().clusterSecret().value()).isEmpty();
  }

  @Test
  void refuses_faults_where_others_than_this_machine_reach_the_process() {
    for (String host : new String[] {"MADANG_HEALTH_HOST", "MADANG_CLUSTER_HOST"}) {
      assertThatThrownBy(() -> read(Map.of(
              "MADANG_FAULTS",
              "true",
              host,
              "10.1.2.3",
              "MADANG_CLUSTER_SECRET",
              "sixteen letters.")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(
              "MADANG_FAULTS is for tests on one machine, as whoever reaches the health port may break the process; unset it, or set MADANG_HEALTH_HOST and MADANG_CLUSTER_HOST to 127.0.0.1.");
    }
  }
}
