package io.madang.gateway.edge.http;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.JsonText;
import io.madang.protocol.json.RawJson;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures as RFC 9457 problem documents, with the same codes that frames carry. */
public final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String TYPE = "application/problem+json";
  private static final int UNPROCESSABLE = 422;

  private static final Map<Integer, Failure> STATUSES = Map.of(
      400, Failure.of(ErrorCode.BAD_REQUEST, "The request is not one we can read."),
      404, Failure.of(ErrorCode.NOT_FOUND, "There is nothing at this address."),
      405, Failure.of(ErrorCode.BAD_REQUEST, "This address does not take this method."),
      413, Failure.of(ErrorCode.TOO_LARGE, "The body is larger than this address takes."),
      415, Failure.of(ErrorCode.BAD_REQUEST, "This address takes no body of this type."));

  /** Of which somebody takes each. */
  private static final Set<HttpMethod> METHODS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PATCH, HttpMethod.DELETE);

  private Problems() {}

  /** Answers with the failure; does nothing if the request was answered already. */
  public static void send(HttpServerRequest request, Failure failure) {
    send(request, status(failure), failure);
  }

  /** As {@link #send(HttpServerRequest, Failure)}, where the status is not what the code stands for. */
  public static void send(HttpServerRequest request, int status, Failure failure) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status);
    if (status == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    if (failure.retryAfterMs() > 0) {
      response.putHeader(
          HttpHeaders.RETRY_AFTER, Long.toString((failure.retryAfterMs() + 999) / 1_000));
    }
    closeBehindUnreadBody(request);
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    byte[] document = document(status, response.getStatusMessage(), failure);
    if (request.method().equals(HttpMethod.HEAD)) {
      response
          .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(document.length))
          .end();
    } else {
      response.end(Buffer.buffer(document));
    }
  }

  private static byte[] document(int status, String title, Failure failure) {
    RawJson document = JsonText.object(out -> {
      out.writeStringField("type", "about:blank");
      out.writeStringField("title", title);
      out.writeNumberField("status", status);
      out.writeStringField("detail", failure.message());
      out.writeStringField("code", failure.code());
      out.writeStringField("message", failure.message());
      out.writeStringField("retry", failure.retry().wire());
      out.writeNumberField("retryAfterMs", failure.retryAfterMs());
      if (failure.details().isPresent()) {
        out.writeFieldName("details");
        JsonText.raw(out, failure.details().get());
      }
    });
    return document.utf8();
  }

  /** The end of a path that takes only these methods, as the header {@code Allow} lists them. */
  public static void onlyTakes(RoutingContext context, String allowed) {
    context.response().putHeader(HttpHeaders.ALLOW, allowed);
    context.fail(405);
  }

  /** Ends an HTTP/1 connection with the answer if a body came that is not read, as nothing behind it could be understood. */
  public static void closeBehindUnreadBody(HttpServerRequest request) {
    MultiMap headers = request.headers();
    boolean hasBody = headers.contains(HttpHeaders.TRANSFER_ENCODING)
        || (headers.contains(HttpHeaders.CONTENT_LENGTH)
            && !headers.get(HttpHeaders.CONTENT_LENGTH).equals("0"));
    if (hasBody && !request.isEnded()) {
      request.response().putHeader(HttpHeaders.CONNECTION, "close");
    }
  }

  /** The end of a path below which every address is known. */
  public static void nothingHere(RoutingContext context) {
    if (METHODS.contains(context.request().method())) {
      context.fail(404);
    } else {
      onlyTakes(context, Headers.METHODS);
    }
  }

  /** Turns away an address whose parameters cannot be read, as who asks for one of them further on takes that for granted. */
  public static void requireReadableQuery(RoutingContext context) {
    try {
      MultiMap unused = context.request().params();
    } catch (IllegalArgumentException e) {
      context.fail(400);
      return;
    }
    context.next();
  }

  /** Answers what no route answered well; routes with failure handlers of their own come first. */
  public static void answerFailures(Router router) {
    STATUSES.forEach((status, failure) ->
        router.errorHandler(status, context -> send(context.request(), status, failure)));
    router.errorHandler(500, Problems::onBug);
  }

  /** For routes that read bodies: what is not worth a word is a client that went away in the middle of one. */
  public static void onFailure(RoutingContext context) {
    Failure failure = STATUSES.get(context.statusCode());
    if (failure != null) {
      send(context.request(), context.statusCode(), failure);
    } else {
      onBug(context);
    }
  }

  private static void onBug(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.response().closed() || isAboutTheConnection(context.failure())) {
      LOG.debug("Request {} {} was given up", request.method(), request.path());
      return;
    }
    LOG.error("Request {} {} met a bug", request.method(), request.path(), context.failure());
    send(request, Failure.of(ErrorCode.INTERNAL, "Something is wrong on our side."));
  }

  /** Who asked went away while the answer was written, which shows here before the connection is known to be closed. */
  private static boolean isAboutTheConnection(Throwable failure) {
    if (!(failure instanceof IOException)) {
      return false;
    }
    String message = String.valueOf(failure.getMessage());
    return failure instanceof ClosedChannelException
        || message.contains("Connection reset")
        || message.contains("Broken pipe");
  }

  /** A failure that tells when to come back. */
  public static Failure later(ErrorCode code, String message, Duration after) {
    return Failure.of(code, message).after(after);
  }

  /** The HTTP status that says most of a failure. */
  public static int status(Failure failure) {
    return switch (failure.code()) {
      case "bad-request" -> 400;
      case "unauthenticated", "bad-token", "token-expired", "bad-ticket", "revoked" -> 401;
      case "forbidden", "origin-refused" -> 403;
      case "not-found", "unknown-service", "unknown-command", "unknown-topic" -> 404;
      case "conflict" -> 409;
      case "too-large" -> 413;
      case "rate-limited", "too-many-requests", "too-many-connections" -> 429;
      case "internal" -> 500;
      case "unavailable" -> 503;
      case "timeout" -> 504;
      // A service's own code: it understood the request and said no, or not yet to this caller.
      default -> failure.retry() == Retry.LATER ? 429 : UNPROCESSABLE;
    };
  }
}
