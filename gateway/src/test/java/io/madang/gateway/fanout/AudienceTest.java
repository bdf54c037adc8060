package io.madang.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.topic.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AudienceTest {
  private static final StreamPosition START = new StreamPosition("e", 0);

  private final Audience audience = new Audience();

  private Subscription comes() {
    Subscription subscription = new Subscription(null, START, START);
    audience.add(subscription);
    return subscription;
  }

  private List<Subscription> come(int count) {
    return IntStream.range(0, count).mapToObj(i -> comes()).toList();
  }

  private List<Subscription> told() {
    List<Subscription> told = new ArrayList<>();
    audience.each(told::add);
    return told;
  }

  @Test
  void is_told_in_the_order_in_which_it_came() {
    List<Subscription> all = come(100);

    assertThat(told()).isEqualTo(all);
  }

  @Test
  void keeps_its_order_when_some_go() {
    Random dice = new Random(7);
    List<Subscription> there = new ArrayList<>(come(500));
    for (int i = 0; i < 5_000; i++) {
      if (dice.nextBoolean()) {
        there.add(comes());
      } else if (!there.isEmpty()) {
        audience.remove(there.remove(dice.nextInt(there.size())));
      }
      assertThat(audience.isEmpty()).isEqualTo(there.isEmpty());
    }

    assertThat(told()).isEqualTo(there);
  }

  @Test
  void tells_nobody_who_has_gone_meanwhile_and_nobody_twice() {
    List<Subscription> all = come(200);
    List<Subscription> told = new ArrayList<>();
    audience.each(each -> {
      told.add(each);
      if (each == all.get(3)) {
        // Enough that the others would move up.
        all.subList(0, 150).forEach(audience::remove);
        comes();
      }
    });

    List<Subscription> expected = new ArrayList<>(all.subList(0, 4));
    expected.addAll(all.subList(150, 200));
    assertThat(told).isEqualTo(expected);
    assertThat(told()).hasSize(51);
  }

  @Test
  void has_the_new_one_in_the_place_of_the_one_it_replaces() {
    List<Subscription> all = come(3);
    Subscription newer = new Subscription(null, START, START);
    audience.replace(all.get(1), newer);
    assertThat(told()).containsExactly(all.get(0), newer, all.get(2));

    audience.remove(newer);
    assertThat(told()).containsExactly(all.get(0), all.get(2));
  }
}
