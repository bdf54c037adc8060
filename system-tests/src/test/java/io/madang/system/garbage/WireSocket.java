package io.madang.system.garbage;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One WebSocket, byte by byte, so that a test may break every rule of RFC 6455. Blocking, for one thread. */
final class WireSocket implements AutoCloseable {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;
  static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** The socket was closed where a message was awaited. */
  static final class ClosedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;

    ClosedException(int code, String reason) {
      super("the gateway closed the connection: " + code + " " + reason);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private WireSocket(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) LIMIT.toMillis());
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new BufferedOutputStream(socket.getOutputStream());
  }

  /**
   * Opens a socket.
   *
   * @param token sent as the handshake's bearer token
   */
  static WireSocket open(int port, String path, String token) {
    try {
      WireSocket wire = new WireSocket(port);
      wire.write(String.join(
              "\r\n",
              "GET " + path + " HTTP/1.1",
              "Host: 127.0.0.1:" + port,
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "Authorization: Bearer " + token,
              "",
              "")
          .getBytes(StandardCharsets.ISO_8859_1));
      wire.flush();
      String headers = wire.readHeaders();
      if (!headers.startsWith("HTTP/1.1 101")) {
        throw new AssertionError(path + " is not upgraded: " + headers);
      }
      return wire;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String readHeaders() throws IOException {
    StringBuilder headers = new StringBuilder();
    while (headers.indexOf("\r\n\r\n") < 0) {
      headers.append((char) in.readUnsignedByte());
    }
    return headers.toString();
  }

  /** One text message in one frame; on the wire after {@link #flush()}, or as soon as something is awaited. */
  void text(String message) {
    frame(FINAL | TEXT, message.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * One frame, masked with zeros.
   *
   * @param head the first byte: opcode and flags
   */
  void frame(int head, byte[] payload) {
    frame(head, true, payload);
  }

  void frame(int head, boolean masked, byte[] payload) {
    head(head, masked, payload.length);
    write(payload);
  }

  /** The beginning of a frame that says how long it will be. */
  void head(int head, boolean masked, long length) {
    int mask = masked ? MASKED : 0;
    write(new byte[] {
      (byte) head,
      (byte) (mask | (length < TWO_BYTES ? length : length <= 0xFFFF ? TWO_BYTES : EIGHT_BYTES))
    });
    int lengthBytes = length < TWO_BYTES ? 0 : length <= 0xFFFF ? 2 : 8;
    for (int i = lengthBytes - 1; i >= 0; i--) {
      write(new byte[] {(byte) (length >>> (8 * i))});
    }
    if (masked) {
      write(new byte[4]);
    }
  }

  private void write(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next text message; throws {@link ClosedException} if the gateway closes instead. */
  byte[] next() {
    flush();
    try {
      while (true) {
        int opcode = in.readUnsignedByte() & 0x0F;
        long length = in.readUnsignedByte() & 0x7F;
        if (length == TWO_BYTES) {
          length = in.readUnsignedShort();
        } else if (length == EIGHT_BYTES) {
          length = in.readLong();
        }
        byte[] payload = in.readNBytes(Math.toIntExact(length));
        if (opcode == TEXT) {
          return payload;
        }
        if (opcode == PING) {
          frame(FINAL | PONG, payload);
          flush();
        } else if (opcode == CLOSE) {
          throw closed(payload);
        }
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("nothing was heard for " + LIMIT, e);
    } catch (EOFException e) {
      throw new AssertionError("the connection ended without a close frame", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClosedException closed(byte[] payload) {
    return payload.length < 2
        ? new ClosedException(1005, "")
        : new ClosedException(
            ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF),
            new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
  }

  /** The number of the close frame that comes, whatever comes before it. */
  int closeCode() {
    try {
      while (true) {
        next();
      }
    } catch (ClosedException e) {
      return e.code();
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
