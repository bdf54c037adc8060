package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client of event streams that keeps what a browser's would keep: kind, data and last id of each event, and the time to wait. */
final class TestStream implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** @param id the last that the client had with this event, its own or an earlier one's */
  record Event(String name, String id, String data) {
    JsonObject json() {
      return new JsonObject(data);
    }
  }

  /** Stands behind the last event. */
  private static final Event END = new Event("end of stream", "", "{}");

  final HttpResponse<InputStream> response;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /** As the stream said last; written by the reader. */
  private volatile long retryMs = -1;

  /** Comments so far. */
  private final AtomicInteger comments = new AtomicInteger();

  private TestStream(HttpResponse<InputStream> response) {
    this.response = response;
    Thread reader = new Thread(this::read, "test stream");
    reader.setDaemon(true);
    reader.start();
  }

  /** @param headers name and value in turn */
  static TestStream open(int port, String query, String... headers) {
    HttpResponse<InputStream> response = answer(port, query, headers);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    return new TestStream(response);
  }

  /** As somebody with this name. */
  static TestStream signedIn(int port, String query, String name) {
    return open(port, query, "Authorization", "Bearer good-" + name);
  }

  static HttpResponse<InputStream> answer(int port, String query, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/stream?" + query));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return HTTP.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void read() {
    String name = "message";
    String id = "";
    StringBuilder data = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          if (data.length() > 0) {
            events.add(new Event(name, id, data.toString()));
          }
          name = "message";
          data.setLength(0);
        } else if (line.startsWith(":")) {
          comments.incrementAndGet();
        } else {
          String value = line.substring(line.indexOf(": ") + 2);
          switch (line.substring(0, line.indexOf(':'))) {
            case "event" -> name = value;
            case "id" -> id = value;
            case "data" -> data.append(value);
            case "retry" -> retryMs = Long.parseLong(value);
            default -> throw new AssertionError(line);
          }
        }
      }
    } catch (IOException e) {
      // The end, as a client sees it whose stream breaks.
    }
    events.add(END);
  }

  Event next() {
    try {
      Event event = events.poll(10, TimeUnit.SECONDS);
      assertThat(event).as("an event in time").isNotNull();
      return event;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The next event, which must be of this kind. */
  Event next(String name) {
    Event event = next();
    assertThat(event.name()).as(event.data()).isEqualTo(name);
    return event;
  }

  void isOver() {
    assertThat(next()).isEqualTo(END);
  }

  boolean hasNothing() {
    return events.isEmpty();
  }

  long retryMs() {
    return retryMs;
  }

  int comments() {
    return comments.get();
  }

  /** Goes away without a word. */
  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
