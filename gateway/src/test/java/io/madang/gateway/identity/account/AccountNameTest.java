package io.madang.gateway.identity.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AccountNameTest {
  @Nested
  class A_name_as_typed {
    @ParameterizedTest
    @CsvSource({
      "Mina, Mina",
      "'  Mina ', Mina",
      "Mina Lee, Mina Lee",
      "민아, 민아",
      "\uFF2D\uFF49\uFF4E\uFF41, Mina",
      "e\u0301va, \u00E9va",
      "\uD83D\uDC31 cat, \uD83D\uDC31 cat"
    })
    void is_shown_composed_and_without_edges(String typed, String shown) {
      assertThat(AccountName.read(typed).text()).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
      "mina, MINA",
      "mina, \uFF2D\uFF49\uFF4E\uFF41",
      "stra\u00DFe, STRASSE",
      "\u03C3\u03BF\u03C6\u03CC\u03C2, \u03A3\u039F\u03A6\u038C\u03A3",
      "\u00E9va, E\u0301VA",
      "kim, \u212AIM",
      "\uAC00\uB098, \u1100\u1161\u1102\u1161"
    })
    void is_the_same_as_one_that_reads_the_same(String one, String other) {
      assertThat(AccountName.read(one).key()).isEqualTo(AccountName.read(other).key());
    }

    @Test
    void has_up_to_32_code_points() {
      String cats = "\uD83D\uDC31".repeat(32);

      assertThat(AccountName.read(cats).text()).isEqualTo(cats);
    }
  }

  @Nested
  class Refused_is_a_name {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "   ",
          "a\u0000b",
          "a\nb",
          "a\u200Bb",
          "a\u200Db",
          "a\u202Eb",
          "a\u2066b",
          "a\u00ADb",
          "a\uFEFFb",
          "a\u3164b",
          "a\u034Fb",
          "a\uFE0Fb",
          "a\uDB40\uDC41b",
          "a\u2028b",
          "a\uE000b",
          "a\uD800b",
          "a\uDC00",
          "\u0301a",
          "a  b",
          "u_k2j3h4",
          "G_abc",
          "\uFF55_abc",
          "System",
          "\uFF33YSTEM",
          "madang"
        })
    void that_could_mislead(String typed) {
      assertBad(typed);
    }

    @Test
    void of_33_code_points() {
      assertBad("\uD83D\uDC31".repeat(33));
    }

    @Test
    void that_grows_too_long_when_composed_out() {
      assertBad("\uFDFA".repeat(4));
    }

    @Test
    void of_any_size_quickly() {
      assertBad("\uFDFA".repeat(100_000));
    }

    private void assertBad(String typed) {
      assertThatThrownBy(() -> AccountName.read(typed))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.BAD_NAME));
    }
  }

  @Nested
  class A_suffix {
    @Test
    void shortens_a_name_that_has_no_place_for_it() {
      AccountName name = AccountName.read("\uD83D\uDC31".repeat(32));

      assertThat(name.withSuffix("-1234").text()).isEqualTo("\uD83D\uDC31".repeat(27) + "-1234");
    }

    @Test
    void follows_a_short_name_whole() {
      assertThat(AccountName.read("Mina").withSuffix("-7").text()).isEqualTo("Mina-7");
    }
  }

  @Nested
  class An_id {
    @Test
    void can_never_be_a_name() {
      UserIds ids = new UserIds(new SecureRandom());

      assertThatThrownBy(() -> AccountName.read(ids.account()))
          .isInstanceOf(RefusedException.class);
      assertThatThrownBy(() -> AccountName.read(ids.guest())).isInstanceOf(RefusedException.class);
    }
  }
}
