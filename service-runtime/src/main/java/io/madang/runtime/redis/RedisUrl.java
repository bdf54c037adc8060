package io.madang.runtime.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Where Redis is and how to get in: {@code redis://[[user]:password@]host[:port][/database]}, {@code rediss://} for TLS.
 * Prints without the password.
 *
 * @param tls whether the connection is encrypted and the server's certificate checked
 * @param user empty for the default user
 * @param password empty when none is asked for
 * @param database number of the logical database
 */
public record RedisUrl(
    boolean tls, String host, int port, String user, String password, int database) {
  private static final int DEFAULT_PORT = 6379;
  private static final String SHAPE =
      "must look like redis://:password@host:6379/0 (rediss:// for TLS)";

  public RedisUrl {
    Objects.requireNonNull(host);
    Objects.requireNonNull(user);
    Objects.requireNonNull(password);
    if (host.isEmpty() || port < 1 || port > 65_535 || database < 0) {
      throw new IllegalArgumentException(SHAPE);
    }
  }

  /**
   * Reads the text of a setting.
   *
   * @throws IllegalArgumentException with what is wrong, to be put behind the setting's name; never with the password
   */
  public static RedisUrl parse(String text) {
    URI uri = uri(text);
    String scheme = String.valueOf(uri.getScheme());
    if (!scheme.equals("redis") && !scheme.equals("rediss")) {
      throw new IllegalArgumentException(SHAPE + "; it does not begin with redis:// or rediss://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(SHAPE
          + "; it has no host, or characters in the password that need escaping as %40 for @");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          SHAPE + "; nothing may follow the database, no ? and no #");
    }
    String login = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    int colon = login.indexOf(':');
    if (!login.isEmpty() && colon < 0) {
      throw new IllegalArgumentException(SHAPE + "; the colon before the password is missing");
    }
    return new RedisUrl(
        scheme.equals("rediss"),
        uri.getHost(),
        uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
        colon < 0 ? "" : decoded(login.substring(0, colon)),
        colon < 0 ? "" : decoded(login.substring(colon + 1)),
        databaseIn(uri));
  }

  private static URI uri(String text) {
    try {
      return new URI(text.strip());
    } catch (URISyntaxException e) {
      // Its message quotes the whole text, so it is not passed on.
      throw new IllegalArgumentException(
          SHAPE + "; characters as # % or a space in the password need escaping as %23 %25 %20");
    }
  }

  private static int databaseIn(URI uri) {
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (path.isEmpty() || path.equals("/")) {
      return 0;
    }
    try {
      return Integer.parseInt(path.substring(1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          SHAPE + "; the database " + path.substring(1) + " is no number", e);
    }
  }

  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** {@code host:port/database}, for sentences. */
  public String place() {
    return host + ":" + port + "/" + database;
  }

  /** As Vert.x' client takes it; the login goes another way. */
  String connectionString() {
    return (tls ? "rediss://" : "redis://") + host + ":" + port + "/" + database;
  }

  @Override
  public String toString() {
    String login = user.isEmpty() && password.isEmpty() ? "" : encoded(user) + ":***@";
    return (tls ? "rediss://" : "redis://") + login + place();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
