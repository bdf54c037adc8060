package io.madang.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.limit.ShareStore.Drawn;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UserSharesTest {
  private record Draw(String user, int owed, int wanted, Promise<Drawn> answer) {}

  private final List<Draw> draws = new ArrayList<>();
  private boolean up = true;
  private long nowMs = 1_000_000;
  private final UserShares shares =
      new UserShares(new UserShares.Rate(10, 64), new FakeStore(), () -> nowMs);

  private final class FakeStore implements ShareStore {
    @Override
    public boolean isUp() {
      return up;
    }

    @Override
    public Future<Drawn> draw(String user, int owed, int wanted) {
      Promise<Drawn> answer = Promise.promise();
      draws.add(new Draw(user, owed, wanted, answer));
      return answer.future();
    }
  }

  private int passes(int requests) {
    int passed = 0;
    for (int i = 0; i < requests; i++) {
      passed += shares.take("mina") == 0 ? 1 : 0;
    }
    return passed;
  }

  private void answer(int granted, long waitMs) {
    draws.get(draws.size() - 1).answer().complete(new Drawn(granted, waitMs));
  }

  @Nested
  class The_first_request {
    @Test
    void passes_on_credit_and_is_told_with_the_draw() {
      assertThat(passes(1)).isEqualTo(1);

      assertThat(draws).hasSize(1);
      assertThat(draws.get(0).owed()).isEqualTo(1);
      assertThat(draws.get(0).wanted()).isEqualTo(4);
    }

    @Test
    void is_followed_by_no_more_on_credit_than_the_burst() {
      assertThat(passes(100)).isEqualTo(64);

      assertThat(draws).hasSize(1);
    }
  }

  @Nested
  class A_share {
    @Test
    void is_spent_from_memory_and_the_next_is_drawn_at_half() {
      passes(1);
      answer(4, 0);

      assertThat(passes(1)).isEqualTo(1);
      assertThat(draws).hasSize(1);
      assertThat(passes(1)).isEqualTo(1);
      assertThat(draws).hasSize(2);
      assertThat(draws.get(1).owed()).isZero();
    }

    @Test
    void pays_what_passed_while_it_was_under_way() {
      passes(3);
      answer(4, 0);

      passes(1);
      assertThat(draws).as("two of four paid for credit, a third spent").hasSize(2);
      assertThat(draws.get(1).owed()).isZero();
    }

    @Test
    void that_does_not_pay_the_credit_leaves_the_rest_which_is_told_at_once() {
      passes(12);
      assertThat(draws.get(0).owed()).isEqualTo(1);

      answer(4, 0);

      assertThat(draws).hasSize(2);
      assertThat(draws.get(1).owed()).isEqualTo(7);
    }

    @Test
    void is_lost_when_it_is_not_spent_in_time() {
      passes(1);
      answer(4, 0);
      nowMs += UserShares.SHARE_LASTS_MS;
      passes(1);

      assertThat(draws.get(1).owed()).isEqualTo(1);
    }

    @Test
    void is_one_user_s_alone() {
      passes(1);
      answer(0, 800);

      assertThat(shares.take("mina")).isEqualTo(800);
      assertThat(shares.take("jun")).isZero();
    }
  }

  @Nested
  class A_user_for_whom_there_is_nothing {
    @Test
    void is_refused_with_the_time_to_wait() {
      passes(1);
      answer(0, 800);

      assertThat(shares.take("mina")).isEqualTo(800);
      nowMs += 799;
      assertThat(shares.take("mina")).isEqualTo(1);
      nowMs += 1;
      assertThat(shares.take("mina")).isZero();
      assertThat(draws).hasSize(2);
    }

    @Test
    void gets_no_credit_while_what_passed_before_is_told() {
      passes(11);
      answer(0, 800);

      assertThat(draws.get(1).owed()).isEqualTo(10);
      assertThat(shares.take("mina")).isEqualTo(800);
    }

    @Test
    void is_drawn_for_only_every_so_often() {
      passes(1);
      answer(1, 0);
      assertThat(passes(1)).isEqualTo(1);

      assertThat(shares.take("mina")).isEqualTo(UserShares.PAUSE_MS);
      assertThat(draws).hasSize(1);
    }
  }

  @Nested
  class Without_its_store {
    @Test
    void the_loop_counts_alone() {
      up = false;

      assertThat(passes(100)).isEqualTo(64);
      assertThat(shares.take("mina")).isEqualTo(100);
      assertThat(draws).isEmpty();
    }

    @Test
    void a_draw_that_failed_is_not_tried_again_at_once() {
      passes(1);
      draws.get(0).answer().fail("away");

      assertThat(passes(10)).isEqualTo(10);
      assertThat(draws).hasSize(1);
      nowMs += UserShares.ALONE_MS;
      passes(1);
      assertThat(draws).hasSize(2);
      assertThat(draws.get(1).owed())
          .as("what the failed draw told is not told twice")
          .isEqualTo(1);
    }
  }

  @Test
  void a_rate_of_zero_lets_everything_through() {
    UserShares open = new UserShares(new UserShares.Rate(0, 1), new FakeStore(), () -> nowMs);

    for (int i = 0; i < 1_000; i++) {
      assertThat(open.take("mina")).isZero();
    }
    assertThat(draws).isEmpty();
  }

  @Test
  void only_so_many_users_are_held() {
    up = false;
    passes(64);
    for (int i = 0; i < UserShares.MAX_USERS; i++) {
      shares.take("u" + i);
    }

    assertThat(shares.take("mina")).as("forgotten, so she begins afresh").isZero();
  }
}
