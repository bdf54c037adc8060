package io.madang.gateway.edge;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One HTTP connection, read piece by piece: who tests streams must see each frame, however it is cut on the way. */
public final class RawHttp implements AutoCloseable {
  /** The head of an answer; names in lower case. */
  public record Head(int status, Map<String, String> headers) {
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
  }

  /** A whole answer. */
  public record Answer(Head head, String body) {
    public int status() {
      return head.status();
    }

    public Optional<String> header(String name) {
      return head.header(name);
    }
  }

  private static final int PATIENCE_MS = 30_000;

  private final Socket socket;
  private final DataInputStream in;
  private Head head;

  /** What came of a stream and is no whole frame yet. */
  private final StringBuilder begun = new StringBuilder();

  private boolean isBehindPrelude;

  public RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /** @param headers names and values in turn */
  public static Answer ask(int port, String method, String path, String body, String... headers) {
    try (RawHttp http = new RawHttp(port)) {
      http.send(method, path, body, headers);
      return http.answer();
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  public void send(String method, String path, String body, String... headers) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder request =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost:8080\r\n");
    for (int i = 0; i < headers.length; i += 2) {
      request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    if (method.equals("POST")) {
      request.append("Content-Length: ").append(bytes.length).append("\r\n");
    }
    write(request.append("\r\n") + body);
  }

  public void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  public Head head() throws IOException {
    String status = line();
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
    }
    head = new Head(Integer.parseInt(status.split(" ", 3)[1]), headers);
    return head;
  }

  /** The next frame of a stream, or what comes before the first; empty at the end. */
  public String frame() throws IOException {
    while (endOfFrame() < 0) {
      String chunk = chunk();
      if (chunk.isEmpty()) {
        String last = begun.toString();
        begun.setLength(0);
        return decoded(last);
      }
      begun.append(chunk);
    }
    String frame = begun.substring(0, endOfFrame());
    begun.delete(0, frame.length());
    isBehindPrelude = true;
    return decoded(frame);
  }

  /** Where the first frame of what has begun ends; negative when it is not whole. */
  private int endOfFrame() {
    String type = head.header("content-type").orElse("");
    String end = "\n";
    if (type.startsWith("text/event-stream")) {
      end = isBehindPrelude ? "\r\n\r\n" : "\r\n";
    } else if (type.startsWith("text/html")) {
      end = isBehindPrelude ? "</script>\r\n" : "\r\n\r\n";
    }
    int at = begun.indexOf(end);
    return at < 0 ? at : at + end.length();
  }

  private static String decoded(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** One character for each byte, as a chunk may end in the middle of a character. */
  private String chunk() throws IOException {
    int length = Integer.parseInt(line(), 16);
    String chunk = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    line();
    return chunk;
  }

  public Answer answer() throws IOException {
    head();
    return new Answer(head, body());
  }

  private String body() throws IOException {
    if (head.status() == 304 || head.status() == 204) {
      return "";
    }
    if (head.header("transfer-encoding").isPresent()) {
      StringBuilder whole = new StringBuilder();
      for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
        whole.append(chunk);
      }
      return decoded(whole.toString());
    }
    Optional<String> length = head.header("content-length");
    return length.isPresent()
        ? new String(in.readNBytes(Integer.parseInt(length.get())), StandardCharsets.UTF_8)
        : rest();
  }

  /** All that comes until the server ends the connection. */
  public String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  public String bytes(int count) throws IOException {
    return new String(in.readNBytes(count), StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended in the middle of a line: " + line);
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
