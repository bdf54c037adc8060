package io.madang.gateway.edge.sockjs;

import io.madang.gateway.edge.sockjs.session.Reception;
import io.madang.gateway.edge.sockjs.text.Wrapping;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A transport that brings frames to the client: how it is asked for, and what it looks like. */
sealed interface Receiving {
  /** A request that cannot be served; the text is the protocol's own. */
  final class BadCallbackException extends Exception {
    private static final long serialVersionUID = 1;

    BadCallbackException(String text) {
      super(text, null, false, false);
    }
  }

  String JAVASCRIPT = "application/javascript; charset=UTF-8";

  String method();

  String contentType();

  /** Whether pages of other origins read the answer, which has to allow it; else any page can, or none. */
  default boolean isShared() {
    return true;
  }

  /** Whether the sign-in cookie says who opens the session: not where any page can read the answer. */
  default boolean takesCookie() {
    return true;
  }

  /** What comes before the first frame; empty where one frame is all. */
  default byte[] prelude(HttpServerRequest request) {
    return new byte[0];
  }

  Reception reception(HttpServerRequest request) throws BadCallbackException;

  /** {@code POST …/xhr}: one frame. */
  record Xhr() implements Receiving {
    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String contentType() {
      return JAVASCRIPT;
    }

    @Override
    public Reception reception(HttpServerRequest request) {
      return Reception.ofOneFrame(new Wrapping.Line());
    }
  }

  /** {@code POST …/xhr_streaming}: frames until there were enough, behind 2 KB that make browsers begin to tell. */
  record XhrStreaming(int limitBytes) implements Receiving {
    private static final byte[] PRELUDE =
        ("h".repeat(2_048) + "\n").getBytes(StandardCharsets.US_ASCII);

    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String contentType() {
      return JAVASCRIPT;
    }

    @Override
    public byte[] prelude(HttpServerRequest request) {
      return PRELUDE;
    }

    @Override
    public Reception reception(HttpServerRequest request) {
      return new Reception(new Wrapping.Line(), limitBytes);
    }
  }

  /** {@code GET …/eventsource}. */
  record EventSource(int limitBytes) implements Receiving {
    private static final byte[] PRELUDE = "\r\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String contentType() {
      return "text/event-stream";
    }

    @Override
    public byte[] prelude(HttpServerRequest request) {
      return PRELUDE;
    }

    @Override
    public Reception reception(HttpServerRequest request) {
      return new Reception(new Wrapping.Event(), limitBytes);
    }
  }

  /** {@code GET …/htmlfile?c=…}: a page in a hidden frame whose scripts call the page around it. */
  record HtmlFile(int limitBytes) implements Receiving {
    private static final int LEAST_BYTES = 1_024;
    private static final String PAGE = """
        <!DOCTYPE html>
        <html><head>
          <meta http-equiv="X-UA-Compatible" content="IE=edge" />
          <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
        </head><body><h2>Don't panic!</h2>
          <script>
            var c = parent.%s;
            c.start();
            function p(d) {c.message(d);};
            window.onload = c.stop;
          </script>
        """;

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String contentType() {
      return "text/html; charset=UTF-8";
    }

    @Override
    public boolean isShared() {
      return false;
    }

    @Override
    public boolean takesCookie() {
      return false;
    }

    @Override
    public byte[] prelude(HttpServerRequest request) {
      String page = PAGE.formatted(callback(request).orElseThrow());
      String padding = " ".repeat(Math.max(0, LEAST_BYTES - page.length()));
      return (page + padding + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Reception reception(HttpServerRequest request) throws BadCallbackException {
      checkedCallback(request);
      return new Reception(new Wrapping.Script(), limitBytes);
    }
  }

  /** {@code GET …/jsonp?c=…}: one frame as a script. */
  record Jsonp() implements Receiving {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String contentType() {
      return JAVASCRIPT;
    }

    @Override
    public boolean isShared() {
      return false;
    }

    @Override
    public boolean takesCookie() {
      return false;
    }

    @Override
    public Reception reception(HttpServerRequest request) throws BadCallbackException {
      return Reception.ofOneFrame(new Wrapping.Call(checkedCallback(request)));
    }
  }

  private static Optional<String> callback(HttpServerRequest request) {
    String named = request.getParam("c");
    return Optional.ofNullable(named == null ? request.getParam("callback") : named);
  }

  private static String checkedCallback(HttpServerRequest request) throws BadCallbackException {
    String callback = callback(request)
        .orElseThrow(() -> new BadCallbackException("\"callback\" parameter required"));
    if (!Wrapping.Call.isCallback(callback)) {
      throw new BadCallbackException("invalid \"callback\" parameter");
    }
    return callback;
  }
}
