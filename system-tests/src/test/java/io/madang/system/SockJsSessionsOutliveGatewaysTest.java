package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions of SockJS that live at one gateway, and whose responses wait at another one that stops. */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SockJsSessionsOutliveGatewaysTest {
  private static final String HOME = "gateway-1";
  private static final String STOPS = "gateway-2";
  private static final String PING = "[\"{\\\"type\\\":\\\"ping\\\"}\"]";
  private static final Duration LIMIT = Duration.ofSeconds(40);

  /** Time for a response to wait, which nothing tells from outside. */
  private static final Duration UNTIL_IT_WAITS = Duration.ofSeconds(1);

  private final HttpClient http = HttpClient.newHttpClient();

  private CompletableFuture<HttpResponse<String>> ask(
      MeshProcesses mesh, String gateway, String path, String body) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(mesh.address(gateway) + path))
        .timeout(LIMIT)
        .POST(BodyPublishers.ofString(body))
        .build();
    return http.sendAsync(request, BodyHandlers.ofString());
  }

  /** The path of a session, open at its home. */
  private String session(MeshProcesses mesh) throws IOException, InterruptedException {
    HttpRequest info =
        HttpRequest.newBuilder(URI.create(mesh.address(HOME) + "/sockjs/info")).build();
    String base = JsonParser.parseString(
            http.send(info, BodyHandlers.ofString()).body())
        .getAsJsonObject()
        .get("base_url")
        .getAsString();
    String session = URI.create(base).getPath() + "/000/" + UUID.randomUUID();
    assertThat(ask(mesh, HOME, session + "/xhr", "").join().body()).isEqualTo("o\n");
    return session;
  }

  private void requireHeardOnce(MeshProcesses mesh, String session) {
    assertThat(ask(mesh, HOME, session + "/xhr_send", PING).join().statusCode()).isEqualTo(204);
    assertThat(ask(mesh, HOME, session + "/xhr", "").join().body())
        .startsWith("a[")
        .containsOnlyOnce("pong");
  }

  @Test
  void that_ends_a_poll_with_a_heartbeat_and_a_stream_behind_all_that_it_was_told(
      MeshProcesses mesh) throws Exception {
    String polled = session(mesh);
    String streamed = session(mesh);
    CompletableFuture<HttpResponse<String>> poll = ask(mesh, STOPS, polled + "/xhr", "");
    CompletableFuture<HttpResponse<String>> stream =
        ask(mesh, STOPS, streamed + "/xhr_streaming", "");
    Pause.of(UNTIL_IT_WAITS);
    assertThat(ask(mesh, HOME, streamed + "/xhr_send", PING).join().statusCode())
        .isEqualTo(204);
    assertThat(poll).isNotDone();
    mesh.process(STOPS).terminate();
    try {
      assertThat(poll.join().body()).isEqualTo("h\n");
      requireHeardOnce(mesh, polled);
      assertThat(stream.join().body()).containsOnlyOnce("pong").doesNotContain("c[");
      requireHeardOnce(mesh, streamed);
      assertThat(mesh.process(STOPS).awaitExit(LIMIT)).isZero();
    } finally {
      mesh.launchAgain(STOPS, Map.of());
    }
  }
}
