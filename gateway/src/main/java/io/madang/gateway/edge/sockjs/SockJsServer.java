package io.madang.gateway.edge.sockjs;

import io.madang.gateway.edge.http.WholeBody;
import io.madang.gateway.edge.relay.AwayResponses;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.sockjs.Receiving.BadCallbackException;
import io.madang.gateway.edge.sockjs.session.Deliver;
import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.PlainSession;
import io.madang.gateway.edge.sockjs.session.Protocol;
import io.madang.gateway.edge.sockjs.session.Receive;
import io.madang.gateway.edge.sockjs.session.Reception;
import io.madang.gateway.edge.sockjs.session.SocketSession;
import io.madang.gateway.edge.sockjs.text.ClientMessages;
import io.madang.gateway.edge.sockjs.text.Quoted;
import io.madang.gateway.edge.websocket.Doorman;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A SockJS 0.3.3 server below one base address: greeting, info, iframe page, and every transport. What is spoken in its sessions
 * is its {@link Protocol}'s. For one event loop.
 */
public final class SockJsServer {
  /**
   * What one base offers.
   *
   * @param base its path, with a slash before it and none behind
   * @param hasWebSockets whether WebSockets are among its transports
   * @param setsCookie whether answers set a cookie by which balancers keep a client at one node; not needed here
   * @param streamBytes after so many bytes of frames a response that streams ends, and the client asks for the next
   * @param maxBodyBytes of what a client posts at once
   */
  public record Options(
      String base, boolean hasWebSockets, boolean setsCookie, int streamBytes, int maxBodyBytes) {
    /** As much as browsers keep of a response without trouble. */
    public static final int STREAM_BYTES = 128 * 1024;
  }

  /** Where clients reach this node, and where sessions live. */
  public interface Whereabouts {
    /** Of the base on this very node as the client sees it, for clients that keep to it; empty where that is not known. */
    Optional<String> address(HttpServerRequest request, String base);

    /** @param node that the address named */
    Gateways.Found find(Optional<String> node, String session);

    /** The responses of the loop that wait for sessions of other gateways. */
    AwayResponses away();
  }

  private static final String GREETING = "Welcome to SockJS!\n";
  private static final String COOKIE = "JSESSIONID";

  private final Options options;
  private final Sharing sharing;
  private final Function<HttpServerRequest, Opening> openings;
  private final Whereabouts whereabouts;
  private final Protocol protocol;
  private final Doorman doorman;
  private final IframePage iframe;
  private final Map<String, Receiving> receiving;

  /**
   * @param openings who sends a request, its cookie included
   * @param doorman who lets WebSockets in, whose messages may be as long as a body
   */
  public SockJsServer(
      Options options,
      Sharing sharing,
      Function<HttpServerRequest, Opening> openings,
      Whereabouts whereabouts,
      Protocol protocol,
      Doorman doorman) {
    this.options = options;
    this.sharing = sharing;
    this.openings = openings;
    this.whereabouts = whereabouts;
    this.protocol = protocol;
    this.doorman = doorman;
    this.iframe = new IframePage(sharing.origins());
    this.receiving = Map.of(
        "xhr", new Receiving.Xhr(),
        "xhr_streaming", new Receiving.XhrStreaming(options.streamBytes()),
        "eventsource", new Receiving.EventSource(options.streamBytes()),
        "htmlfile", new Receiving.HtmlFile(options.streamBytes()),
        "jsonp", new Receiving.Jsonp());
  }

  public void mount(Router router) {
    router
        .routeWithRegex(options.base().replace(".", "\\.") + "(/.*)?")
        .handler(context -> onRequest(context.request()));
  }

  private void onRequest(HttpServerRequest request) {
    // A path that only becomes ours when dots are resolved is none of ours.
    if (!request.path().startsWith(options.base())) {
      Answers.nothingHere(request);
      return;
    }
    SockJsPath path = SockJsPath.of(request.path().substring(options.base().length()));
    switch (path.kind()) {
      case GREETING -> greet(request);
      case INFO -> onInfo(request);
      case IFRAME -> onPage(request, () -> iframe.answer(request));
      case CLIENT -> onPage(request, () -> iframe.answerClient(request));
      case RAW_WEBSOCKET -> onRawWebSocket(request);
      case SESSION -> onSession(request, path);
      case NOTHING -> Answers.nothingHere(request);
    }
  }

  private void onPage(HttpServerRequest request, Runnable page) {
    if (isOther(request, HttpMethod.GET)) {
      Answers.wrongMethod(request, "GET");
    } else {
      page.run();
    }
  }

  private void greet(HttpServerRequest request) {
    onPage(request, () -> Answers.text(request, 200, GREETING));
  }

  private static boolean isOther(HttpServerRequest request, HttpMethod method) {
    return !request.method().equals(method);
  }

  // Info.

  private void onInfo(HttpServerRequest request) {
    if (turnedAway(request)) {
      return;
    }
    if (request.method().equals(HttpMethod.OPTIONS)) {
      sharing.answerPreflight(request, "OPTIONS, GET");
    } else if (isOther(request, HttpMethod.GET)) {
      Answers.wrongMethod(request, "OPTIONS, GET");
    } else {
      sharing.share(request);
      Answers.storeNothing(request.response());
      request
          .response()
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=UTF-8")
          .end(info(request));
    }
  }

  private String info(HttpServerRequest request) {
    StringBuilder info = new StringBuilder(160)
        .append("{\"websocket\":")
        .append(options.hasWebSockets())
        .append(",\"cookie_needed\":")
        .append(options.setsCookie())
        .append(",\"origins\":[\"*:*\"],\"entropy\":")
        .append(Integer.toUnsignedLong(ThreadLocalRandom.current().nextInt()));
    whereabouts.address(request, options.base()).ifPresent(address -> {
      // The client takes nothing of its own query along, and a ticket is there.
      String whole = request.query() == null ? address : address + "?" + request.query();
      info.append(",\"base_url\":").append(new String(Quoted.of(whole), StandardCharsets.UTF_8));
    });
    return info.append('}').toString();
  }

  private boolean turnedAway(HttpServerRequest request) {
    boolean isForeign = !sharing.isAllowed().test(request);
    if (isForeign) {
      Answers.text(
          request,
          403,
          "Pages of this origin may not connect; an operator can add it to MADANG_ALLOWED_ORIGINS.\n");
    }
    return isForeign;
  }

  // WebSockets.

  private void onRawWebSocket(HttpServerRequest request) {
    openSocket(
        request,
        opening ->
            doorman.open(request, false, socket -> new PlainSession(socket, protocol, opening)));
  }

  private void openSocket(HttpServerRequest request, Consumer<Opening> opened) {
    if (!options.hasWebSockets()) {
      Answers.nothingHere(request);
    } else if (isOther(request, HttpMethod.GET)) {
      Answers.wrongMethod(request, "GET");
    } else {
      opened.accept(openings.apply(request));
    }
  }

  // Sessions.

  private void onSession(HttpServerRequest request, SockJsPath path) {
    Receiving transport = receiving.get(path.name());
    if (transport != null) {
      onReceiving(request, path, transport);
    } else if (path.name().equals("websocket")) {
      openSocket(
          request,
          opening ->
              doorman.open(request, false, socket -> new SocketSession(socket, protocol, opening)));
    } else if (path.name().equals("xhr_send")) {
      onXhrSend(request, path);
    } else if (path.name().equals("jsonp_send")) {
      onJsonpSend(request, path);
    } else {
      Answers.nothingHere(request);
    }
  }

  private void onReceiving(HttpServerRequest request, SockJsPath path, Receiving transport) {
    if (turnedAway(request)) {
      return;
    }
    boolean mayAsk = transport.method().equals("POST");
    if (mayAsk && request.method().equals(HttpMethod.OPTIONS)) {
      setCookie(request);
      sharing.answerPreflight(request, "OPTIONS, POST");
    } else if (isOther(request, HttpMethod.valueOf(transport.method()))) {
      Answers.wrongMethod(request, mayAsk ? "POST, OPTIONS" : "GET");
    } else {
      receive(request, path, transport);
    }
  }

  private void receive(HttpServerRequest request, SockJsPath path, Receiving transport) {
    HttpServerResponse response = request.response();
    Answers.storeNothing(response);
    Reception reception;
    try {
      reception = transport.reception(request);
    } catch (BadCallbackException e) {
      Answers.text(request, 500, e.getMessage());
      return;
    }
    if (transport.isShared()) {
      sharing.share(request);
    } else if (!reception.isOfOneFrame()) {
      // Its scripts are what it says, so they cannot be known beforehand.
      response.putHeader(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'unsafe-inline'; base-uri 'none'; "
              + IframePage.framedBy(sharing.origins()));
    }
    setCookie(request);
    response.putHeader(HttpHeaders.CONTENT_TYPE, transport.contentType());
    Opening opening = openings.apply(request);
    begin(
        request,
        path,
        new Receive(transport.takesCookie() ? opening : opening.withoutCookie(), reception),
        transport.prelude(request));
  }

  private void begin(HttpServerRequest request, SockJsPath path, Receive waits, byte[] prelude) {
    Gateways.Found found = whereabouts.find(path.node(), path.session());
    if (found.isHere()) {
      HttpTaker taker = new HttpTaker(request, waits.reception(), prelude, () -> {});
      taker.waitsFor(found.home().receive(path.session(), waits, taker));
    } else {
      new Elsewhere(
              whereabouts.away(), found.home(), path.session(), request, waits.reception(), prelude)
          .begin(waits);
    }
  }

  private void onXhrSend(HttpServerRequest request, SockJsPath path) {
    if (turnedAway(request)) {
      return;
    }
    if (request.method().equals(HttpMethod.OPTIONS)) {
      setCookie(request);
      sharing.answerPreflight(request, "OPTIONS, POST");
    } else if (isOther(request, HttpMethod.POST)) {
      Answers.wrongMethod(request, "POST, OPTIONS");
    } else {
      sharing.share(request);
      onBody(request, path, body -> body.toString(StandardCharsets.UTF_8), 204, "");
    }
  }

  private void onJsonpSend(HttpServerRequest request, SockJsPath path) {
    if (turnedAway(request)) {
      return;
    }
    if (isOther(request, HttpMethod.POST)) {
      Answers.wrongMethod(request, "POST");
    } else {
      onBody(request, path, body -> Body.formOrText(request, body), 200, "ok");
    }
  }

  private void onBody(
      HttpServerRequest request,
      SockJsPath path,
      Function<Buffer, String> messages,
      int status,
      String done) {
    setCookie(request);
    Opening opening = openings.apply(request);
    WholeBody.of(request, options.maxBodyBytes())
        .onSuccess(body -> deliver(request, path, opening, messages.apply(body), status, done))
        .onFailure(tooLarge ->
            Answers.text(request, 413, "The body is larger than this address takes.\n"));
  }

  private void deliver(
      HttpServerRequest request,
      SockJsPath path,
      Opening opening,
      String body,
      int status,
      String done) {
    List<String> messages;
    try {
      messages = ClientMessages.ofBody(body);
    } catch (ClientMessages.BrokenException e) {
      Answers.text(request, 500, e.getMessage());
      return;
    }
    Answers.storeNothing(request.response());
    whereabouts
        .find(path.node(), path.session())
        .home()
        .deliver(path.session(), new Deliver.Messages(opening, messages), outcome -> {
          if (outcome == Home.TAKEN) {
            Answers.text(request, status, done);
          } else {
            Answers.nothingHere(request);
          }
        });
  }

  /** For balancers only: it says nothing, and what the client has is left as it is. */
  private void setCookie(HttpServerRequest request) {
    if (options.setsCookie()) {
      String has = request.getCookie(COOKIE) == null
          ? "dummy"
          : request.getCookie(COOKIE).getValue();
      request.response().putHeader(HttpHeaders.SET_COOKIE, COOKIE + "=" + has + "; path=/");
    }
  }
}
