package io.madang.runtime.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Where PostgreSQL is and how to get in: {@code postgresql://user:password@host[:port]/database[?sslmode=…]}. Prints without the
 * password.
 *
 * @param password empty when none is asked for
 * @param tls what is done about encryption; without {@code sslmode} it is {@link Tls#PREFER}
 */
public record PostgresUrl(
    String host, int port, String database, String user, String password, Tls tls) {
  private static final int DEFAULT_PORT = 5432;
  private static final String SHAPE =
      "must look like postgresql://user:password@host:5432/database";

  /** The words of {@code sslmode}, as PostgreSQL's own clients know them. */
  public enum Tls {
    DISABLE("disable"),
    PREFER("prefer"),
    REQUIRE("require"),
    VERIFY_CA("verify-ca"),
    VERIFY_FULL("verify-full");

    private final String word;

    Tls(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    static Tls of(String word) {
      return Arrays.stream(values())
          .filter(mode -> mode.word.equals(word))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(SHAPE
              + "; sslmode is one of "
              + Arrays.stream(values()).map(Tls::word).collect(Collectors.joining(", "))
              + ", not "
              + word));
    }
  }

  public PostgresUrl {
    Objects.requireNonNull(host);
    Objects.requireNonNull(password);
    Objects.requireNonNull(tls);
    if (host.isEmpty() || database.isEmpty() || user.isEmpty() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException(SHAPE);
    }
  }

  /**
   * Reads the text of a setting.
   *
   * @throws IllegalArgumentException with what is wrong, to be put behind the setting's name; never with the password
   */
  public static PostgresUrl parse(String text) {
    URI uri = uri(text);
    String scheme = String.valueOf(uri.getScheme());
    if (!scheme.equals("postgresql") && !scheme.equals("postgres")) {
      throw new IllegalArgumentException(SHAPE + "; it does not begin with postgresql://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(SHAPE
          + "; it has no host, or characters in the password that need escaping as %40 for @");
    }
    if (uri.getRawUserInfo() == null || uri.getRawUserInfo().isEmpty()) {
      throw new IllegalArgumentException(SHAPE + "; it has no user");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (path.length() < 2 || path.indexOf('/', 1) >= 0) {
      throw new IllegalArgumentException(SHAPE + "; it has no database, or more than one");
    }
    String login = uri.getRawUserInfo();
    int colon = login.indexOf(':');
    return new PostgresUrl(
        uri.getHost(),
        uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
        path.substring(1),
        decoded(colon < 0 ? login : login.substring(0, colon)),
        colon < 0 ? "" : decoded(login.substring(colon + 1)),
        tlsIn(uri));
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

  private static Tls tlsIn(URI uri) {
    Tls tls = Tls.PREFER;
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String pair : query.split("&", -1)) {
      if (pair.startsWith("sslmode=")) {
        tls = Tls.of(pair.substring("sslmode=".length()));
      } else if (!pair.isEmpty()) {
        String name = pair.split("=", 2)[0];
        throw new IllegalArgumentException(
            SHAPE + "; of what may follow a ? only sslmode is known, not " + name);
      }
    }
    return tls;
  }

  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** {@code host:port/database}, for sentences. */
  public String place() {
    return host + ":" + port + "/" + database;
  }

  /** For JDBC; the login goes another way. */
  String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s?sslmode=%s"
        .formatted(host, port, encoded(database), tls.word());
  }

  @Override
  public String toString() {
    return "postgresql://" + encoded(user) + ":***@" + place() + "?sslmode=" + tls.word();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
