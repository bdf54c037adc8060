package io.madang.gateway.identity.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AccessTokensTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final SecureRandom random = new SecureRandom();
  private final SigningKey key = SigningKey.generate(NOW, random);
  private final AccessTokens tokens = new AccessTokens(List.of(key));
  private final Claims claims = new Claims(
      "u_1",
      "Mina \"the cat\" 민아",
      Set.of("admin", "moderator"),
      false,
      "madang",
      "madang",
      NOW,
      NOW.plusSeconds(900),
      "t_1",
      "s_1");

  @Nested
  class A_token_we_signed {
    @Test
    void says_what_was_signed() throws Exception {
      assertThat(tokens.verify(tokens.sign(claims, NOW))).isEqualTo(claims);
    }

    @Test
    void is_good_at_another_process_with_the_stored_keys() throws Exception {
      SigningKey stored = SigningKey.of(
          key.kid(), key.publicKey().getEncoded(), key.privateKey().getEncoded(), key.signsFrom());

      assertThat(new AccessTokens(List.of(stored)).verify(tokens.sign(claims, NOW)))
          .isEqualTo(claims);
    }

    @Test
    void is_good_again_after_a_bad_one() throws Exception {
      String good = tokens.sign(claims, NOW);
      assertBad(good.substring(0, good.length() - 2) + "AA");

      assertThat(tokens.verify(good)).isEqualTo(claims);
    }

    @Test
    void is_bad_when_any_character_is_changed() {
      String token = tokens.sign(claims, NOW);
      for (int i = 0; i < token.length(); i++) {
        char other = token.charAt(i) == 'A' ? 'B' : 'A';
        assertBad(token.substring(0, i) + other + token.substring(i + 1));
      }
    }
  }

  @Nested
  class A_token_is_refused {
    @Test
    void without_signature() {
      String body = encode(("{\"alg\":\"none\",\"kid\":\"" + key.kid() + "\"}")) + "." + payload();

      assertBad(body + ".");
      assertBad(body);
      assertBad(body + "." + encode("x"));
    }

    @Test
    void signed_with_the_public_key_as_a_password() throws Exception {
      String signed =
          encode(("{\"alg\":\"HS256\",\"kid\":\"" + key.kid() + "\"}")) + "." + payload();
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.publicKey().getEncoded(), "HmacSHA256"));

      assertBad(signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void by_a_key_that_only_takes_our_name() throws Exception {
      SigningKey foreign = SigningKey.generate(NOW, random);
      SigningKey disguised =
          new SigningKey(key.kid(), foreign.publicKey(), foreign.privateKey(), NOW);

      assertBad(new AccessTokens(List.of(disguised)).sign(claims, NOW));
    }

    @Test
    void by_a_key_we_do_not_know() {
      assertBad(new AccessTokens(List.of(SigningKey.generate(NOW, random))).sign(claims, NOW));
    }

    @Test
    void with_the_numbers_that_once_signed_anything() {
      String signed = unsigned();
      byte[] order = toBytes(key.publicKey().getParams().getOrder());

      assertBad(signed + encode(new byte[64]));
      assertBad(signed + encode(join(order, order)));
      assertBad(signed + encode(join(new byte[32], order)));
    }

    @Test
    void with_a_claim_left_out() throws Exception {
      for (String claim :
          List.of("sub", "name", "roles", "guest", "iss", "aud", "iat", "exp", "jti", "sid")) {
        String json = new String(ClaimsJson.writeClaims(claims), StandardCharsets.UTF_8);
        assertBad(signedByUs(json.replace("\"" + claim + "\":", "\"x" + claim + "\":")));
      }
    }

    @Test
    void with_a_claim_written_twice() throws Exception {
      String json = new String(ClaimsJson.writeClaims(claims), StandardCharsets.UTF_8);

      assertBad(signedByUs(json.replace("{\"sub\"", "{\"sub\":\"u_2\",\"sub\"")));
    }

    @Test
    void whose_header_demands_an_extension() throws Exception {
      String header = "{\"alg\":\"ES256\",\"crit\":[\"b64\"],\"kid\":\"" + key.kid() + "\"}";

      assertBad(signed(encode(header) + "." + payload()));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          ".",
          "..",
          "...",
          "a.b.c",
          "a.b",
          "e30.e30.e30",
          "\uD83D\uDC31.x.y",
          "e30=.e30.e30"
        })
    void that_is_no_token_at_all(String text) {
      assertBad(text);
    }

    @Test
    void of_any_length() {
      assertBad("a".repeat(1_000_000));
    }
  }

  @Nested
  class Of_several_keys {
    private final SigningKey next = SigningKey.generate(NOW.plusSeconds(600), random);
    private final AccessTokens both = new AccessTokens(List.of(next, key));

    @Test
    void the_youngest_signs_that_is_due() throws Exception {
      assertThat(AccessTokens.kidOf(both.sign(claims, NOW))).isEqualTo(key.kid());
      assertThat(AccessTokens.kidOf(both.sign(claims, NOW.plusSeconds(600)))).isEqualTo(next.kid());
    }

    @Test
    void each_verifies() throws Exception {
      assertThat(both.verify(tokens.sign(claims, NOW))).isEqualTo(claims);
      assertThat(both.verify(both.sign(claims, NOW.plusSeconds(600)))).isEqualTo(claims);
    }
  }

  @Test
  void no_key_is_no_issuer() {
    assertThatThrownBy(() -> new AccessTokens(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_key_prints_no_secret() {
    assertThat(key).hasToString("key " + key.kid() + " from " + NOW);
  }

  private void assertBad(String token) {
    assertThatThrownBy(() -> tokens.verify(token)).isInstanceOf(BadTokenException.class);
  }

  private String payload() {
    return encode(ClaimsJson.writeClaims(claims));
  }

  private String unsigned() {
    return encode(ClaimsJson.writeHeader(key.kid())) + "." + payload() + ".";
  }

  private String signedByUs(String json) throws Exception {
    return signed(encode(ClaimsJson.writeHeader(key.kid())) + "." + encode(json));
  }

  private String signed(String text) throws Exception {
    Signature engine = Signature.getInstance("SHA256withECDSAinP1363Format");
    engine.initSign(key.privateKey());
    engine.update(text.getBytes(StandardCharsets.US_ASCII));
    return text + "." + encode(engine.sign());
  }

  private static byte[] toBytes(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return Arrays.copyOfRange(bytes, bytes.length - 32, bytes.length);
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] joined = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, joined, one.length, other.length);
    return joined;
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
