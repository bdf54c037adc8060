package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.RawHttp.Answer;
import io.vertx.core.json.JsonObject;

/** How clients of {@link TestHub} negotiate, as those of our time do, before they come with what carries the connection. */
final class HubNegotiation {
  private HubNegotiation() {}

  /**
   * What the gateway answers.
   *
   * @param more parameters behind the version
   */
  static JsonObject answer(int port, String token, String more) {
    Answer answer = RawHttp.ask(
        port,
        "POST",
        "/hubs/test/negotiate?negotiateVersion=1" + more,
        "",
        "Authorization",
        "Bearer " + token);
    assertThat(answer.status()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  /** Where the connection is found by who shows the same token. */
  static String path(int port, String token) {
    return path(answer(port, token, ""), token);
  }

  /** As {@link #path}, of a connection that may outlive its WebSocket. */
  static String lastingPath(int port, String token) {
    return path(answer(port, token, "&useStatefulReconnect=true"), token);
  }

  private static String path(JsonObject answer, String token) {
    return "/hubs/test?access_token=" + token + "&id=" + answer.getString("connectionToken");
  }
}
