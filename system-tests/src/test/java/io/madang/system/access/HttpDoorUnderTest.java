package io.madang.system.access;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Plain HTTP: a topic is read where other doors subscribe to it. */
final class HttpDoorUnderTest implements DoorUnderTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final HttpClient http;
  private final String address;

  HttpDoorUnderTest(HttpClient http, String address) {
    this.http = http;
    this.address = address;
  }

  @Override
  public String name() {
    return "HTTP";
  }

  @Override
  public boolean takesCookieWithoutPage(Action action) {
    return switch (action) {
      case COMMAND, UPLOAD -> false;
      default -> true;
    };
  }

  @Override
  public String attempt(Shown shown, Action action, Places places, BooleanSupplier connected) {
    return connected.getAsBoolean()
        ? Awaitility.await()
            .atMost(CUT_WITHIN)
            .until(() -> ask(shown, action, places), outcome -> !outcome.equals(OK))
        : ask(shown, action, places);
  }

  private String ask(Shown shown, Action action, Places places) {
    return switch (action) {
      case CONNECT -> get(shown, "/api/auth/me");
      case SUBSCRIBE_PUBLIC -> get(shown, history("room:" + places.publicRoom()));
      case SUBSCRIBE_PRIVATE, HISTORY -> get(shown, history("room:" + places.privateRoom()));
      case SUBSCRIBE_FOREIGN_INBOX -> get(shown, history("inbox:" + places.foreignInbox()));
      case COMMAND ->
        post(
            shown,
            "/api/chat/sendToRoom",
            new JsonObject().put("room", places.publicRoom()).put("text", "hi").encode(),
            "application/json");
      case UPLOAD ->
        post(
            shown,
            "/api/chat/uploads?room=" + places.publicRoom() + "&name=a.txt",
            "a file",
            "text/plain");
      case DOWNLOAD -> get(shown, "/api/chat/uploads/" + places.file());
    };
  }

  private static String history(String topic) {
    return "/api/topics/" + URLEncoder.encode(topic, StandardCharsets.UTF_8) + "/history";
  }

  private String get(Shown shown, String path) {
    return send(shown, HttpRequest.newBuilder(URI.create(address + path)).GET());
  }

  private String post(Shown shown, String path, String body, String type) {
    return send(
        shown,
        HttpRequest.newBuilder(URI.create(address + path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private String send(Shown shown, HttpRequest.Builder request) {
    shown.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    shown.cookie().ifPresent(cookie -> request.header("Cookie", cookie));
    shown.origin().ifPresent(origin -> request.header("Origin", origin));
    try {
      HttpResponse<String> response =
          http.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() / 100 == 2
          ? OK
          : new JsonObject(response.body()).getString("code");
    } catch (IOException e) {
      throw new AssertionError("the HTTP door does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
