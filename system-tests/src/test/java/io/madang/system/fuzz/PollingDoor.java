package io.madang.system.fuzz;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** SockJS without WebSockets: each message is a request, and other requests wait for what is said back. */
public final class PollingDoor implements FuzzedDoor {
  private static final String OPENED = "o\n";

  private final int port;
  private final String token;

  public PollingDoor(int port, String token) {
    this.port = port;
    this.token = token;
  }

  @Override
  public List<byte[]> examples() {
    return SocketDoor.FRAMES;
  }

  @Override
  public Feeder open() throws IOException {
    return new Session();
  }

  private static String post(String path, byte[] body) {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: "
        + body.length + "\r\n\r\n" + new String(body, StandardCharsets.ISO_8859_1);
  }

  private static byte[] wrapped(String message) {
    return new JsonArray().add(message).encode().getBytes(StandardCharsets.UTF_8);
  }

  private final class Session implements Feeder {
    private final String path = "/sockjs/000/" + UUID.randomUUID();
    private final RawLine speaking = new RawLine(port);
    private final RawLine hearing = new RawLine(port);

    /** Of the questions by which this knows what was taken in. */
    private long settled;

    Session() throws IOException {
      String first = poll();
      if (!first.equals(OPENED)) {
        throw new IOException("a session began with " + first);
      }
      message("{\"type\":\"connect\",\"ref\":1,\"token\":\"%s\"}"
          .formatted(token)
          .getBytes(StandardCharsets.UTF_8));
    }

    private String poll() throws IOException {
      hearing.write(post(path + "/xhr", new byte[0]));
      RawLine.Head head = hearing.head();
      String said = new String(hearing.in().readNBytes(head.bodyBytes()), StandardCharsets.UTF_8);
      if (head.status() != 200) {
        throw new IOException(head.text() + said);
      }
      return said;
    }

    /** Always UTF-8 and a JSON string; what is in it is wrong. */
    @Override
    public void message(byte[] input) throws IOException {
      speaking.write(post(path + "/xhr_send", wrapped(new String(input, StandardCharsets.UTF_8))));
      RawLine.Head head = speaking.head();
      speaking.skip(head.bodyBytes());
      if (head.status() != 204) {
        throw new AssertionError("a message that is only wrong inside got " + head.text());
      }
    }

    /** To this session without its wrapping, to others that are not there, or where no session is. */
    @Override
    public void bytes(byte[] input) throws IOException {
      String request = switch (Math.floorMod(Arrays.hashCode(input), 5)) {
        case 0 -> post(path + "/xhr_send", input);
        case 1 -> post(path + "/jsonp_send", input);
        case 2 -> post("/sockjs/000/" + UUID.randomUUID() + "/xhr_send", input);
        case 3 -> post("/sockjs/000/" + UUID.randomUUID() + "/xhr", input);
        default -> "POST /sockjs/" + new String(input, StandardCharsets.ISO_8859_1) + "\r\n\r\n";
      };
      try (RawLine own = new RawLine(port)) {
        own.write(request);
        own.awaitReaction();
      } catch (IOException e) {
        // Ended while it was written.
      }
    }

    @Override
    public void settle() throws IOException {
      long number = 1_000_000 + ++settled;
      message("{\"type\":\"ping\",\"ref\":%d}".formatted(number).getBytes(StandardCharsets.UTF_8));
      String pong = "\\\"pong\\\",\\\"ref\\\":%d,".formatted(number);
      String heard = poll();
      while (!heard.contains(pong)) {
        if (heard.startsWith("c")) {
          throw new AssertionError("closed by a message that is only wrong inside: " + heard);
        }
        heard = poll();
      }
    }

    @Override
    public void close() throws IOException {
      speaking.close();
      hearing.close();
    }
  }
}
