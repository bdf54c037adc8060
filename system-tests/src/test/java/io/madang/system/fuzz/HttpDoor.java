package io.madang.system.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests of plain HTTP: those that ask for commands and pages, one after the other, or those that ask for event streams, some at
 * a time.
 */
public final class HttpDoor implements FuzzedDoor {
  private static final List<byte[]> REQUESTS = FuzzedDoor.utf8(
      "POST /api/chat/sendToRoom\n{\"room\":\"fuzz\",\"text\":\"hello\"}",
      "POST /api/chat/sendToRoom\n[\"fuzz\",\"hello\"]",
      "POST /api/chat/recentMessages?room=fuzz&take=3\n",
      "POST /api/chat/ReceiveMessage?user=Alice&message=Hello\n",
      "POST /api/presence/onlineUsers\n{}",
      "POST /api/notification/unread\n{}",
      "POST /api/auth/refresh\n{\"refreshToken\":\"abc\"}",
      "GET /api/topics/room%3Alobby/history?after=1&limit=5\n",
      "GET /api/services\n",
      "GET /api/docs/asyncapi.json\n",
      "GET /api/auth/me\n",
      "GET /health/ready\n",
      "GET /style.css\n");

  private static final List<byte[]> STREAMS = FuzzedDoor.utf8(
      "GET /stream?topic=room:lobby\n",
      "GET /stream?topic=room:lobby&topic=online\nab12cd34:17:0f8fad5b.67a3c5f1.1,ef56gh78:4:",
      "GET /stream?topic=metric:connections&lastEventId=ab12cd34:17:0f8fad5b\n",
      "GET /stream?topic=dashboard&ticket=abcdef\nab12cd34:1:e",
      "GET /stream?topic=inbox:nobody\n");

  private final int port;
  private final String token;
  private final List<byte[]> examples;

  private final boolean streams;

  private HttpDoor(int port, String token, List<byte[]> examples, boolean streams) {
    this.port = port;
    this.token = token;
    this.examples = examples;
    this.streams = streams;
  }

  public static HttpDoor commands(int port, String token) {
    return new HttpDoor(port, token, REQUESTS, false);
  }

  public static HttpDoor streams(int port, String token) {
    return new HttpDoor(port, token, STREAMS, true);
  }

  @Override
  public List<byte[]> examples() {
    return examples;
  }

  @Override
  public Feeder open() {
    return streams ? new Streams() : new Requests();
  }

  /** The first line of the input is the request's, and what follows its body or its last event's id. */
  private String request(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    String first = oneLine(end < 0 ? text : text.substring(0, end));
    String rest = end < 0 ? "" : text.substring(end + 1);
    String method = first.startsWith("GET ") ? "GET" : "POST";
    String path = first.replaceFirst("^(GET|POST) ", "").replace(' ', '+');
    StringBuilder request = new StringBuilder(256)
        .append(method)
        .append(' ')
        .append(path.startsWith("/") ? path : "/" + path)
        .append(" HTTP/1.1\r\nHost: 127.0.0.1:")
        .append(port)
        .append("\r\nAuthorization: Bearer ")
        .append(token)
        .append("\r\n");
    if (streams) {
      request.append("Last-Event-ID: ").append(oneLine(rest)).append("\r\n\r\n");
    } else {
      request
          .append("Content-Type: application/json\r\nContent-Length: ")
          .append(rest.length())
          .append("\r\n\r\n")
          .append(rest);
    }
    return request.toString();
  }

  static String oneLine(String text) {
    return text.replace('\r', ' ').replace('\n', ' ').strip();
  }

  static void judge(RawLine.Head head, String request) {
    if (head.status() >= 500 && head.status() != 503) {
      throw new AssertionError(head.text() + " is the answer to " + request);
    }
  }

  /** On a connection of its own. */
  private void giveBytes(byte[] input) {
    try (RawLine own = new RawLine(port)) {
      String text = new String(input, StandardCharsets.ISO_8859_1);
      own.write(text.replaceFirst("\n", " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"));
      own.awaitReaction();
    } catch (IOException e) {
      // Ended while it was written.
    }
  }

  private final class Requests implements Feeder {
    /** Null when the next request needs another. */
    private RawLine line;

    @Override
    public void message(byte[] input) throws IOException {
      ask(request(input));
    }

    private void ask(String request) throws IOException {
      boolean isFresh = line == null;
      if (isFresh) {
        line = new RawLine(port);
      }
      try {
        line.write(request);
        RawLine.Head head = line.head();
        judge(head, request);
        if (head.says("connection: close") || head.says("transfer-encoding")) {
          close();
        } else if (head.status() != 204 && head.status() != 304) {
          line.skip(head.bodyBytes());
        }
      } catch (IOException e) {
        close();
        if (!isFresh) {
          // It was ended between two requests, as it may be; then this one was not taken.
          ask(request);
        }
      }
    }

    @Override
    public void bytes(byte[] input) {
      giveBytes(input);
    }

    /** Each request was waited for. */
    @Override
    public void settle() {}

    @Override
    public void close() throws IOException {
      if (line != null) {
        line.close();
        line = null;
      }
    }
  }

  /** What is answered does not end, so that the head of the answer is all that is read. */
  private final class Streams implements Feeder {
    private record Asked(RawLine line, String request) {}

    private static final int MOST = 8;

    private final List<Asked> asked = new ArrayList<>();

    @Override
    public void message(byte[] input) throws IOException {
      if (asked.size() == MOST) {
        settle();
      }
      Asked next = new Asked(new RawLine(port), request(input));
      asked.add(next);
      next.line.write(next.request);
    }

    @Override
    public void bytes(byte[] input) {
      giveBytes(input);
    }

    @Override
    public void settle() throws IOException {
      for (Asked next : asked) {
        try {
          judge(next.line.head(), next.request);
        } catch (IOException e) {
          // Ended by the request.
        }
      }
      close();
    }

    @Override
    public void close() throws IOException {
      for (Asked next : asked) {
        next.line.close();
      }
      asked.clear();
    }
  }
}
