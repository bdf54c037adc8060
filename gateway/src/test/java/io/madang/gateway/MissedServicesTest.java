package io.madang.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MissedServicesTest {
  private final MissedServices services =
      new MissedServices(Duration.ofSeconds(10), Duration.ofSeconds(30));

  private static Map<String, Duration> missed(long ms) {
    return Map.of("a", Duration.ofMillis(ms));
  }

  @Test
  void are_a_problem_after_a_while_and_not_before() {
    assertThat(services.problem(Map.of())).isEmpty();
    assertThat(services.problem(missed(9_999))).isEmpty();
    assertThat(services.problem(missed(10_000))).contains("reaches no node of a since 10 s");
  }

  @Test
  void send_clients_away_later_and_once() {
    assertThat(services.isTimeToSendAway(missed(29_999))).isFalse();
    assertThat(services.isTimeToSendAway(missed(30_000))).isTrue();
    assertThat(services.isTimeToSendAway(missed(30_250))).isFalse();
    assertThat(services.isTimeToSendAway(missed(3_600_000))).isFalse();
  }

  @Test
  void send_clients_away_again_when_they_are_missed_again() {
    services.isTimeToSendAway(missed(30_000));
    services.isTimeToSendAway(Map.of());

    assertThat(services.isTimeToSendAway(missed(29_000))).isFalse();
    assertThat(services.isTimeToSendAway(missed(30_000))).isTrue();
  }

  @Test
  void send_clients_away_for_each_of_them() {
    services.isTimeToSendAway(missed(30_000));

    assertThat(services.isTimeToSendAway(
            Map.of("a", Duration.ofSeconds(40), "b", Duration.ofSeconds(30))))
        .isTrue();
  }

  @Test
  void are_borne_for_ever_where_the_times_are_zero() {
    MissedServices never = new MissedServices(Duration.ZERO, Duration.ZERO);

    assertThat(never.problem(missed(3_600_000))).isEmpty();
    assertThat(never.isTimeToSendAway(missed(3_600_000))).isFalse();
  }
}
