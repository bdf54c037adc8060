package io.madang.gateway.identity.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.identity.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RevocationCopyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(600);

  private final RevocationCopy copy = new RevocationCopy(3);

  private static Principal mina(String session, Instant issuedAt) {
    return new Principal("u_mina", "mina", Set.of(), false, LATER, session, issuedAt);
  }

  @Test
  void a_user_loses_what_was_issued_up_to_then_and_keeps_what_comes_later() {
    copy.add(Revocation.ofUser("u_mina", NOW, LATER), NOW);

    assertThat(copy.isRevoked(mina("s1", NOW.minusSeconds(1)))).isTrue();
    assertThat(copy.isRevoked(mina("s1", NOW))).isTrue();
    assertThat(copy.isRevoked(mina("s2", NOW.plusSeconds(1)))).isFalse();
  }

  @Test
  void a_session_loses_everything_also_what_a_clock_ahead_of_ours_issued() {
    copy.add(Revocation.ofSession("s1", NOW, LATER), NOW);

    assertThat(copy.isRevoked(mina("s1", NOW.plusSeconds(5)))).isTrue();
    assertThat(copy.isRevoked(mina("s2", NOW.minusSeconds(5)))).isFalse();
  }

  @Test
  void the_same_again_is_no_news_and_a_later_one_is() {
    assertThat(copy.add(Revocation.ofUser("u_mina", NOW, LATER), NOW)).isTrue();
    assertThat(copy.add(Revocation.ofUser("u_mina", NOW, LATER), NOW)).isFalse();
    assertThat(copy.add(Revocation.ofUser("u_mina", NOW.minusSeconds(9), LATER), NOW))
        .isFalse();
    assertThat(copy.add(Revocation.ofUser("u_mina", NOW.plusSeconds(9), LATER), NOW))
        .isTrue();

    assertThat(copy.isRevoked(mina("s1", NOW.plusSeconds(9)))).isTrue();
  }

  @Test
  void what_has_ended_by_itself_is_forgotten_and_not_taken() {
    copy.add(Revocation.ofSession("s1", NOW, LATER), NOW);

    copy.forgetEnded(LATER);

    assertThat(copy.size()).isZero();
    assertThat(copy.add(Revocation.ofSession("s1", NOW, LATER), LATER)).isFalse();
  }

  @Test
  void beyond_its_capacity_the_one_that_would_end_first_makes_room() {
    copy.add(Revocation.ofSession("s1", NOW, LATER.plusSeconds(3)), NOW);
    copy.add(Revocation.ofSession("s2", NOW, LATER.plusSeconds(1)), NOW);
    copy.add(Revocation.ofUser("u1", NOW, LATER.plusSeconds(2)), NOW);
    assertThat(copy.size()).isEqualTo(3);

    copy.add(Revocation.ofSession("s4", NOW, LATER.plusSeconds(4)), NOW);

    assertThat(copy.all())
        .extracting(Revocation::id)
        .containsExactlyInAnyOrderElementsOf(List.of("s1", "u1", "s4"));
  }

  @Test
  void the_words_between_gateways_say_the_same() {
    List<Revocation> said =
        List.of(Revocation.ofUser("o_\"미나\"", NOW, LATER), Revocation.ofSession("s", NOW, LATER));

    assertThat(RevocationJson.read(RevocationJson.write(said))).isEqualTo(said);
  }
}
