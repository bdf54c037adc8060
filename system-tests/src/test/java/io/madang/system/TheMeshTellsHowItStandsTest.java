package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.madang.client.MadangClient;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.json.RawJson;
import io.madang.testkit.FreePorts;
import io.madang.testkit.RunningProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * An operator sees how a mesh that runs stands, by the launcher, by a page of any process, and as an admin by every door: who is
 * there and who does not answer, who hears what, and how far behind. One mesh of two gateways for all tests.
 */
@Tag("cluster")
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class TheMeshTellsHowItStandsTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String ONE = "gateway-1";
  private static final String TWO = "gateway-2";
  private static final String CHAT = "chat-1";
  private static final String ROOM = "room:dev";
  private static final String SECRET = "known to the operator alone";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private Path directory;
  private MeshProcesses mesh;
  private MadangClient mina;
  private MadangClient jun;

  @BeforeAll
  void let_somebody_hear_a_room_at_each_gateway(@TempDir Path empty) throws Exception {
    directory = empty;
    Map<String, String> roles = new LinkedHashMap<>();
    roles.put(CHAT, "chat");
    roles.put("dashboard-1", "dashboard");
    roles.put(ONE, "gateway");
    roles.put(TWO, "gateway");
    mesh = MeshProcesses.start(roles, Map.of("MADANG_ADMIN_SECRET", SECRET));
    mina = mesh.client(ONE, "mina");
    jun = mesh.client(TWO, "jun");
    for (MadangClient each : List.of(mina, jun)) {
      each.command("chat", "joinRoom", RawJson.trusted("{\"room\":\"dev\"}"))
          .get(30, TimeUnit.SECONDS);
      each.subscribe(ROOM, publication -> {}).get(30, TimeUnit.SECONDS);
    }
  }

  @AfterAll
  void stop() {
    if (mina != null) {
      mina.close();
    }
    if (jun != null) {
      jun.close();
    }
    if (mesh != null) {
      mesh.close();
    }
  }

  // By the page of a process.

  private JsonObject page(String node, String question) {
    HttpResponse<String> answer = mesh.page(node, "/admin/mesh?" + question);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonParser.parseString(answer.body()).getAsJsonObject();
  }

  /** The row whose member begins so: an id is a name and an incarnation. */
  private static JsonObject row(JsonObject page, String list, String member, String beginning) {
    for (JsonElement each : page.getAsJsonArray(list)) {
      if (each.getAsJsonObject().get(member).getAsString().startsWith(beginning)) {
        return each.getAsJsonObject();
      }
    }
    throw new AssertionError("no " + beginning + " among the " + list + " of " + page);
  }

  private JsonObject node(String name) {
    return row(page(ONE, "view=nodes"), "nodes", "node", name + ".");
  }

  /** How the room stands at a gateway, as any process tells it. */
  private JsonObject position(String gateway) {
    JsonObject topic =
        row(page("dashboard-1", "view=positions&topic=" + ROOM), "topics", "topic", ROOM);
    return row(topic, "gateways", "node", gateway + ".");
  }

  private long lag(String gateway) {
    JsonElement lag = position(gateway).get("lag");
    return lag.isJsonNull() ? -1 : lag.getAsLong();
  }

  @Test
  void who_hears_what_and_where() {
    JsonObject topic = row(page(CHAT, "view=topics&prefix=room"), "topics", "topic", ROOM);
    assertThat(topic.get("service").getAsString()).isEqualTo("chat");
    assertThat(topic.get("holds").getAsInt()).isEqualTo(2);
    assertThat(topic.getAsJsonArray("gateways")).hasSize(2);

    for (String gateway : List.of(ONE, TWO)) {
      await("what chat knows of " + gateway).atMost(LIMIT).untilAsserted(() -> {
        JsonObject interest =
            row(page(CHAT, "view=interest"), "interest", "gateway", gateway + ".");
        assertThat(interest.get("service").getAsString()).isEqualTo("chat");
        assertThat(interest.get("topics").getAsInt()).isPositive();
        JsonObject known = row(interest, "nodes", "node", CHAT + ".");
        assertThat(known.get("agrees").getAsBoolean()).isTrue();
      });
    }
  }

  @Test
  void a_gateway_that_stands_still_and_that_it_goes_on() {
    assertThat(node(TWO).get("answered").getAsBoolean()).isTrue();
    mesh.process(TWO).freeze();
    try {
      await("that all miss it").atMost(LIMIT).untilAsserted(() -> {
        JsonObject frozen = node(TWO);
        assertThat(frozen.get("answered").getAsBoolean()).isFalse();
        assertThat(frozen.getAsJsonArray("suspectedBy")).hasSize(3);
      });
      JsonObject interest = page(ONE, "view=interest");
      JsonObject known =
          row(row(interest, "interest", "gateway", TWO + "."), "nodes", "node", CHAT + ".");
      assertThat(known.getAsJsonObject("window").get("blocked").getAsBoolean()).isTrue();

      Said nodes = admin(Map.of(), "nodes", "--at", health(ONE));

      assertThat(nodes.exit()).isZero();
      assertThat(nodes.line(TWO)).endsWith("does not answer; suspected by all that answer");
      assertThat(nodes.line(CHAT)).endsWith("fine");
      assertThat(nodes.lines().get(nodes.lines().size() - 1))
          .matches(TWO + "\\.\\w+ did not answer; it was last heard \\d+\\.\\d s ago\\.");
    } finally {
      mesh.process(TWO).thaw();
    }
    await("that it is there again").atMost(LIMIT).untilAsserted(() -> {
      assertThat(node(TWO).get("answered").getAsBoolean()).isTrue();
      assertThat(node(TWO).getAsJsonArray("suspectedBy")).isEmpty();
    });
  }

  @Test
  void how_far_behind_a_gateway_is_until_that_is_mended() throws Exception {
    // What a node leaves that dies between commit and publish. Each topic is compared once a
    // minute, which may come in between and mends it unseen, so it is done until it is seen.
    await("a lag that is mended from the history").atMost(LIMIT).until(() -> {
      mesh.database()
          .execute(
              "update chat.topic set last_offset = last_offset + 1 where topic = '" + ROOM + "'");
      if (lag(ONE) <= 0 || lag(TWO) <= 0) {
        return false;
      }
      mina.command("chat", "sendToRoom", RawJson.trusted("{\"room\":\"dev\",\"text\":\"hi\"}"))
          .get(30, TimeUnit.SECONDS);
      await("that nothing lags").atMost(LIMIT).until(() -> lag(ONE) == 0 && lag(TWO) == 0);
      JsonObject seen = page(ONE, "view=positions");
      return byHistory(seen, ONE) > 0 && byHistory(seen, TWO) > 0;
    });

    JsonObject positions = page(ONE, "view=positions");
    for (String gateway : List.of(ONE, TWO)) {
      assertThat(mesh.page(gateway, "/metrics").body())
          .contains(
              "madang_holes_total{outcome=\"history\"} " + byHistory(positions, gateway) + ".0");
    }
    JsonObject sent = row(positions, "repairs", "node", CHAT + ".").getAsJsonObject("counts");
    assertThat(sent.get("batchesSent").getAsLong()).isPositive();
  }

  private long byHistory(JsonObject positions, String gateway) {
    JsonObject counts = row(positions, "repairs", "node", gateway + ".").getAsJsonObject("counts");
    return counts.get("holesRepaired").getAsLong()
        - counts.get("holesRepairedBySender").getAsLong();
  }

  // By the launcher.

  private record Said(int exit, List<String> lines) {
    String line(String beginning) {
      return lines.stream()
          .filter(line -> line.startsWith(beginning))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + beginning + " in " + lines));
    }
  }

  private String health(String node) {
    return mesh.page(node, "/health/live").uri().getAuthority();
  }

  private Said admin(Map<String, String> settings, String... words) {
    List<String> command = new ArrayList<>(Distribution.command("admin"));
    command.addAll(List.of(words));
    Map<String, String> environment = new LinkedHashMap<>(settings);
    environment.put("MADANG_DATA_DIR", directory.resolve("nothing").toString());
    try (RunningProcess admin = RunningProcess.start("admin", command, environment, directory)) {
      int exit = admin.awaitExit(LIMIT);
      return new Said(exit, admin.lines());
    }
  }

  @Test
  void as_columns_or_as_json() {
    Said positions =
        admin(Map.of("MADANG_HEALTH_PORT", health(ONE).split(":", -1)[1]), "positions");
    assertThat(positions.exit()).isZero();
    assertThat(positions.lines().get(0))
        .matches("TOPIC +SERVICE +HEAD +GATEWAY +LAST +LAG +WAITING");
    assertThat(positions.line(ROOM))
        .matches(ROOM + " +chat +\\d+ +gateway-1\\.\\w+ +\\d+ +\\d+ +0");

    Said json = admin(Map.of(), "topics", "--json", "--topic", ROOM, "--at", health(CHAT));
    assertThat(json.exit()).isZero();
    JsonObject page = JsonParser.parseString(String.join("\n", json.lines())).getAsJsonObject();
    assertThat(row(page, "topics", "topic", ROOM).get("holds").getAsInt()).isEqualTo(2);
  }

  @Test
  void what_is_wrong_with_the_words_in_one_sentence() {
    Said unknown = admin(Map.of(), "node");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.lines())
        .containsExactly(
            "madang admin cannot show \"node\"; it shows nodes, interest, topics, positions.");

    Said refused = admin(Map.of(), "topics", "--top", "many", "--at", health(ONE));
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.lines()).containsExactly("top is a whole number from 1 to 200.");
  }

  @Test
  void that_nothing_runs_where_it_is_asked() {
    Said nobody = admin(Map.of(), "nodes");
    assertThat(nobody.exit()).isEqualTo(1);
    assertThat(nobody.lines()).hasSize(1);
    assertThat(nobody.lines().get(0))
        .startsWith("No Madang runs on the data directory ")
        .contains("./madang cluster");

    String free = "127.0.0.1:" + FreePorts.one();
    Said away = admin(Map.of(), "nodes", "--at", free);
    assertThat(away.exit()).isEqualTo(1);
    assertThat(away.lines().get(0)).startsWith("Nothing of Madang answers at " + free);
  }

  // To whom.

  @Test
  void only_to_its_own_machine_or_to_those_who_know_the_secret() throws Exception {
    assertThat(pageThroughProxy(Optional.empty())).isEqualTo(403);
    assertThat(pageThroughProxy(Optional.of("a wrong but long secret"))).isEqualTo(403);
    assertThat(pageThroughProxy(Optional.of(SECRET))).isEqualTo(200);

    Said refused = admin(
        Map.of("MADANG_ADMIN_SECRET", "a wrong but long secret"), "nodes", "--at", health(ONE));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.lines()).containsExactly("The secret is not that of MADANG_ADMIN_SECRET.");
  }

  private int pageThroughProxy(Optional<String> secret) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://" + health(ONE) + "/admin/mesh?view=nodes"))
        .timeout(LIMIT)
        .header("X-Forwarded-For", "203.0.113.7");
    secret.ifPresent(known -> request.header("Authorization", "Bearer " + known));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void to_an_admin_by_every_door_and_to_nobody_else() throws Exception {
    String guest = mesh.guestToken(ONE, "nosy");
    String admin = adminToken();
    String known = "{\"view\":\"topics\",\"topic\":\"" + ROOM + "\"}";
    String unknown = "{\"view\":\"topics\",\"topic\":\"room:nowhere\"}";

    HttpResponse<String> answer = inspect(admin, known);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(inspect(guest, known).statusCode()).isEqualTo(403);
    assertThat(inspect(guest, known).body()).isEqualTo(inspect(guest, unknown).body());
    for (NativeSocket socket : List.of(
        NativeSocket.open(http, mesh.address(ONE), admin),
        NativeSocket.openSockJs(http, mesh.address(TWO), admin))) {
      try (socket) {
        socket.send(command(socket.nextRef(), known));
        assertThat(socket.next(ServerFrame.Reply.class).result().toString()).contains(ROOM);
      }
    }
    try (NativeSocket socket = NativeSocket.open(http, mesh.address(ONE), guest)) {
      socket.send(command(socket.nextRef(), known));
      assertThat(socket.next(ServerFrame.Error.class).failure().code()).isEqualTo("forbidden");
    }
  }

  private static ClientFrame.Command command(long ref, String arguments) {
    return new ClientFrame.Command(
        ref, "dashboard", "inspectMesh", Optional.empty(), RawJson.trusted(arguments));
  }

  private HttpResponse<String> inspect(String token, String arguments) throws Exception {
    return post("/api/dashboard/inspectMesh", Optional.of(token), arguments);
  }

  private HttpResponse<String> post(String path, Optional<String> token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(mesh.address(ONE) + path))
        .timeout(LIMIT)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
    token.ifPresent(known -> request.header("Authorization", "Bearer " + known));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Roles are read when a token is made. */
  private String adminToken() throws IOException, InterruptedException, SQLException {
    String account = "{\"name\":\"operator\",\"password\":\"a password of some length\"}";
    JsonObject made = JsonParser.parseString(
            post("/api/auth/register", Optional.empty(), account).body())
        .getAsJsonObject();
    String id = made.getAsJsonObject("user").get("id").getAsString();
    mesh.database()
        .execute("update identity.account set roles = '{admin}' where id = '" + id + "'");
    return JsonParser.parseString(
            post("/api/auth/login", Optional.empty(), account).body())
        .getAsJsonObject()
        .get("accessToken")
        .getAsString();
  }
}
