package io.madang.gateway.edge.sockjs;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an address below a base stands for. Segments are taken as they were sent, so that no encoded slash opens what is behind
 * it.
 *
 * @param node the gateway that {@code base_url} named, which is told from the server part of a session's address by its dot
 * @param session the session's id; empty for what belongs to no session
 * @param name of the transport or page
 */
record SockJsPath(Kind kind, Optional<String> node, String session, String name) {
  enum Kind {
    GREETING,
    INFO,
    IFRAME,
    CLIENT,
    RAW_WEBSOCKET,
    SESSION,
    NOTHING
  }

  /** The first segment of what {@code base_url} has beside the base. */
  static final String NODE = "n";

  private static final int MAX_ID_CHARS = 128;
  private static final Pattern IFRAME = Pattern.compile("iframe(-[0-9a-z-.>_]*)?\\.html");

  /** @param rest of the path, behind the base */
  static SockJsPath of(String rest) {
    if (rest.isEmpty() || rest.equals("/")) {
      return page(Kind.GREETING, Optional.empty(), "");
    }
    String[] parts = rest.substring(1).split("/", -1);
    if (parts.length >= 3 && parts[0].equals(NODE) && parts[1].indexOf('.') > 0) {
      String[] behind = new String[parts.length - 2];
      System.arraycopy(parts, 2, behind, 0, behind.length);
      return of(Optional.of(parts[1]), behind);
    }
    return of(Optional.empty(), parts);
  }

  private static SockJsPath of(Optional<String> node, String[] parts) {
    if (parts.length == 1) {
      return page(kind(parts[0]), node, parts[0]);
    }
    if (parts.length == 3 && isId(parts[0]) && isId(parts[1])) {
      return new SockJsPath(Kind.SESSION, node, parts[1], parts[2]);
    }
    return page(Kind.NOTHING, node, "");
  }

  private static SockJsPath page(Kind kind, Optional<String> node, String name) {
    return new SockJsPath(kind, node, "", name);
  }

  private static Kind kind(String name) {
    return switch (name) {
      case "info" -> Kind.INFO;
      case "websocket" -> Kind.RAW_WEBSOCKET;
      case IframePage.CLIENT -> Kind.CLIENT;
      default -> IFRAME.matcher(name).matches() ? Kind.IFRAME : Kind.NOTHING;
    };
  }

  private static boolean isId(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return !text.isEmpty()
        && text.length() <= MAX_ID_CHARS
        && text.indexOf('.') < 0
        && !lower.contains("%2e")
        && !lower.contains("%2f");
  }
}
