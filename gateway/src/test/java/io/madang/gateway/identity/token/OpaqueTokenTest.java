package io.madang.gateway.identity.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.config.Secret;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OpaqueTokenTest {
  private final SecureRandom random = new SecureRandom();

  @Test
  void is_found_again_by_the_hashes_of_its_text() {
    OpaqueToken made = OpaqueToken.refresh(random);

    OpaqueToken shown = OpaqueToken.readRefresh(made.text()).orElseThrow();

    assertThat(shown.familyHash()).isEqualTo(made.familyHash());
    assertThat(shown.secretHash()).isEqualTo(made.secretHash());
  }

  @Test
  void keeps_its_family_and_changes_its_secret() {
    OpaqueToken first = OpaqueToken.refresh(random);
    OpaqueToken next = first.next(random);

    assertThat(next.familyHash()).isEqualTo(first.familyHash());
    assertThat(next.secretHash()).isNotEqualTo(first.secretHash());
  }

  @Test
  void is_never_printed() {
    OpaqueToken token = OpaqueToken.ticket(random);

    assertThat(token).hasToString("***");
    assertThat(token.text()).hasToString("***");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "not base64 !", "AAAA", "\u0000"})
  void is_not_made_of_other_texts(String text) {
    assertThat(OpaqueToken.readTicket(new Secret(text))).isEmpty();
    assertThat(OpaqueToken.readRefresh(new Secret(text))).isEmpty();
  }

  @Test
  void of_one_kind_is_not_one_of_the_other() {
    assertThat(OpaqueToken.readRefresh(OpaqueToken.ticket(random).text())).isEmpty();
    assertThat(OpaqueToken.readTicket(OpaqueToken.refresh(random).text())).isEmpty();
  }
}
