package io.madang.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AccessTokenTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Test
  void a_question_without_answer_serves_whoever_asks_next() {
    CompletableFuture<Optional<String>> known = new CompletableFuture<>();
    AtomicInteger asked = new AtomicInteger();
    AccessToken tokens = new AccessToken(() -> {
      asked.incrementAndGet();
      return known.join();
    });

    CompletableFuture<Optional<String>> first = tokens.ask();
    CompletableFuture<Optional<String>> second = tokens.ask();
    known.complete(Optional.of("late"));

    assertThat(first).succeedsWithin(LIMIT).isEqualTo(Optional.of("late"));
    assertThat(second).succeedsWithin(LIMIT).isEqualTo(Optional.of("late"));
    assertThat(asked).hasValue(1);
  }

  @Test
  void a_question_with_an_answer_is_asked_anew() {
    AtomicInteger asked = new AtomicInteger();
    AccessToken tokens = new AccessToken(() -> Optional.of("token-" + asked.incrementAndGet()));

    assertThat(tokens.ask()).succeedsWithin(LIMIT).isEqualTo(Optional.of("token-1"));
    assertThat(tokens.ask()).succeedsWithin(LIMIT).isEqualTo(Optional.of("token-2"));
  }

  @Test
  void renewal_comes_when_a_quarter_of_the_time_is_left() {
    assertThat(AccessToken.firstRenewalMs(Instant.now().plusSeconds(400)))
        .isBetween(299_000L, 300_000L);
  }

  @Test
  void renewal_is_at_once_when_the_token_seems_over_and_then_seldom() {
    Instant past = Instant.now().minusSeconds(60);

    assertThat(AccessToken.firstRenewalMs(past)).isZero();
    assertThat(AccessToken.nextRenewalMs(past)).isEqualTo(10_000);
  }
}
