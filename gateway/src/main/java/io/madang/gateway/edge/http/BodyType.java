package io.madang.gateway.edge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/** What a request says that its body is. */
enum BodyType {
  JSON,
  FORM,
  /** Nothing that is taken here. */
  OTHER;

  /** As whoever sends something else is told. */
  static final String RULE = "The body must be of type application/json, or a form, and in UTF-8.";

  /**
   * A body that names no type, or text/plain, would need no preflight from a foreign page; JSON has to say so, which is what
   * makes a browser ask first.
   */
  static BodyType of(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String[] parts = (header == null ? "" : header).toLowerCase(Locale.ROOT).split(";", -1);
    if (!isUtf8(parts)) {
      return OTHER;
    }
    String type = parts[0].strip();
    if (type.equals("application/json") || type.endsWith("+json")) {
      return JSON;
    }
    boolean isForm =
        type.equals("application/x-www-form-urlencoded") || type.equals("multipart/form-data");
    return isForm ? FORM : OTHER;
  }

  /** UTF-8 needs not be said; anything else would be read wrong. */
  private static boolean isUtf8(String... parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("charset=")) {
        String charset = parameter.substring("charset=".length()).replace("\"", "");
        return charset.equals("utf-8") || charset.equals("us-ascii");
      }
    }
    return true;
  }
}
