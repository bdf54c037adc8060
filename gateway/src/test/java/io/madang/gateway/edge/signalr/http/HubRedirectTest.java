package io.madang.gateway.edge.signalr.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubRedirectTest {
  private static String to(String address, String path, String query) {
    return HubRedirect.parse(address).to(path, query);
  }

  @Test
  void leads_to_the_same_hub_there() {
    assertThat(to("https://a.example", "/hubs/chat", null))
        .isEqualTo("https://a.example/hubs/chat");
    assertThat(to(" http://a.example:81/live// ", "/chatHub", ""))
        .isEqualTo("http://a.example:81/live/chatHub");
  }

  @Test
  void keeps_what_the_client_has_in_its_address_but_what_is_the_negotiations_or_secret() {
    assertThat(to(
            "https://a.example",
            "/hubs/chat",
            "tenant=a%20b&negotiateVersion=1&useStatefulReconnect=true&access_token=x&&b"))
        .isEqualTo("https://a.example/hubs/chat?tenant=a%20b&b");
    assertThat(to("https://a.example", "/h", "negotiateversion=1&ACCESS_TOKEN=x"))
        .isEqualTo("https://a.example/h");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.example",
        "/hubs",
        "ftp://a.example",
        "https:///hubs",
        "https://ann:secret@a.example",
        "https://a.example?key=secret",
        "https://a.example#x",
        "https://a b"
      })
  void is_no_address_that_clients_cannot_be_sent_to(String address) {
    assertThatThrownBy(() -> HubRedirect.parse(address))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
