package io.madang.runtime.mesh.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReachTest {
  private final Reach reach = new Reach();
  private final Set<String> reached = new HashSet<>(Set.of("a", "b"));

  private void look(long nowMs) {
    reach.look(List.of("a", "b"), reached::contains, nowMs);
  }

  @Test
  void misses_nobody_it_never_heard_of() {
    assertThat(reach.missed(1_000)).isEmpty();
  }

  @Test
  void misses_a_service_from_the_moment_none_of_its_nodes_is_reached() {
    look(1_000);
    reached.remove("a");
    look(2_000);
    look(3_000);

    assertThat(reach.missed(4_500)).isEqualTo(Map.of("a", Duration.ofMillis(2_500)));
  }

  @Test
  void begins_to_count_again_after_it_was_reached() {
    reached.remove("a");
    look(1_000);
    reached.add("a");
    look(2_000);
    assertThat(reach.missed(2_000)).isEmpty();

    reached.remove("a");
    look(3_000);
    assertThat(reach.missed(3_100)).isEqualTo(Map.of("a", Duration.ofMillis(100)));
  }
}
