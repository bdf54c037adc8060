package io.madang.gateway.edge.http;

import io.madang.gateway.limit.DeadlineWheel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The HTTP connections of one event loop, closed when they hold a place without using it: no first request in time, a body
 * that never ends, or nothing more to ask. A connection that became a socket leaves here.
 */
public final class HttpLinks {
  private final Duration firstRequest;
  private final Duration idle;
  private final DeadlineWheel deadlines;
  private final LongSupplier clockMs;
  private final Map<HttpConnection, Link> links = new HashMap<>();

  /** Size of {@link #links} for other threads; written on the loop. */
  private volatile int size;

  /**
   * @param firstRequest within which a new connection must have sent a request, and a request its body
   * @param idle how long a connection is kept between requests
   */
  public HttpLinks(
      Duration firstRequest, Duration idle, DeadlineWheel deadlines, LongSupplier clockMs) {
    this.firstRequest = firstRequest;
    this.idle = idle;
    this.deadlines = deadlines;
    this.clockMs = clockMs;
  }

  /** A connection was accepted. */
  public void onConnection(HttpConnection connection) {
    Link link = new Link(connection);
    links.put(connection, link);
    size = links.size();
    connection.closeHandler(closed -> remove(connection));
    link.checkAfter(firstRequest);
  }

  /** A request has begun on one of them. */
  public void onRequest(HttpServerRequest request) {
    Link link = links.get(request.connection());
    if (link == null) {
      return;
    }
    link.begun(request);
    request.response().endHandler(ended -> link.ended());
    request.response().closeHandler(closed -> link.ended());
  }

  /** Its body is as large as somebody takes it; who that is holds it to limits of time. */
  void onLongBody(HttpServerRequest request) {
    Link link = links.get(request.connection());
    if (link != null) {
      link.hasLongBody = true;
    }
  }

  /** It is a socket now, whose own deadlines count. */
  public void onUpgrade(HttpConnection connection) {
    remove(connection);
  }

  private void remove(HttpConnection connection) {
    Link link = links.remove(connection);
    if (link != null) {
      link.next.cancel();
    }
    size = links.size();
  }

  /** How many there are, sockets not among them; safe on any thread. */
  public int size() {
    return size;
  }

  private final class Link {
    private final HttpConnection connection;

    /** When the last request ended, or the connection was accepted. */
    private long quietSinceMs = clockMs.getAsLong();

    private long requestBegunMs;

    /** Of the request being served; null between requests. */
    private HttpServerRequest request;

    private boolean servedAny;

    /** Whether somebody else watches the body of the request being served. */
    private boolean hasLongBody;

    /** The next look at it; set before it is among {@link #links} for longer than a call. */
    private DeadlineWheel.Deadline next;

    Link(HttpConnection connection) {
      this.connection = connection;
    }

    void begun(HttpServerRequest begun) {
      request = begun;
      requestBegunMs = clockMs.getAsLong();
      servedAny = true;
      hasLongBody = false;
    }

    void ended() {
      request = null;
      quietSinceMs = clockMs.getAsLong();
    }

    void checkAfter(Duration wait) {
      next = deadlines.at(clockMs.getAsLong() + wait.toMillis(), this::check);
    }

    private void check() {
      if (links.get(connection) != this) {
        return;
      }
      if (isOverdue(clockMs.getAsLong())) {
        remove(connection);
        connection.close();
      } else {
        checkAfter(firstRequest);
      }
    }

    private boolean isOverdue(long now) {
      if (request != null) {
        return !hasLongBody
            && !request.isEnded()
            && now - requestBegunMs >= firstRequest.toMillis();
      }
      return now - quietSinceMs >= (servedAny ? idle : firstRequest).toMillis();
    }
  }
}
