package io.madang.gateway.identity.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VerifiedTokensTest {
  private final VerifiedTokens verified = new VerifiedTokens(2);

  @Test
  void are_found_by_their_exact_text() {
    verified.keep("one", claims("u_1"));

    assertThat(verified.find("one")).contains(claims("u_1"));
    assertThat(verified.find("onE")).isEmpty();
  }

  @Test
  void make_place_by_forgetting_the_one_longest_unused() {
    verified.keep("one", claims("u_1"));
    verified.keep("two", claims("u_2"));
    verified.find("one");
    verified.keep("three", claims("u_3"));

    assertThat(verified.find("one")).isPresent();
    assertThat(verified.find("two")).isEmpty();
    assertThat(verified.find("three")).isPresent();
  }

  private static Claims claims(String subject) {
    return new Claims(
        subject, "Mina", Set.of(), false, "i", "a", Instant.EPOCH, Instant.EPOCH, "t_1", "s_1");
  }
}
