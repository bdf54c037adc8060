package io.madang.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.identity.OriginPolicy.Asking;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OriginPolicyTest {
  private final OriginPolicy policy = OriginPolicy.of(
      List.of("https://app.example.org", "HTTPS://Other.example.org:443", "http://localhost:5173"));

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "https://app.example.org,        mesh.example.org,      true,  listed",
        "https://app.example.org:443,    mesh.example.org,      true,  listed with its default port",
        "https://other.example.org,      mesh.example.org,      true,  listed in another spelling",
        "http://localhost:5173,          localhost:8080,        true,  listed with a port",
        "https://mesh.example.org,       mesh.example.org,      true,  the host itself",
        "https://mesh.example.org,       MESH.example.org:443,  true,  the host itself with its default port",
        "http://127.0.0.1:8080,          127.0.0.1:8080,        true,  the host itself with a port",
        "http://[::1]:8080,              [::1]:8080,            true,  the host itself as an address",
        "http://app.example.org,         mesh.example.org,      false, listed with another scheme",
        "https://app.example.org:8443,   mesh.example.org,      false, listed with another port",
        "http://127.0.0.1:8081,          127.0.0.1:8080,        false, the host at another port",
        "https://app.example.org.evil.net, mesh.example.org,    false, listed as a beginning",
        "https://evil-app.example.org,   mesh.example.org,      false, listed as an end",
        "https://mesh.example.org.evil.net, mesh.example.org,   false, the host as a beginning",
        "https://example.org,            mesh.example.org,      false, a parent",
        "null,                           mesh.example.org,      false, a sandbox",
        "https://mesh.example.org/x,     mesh.example.org,      false, no origin",
        "https://u@mesh.example.org,     mesh.example.org,      false, no origin",
        "file://,                        mesh.example.org,      false, a file",
        "'',                             mesh.example.org,      false, empty",
        "-,                              mesh.example.org,      false, absent",
        "https://mesh.example.org,       -,                     false, no host to compare with"
      })
  void allows_exactly_what_is_listed_and_its_own_host(
      String origin, String host, boolean allowed, String because) {
    assertThat(policy.allows(origin, host)).as(because).isEqualTo(allowed);
  }

  @Test
  void trusts_a_cookie_without_origin_for_reading_only() {
    assertThat(policy.trustsCookie(null, "mesh.example.org", Asking.READ)).isTrue();
    assertThat(policy.trustsCookie(null, "mesh.example.org", Asking.WRITE_OR_UPGRADE))
        .isFalse();
  }

  @Test
  void trusts_a_cookie_of_a_foreign_page_for_nothing() {
    assertThat(policy.trustsCookie("https://evil.net", "mesh.example.org", Asking.READ))
        .isFalse();
    assertThat(policy.trustsCookie("https://evil.net", "mesh.example.org", Asking.WRITE_OR_UPGRADE))
        .isFalse();
    assertThat(policy.trustsCookie("null", "mesh.example.org", Asking.READ)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "app.example.org",
        "https://*.example.org",
        "https://app.example.org/",
        "null",
        "ftp://x"
      })
  void takes_no_wildcards_and_no_guesses_into_its_list(String text) {
    assertThatThrownBy(() -> OriginPolicy.of(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must ");
  }
}
