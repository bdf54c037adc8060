package io.madang.dashboard.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SlidingCacheTest {
  private final SlidingCache<String> cache = new SlidingCache<>(2, 100);

  @Test
  void keeps_a_value_as_long_as_it_is_used_in_time() {
    cache.put("a", "1", 0);

    assertThat(cache.use("a", 99)).contains("1");
    assertThat(cache.use("a", 198)).contains("1");
    assertThat(cache.use("a", 298)).isEmpty();
    assertThat(cache.size()).isZero();
  }

  @Test
  void lets_the_longest_unused_go_when_there_is_one_more() {
    cache.put("a", "1", 0);
    cache.put("b", "2", 0);
    cache.use("a", 1);

    cache.put("c", "3", 1);

    assertThat(cache.use("b", 1)).isEmpty();
    assertThat(cache.use("a", 1)).contains("1");
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void forgets_a_value_only_while_it_is_the_one_meant() {
    String old = new String("1");
    cache.put("a", old, 0);
    cache.put("a", "2", 0);

    cache.remove("a", old);
    assertThat(cache.use("a", 0)).contains("2");
    cache.remove("a", "2");
    assertThat(cache.use("a", 0)).isEmpty();
  }
}
