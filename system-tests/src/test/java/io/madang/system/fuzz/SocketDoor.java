package io.madang.system.fuzz;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** WebSockets: of {@code madang.v1}, the same within SockJS, and of the event-bus bridge. */
public final class SocketDoor implements FuzzedDoor {
  static final List<byte[]> FRAMES = FuzzedDoor.utf8(
      "{\"type\":\"subscribe\",\"ref\":2,\"topic\":\"room:lobby\",\"since\":{\"epoch\":\"a\",\"offset\":3}}",
      "{\"type\":\"unsubscribe\",\"ref\":3,\"topic\":\"room:lobby\"}",
      "{\"type\":\"resume\",\"ref\":4,\"topics\":[{\"topic\":\"room:lobby\",\"epoch\":\"a\",\"offset\":3}]}",
      "{\"type\":\"command\",\"ref\":5,\"service\":\"chat\",\"name\":\"sendToRoom\",\"id\":\"x\",\"args\":{\"room\":\"fuzz\",\"text\":\"hi\"}}",
      "{\"type\":\"stream\",\"ref\":6,\"service\":\"dashboard\",\"name\":\"streamTime\"}",
      "{\"type\":\"more\",\"ref\":6,\"items\":3}",
      "{\"type\":\"cancel\",\"ref\":6}",
      "{\"type\":\"upload\",\"ref\":7,\"service\":\"chat\",\"name\":\"x\",\"args\":[]}",
      "{\"type\":\"uploadItem\",\"ref\":7,\"item\":\"aGk=\"}",
      "{\"type\":\"refresh\",\"ref\":8,\"token\":\"a.b.c\"}",
      "{\"type\":\"ping\",\"ref\":9}");

  private static final List<byte[]> BRIDGED = FuzzedDoor.utf8(
      "{\"type\":\"ping\"}",
      "{\"type\":\"register\",\"address\":\"room:lobby\",\"headers\":{\"epoch\":\"e1\",\"offset\":\"1\"}}",
      "{\"type\":\"register\",\"address\":\"metric:connections\",\"headers\":{\"snapshot\":\"true\"}}",
      "{\"type\":\"unregister\",\"address\":\"room:lobby\",\"headers\":{}}",
      "{\"type\":\"send\",\"address\":\"presence\",\"headers\":{},\"body\":{\"name\":\"onlineUsers\",\"args\":{}},\"replyAddress\":\"r\"}",
      "{\"type\":\"publish\",\"address\":\"room:fuzz\",\"headers\":{},\"body\":{\"text\":\"x\"}}");

  private final int port;
  private final String token;
  private final String path;
  private final List<byte[]> examples;

  private SocketDoor(int port, String token, String path, List<byte[]> examples) {
    this.port = port;
    this.token = token;
    this.path = path;
    this.examples = examples;
  }

  public static SocketDoor plain(int port, String token) {
    return new SocketDoor(port, token, "/ws", FRAMES);
  }

  public static SocketDoor withinSockJs(int port, String token) {
    return new SocketDoor(port, token, "/sockjs/000/fuzz/websocket", FRAMES);
  }

  public static SocketDoor bridge(int port, String token) {
    return new SocketDoor(port, token, "/eventbus/websocket", BRIDGED);
  }

  @Override
  public List<byte[]> examples() {
    return examples;
  }

  private boolean isSockJs() {
    return path.startsWith("/sockjs");
  }

  private String framed(String message) {
    return isSockJs() ? new JsonArray().add(message).encode() : message;
  }

  private boolean isBridge() {
    return path.startsWith("/eventbus");
  }

  /** Is answered by something with {@link #answered} in it, whatever was said before. */
  private String asking(long number) {
    return isBridge()
        ? "{\"type\":\"send\",\"address\":\"nobody\",\"headers\":{},\"body\":{\"name\":\"x\"},\"replyAddress\":\"settled-%d.\"}"
            .formatted(number)
        : "{\"type\":\"ping\",\"ref\":%d}".formatted(number);
  }

  private String answered(long number) {
    String pong = "\"pong\",\"ref\":%d,".formatted(number);
    String plain = isBridge() ? "settled-%d.".formatted(number) : pong;
    return isSockJs() ? plain.replace("\"", "\\\"") : plain;
  }

  @Override
  public Feeder open() throws IOException {
    return new Frames();
  }

  private WebSocketLine upgraded() throws IOException {
    return new WebSocketLine(port, path, token);
  }

  private static byte[] text(byte[] utf8) {
    return WebSocketLine.frame(WebSocketLine.TEXT, utf8);
  }

  private final class Frames implements Feeder {
    private final WebSocketLine line = upgraded();

    /** Of the questions by which this knows what was taken in. */
    private long settled;

    Frames() throws IOException {}

    /** Always UTF-8, as anything else closes the connection with what comes behind it. */
    @Override
    public void message(byte[] input) throws IOException {
      line.write(
          text(framed(new String(input, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)));
    }

    /** A frame of which the first bytes, which say what it is, or the text are not right. */
    @Override
    public void bytes(byte[] input) throws IOException {
      byte[] frame = text(input);
      int wrong = Math.floorMod(Arrays.hashCode(input), Math.min(12, frame.length));
      frame[wrong] ^= (byte) (1 + Math.floorMod(Arrays.hashCode(input) >> 8, 255));
      try (WebSocketLine own = upgraded()) {
        own.write(frame);
        own.awaitReaction();
      } catch (IOException e) {
        // Ended while it was written.
      }
    }

    @Override
    public void settle() throws IOException {
      long number = 1_000_000 + ++settled;
      try {
        line.write(text(framed(asking(number)).getBytes(StandardCharsets.UTF_8)));
        while (!line.next().contains(answered(number))) {
          // Answers to what was fed, and what topics bring.
        }
      } catch (IOException e) {
        throw new AssertionError("closed by a message that is only wrong inside", e);
      }
    }

    @Override
    public void close() throws IOException {
      line.close();
    }
  }
}
