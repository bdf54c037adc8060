package io.madang.stores;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Redis 7 with an append-only file.
 *
 * <p>The file is synced each second. The write itself happens before the answer, so killing Redis
 * loses nothing that was acknowledged; only a loss of power can take the last second, and what lies
 * here (presence, recent metrics, revocations that the access tokens outlive by minutes) is either
 * said again by its owner within that time or was cheap to lose.
 */
public final class EmbeddedRedis extends EmbeddedStore {
  private static final String SECRET = "redis";
  private static final int CONNECT_LIMIT_MS = 500;

  private Path program;

  EmbeddedRedis(DataDirectory data, boolean ownsData, StoresOptions options) {
    super(data, ownsData, options, options.redisPort());
  }

  /**
   * Starts Redis alone on a data directory, which is made where it is missing and locked until
   * {@link #close()}.
   *
   * @throws StoreStartException with the reason in one sentence
   */
  public static EmbeddedRedis start(Path dataDirectory, StoresOptions options) {
    DataDirectory data = DataDirectory.open(dataDirectory);
    EmbeddedRedis redis = new EmbeddedRedis(data, true, options);
    try {
      redis.start();
      return redis;
    } catch (RuntimeException e) {
      redis.close();
      throw e;
    }
  }

  /** {@code redis://:…@127.0.0.1:port}. */
  public StoreUrl url() {
    return new StoreUrl("redis", "", password(), "127.0.0.1:" + port());
  }

  @Override
  String label() {
    return "Redis";
  }

  @Override
  String program() {
    return "redis-server";
  }

  @Override
  Path directory() {
    return data.redis();
  }

  @Override
  String stopSignal() {
    return "TERM";
  }

  @Override
  void prepare() {
    try {
      if (program == null) {
        program = Programs.in(data, false).redis();
      }
      if (!Files.isDirectory(directory())) {
        Files.createDirectory(
            directory(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      if (data.secret(SECRET).isEmpty()) {
        data.makeSecret(SECRET);
      }
    } catch (IOException e) {
      throw new StoreStartException(
          "Redis' directory %s cannot be prepared (%s); see that it belongs to this user"
              .formatted(directory(), e),
          e);
    }
  }

  /** The settings go through a file, as the words of a command can be read by every user. */
  @Override
  List<String> command(int onPort) {
    Path file = data.run().resolve("redis.conf");
    try {
      DataDirectory.replace(file, settings(onPort));
    } catch (IOException e) {
      throw new StoreStartException("%s cannot be written (%s)".formatted(file, e), e);
    }
    return List.of(program.toString(), file.toString());
  }

  private String settings(int onPort) {
    return """
        bind 127.0.0.1
        port %d
        requirepass %s
        dir %s
        daemonize no
        supervised no
        set-proc-title no
        databases 256
        save ""
        appendonly %s
        appendfsync everysec
        """.formatted(
            onPort, password(), quoted(directory().toString()), options.durable() ? "yes" : "no");
  }

  @Override
  boolean answers(ServerProcess candidate, int onPort) {
    try (Socket socket = new Socket()) {
      InetSocketAddress place = new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort);
      socket.connect(place, CONNECT_LIMIT_MS);
      socket.setSoTimeout(CONNECT_LIMIT_MS);
      String ask = "AUTH " + password() + "\r\nPING\r\nQUIT\r\n";
      socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return reply.contains("+PONG");
    } catch (IOException e) {
      // Not listening yet, or still reading its file.
      return false;
    }
  }

  @Override
  boolean passesByItself(String complaint) {
    return false;
  }

  private String password() {
    return data.secret(SECRET).orElseThrow(() -> new IllegalStateException("never started"));
  }

  private static String quoted(String path) {
    return '"' + path.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
