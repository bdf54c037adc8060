package io.madang.gateway.edge.signalr.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubTokensTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final HubKey KEY = HubKey.random(RANDOM);

  private final HubTokens tokens = new HubTokens("gateway-1.k3f9x2ab", 300, KEY, RANDOM);

  @Test
  void a_token_proves_its_connection_and_says_where_it_is() {
    String connection = tokens.newConnection();
    String token = tokens.token(connection);

    assertThat(connection).matches("[A-Za-z0-9_-]{22}");
    assertThat(token).matches("[A-Za-z0-9_-]{50,100}");
    assertThat(tokens.proven(token)).contains(connection);
    assertThat(HubTokens.read(token))
        .contains(new HubTokens.Read(connection, 300, "gateway-1.k3f9x2ab"));
    assertThat(HubTokens.loopOf(token)).isEqualTo(300);
  }

  @Test
  void no_two_connections_have_one_name() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(names.add(tokens.newConnection())).isTrue();
    }
  }

  @Test
  void a_token_of_which_one_character_is_another_proves_nothing() {
    String token = tokens.token(tokens.newConnection());
    for (int at = 0; at < token.length() - 1; at++) {
      char other = token.charAt(at) == 'A' ? 'B' : 'A';
      String forged = token.substring(0, at) + other + token.substring(at + 1);

      assertThat(tokens.proven(forged)).isEmpty();
    }
  }

  @Test
  void a_token_of_another_loop_life_or_gateway_proves_nothing_here() {
    String connection = tokens.newConnection();

    assertThat(
            tokens.proven(new HubTokens("gateway-1.k3f9x2ab", 301, KEY, RANDOM).token(connection)))
        .isEmpty();
    assertThat(tokens.proven(new HubTokens("gateway-1.later", 300, KEY, RANDOM).token(connection)))
        .isEmpty();
    assertThat(tokens.proven(new HubTokens("gateway-1.k3f9x2ab", 300, HubKey.random(RANDOM), RANDOM)
            .token(connection)))
        .isEmpty();
  }

  @Test
  void what_is_no_token_is_none() {
    for (String text : new String[] {"", "a", "%", "a b", "é", "A".repeat(45), "A".repeat(600)}) {
      assertThat(HubTokens.read(text)).isEmpty();
      assertThat(tokens.proven(text)).isEmpty();
      assertThat(HubTokens.loopOf(text)).isZero();
    }
  }
}
