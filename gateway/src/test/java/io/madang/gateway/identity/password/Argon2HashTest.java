package io.madang.gateway.identity.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.identity.account.Password;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class Argon2HashTest {
  private static final Argon2Hash.Cost CHEAP = new Argon2Hash.Cost(64, 1, 1);

  private final SecureRandom random = new SecureRandom();
  private final Password password = Password.of("correct horse");

  @Test
  void knows_its_password_after_being_stored() {
    String stored = Argon2Hash.of(password, CHEAP, random).encoded();

    assertThat(Argon2Hash.parse(stored).verify(password)).isTrue();
    assertThat(Argon2Hash.parse(stored).verify(Password.of("correct horsf"))).isFalse();
  }

  /** From the published test values of the reference implementation. */
  @Test
  void reads_what_other_libraries_write() {
    Argon2Hash foreign = Argon2Hash.parse(
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

    assertThat(foreign.verify(Password.of("password"))).isTrue();
  }

  @Test
  void is_different_each_time_and_carries_its_cost() {
    String one = Argon2Hash.of(password, CHEAP, random).encoded();
    String other = Argon2Hash.of(password, CHEAP, random).encoded();

    assertThat(one).isNotEqualTo(other).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
    assertThat(Argon2Hash.parse(one).cost()).isEqualTo(CHEAP);
  }

  @Test
  void of_nobody_fits_no_password() {
    assertThat(Argon2Hash.ofNobody(CHEAP, random).verify(password)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret in plain",
        "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA",
        "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$AAAA",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ"
      })
  void is_read_from_its_own_encoding_only(String stored) {
    assertThatThrownBy(() -> Argon2Hash.parse(stored))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret in plain");
  }

  @Test
  void prints_its_cost_only() {
    Argon2Hash hash = Argon2Hash.of(password, CHEAP, random);

    assertThat(hash.toString()).doesNotContain(hash.encoded().substring(30));
  }
}
