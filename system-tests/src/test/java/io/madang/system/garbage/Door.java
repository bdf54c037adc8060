package io.madang.system.garbage;

import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.JsonLimits;
import io.madang.protocol.json.JsonValue;
import io.madang.protocol.json.MalformedJsonException;
import io.madang.protocol.json.StrictJson;
import io.madang.system.garbage.Arguments.Given;
import io.madang.system.garbage.Offered.Parameter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The HTTP door, as somebody who is signed in. */
final class Door {
  private static final StrictJson JSON = new StrictJson(JsonLimits.fromGateways());
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Requests at the same time. */
  private static final int ABREAST = 16;

  /** An answer, however it was asked for. */
  record Answer(int statusCode, String contentType, String body) {
    static Answer of(HttpResponse<String> response) {
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.body());
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;
  private final String token;

  Door(int port, String token) {
    this.port = port;
    this.token = token;
  }

  byte[] get(String target) {
    return send(request(target).GET()).body().getBytes(StandardCharsets.UTF_8);
  }

  Answer post(String target, String body) {
    return target.contains("%zz")
        ? raw("POST " + target, "Content-Type: application/json")
        : send(json(target, BodyPublishers.ofString(body)));
  }

  /** Without saying beforehand how long the body will be. */
  Answer postInChunks(String target, String body) {
    return send(json(
        target,
        BodyPublishers.ofInputStream(
            () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))));
  }

  private HttpRequest.Builder json(String target, BodyPublisher body) {
    return request(target).header("Content-Type", "application/json").POST(body);
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
        .timeout(LIMIT)
        .header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), BodyHandlers.ofString())
        .thenApply(Answer::of)
        .join();
  }

  /** A request that Java's own client refuses to send, without a body. */
  Answer raw(String line, String header) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket
          .getOutputStream()
          .write(String.join(
                  "\r\n",
                  line + " HTTP/1.1",
                  "Host: 127.0.0.1:" + port,
                  "Authorization: Bearer " + token,
                  "Content-Length: 0",
                  "Connection: close",
                  header,
                  "",
                  "")
              .getBytes(StandardCharsets.ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      String type = answer.toLowerCase(Locale.ROOT).contains("application/problem+json")
          ? "application/problem+json"
          : "";
      return new Answer(Integer.parseInt(answer.substring(9, 12)), type, answer.substring(end + 4));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of these arguments, what was not answered with a problem of status 400. */
  List<String> notRefused(Offered offered, List<Given> all) {
    String target = "/api/" + offered.service() + "/" + offered.name();
    List<String> wrongs = new ArrayList<>();
    for (int from = 0; from < all.size(); from += ABREAST) {
      List<Given> some = all.subList(from, Math.min(all.size(), from + ABREAST));
      List<CompletableFuture<Answer>> answers = some.stream()
          .map(given -> http.sendAsync(
                  json(target, BodyPublishers.ofString(given.json())).build(),
                  BodyHandlers.ofString())
              .thenApply(Answer::of))
          .toList();
      for (int i = 0; i < some.size(); i++) {
        String what = some.get(i).what();
        flaws(answers.get(i).join(), 400, "bad-request")
            .forEach(flaw -> wrongs.add(what + ": " + flaw));
      }
    }
    return wrongs;
  }

  /** Of some queries that no command can want, what was not answered with a problem of status 400. */
  List<String> notRefusedQueries(Offered offered) {
    String target = "/api/" + offered.service() + "/" + offered.name();
    List<String> queries = new ArrayList<>(List.of("colour=red", "%00=1", "__proto__=1"));
    for (Parameter parameter : offered.parameters()) {
      queries.add(parameter.name() + "=%00");
      queries.add(parameter.name() + "=x&" + parameter.name() + "=x");
      if (!parameter.type().is().equals("text")) {
        queries.add(parameter.name() + "=x");
        queries.add(parameter.name() + "=");
        queries.add(parameter.name() + "=1e400");
        queries.add(parameter.name() + "=[]");
      }
    }
    List<String> wrongs = new ArrayList<>();
    for (String query : queries) {
      Answer answer = post(target + "?" + query.replace("[]", "%5B%5D"), "");
      flaws(answer, 400, "bad-request").forEach(flaw -> wrongs.add(query + ": " + flaw));
    }
    return wrongs;
  }

  /** Why this is not the problem document that was wanted; empty if it is. */
  List<String> flaws(Answer answer, int status, String code) {
    if (answer.statusCode() != status) {
      return List.of("status " + answer.statusCode() + ": " + answer.body());
    }
    if (!answer.contentType().equals("application/problem+json")) {
      return List.of("type " + answer.contentType() + ": " + answer.body());
    }
    try {
      Failure failure = failure(answer.body());
      if (!failure.code().equals(code) || failure.retry() != Retry.NEVER) {
        return List.of("not " + code + ": " + answer.body());
      }
      return Client.flaw(failure).map(flaw -> flaw + ": " + answer.body()).stream()
          .toList();
    } catch (MalformedJsonException e) {
      return List.of(e.getMessage() + ": " + answer.body());
    }
  }

  private static Failure failure(String problem) throws MalformedJsonException {
    Map<String, JsonValue> members = new HashMap<>();
    JSON.object(problem.getBytes(StandardCharsets.UTF_8), members::put);
    return new Failure(
        members.get("code").text(),
        members.get("message").text(),
        members.get("retry").text().equals("never") ? Retry.NEVER : Retry.LATER,
        Long.parseLong(members.get("retryAfterMs").text()),
        Optional.empty());
  }
}
