package io.madang.system.access;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Server-sent events: a topic is all that can be asked for. */
final class StreamDoorUnderTest implements DoorUnderTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** What everybody may hear who is somebody. */
  private static final String LOBBY = "room:lobby";

  private final HttpClient http;
  private final String address;

  StreamDoorUnderTest(HttpClient http, String address) {
    this.http = http;
    this.address = address;
  }

  @Override
  public String name() {
    return "event stream";
  }

  @Override
  public boolean offers(Action action) {
    return switch (action) {
      case CONNECT, SUBSCRIBE_PUBLIC, SUBSCRIBE_PRIVATE, SUBSCRIBE_FOREIGN_INBOX -> true;
      default -> false;
    };
  }

  /** A page reads only what it is let, and a browser does not always say which page it is. */
  @Override
  public boolean takesCookieWithoutPage(Action action) {
    return true;
  }

  @Override
  public String attempt(Shown shown, Action action, Places places, BooleanSupplier connected) {
    String welcome = hear(shown, LOBBY, connected);
    return !welcome.equals(OK) || action == Action.CONNECT
        ? welcome
        : hear(shown, topic(action, places), () -> false);
  }

  private static String topic(Action action, Places places) {
    return switch (action) {
      case SUBSCRIBE_PUBLIC -> "room:" + places.publicRoom();
      case SUBSCRIBE_PRIVATE -> "room:" + places.privateRoom();
      case SUBSCRIBE_FOREIGN_INBOX -> "inbox:" + places.foreignInbox();
      default -> throw new IllegalArgumentException("a stream does not do " + action);
    };
  }

  private String hear(Shown shown, String topic, BooleanSupplier connected) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
            address + "/stream?topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8)))
        .timeout(LIMIT);
    shown.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    shown.cookie().ifPresent(cookie -> request.header("Cookie", cookie));
    shown.origin().ifPresent(origin -> request.header("Origin", origin));
    try {
      HttpResponse<InputStream> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        return response.statusCode() == 200
            ? outcome(lines, connected)
            : new JsonObject(String.join("", lines.lines().toList())).getString("code");
      }
    } catch (IOException | UncheckedIOException e) {
      throw new AssertionError("the event stream does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String outcome(BufferedReader lines, BooleanSupplier connected)
      throws IOException {
    String first = nextWord(lines);
    if (!first.equals(OK) || !connected.getAsBoolean()) {
      return first;
    }
    long cutBy = System.nanoTime() + CUT_WITHIN.toNanos();
    String last = nextWord(lines);
    if (System.nanoTime() - cutBy > 0) {
      throw new AssertionError("it was cut later than " + CUT_WITHIN);
    }
    return last;
  }

  /** Whether a topic began, or why not or not any more; publications come between. */
  private static String nextWord(BufferedReader lines) throws IOException {
    String event = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        event = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        JsonObject frame = new JsonObject(line.substring("data: ".length()));
        switch (event) {
          case "subscribed":
            return OK;
          case "problem":
            return frame.getString("code");
          case "disconnect":
            return String.valueOf(frame.getInteger("code"));
          default:
        }
      } else if (line.isEmpty()) {
        event = "";
      }
    }
    throw new AssertionError("the stream ended without a word");
  }
}
