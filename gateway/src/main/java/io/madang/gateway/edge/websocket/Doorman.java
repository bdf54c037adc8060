package io.madang.gateway.edge.websocket;

import io.madang.gateway.connection.Connections;
import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.http.HttpLinks;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.websocket.wire.Handshake;
import io.madang.gateway.edge.websocket.wire.SocketLoop;
import io.madang.gateway.edge.websocket.wire.Upgrade;
import io.madang.gateway.edge.websocket.wire.WireListener;
import io.madang.gateway.edge.websocket.wire.WireSocket;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Lets HTTP requests become sockets: those that ask for it, from pages that may, while there is room. Everybody else gets an
 * HTTP answer. For one event loop.
 */
public final class Doorman {
  private static final Duration FULL_RETRY = Duration.ofSeconds(30);

  /** What somebody else says of a socket that is asked for. Told on the request's loop. */
  public interface Permit {
    /** Whether the socket may be; asked once. Succeeds, or fails with what {@link #refuse} understands. */
    Future<Void> asked();

    /** Whether the socket only carries what can go on by another gateway. Known once {@link #asked} has succeeded. */
    boolean carries();

    /** Answers a request that may not become a socket. */
    void refuse(HttpServerRequest request, Throwable why);

    /** The socket is gone, or does not come to be. */
    void release();
  }

  private final Headers headers;
  private final AdmissionDesk admission;
  private final HttpLinks links;
  private final Connections connections;
  private final SocketLoop loop;
  private final boolean mayDeflate;
  private final Function<HttpServerRequest, String> clientAddress;

  /** @param mayDeflate whether sockets deflate for clients that offer it */
  public Doorman(
      Headers headers,
      AdmissionDesk admission,
      HttpLinks links,
      Connections connections,
      SocketLoop loop,
      boolean mayDeflate,
      Function<HttpServerRequest, String> clientAddress) {
    this.headers = headers;
    this.admission = admission;
    this.links = links;
    this.connections = connections;
    this.loop = loop;
    this.mayDeflate = mayDeflate;
    this.clientAddress = clientAddress;
  }

  /** As the other, for a socket that deflates where that is on. */
  void open(HttpServerRequest request, Function<WireSocket, WireListener> opened) {
    open(request, mayDeflate, opened);
  }

  /**
   * Called where the request came, before anything is waited for.
   *
   * @param deflates whether it deflates for a client that offers it
   * @param opened is given the socket, and answers who hears it
   */
  public void open(
      HttpServerRequest request, boolean deflates, Function<WireSocket, WireListener> opened) {
    beginUnlessClosing(request, deflates).ifPresent(upgrade -> admit(request, upgrade, opened));
  }

  /** As the other, where nobody is let in any more when this gateway stops. */
  private Optional<Upgrade> beginUnlessClosing(HttpServerRequest request, boolean deflates) {
    Optional<Upgrade> begun = begin(request, deflates);
    if (begun.isPresent() && connections.isClosing()) {
      Problems.send(request, closing());
      return Optional.empty();
    }
    return begun;
  }

  private static Failure closing() {
    return Problems.later(ErrorCode.UNAVAILABLE, "This gateway stops.", Duration.ofSeconds(1));
  }

  /** Empty when the request is answered already. */
  private Optional<Upgrade> begin(HttpServerRequest request, boolean deflates) {
    Handshake handshake;
    try {
      handshake = Handshake.of(request, WebSocketEdge.SUBPROTOCOLS, deflates);
    } catch (Handshake.NoHandshakeException e) {
      Problems.send(request, e.status(), e.failure());
      return Optional.empty();
    }
    if (!headers.isAllowed(request)) {
      Problems.send(
          request,
          Failure.of(
              ErrorCode.FORBIDDEN,
              "Pages of this origin may not connect; an operator can add it to MADANG_ALLOWED_ORIGINS."));
      return Optional.empty();
    }
    return Optional.of(Upgrade.begin(request, handshake));
  }

  private void admit(
      HttpServerRequest request, Upgrade upgrade, Function<WireSocket, WireListener> opened) {
    String address = clientAddress.apply(request);
    admission
        .admit(address)
        .onSuccess(verdict -> accept(request, upgrade, address, verdict, opened, () -> {}));
  }

  private void accept(
      HttpServerRequest request,
      Upgrade upgrade,
      String address,
      Admission.Verdict verdict,
      Function<WireSocket, WireListener> opened,
      Runnable release) {
    if (verdict instanceof Admission.Welcome) {
      links.onUpgrade(request.connection());
      upgrade.accept(loop, opened, () -> {
        admission.release(address);
        release.run();
      });
    } else {
      release.run();
      turnAway(request, failure(verdict));
    }
  }

  private static void turnAway(HttpServerRequest request, Failure failure) {
    Problems.send(request, failure);
    // What came behind the request was not read as another one.
    request.connection().close();
  }

  /**
   * As the other, for a socket that only somebody gets who is known.
   *
   * @param known who it is, being found out
   * @param why what somebody is told who is not known, by what that failed with
   */
  public <T> void openFor(
      HttpServerRequest request,
      Future<T> known,
      Function<Throwable, Failure> why,
      BiFunction<WireSocket, T, WireListener> opened) {
    beginUnlessClosing(request, mayDeflate)
        .ifPresent(upgrade -> known
            .onFailure(cause -> turnAway(request, why.apply(cause)))
            .onSuccess(who -> admit(request, upgrade, socket -> opened.apply(socket, who))));
  }

  /**
   * As the other, where somebody else has let the connection in already and says whether this socket may carry it. What goes on
   * elsewhere is carried by a gateway that stops too: some clients try just once to come back to it, and whoever spreads them may not
   * know yet that the gateway stops.
   */
  public void open(
      HttpServerRequest request, Permit permit, Function<WireSocket, WireListener> opened) {
    begin(request, mayDeflate)
        .ifPresent(upgrade -> permit
            .asked()
            .onFailure(why -> {
              permit.refuse(request, why);
              request.connection().close();
            })
            .onSuccess(permitted -> {
              if (connections.isClosing() && !permit.carries()) {
                permit.release();
                turnAway(request, closing());
                return;
              }
              String address = clientAddress.apply(request);
              admission
                  .hold(address)
                  .onSuccess(verdict ->
                      accept(request, upgrade, address, verdict, opened, permit::release));
            }));
  }

  /** What a newcomer is told for whom there is no room. */
  public static Failure failure(Admission.Verdict verdict) {
    if (verdict instanceof Admission.TooFast tooFast) {
      return Problems.later(
          ErrorCode.TOO_MANY_CONNECTIONS,
          "New connections come faster than they can be taken.",
          Duration.ofMillis(tooFast.retryAfterMs()));
    }
    return Problems.later(
        ErrorCode.TOO_MANY_CONNECTIONS,
        "This address has as many connections as one may have.",
        FULL_RETRY);
  }
}
