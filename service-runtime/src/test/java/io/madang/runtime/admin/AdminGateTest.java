package io.madang.runtime.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.config.Secret;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdminGateTest {
  private final AdminGate open = new AdminGate(new Secret("a long enough secret"));
  private final AdminGate local = new AdminGate(new Secret(""));

  private static boolean passes(
      AdminGate gate, boolean onThisMachine, Map<String, String> headers) {
    return gate.refusal(onThisMachine, "127.0.0.1", headers::get).isEmpty();
  }

  @Nested
  class From_this_machine {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.0.1", "localhost", "::1", "[::1]"})
    void everybody_may_look(String host) {
      assertThat(local.refusal(true, host, none -> null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"X-Forwarded-For", "Forwarded", "Via", "Origin", "Referer", "Sec-Fetch-Site"})
    void but_for_proxies_and_pages_in_a_browser(String sign) {
      assertThat(passes(local, true, Map.of(sign, "x"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil", ""})
    void but_for_whoever_came_by_a_name_of_his_own(String host) {
      assertThat(local.refusal(true, host, none -> null)).isPresent();
    }

    @Test
    void but_for_whoever_said_no_name() {
      assertThat(local.refusal(true, null, none -> null)).isPresent();
    }

    @Test
    void a_wrong_secret_is_refused_all_the_same() {
      assertThat(passes(open, true, Map.of("Authorization", "Bearer wrong"))).isFalse();
    }
  }

  @Nested
  class From_elsewhere {
    @Test
    void nobody_may_look_without_the_secret() {
      assertThat(passes(local, false, Map.of())).isFalse();
      assertThat(passes(open, false, Map.of())).isFalse();
    }

    @Test
    void who_knows_the_secret_may() {
      assertThat(passes(open, false, Map.of("Authorization", "Bearer a long enough secret")))
          .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "Bearer a long enough", "Basic a long enough secret", ""})
    void anything_else_is_refused(String authorization) {
      assertThat(passes(open, false, Map.of("Authorization", authorization))).isFalse();
      assertThat(passes(local, false, Map.of("Authorization", authorization))).isFalse();
    }
  }
}
