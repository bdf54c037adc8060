package io.madang.gateway.edge;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A TCP connection that speaks just enough HTTP and WebSocket to break their rules. */
final class RawSocket implements AutoCloseable {
  static final int TEXT = 0x1;
  static final int CONTINUATION = 0x0;
  private static final int FINAL = 0x80;
  private static final int CLOSE = 0x8;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  RawSocket(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
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

  /** One masked frame, with a mask of zeros. */
  void frame(int opcode, boolean isFinal, byte[] payload) throws IOException {
    out.write((isFinal ? FINAL : 0) | opcode);
    if (payload.length < 126) {
      out.write(0x80 | payload.length);
    } else {
      out.write(0x80 | 126);
      out.write(payload.length >> 8);
      out.write(payload.length & 0xFF);
    }
    out.write(new byte[4]);
    out.write(payload);
    out.flush();
  }

  private static final class Frame {
    final int opcode;
    final byte[] payload;

    Frame(int opcode, byte[] payload) {
      this.opcode = opcode;
      this.payload = payload;
    }
  }

  private Frame read() throws IOException {
    int opcode = in.readUnsignedByte() & 0x0F;
    int length = in.readUnsignedByte() & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = (int) in.readLong();
    }
    return new Frame(opcode, in.readNBytes(length));
  }

  /** Reads frames until one closes, and returns its code. */
  int closeCode() throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.opcode == CLOSE) {
        return ((frame.payload[0] & 0xFF) << 8) | (frame.payload[1] & 0xFF);
      }
    }
  }

  /** Reads frames until one is a text. */
  String text() throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.opcode == CLOSE) {
        throw new IOException("closed instead of a text");
      }
      if (frame.opcode == TEXT) {
        return new String(frame.payload, StandardCharsets.UTF_8);
      }
    }
  }

  /** Whether the gateway ends the connection within the time a test waits. */
  boolean isEnded() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
