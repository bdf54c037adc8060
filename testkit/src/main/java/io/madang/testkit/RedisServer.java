package io.madang.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/** A running Redis, which hands out its numbered databases. */
final class RedisServer {
  private static final int LIMIT_MS = 10_000;

  private final String host;
  private final int port;
  private final String password;
  private final int databases;

  /** Numbers in use; guarded by this. */
  private final BitSet taken = new BitSet();

  /**
   * A server that answers already.
   *
   * @param databases how many numbers this server has
   */
  RedisServer(String host, int port, String password, int databases) {
    this.host = host;
    this.port = port;
    this.password = password;
    this.databases = databases;
  }

  synchronized TestKeyspace createKeyspace() {
    int number = taken.nextClearBit(0);
    if (number >= databases) {
      throw new IllegalStateException(
          "All %d databases of the test Redis are taken; close each TestKeyspace after its test"
              .formatted(databases));
    }
    flush(number);
    taken.set(number);
    String server = "redis://:" + password + "@" + host + ":" + port;
    return new TestKeyspace(server, number, this::giveBack);
  }

  private synchronized void giveBack(int number) {
    taken.clear(number);
  }

  private void flush(int number) {
    try (Socket socket = new Socket(host, port)) {
      socket.setSoTimeout(LIMIT_MS);
      String commands = "AUTH " + password + "\r\nSELECT " + number + "\r\nFLUSHDB\r\nQUIT\r\n";
      socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
      BufferedReader replies = new BufferedReader(
          new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String reply = replies.readLine(); reply != null; reply = replies.readLine()) {
        if (!reply.equals("+OK")) {
          throw new IllegalStateException("The test Redis refuses: " + reply);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "The test Redis on %s:%d does not answer: %s".formatted(host, port, e.getMessage()), e);
    }
  }
}
