package io.madang.gateway.edge.sockjs;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a client posts. */
final class Body {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String MESSAGES = "d=";

  private Body() {}

  /** What a form says, or a text that is not one; empty where there is nothing. */
  static String formOrText(HttpServerRequest request, Buffer body) {
    String text = body.toString(StandardCharsets.UTF_8);
    String type = request.getHeader("Content-Type");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
      return text;
    }
    for (String field : text.split("&", -1)) {
      if (field.startsWith(MESSAGES)) {
        try {
          return URLDecoder.decode(field.substring(MESSAGES.length()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          return "%";
        }
      }
    }
    return "";
  }
}
