package io.madang.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.madang.testkit.Nginx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pages as applications of hubs have them, of the origin of the whole mesh in one process and with the script that it serves: one
 * with a listener, the same as a component of React, one that is signed in and tells who is typing, and one that hears every hub.
 */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class TheSeedsPagesWorkTest {
  private static final double PATIENCE_MS = 20_000;
  private static final String SCRIPT = "/signalr/signalr-10.0.11.min.js";
  private static final Path CLIENTS = Distribution.root().resolve("system-tests/clients");
  private static final Path MODULES = CLIENTS.resolve("node_modules");

  private final List<BrowserContext> people = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private Launched mesh;
  private Nginx pages;
  private Chromium chromium;

  @BeforeAll
  void start(@TempDir Path temp) throws IOException {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    chromium = Chromium.launch();
    mesh = Launched.start("all", temp.resolve("data"), Map.of()).awaitReady();
    // In front of the mesh, so that pages of the test are of its origin.
    pages = Nginx.inTurn(List.of("http://127.0.0.1:" + mesh.port()), files());
  }

  private static Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(CLIENTS.resolve("pages"))) {
      for (Path each : all.toList()) {
        files.put(each.getFileName().toString(), Files.readString(each));
      }
    }
    files.put("react.js", Files.readString(MODULES.resolve("react/umd/react.production.min.js")));
    files.put(
        "react-dom.js",
        Files.readString(MODULES.resolve("react-dom/umd/react-dom.production.min.js")));
    return files;
  }

  @AfterAll
  void stop() {
    Stream.of(chromium, pages, mesh).filter(each -> each != null).forEach(each -> {
      try {
        each.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
  }

  @AfterEach
  void nothing_was_wrong_behind_the_pages() {
    people.forEach(BrowserContext::close);
    people.clear();
    List<String> heard = List.copyOf(complaints);
    complaints.clear();
    assertThat(heard).isEmpty();
  }

  /** A page in a browser of its own. */
  private Page open(String file, String query) {
    BrowserContext person = chromium.visitor();
    people.add(person);
    person.setDefaultTimeout(PATIENCE_MS);
    Page page = person.newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error")) {
        complaints.add(message.text());
      }
    });
    page.onPageError(error -> complaints.add("uncaught: " + error));
    page.navigate(pages.address() + "/test/" + file + "?" + query);
    return page;
  }

  private static void says(Page page, String text) {
    page.getByLabel("Message").fill(text);
    page.getByRole(AriaRole.BUTTON).click();
  }

  private static void reads(Page page, String text) {
    assertThat(page.locator("#messages")
            .locator("p, li")
            .filter(new Locator.FilterOptions().setHasText(text))
            .first())
        .isVisible();
  }

  @Test
  void with_the_script_that_npm_has() throws Exception {
    HttpResponse<byte[]> served = HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(pages.address() + SCRIPT)).build(),
            HttpResponse.BodyHandlers.ofByteArray());

    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(served.headers().firstValue("content-type").orElse("")).contains("javascript");
    assertThat(served.body())
        .isEqualTo(Files.readAllBytes(MODULES.resolve("signalr-10/dist/browser/signalr.min.js")));
  }

  @Test
  void with_one_listener_and_as_a_component() {
    Page minas = open("plain-chat.html", "user=mina");
    Page joons = open("react-chat.html", "user=joon");
    assertThat(minas).hasTitle("connected");
    assertThat(joons.getByRole(AriaRole.BUTTON)).isEnabled();

    says(minas, "안녕 <b>all</b>");
    reads(joons, "mina: 안녕 <b>all</b>");
    says(joons, "Hello, mina");
    reads(minas, "joon: Hello, mina");
    reads(joons, "joon: Hello, mina");
    reads(joons, "mina: 안녕 <b>all</b>");
    shoot(joons, "react-chat");
  }

  @Test
  void signed_in_and_seeing_who_types() {
    Page minas = open("typing-chat.html", "token=" + mesh.guest("mina"));
    // Whoever is not there yet is not told who joins.
    reads(minas, "Connected as ");
    Page joons = open("typing-chat.html", "token=" + mesh.guest("joon"));
    reads(joons, "Connected as ");
    reads(minas, "SYSTEM: joon joined");

    joons.getByLabel("Message").fill("I am");
    assertThat(minas.locator("#typing")).hasText("joon is typing…");
    says(joons, "I am here");
    reads(minas, "joon: I am here");
    assertThat(minas.locator("#typing")).hasText("");

    Object unused = minas.evaluate("() => room('seeds', 'kept for later')");
    reads(minas, "SYSTEM: mina joined seeds");
    reads(minas, "kept mina: kept for later");
    unused = minas.evaluate("() => whisper('joon', 'just for you')");
    reads(joons, "mina: just for you");
    assertThat((List<?>) minas.evaluate("() => ticks(2)")).hasSize(2);
    JsonObject taken =
        json(minas, "async () => JSON.stringify(await upload(['ab', 'cde']))").getAsJsonObject();
    assertThat(taken.get("bytes").getAsInt()).isEqualTo(5);
    shoot(minas, "typing-chat");
  }

  @Test
  void hearing_every_hub() {
    Page minas = open("listeners.html", "token=" + mesh.guest("minae"));
    Page joons = open("listeners.html", "token=" + mesh.guest("joone"));
    assertThat(minas).hasTitle("connected");
    assertThat(joons).hasTitle("connected");

    call(minas, "rooms", "CreateRoom", "'attic', {title: 'Attic', password: 'secret'}");
    call(joons, "rooms", "JoinRoom", "'attic', 'wrong'");
    call(joons, "rooms", "JoinRoom", "'attic', 'secret'");
    call(joons, "rooms", "SendMessageToRoom", "'attic', 'I am @minae'");
    call(joons, "rooms", "LeaveRoom", "'attic'");
    call(joons, "chat", "BroadcastMessage", "'to all others'");
    call(joons, "chat", "SendPrivateMessage", "'minae', 'to you alone'");
    call(joons, "optimized", "QueueMessage", "'queued'");
    call(joons, "securemessages", "SendSecureMessage", "'<script>'");
    call(minas, "dashboard", "SubscribeToMetric", "'connections'");

    hears(minas, "rooms", "RoomCreated", "UserJoinedRoom", "RoomMessage", "UserLeftRoom");
    hears(joons, "rooms", "Error", "JoinedRoom");
    hears(
        minas,
        "chat",
        "ReceiveMessage",
        "ReceiveBroadcast",
        "ReceivePrivateMessage",
        "UserConnected");
    hears(minas, "typedchat", "UpdateUserList");
    hears(minas, "optimized", "ReceiveMessages");
    hears(minas, "securemessages", "ReceiveSecureMessage");
    hears(minas, "secure", "DeviceConnected");
    hears(minas, "notifications", "ReceiveNotification");
    hears(minas, "dashboard", "UpdateDashboard", "UpdateMetric");
    String id = told(minas, "notifications", "ReceiveNotification")
        .get(0)
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject()
        .get("id")
        .getAsString();
    call(minas, "notifications", "MarkAsRead", "'" + id + "'");
    call(minas, "notifications", "MarkAllAsRead", "");
    hears(minas, "notifications", "NotificationRead", "AllNotificationsRead");

    JsonArray prices = json(
            minas,
            "async () => JSON.stringify(await items('streaming', 'StreamStockPrices', ['MADANG'], 2))")
        .getAsJsonArray();
    assertThat(prices.get(1).getAsJsonObject().get("price").getAsDouble()).isPositive();
    JsonObject processed = json(
            minas,
            "async () => JSON.stringify(await process([{id: 'a', data: 'x'}, {id: 'b', data: 'y'}]))")
        .getAsJsonObject();
    assertThat(processed.get("totalProcessed").getAsInt()).isEqualTo(2);
    hears(minas, "processing", "ProcessingProgress");
    shoot(minas, "listeners");
  }

  private static void call(Page page, String hub, String method, String arguments) {
    Object unused = page.evaluate("() => call('%s', '%s', [%s])".formatted(hub, method, arguments));
  }

  private static JsonElement json(Page page, String script) {
    return JsonParser.parseString((String) page.evaluate(script));
  }

  private static void hears(Page page, String hub, String... names) {
    for (String name : names) {
      Awaitility.await(hub + " tells " + name)
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> !told(page, hub, name).isEmpty());
    }
  }

  /** The arguments of each time that a hub told that. */
  private static List<JsonElement> told(Page page, String hub, String name) {
    return StreamSupport.stream(
            json(page, "() => JSON.stringify(window.heard)").getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(each -> each.get("hub").getAsString().equals(hub))
        .filter(each -> each.get("name").getAsString().equals(name))
        .map(each -> each.get("arguments"))
        .toList();
  }

  private static void shoot(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions()
        .setPath(Distribution.root().resolve("system-tests/target/pages/" + name + ".png")));
  }
}
