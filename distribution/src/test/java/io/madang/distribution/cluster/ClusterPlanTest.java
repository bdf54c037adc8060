package io.madang.distribution.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.distribution.process.HttpAddress;
import io.madang.distribution.process.RoleKind;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClusterPlanTest {
  private final List<Integer> ports =
      IntStream.range(1, 1 + ClusterPlan.portsNeeded()).boxed().toList();
  private final List<ChildPlan> plans = ClusterPlan.of(
      Map.of("MADANG_REDIS_URL", "redis://:secret@r"),
      List.of(new HttpAddress("127.0.0.1", 8080), new HttpAddress("127.0.0.1", 8081)),
      ports);

  @Test
  void has_two_gateways_two_chat_and_one_of_each_other_the_gateways_last() {
    assertThat(plans)
        .extracting(ChildPlan::name)
        .containsExactly(
            "chat-1",
            "chat-2",
            "presence-1",
            "notification-1",
            "dashboard-1",
            "gateway-1",
            "gateway-2");
  }

  @Test
  void tells_each_where_all_others_are() {
    List<String> members =
        plans.stream().map(plan -> "127.0.0.1:" + plan.memberPort()).toList();
    assertThat(plans)
        .allSatisfy(plan -> assertThat(plan.settings())
            .containsEntry("MADANG_CLUSTER_MEMBERS", String.join(",", members))
            .containsEntry("MADANG_CLUSTER_PORT", String.valueOf(plan.memberPort()))
            .containsEntry("MADANG_REDIS_URL", "redis://:secret@r"));
  }

  @Test
  void gives_no_port_twice() {
    assertThat(plans.stream()
            .flatMap(plan ->
                List.of("MADANG_CLUSTER_PORT", "MADANG_BUS_PORT", "MADANG_HEALTH_PORT").stream()
                    .map(plan.settings()::get)))
        .doesNotHaveDuplicates()
        .hasSize(ClusterPlan.portsNeeded());
  }

  @Test
  void gives_each_gateway_a_page_and_nobody_else() {
    assertThat(plans)
        .filteredOn(plan -> plan.kind() == RoleKind.GATEWAY)
        .extracting(plan -> plan.settings().get("MADANG_HTTP_PORT"))
        .containsExactly("8080", "8081");
    assertThat(plans)
        .filteredOn(plan -> plan.kind() != RoleKind.GATEWAY)
        .allMatch(plan -> plan.page().isEmpty());
  }

  @Test
  void prints_no_password() {
    assertThat(plans.toString()).doesNotContain("secret");
  }
}
