package io.madang.gateway.edge.sockjs;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The page in whose frame a page of another origin has its transports, and the client that both must have in the same version.
 * Only allowed pages may frame it.
 */
final class IframePage {
  /** The last segment of the client's address, which names its version. */
  static final String CLIENT = "sockjs-1.6.1.min.js";

  private static final String RESOURCE =
      "META-INF/resources/webjars/sockjs-client/1.6.1/dist/sockjs.min.js";
  private static final String BEGIN = "SockJS.bootstrap_iframe();";
  private static final String PAGE = """
      <!DOCTYPE html>
      <html>
      <head>
        <meta http-equiv="X-UA-Compatible" content="IE=edge" />
        <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
        <script src="%s"></script>
        <script>%s</script>
      </head>
      <body>
        <h2>Don't panic!</h2>
        <p>This is a SockJS hidden iframe. It's used for cross domain magic.</p>
      </body>
      </html>
      """.formatted(CLIENT, BEGIN);
  private static final String ETAG = "\"" + HexFormat.of().formatHex(sha256(PAGE), 0, 16) + "\"";
  private static final String SCRIPT_HASH =
      "'sha256-" + Base64.getEncoder().encodeToString(sha256(BEGIN)) + "'";

  private final String securityPolicy;

  /** @param origins of pages beside our own that may frame it */
  IframePage(Set<String> origins) {
    this.securityPolicy = "default-src 'none'; script-src 'self' " + SCRIPT_HASH
        + "; connect-src 'self'; frame-src 'self'; base-uri 'none'; " + framedBy(origins);
  }

  /** The part of a Content-Security-Policy that says who may frame a page. */
  static String framedBy(Set<String> origins) {
    return "frame-ancestors 'self'"
        + origins.stream().sorted().map(origin -> " " + origin).collect(Collectors.joining());
  }

  void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    Answers.cacheForAYear(response);
    response
        .putHeader(HttpHeaders.ETAG, ETAG)
        .putHeader("Content-Security-Policy", securityPolicy)
        // By the address of this page its requests are known, for which a cookie does not count.
        .putHeader("Referrer-Policy", "same-origin");
    if (isKnown(request.headers().getAll(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=UTF-8").end(PAGE);
    }
  }

  void answerClient(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    Answers.cacheForAYear(response);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/javascript; charset=UTF-8");
    response.sendFile(RESOURCE);
  }

  /** RFC 9110, section 13.1.2: a list, compared weakly, or anything at all. */
  private static boolean isKnown(List<String> conditions) {
    for (String condition : conditions) {
      for (String tag : condition.split(",", -1)) {
        String strong = tag.strip();
        if (strong.equals("*") || strong.equals(ETAG) || strong.equals("W/" + ETAG)) {
          return true;
        }
      }
    }
    return false;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
