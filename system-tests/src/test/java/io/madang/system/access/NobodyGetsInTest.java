package io.madang.system.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.system.Distribution;
import io.madang.system.Launched;
import io.madang.testkit.RunningProcess;
import io.madang.testkit.TestIssuer;
import io.madang.testkit.TestIssuer.IssuerKey;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every door, as everybody, for everything; and what of it is in the logs. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NobodyGetsInTest {
  private static final String PASSWORD = "correct horse battery";

  @TempDir
  static Path data;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final TestIssuer issuer = new TestIssuer();
  private final IssuerKey key = IssuerKey.rsa("k1", 2_048);
  private final IssuerKey stranger = IssuerKey.rsa("k1", 2_048);

  /** Everything that must be in no log. */
  private final Set<String> secrets = new TreeSet<>(Set.of(PASSWORD));

  private final Map<Identity, Shown> identities = new HashMap<>();
  private Launched mesh;
  private List<DoorUnderTest> doors;
  private Places places;
  private int accounts;

  @BeforeAll
  void start() {
    issuer.show(key);
    mesh = Launched.start(
            "all",
            data,
            Map.of(
                "MADANG_AUTH_JWKS_URL", issuer.address(),
                "MADANG_AUTH_OUTSIDE_ISSUER", issuer.address(),
                "MADANG_AUTH_OUTSIDE_AUDIENCE", TestIssuer.AUDIENCE,
                "MADANG_AUTH_CLOCK_SKEW_MS", "0",
                "MADANG_AUTH_REGISTRATIONS_PER_ADDRESS", "1000",
                "MADANG_AUTH_GUESTS_PER_ADDRESS", "1000",
                "MADANG_LOG_LEVEL", "debug"))
        .awaitReady();
    doors = List.of(
        new FrameDoorUnderTest(
            "WebSocket", shown -> SocketLine.open(http, address(), shown, false)),
        new FrameDoorUnderTest("SockJS", shown -> SocketLine.open(http, address(), shown, true)),
        new FrameDoorUnderTest("SockJS polling", shown -> PollingLine.open(http, address(), shown)),
        new BridgeDoorUnderTest(http, address()),
        new StreamDoorUnderTest(http, address()),
        new HttpDoorUnderTest(http, address()));
    furnish();
  }

  @AfterAll
  void stop() {
    mesh.close();
    issuer.close();
  }

  private String address() {
    return "http://127.0.0.1:" + mesh.port();
  }

  private void furnish() {
    String member = secret(key.sign(issuer.claims("mina")));
    String banned = registered().getString("accessToken");
    String other = registered().getString("accessToken");
    String guest = secret(mesh.guest("passer-by"));
    HttpResponse<String> page = register();
    String cookie = cookie(page);
    String ofPage = new JsonObject(page.body()).getString("accessToken");
    String inbox = registered().getJsonObject("user").getString("id");

    command(member, "createRoom", "{\"room\":\"square\"}");
    command(
        member, "createRoom", "{\"room\":\"parlour\",\"options\":{\"visibility\":\"private\"}}");
    for (String each : List.of(banned, other, guest, ofPage)) {
      command(each, "joinRoom", "{\"room\":\"square\"}");
    }
    invite(member, ofPage);
    invite(member, banned);
    ban(member, banned, "square");
    ban(member, banned, "parlour");
    places = new Places("square", "parlour", inbox, file(member));
    Instant past = Instant.now().minusSeconds(60);
    identities.putAll(Map.of(
        Identity.NONE, Shown.nothing(),
        Identity.EXPIRED,
            Shown.token(secret(key.sign(issuer.claims("mina", TestIssuer.AUDIENCE, past)))),
        Identity.WRONG_AUDIENCE,
            Shown.token(secret(
                key.sign(issuer.claims("mina", "others-only", Instant.now().plusSeconds(600))))),
        Identity.WRONG_KEY, Shown.token(secret(stranger.sign(issuer.claims("mina")))),
        Identity.ALG_NONE, Shown.token(secret(TestIssuer.unsigned(issuer.claims("mina")))),
        Identity.GUEST, Shown.token(guest),
        Identity.OTHER_USER, Shown.token(other),
        Identity.BANNED, Shown.token(banned),
        Identity.MEMBER, Shown.token(member)));
    identities.put(Identity.COOKIE_OF_A_FOREIGN_PAGE, Shown.cookie(cookie, "https://evil.example"));
    identities.put(Identity.COOKIE_WITHOUT_A_PAGE, Shown.cookie(cookie, null));
    identities.put(Identity.COOKIE_OF_OUR_PAGE, Shown.cookie(cookie, address()));
  }

  private String secret(String text) {
    secrets.add(text);
    return text;
  }

  /** A new account; its tokens and its cookies are noted. */
  private HttpResponse<String> register() {
    HttpResponse<String> response = post(
        "/api/auth/register",
        "",
        new JsonObject()
            .put("name", "person" + ++accounts)
            .put("password", PASSWORD)
            .encode());
    noted(response);
    return response;
  }

  private JsonObject registered() {
    return new JsonObject(register().body());
  }

  private static String cookie(HttpResponse<String> signedIn) {
    return signedIn.headers().allValues("Set-Cookie").stream()
        .map(cookie -> cookie.split(";", 2)[0])
        .filter(cookie -> cookie.startsWith("madang="))
        .findFirst()
        .orElseThrow();
  }

  private String idOf(String token) {
    return new JsonObject(get("/api/auth/me", token).body())
        .getJsonObject("user")
        .getString("id");
  }

  private void invite(String by, String token) {
    command(token, "listRooms", "{}");
    command(by, "inviteUser", about("parlour", idOf(token)));
    command(token, "joinRoom", "{\"room\":\"parlour\"}");
  }

  private void ban(String by, String token, String room) {
    command(by, "banUser", about(room, idOf(token)));
  }

  private static String about(String room, String user) {
    return new JsonObject().put("room", room).put("user", user).encode();
  }

  private void command(String token, String name, String arguments) {
    HttpResponse<String> response = post("/api/chat/" + name, token, arguments);
    assertThat(response.statusCode()).as(name + ": " + response.body()).isEqualTo(200);
  }

  private String file(String token) {
    HttpResponse<String> response = send(HttpRequest.newBuilder(
            URI.create(address() + "/api/chat/uploads?room=parlour&name=plan.txt"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "text/plain")
        .POST(HttpRequest.BodyPublishers.ofString("the plan")));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return new JsonObject(response.body()).getString("upload");
  }

  private HttpResponse<String> get(String path, String token) {
    return send(HttpRequest.newBuilder(URI.create(address() + path))
        .header("Authorization", "Bearer " + token));
  }

  private HttpResponse<String> post(String path, String token, String json) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json));
    return send(token.isEmpty() ? request : request.header("Authorization", "Bearer " + token));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @TestFactory
  @Order(1)
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  Stream<DynamicTest> everybody_does_at_every_door_what_they_may_and_nothing_else() {
    return doors.stream()
        .flatMap(door -> Arrays.stream(Identity.values())
            .flatMap(identity -> Arrays.stream(Action.values())
                .filter(door::offers)
                .map(action -> DynamicTest.dynamicTest(
                    "%s, %s, %s".formatted(door.name(), identity, action),
                    () -> check(door, identity, action)))));
  }

  private void check(DoorUnderTest door, Identity identity, Action action) {
    String outcome = identity == Identity.REVOKED
        ? revokedWhileConnected(door, action)
        : door.attempt(identities.get(identity), action, places, () -> false);
    boolean allowed = identity.may(action)
        || (identity == Identity.COOKIE_WITHOUT_A_PAGE
            && door.takesCookieWithoutPage(action)
            && Identity.COOKIE_OF_OUR_PAGE.may(action));
    if (allowed) {
      assertThat(outcome).isEqualTo(DoorUnderTest.OK);
    } else if (identity == Identity.REVOKED) {
      assertThat(outcome).isIn("revoked", "4506");
    } else if (identity.code().isEmpty()) {
      assertThat(outcome)
          .isIn(
              "forbidden",
              "not-a-member",
              "banned",
              "unknown-upload",
              "unauthenticated",
              "origin-refused",
              "403");
    } else {
      assertThat(outcome).isEqualTo(identity.code());
    }
  }

  /** Somebody who may do everything signs out at another door, and a second later is nobody here. */
  private String revokedWhileConnected(DoorUnderTest door, Action action) {
    JsonObject person = registered();
    String token = person.getString("accessToken");
    command(token, "joinRoom", "{\"room\":\"square\"}");
    Shown shown = Shown.token(token);
    String first = door.attempt(shown, action, places, () -> {
      assertThat(post("/api/auth/logout", token, "").statusCode()).isEqualTo(204);
      return true;
    });
    assertThat(door.attempt(shown, action, places, () -> false))
        .as("the next one")
        .isEqualTo("revoked");
    return first;
  }

  @Test
  @Order(2)
  void a_ticket_opens_one_socket_and_no_more() {
    String token = registered().getString("accessToken");
    for (DoorUnderTest door : doors.subList(0, 3)) {
      Shown ticket = Shown.ticket(
          secret(new JsonObject(post("/api/auth/ticket", token, "").body()).getString("ticket")));

      assertThat(door.attempt(ticket, Action.CONNECT, places, () -> false))
          .isEqualTo(DoorUnderTest.OK);
      assertThat(door.attempt(ticket, Action.CONNECT, places, () -> false)).isEqualTo("bad-ticket");
    }
  }

  @Test
  @Order(2)
  void a_file_whose_connection_broke_goes_on_where_it_stands_and_is_only_to_be_saved()
      throws Exception {
    String member = identities.get(Identity.MEMBER).token().orElseThrow();
    byte[] bytes = new byte[700_001];
    new Random(7).nextBytes(bytes);
    HttpResponse<byte[]> begun = upload(
        "POST",
        "/api/chat/uploads?room=parlour&name=%EB%A7%88%EB%8B%B9.bin",
        member,
        new byte[0],
        "Upload-Complete",
        "?0",
        "Upload-Length",
        String.valueOf(bytes.length));
    assertThat(begun.statusCode()).isEqualTo(201);
    String file = begun.headers().firstValue("Location").orElseThrow();

    breakOff(file, member, Arrays.copyOf(bytes, 300_000));
    long kept = Awaitility.await().until(() -> offset(file, member), at -> at > 0);
    assertThat(kept).isLessThanOrEqualTo(300_000);
    HttpResponse<byte[]> elsewhere =
        upload("PATCH", file, member, new byte[1], "Upload-Offset", String.valueOf(kept + 1));
    assertThat(elsewhere.statusCode()).isEqualTo(409);
    // A part of the broken request may still be on its way to the store.
    HttpResponse<byte[]> done = Awaitility.await()
        .until(() -> goOn(file, member, bytes), answer -> answer.statusCode() != 409);
    assertThat(done.statusCode())
        .as(new String(done.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);

    HttpResponse<byte[]> read = upload("GET", file, member, new byte[0]);
    assertThat(read.body()).isEqualTo(bytes);
    assertThat(read.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename*=UTF-8''%EB%A7%88%EB%8B%B9.bin");
    assertThat(read.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    String tag = read.headers().firstValue("ETag").orElseThrow();
    assertThat(upload("GET", file, member, new byte[0], "If-None-Match", tag).statusCode())
        .isEqualTo(304);
    assertThat(upload("DELETE", file, member, new byte[0]).statusCode()).isEqualTo(204);
    assertThat(upload("GET", file, member, new byte[0]).statusCode()).isEqualTo(404);
  }

  private HttpResponse<byte[]> upload(
      String method, String path, String token, byte[] body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + token)
        .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
        .join();
  }

  private HttpResponse<byte[]> goOn(String file, String token, byte[] bytes)
      throws GeneralSecurityException {
    long stands = offset(file, token);
    byte[] rest = Arrays.copyOfRange(bytes, (int) stands, bytes.length);
    return upload(
        "PATCH",
        file,
        token,
        rest,
        "Upload-Offset",
        String.valueOf(stands),
        "Repr-Digest",
        digest(bytes));
  }

  private long offset(String file, String token) {
    return upload("HEAD", file, token, new byte[0])
        .headers()
        .firstValueAsLong("Upload-Offset")
        .orElseThrow();
  }

  /** Sends some of a body that was announced to be longer, and goes away. */
  private void breakOff(String file, String token, byte[] some) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), mesh.port())) {
      String head = String.join(
          "\r\n",
          "PATCH " + file + " HTTP/1.1",
          "Host: 127.0.0.1:" + mesh.port(),
          "Authorization: Bearer " + token,
          "Upload-Offset: 0",
          "Content-Length: 700001",
          "",
          "");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(some);
      socket.getOutputStream().flush();
      // What is kept before it breaks off is enough; the rest need not arrive.
      Awaitility.await().until(() -> offset(file, token) > 0);
    }
  }

  private static String digest(byte[] bytes) throws GeneralSecurityException {
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(bytes);
    return "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
  }

  @Test
  @Order(3)
  void an_operator_gives_and_takes_roles_and_ends_sign_ins() {
    JsonObject person = registered();
    String name = person.getJsonObject("user").getString("name");
    String before = person.getString("accessToken");

    assertThat(admin("grant", "moderator", name)).anyMatch(line -> line.endsWith("moderator."));
    JsonObject promoted = refreshed(person);
    assertThat(promoted.getJsonObject("user").getJsonArray("roles")).containsExactly("moderator");
    assertThat(get("/api/auth/me", before).statusCode()).as("counts on").isEqualTo(200);

    assertThat(admin("take", "moderator", name)).anyMatch(line -> line.endsWith("none."));
    assertThat(get("/api/auth/me", promoted.getString("accessToken")).statusCode())
        .isEqualTo(401);

    JsonObject again = signedIn(name);
    DoorUnderTest door = doors.get(0);
    String ended =
        door.attempt(Shown.token(again.getString("accessToken")), Action.CONNECT, places, () -> {
          assertThat(admin("revoke", name)).anyMatch(line -> line.startsWith("Every sign-in of"));
          return true;
        });
    assertThat(ended).isEqualTo("4506");
    assertThat(post("/api/auth/refresh", "", refreshBody(again)).statusCode()).isEqualTo(401);
    assertThat(admin("grant", "Not A Role", name)).anyMatch(line -> line.startsWith("A role is"));
    assertThat(admin("revoke", "nobody-at-all"))
        .anyMatch(line -> line.equals("There is no account \"nobody-at-all\"."));
  }

  private List<String> admin(String... words) {
    List<String> command = new ArrayList<>(Distribution.command("admin"));
    command.addAll(List.of(words));
    Map<String, String> settings = Map.of("MADANG_DATA_DIR", data.toString());
    try (RunningProcess admin =
        RunningProcess.start("admin", command, settings, Distribution.root())) {
      admin.awaitExit(Duration.ofSeconds(30));
      return admin.lines();
    }
  }

  private static String refreshBody(JsonObject signedIn) {
    return new JsonObject()
        .put("refreshToken", signedIn.getString("refreshToken"))
        .encode();
  }

  private JsonObject refreshed(JsonObject signedIn) {
    return noted(post("/api/auth/refresh", "", refreshBody(signedIn)));
  }

  /** A token that was issued in the second of a revocation does not count, so it may take one. */
  private JsonObject signedIn(String name) {
    String body = new JsonObject().put("name", name).put("password", PASSWORD).encode();
    return Awaitility.await()
        .until(
            () -> noted(post("/api/auth/login", "", body)),
            in -> get("/api/auth/me", in.getString("accessToken")).statusCode() == 200);
  }

  private JsonObject noted(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonObject body = new JsonObject(response.body());
    secret(body.getString("accessToken"));
    secret(body.getString("refreshToken"));
    return body;
  }

  @Test
  @Order(4)
  void no_log_has_a_token_a_password_or_a_ticket() throws IOException {
    List<String> lines = new ArrayList<>(mesh.process().lines());
    try (Stream<Path> files = Files.walk(data)) {
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).toList()) {
        lines.addAll(Files.readAllLines(log, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(lines).hasSizeGreaterThan(100);

    for (String secret : secrets) {
      // A part of it would be too much already.
      String part = secret.substring(Math.max(0, secret.length() - 24));
      assertThat(lines).as("lines with a secret").noneMatch(line -> line.contains(part));
    }
  }
}
