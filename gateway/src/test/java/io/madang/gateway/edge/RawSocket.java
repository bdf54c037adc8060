package io.madang.gateway.edge;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A TCP connection that speaks just enough HTTP and WebSocket to break their rules. */
final class RawSocket implements AutoCloseable {
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CONTINUATION = 0x0;
  static final int PING = 0x9;
  static final int PONG = 0xA;
  private static final int FINAL = 0x80;
  static final int CLOSE = 0x8;

  private static final Pattern CONTENT_LENGTH =
      Pattern.compile("content-length: *([0-9]+)", Pattern.CASE_INSENSITIVE);

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  RawSocket(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  private RawSocket(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /** A connection from this address of the machine. */
  static RawSocket from(String address, int port) throws IOException {
    return new RawSocket(
        new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0));
  }

  /** The request by which a socket begins, whose blank line the caller adds. */
  static String handshake(String path, String version) {
    return String.join(
        "\r\n",
        "GET " + path + " HTTP/1.1",
        "Host: x",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: " + version,
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "");
  }

  static RawSocket upgraded(int port, String path) throws IOException {
    RawSocket raw = new RawSocket(port);
    raw.write(handshake(path, "13") + "\r\n");
    String status = raw.readHeaders();
    if (!status.contains("101")) {
      throw new IOException(status);
    }
    return raw;
  }

  void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Up to the blank line. */
  String readHeaders() throws IOException {
    StringBuilder headers = new StringBuilder();
    while (headers.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return headers.toString();
      }
      headers.append((char) c);
    }
    return headers.toString();
  }

  /** Up to the end of the line, which is not part of it. */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  /** Up to the next space, which is not part of it. */
  String readWord() throws IOException {
    StringBuilder word = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != ' '; c = in.read()) {
      word.append((char) c);
    }
    return word.toString();
  }

  /** Reads until this was read. */
  void readUntil(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text, Math.max(0, read.length() - text.length())) < 0) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("ended before " + text + ": " + read);
      }
      read.append((char) c);
    }
  }

  /** Reads what the gateway still says; a reset is an end, too. */
  void readToTheEnd() throws IOException {
    try {
      in.readAllBytes();
    } catch (SocketException e) {
      // As it has not read all that was sent.
    }
  }

  /** Reads past what these headers say follows. */
  void skipBody(String headers) throws IOException {
    Matcher length = CONTENT_LENGTH.matcher(headers);
    if (length.find()) {
      in.readNBytes(Integer.parseInt(length.group(1)));
    }
  }

  /** One masked frame, with a mask of zeros. */
  void frame(int opcode, boolean isFinal, byte[] payload) throws IOException {
    write(bytes((isFinal ? FINAL : 0) | opcode, new byte[4], payload));
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Ends this side; what the gateway says can still be read. */
  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /**
   * A frame as bytes.
   *
   * @param first the byte with the final bit, the reserved bits and the opcode
   * @param mask four bytes, or none for a frame that is not masked
   */
  static byte[] bytes(int first, byte[] mask, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    int masked = mask.length == 0 ? 0 : 0x80;
    frame.write(first);
    if (payload.length < 126) {
      frame.write(masked | payload.length);
    } else {
      frame.write(masked | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      frame.write(masked == 0 ? payload[i] : payload[i] ^ mask[i % 4]);
    }
    return frame.toByteArray();
  }

  /** What the gateway wrote: the first byte as it came, with final and reserved bits. */
  static final class Frame {
    private final int first;
    private final byte[] payload;

    private Frame(int first, byte[] payload) {
      this.first = first;
      this.payload = payload;
    }

    int first() {
      return first;
    }

    byte[] payload() {
      return payload;
    }

    int opcode() {
      return first & 0x0F;
    }

    /** Of a close frame; 0 where it has none. */
    int code() {
      return payload.length < 2 ? 0 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
    }

    /** The payload of a text, the reason of a close. */
    String text() {
      int from = opcode() == CLOSE ? Math.min(2, payload.length) : 0;
      return new String(payload, from, payload.length - from, StandardCharsets.UTF_8);
    }
  }

  /** The next frame, which must not be masked. */
  Frame read() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length > 127) {
      throw new IOException("a server's frame is not masked");
    }
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = (int) in.readLong();
    }
    return new Frame(first, in.readNBytes(length));
  }

  /** Reads frames until one closes, and returns its code. */
  int closeCode() throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.opcode() == CLOSE) {
        return frame.code();
      }
    }
  }

  /** Reads frames until one is a text. */
  String text() throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.opcode() == CLOSE) {
        throw new IOException("closed instead of a text");
      }
      if (frame.opcode() == TEXT) {
        return frame.text();
      }
    }
  }

  /** Ends the connection as a machine does that knows nothing of it. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Whether the gateway ends the connection within the time a test waits. */
  boolean isEnded() throws IOException {
    return in.read() < 0;
  }

  /** Whether nothing comes, and no end either, for longer than what was said takes to come here. */
  boolean isSilent() throws IOException {
    int patience = socket.getSoTimeout();
    socket.setSoTimeout(300);
    try {
      in.read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(patience);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
