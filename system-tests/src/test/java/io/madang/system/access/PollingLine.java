package io.madang.system.access;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** On SockJS that polls: one request waits for what is said, others say something. */
final class PollingLine extends FrameLine {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final HttpClient http;
  private final String session;
  private final Shown shown;

  /** The request that waits, ended when this one leaves. */
  private volatile CompletableFuture<HttpResponse<String>> polling;

  /** Set when nobody asks any more. */
  private volatile boolean isLeft;

  private PollingLine(HttpClient http, String session, Shown shown) {
    this.http = http;
    this.session = session;
    this.shown = shown;
  }

  static PollingLine open(HttpClient http, String address, Shown shown) {
    PollingLine line =
        new PollingLine(http, address + "/sockjs/000/" + UUID.randomUUID() + "/", shown);
    HttpResponse<String> opened = line.send("xhr", "").join();
    if (opened.statusCode() != 200) {
      throw new RefusedException(codeOf(opened));
    }
    if (!opened.body().equals("o\n")) {
      throw new AssertionError("a session began with " + opened.body());
    }
    line.poll();
    return line;
  }

  private static String codeOf(HttpResponse<String> refused) {
    return refused.body().startsWith("{")
        ? new JsonObject(refused.body()).getString("code")
        : String.valueOf(refused.statusCode());
  }

  private void poll() {
    polling = send("xhr", "").whenComplete((answer, failure) -> {
      if (isLeft) {
        return;
      }
      if (failure != null || answer.statusCode() != 200) {
        heardClose(failure == null ? answer.statusCode() : 0);
        return;
      }
      answer.body().lines().forEach(this::heardOfSockJs);
      if (!answer.body().startsWith("c")) {
        poll();
      }
    });
  }

  @Override
  void say(String frame) {
    // A session that is over is not found; what it said before tells why.
    send("xhr_send", forSockJs(frame)).join();
  }

  @Override
  void leave() {
    isLeft = true;
    polling.cancel(true);
  }

  private CompletableFuture<HttpResponse<String>> send(String transport, String body) {
    String ticket = shown.ticket().map(text -> "?ticket=" + text).orElse("");
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(session + transport + ticket))
        .timeout(LIMIT)
        .header("Content-Type", "text/plain;charset=UTF-8")
        .POST(HttpRequest.BodyPublishers.ofString(body));
    shown.cookie().ifPresent(cookie -> request.header("Cookie", cookie));
    shown.origin().ifPresent(origin -> request.header("Origin", origin));
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
