package io.madang.testkit;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** One connection to a Redis, to look at it from outside or to do it harm. Blocking, for one thread. */
public final class RedisLine implements AutoCloseable {
  private static final int LIMIT_MS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /**
   * Connects.
   *
   * @param url {@code redis://[:password@]host:port[/number]}
   */
  public RedisLine(String url) {
    URI uri = URI.create(url);
    try {
      socket = new Socket(uri.getHost(), uri.getPort());
      socket.setSoTimeout(LIMIT_MS);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = socket.getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (uri.getUserInfo() != null) {
      ask("AUTH", uri.getUserInfo().substring(uri.getUserInfo().indexOf(':') + 1));
    }
    if (uri.getPath().length() > 1) {
      ask("SELECT", uri.getPath().substring(1));
    }
  }

  /**
   * Asks and waits for the answer: a string, a list of such, or null; bytes are Latin letters, so that none is lost.
   *
   * @throws AssertionError when Redis answers with an error
   */
  public Object ask(String... words) {
    try {
      StringBuilder question = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) {
        question.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
      }
      out.write(question.toString().getBytes(StandardCharsets.ISO_8859_1));
      return answer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Object answer() throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+', ':' -> rest;
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> elements(Integer.parseInt(rest));
      default -> throw new AssertionError("Redis says " + line);
    };
  }

  private String bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    String bytes = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    line();
    return bytes;
  }

  private List<Object> elements(int count) {
    return IntStream.range(0, count).mapToObj(index -> unchecked()).toList();
  }

  private Object unchecked() {
    try {
      return answer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\r'; c = in.readUnsignedByte()) {
      line.append((char) c);
    }
    in.readUnsignedByte();
    return line.toString();
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
