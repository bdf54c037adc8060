package io.madang.system.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One WebSocket, frame by frame, of which each may be wrong. Blocking, for one thread. */
final class WebSocketLine implements AutoCloseable {
  static final int TEXT = 0x81;
  static final int BYTES = 0x82;

  private static final int CLOSE = 0x8;
  private static final int MASKED = 0x80;

  private final RawLine line;

  /** @param path with what else is in the address */
  WebSocketLine(int port, String path, String token) throws IOException {
    line = new RawLine(port);
    line.write("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
        + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " + token
        + "\r\n\r\n");
    RawLine.Head head = line.head();
    if (head.status() != 101) {
      line.close();
      throw new EOFException(head.text());
    }
  }

  /** One whole message, masked with zeros. */
  static byte[] frame(int kind, byte[] message) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(message.length + 8);
    frame.write(kind);
    if (message.length < 126) {
      frame.write(MASKED | message.length);
    } else {
      frame.write(MASKED | 126);
      frame.write(message.length >> 8);
      frame.write(message.length);
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(message);
    return frame.toByteArray();
  }

  void write(byte[] frames) throws IOException {
    line.write(frames);
  }

  /**
   * The next message, a character for each byte.
   *
   * @throws ClosedException when the other side says goodbye instead
   */
  String next() throws IOException {
    DataInputStream in = line.in();
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = (int) in.readLong();
    }
    String message = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    if ((first & 0xF) == CLOSE) {
      throw new ClosedException(message);
    }
    return message;
  }

  /** The WebSocket was closed as WebSockets are, and not torn. */
  static final class ClosedException extends EOFException {
    private static final long serialVersionUID = 1;

    ClosedException(String message) {
      super(message);
    }
  }

  void awaitReaction() throws IOException {
    line.awaitReaction();
  }

  @Override
  public void close() throws IOException {
    line.close();
  }
}
