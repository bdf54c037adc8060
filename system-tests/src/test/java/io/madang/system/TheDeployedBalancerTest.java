package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import io.madang.testkit.FreePorts;
import io.madang.testkit.Nginx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/nginx.conf} itself, in front of two gateways: only the addresses in it and what it logs are this test's. */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class TheDeployedBalancerTest {
  private static final List<String> GATEWAYS = List.of("gateway-1", "gateway-2");
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int FILE_BYTES = 3 * 1024 * 1024;

  private final HttpClient http = HttpClient.newHttpClient();
  private MeshProcesses mesh;
  private Path places;
  private Nginx nginx;

  @BeforeEach
  void start(MeshProcesses lent, @TempDir Path directory) throws IOException {
    mesh = lent;
    places = directory.resolve("places");
    int port = FreePorts.one();
    String deployed = Files.readString(Distribution.root().resolve("deploy/nginx.conf"));
    for (String gateway : GATEWAYS) {
      deployed =
          with(deployed, gateway + ":8080", URI.create(mesh.address(gateway)).getAuthority());
    }
    deployed = with(deployed, "listen 8080;", "listen 127.0.0.1:" + port + ";");
    deployed = with(deployed, "worker_processes auto;", "daemon off; master_process off;");
    deployed = with(deployed, "error_log stderr warn;", "error_log stderr notice;");
    deployed = with(deployed, "pid /tmp/nginx.pid;", "pid " + directory.resolve("pid") + ";");
    deployed = with(deployed, "worker_connections 16384;", "worker_connections 1024;");
    deployed = with(
        deployed,
        "access_log off;",
        "log_format places '$uri $upstream_addr'; access_log " + places + " places;\n  "
            + Nginx.temporaryPaths(directory));
    nginx = Nginx.start(directory, port, deployed);
  }

  private static String with(String configuration, String deployed, String here) {
    assertThat(configuration).contains(deployed);
    return configuration.replace(deployed, here);
  }

  @AfterEach
  void stop() {
    nginx.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(nginx.address()).resolve(path)).timeout(LIMIT);
  }

  private HttpResponse<String> post(String path, String token, String body) throws Exception {
    return http.send(
        request(path)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void brings_a_session_of_SockJS_to_the_gateway_that_has_it() throws Exception {
    for (String gateway : GATEWAYS) {
      String base = baseOf(gateway);
      for (int i = 0; i < 4; i++) {
        HttpResponse<String> opened = http.send(
            request(base + "/000/" + UUID.randomUUID() + "/xhr")
                .POST(BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
        assertThat(opened.body()).isEqualTo("o\n");
      }
      await("what nginx says of it")
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(Files.readAllLines(places))
              .filteredOn(line -> line.startsWith(base))
              .hasSize(4)
              .allMatch(line -> line.endsWith(URI.create(mesh.address(gateway)).getAuthority())));
    }
  }

  /** As a gateway that is asked directly names itself to clients of SockJS. */
  private String baseOf(String gateway) throws Exception {
    HttpResponse<String> info = http.send(
        HttpRequest.newBuilder(URI.create(mesh.address(gateway) + "/sockjs/info"))
            .timeout(LIMIT)
            .build(),
        BodyHandlers.ofString());
    String base =
        JsonParser.parseString(info.body()).getAsJsonObject().get("base_url").getAsString();
    assertThat(base).contains("/sockjs/n/" + gateway + ".");
    return URI.create(base).getPath();
  }

  @Test
  void lets_sockets_events_and_files_through_as_they_come() throws Exception {
    String token = mesh.guestToken("gateway-1", "behind-nginx");
    assertThat(post("/api/chat/joinRoom", token, "{\"room\":\"deployed\"}").statusCode())
        .isEqualTo(200);

    WebSocket socket = http.newWebSocketBuilder()
        .subprotocols("madang.v1")
        .buildAsync(
            URI.create(nginx.address().replace("http:", "ws:") + "/ws"),
            new WebSocket.Listener() {})
        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    socket.abort();

    HttpResponse<Stream<String>> stream = http.send(
        request("/stream?topic=room:deployed")
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofLines());
    try (Stream<String> lines = stream.body()) {
      Iterator<String> each = lines.iterator();
      awaitLine(each, "event: subscribed");
      post("/api/chat/sendToRoom", token, "{\"room\":\"deployed\",\"text\":\"unbuffered\"}");
      awaitLine(each, "unbuffered");
    }

    byte[] file = new byte[FILE_BYTES];
    new Random(1).nextBytes(file);
    HttpResponse<String> kept = http.send(
        request("/api/chat/uploads?room=deployed&name=noise.png")
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "image/png")
            .POST(BodyPublishers.ofByteArray(file))
            .build(),
        BodyHandlers.ofString());
    assertThat(kept.statusCode()).as(kept.body()).isEqualTo(201);
    HttpResponse<byte[]> read = http.send(
        request(kept.headers().firstValue("Location").orElseThrow())
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofByteArray());
    assertThat(read.body()).isEqualTo(file);
  }

  /** The test's own time bounds this. */
  private static void awaitLine(Iterator<String> lines, String part) {
    while (!lines.next().contains(part)) {
      // Something else that the stream brought.
    }
  }

  @Test
  void shows_nobody_what_is_for_operators() throws Exception {
    HttpResponse<String> health =
        http.send(request("/health/ready").build(), BodyHandlers.ofString());

    assertThat(health.statusCode()).isEqualTo(404);
  }
}
