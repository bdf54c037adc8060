package io.madang.system.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection, byte by byte. Blocking, for one thread. */
final class RawLine implements AutoCloseable {
  private static final int LIMIT_MS = 20_000;

  /** What is not answered by then waits for more of what it was told the beginning of. */
  private static final int BRIEFLY_MS = 5;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /** The head of an answer. */
  record Head(String text) {
    int status() {
      return Integer.parseInt(text.substring(9, 12));
    }

    boolean says(String header) {
      return text.toLowerCase(Locale.ROOT).contains("\r\n" + header);
    }

    int bodyBytes() {
      int at = text.toLowerCase(Locale.ROOT).indexOf("\r\ncontent-length: ");
      if (at < 0) {
        return 0;
      }
      int from = at + "\r\ncontent-length: ".length();
      return Integer.parseInt(text.substring(from, text.indexOf("\r\n", from)).strip());
    }
  }

  RawLine(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(LIMIT_MS);
    // Reset at the end, as tens of thousands would wait for their time otherwise.
    socket.setSoLinger(true, 0);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  DataInputStream in() {
    return in;
  }

  /** The head of the next answer. */
  Head head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    int blank = 0;
    while (blank < 4) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("ended in " + head);
      }
      head.write(c);
      blank = c == (blank % 2 == 0 ? '\r' : '\n') ? blank + 1 : c == '\r' ? 1 : 0;
    }
    return new Head(head.toString(StandardCharsets.ISO_8859_1));
  }

  /** The rest of this line, without its end. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("ended in " + line);
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  void skip(int bytes) throws IOException {
    in.skipNBytes(bytes);
  }

  /** Waits until something is answered or the connection ended, and not long. */
  void awaitReaction() throws IOException {
    socket.setSoTimeout(BRIEFLY_MS);
    try {
      InputStream answer = in;
      if (answer.read() < 0) {
        return;
      }
    } catch (SocketTimeoutException e) {
      // It waits for more, which does not come.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
