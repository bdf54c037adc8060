package io.madang.gateway.edge.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** A request's body in one piece, for doors that read requests themselves. */
public final class WholeBody {
  private WholeBody() {}

  /** More than a body may have. */
  public static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLargeException() {
      super("the body is too large", null, false, false);
    }
  }

  /**
   * To be called where the request came; fails with {@link TooLargeException} as soon as it is more, and never if its sender goes
   * away.
   */
  public static Future<Buffer> of(HttpServerRequest request, int maxBytes) {
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(part -> {
      if (body.length() + part.length() > maxBytes) {
        whole.tryFail(new TooLargeException());
      } else {
        body.appendBuffer(part);
      }
    });
    request.endHandler(ended -> whole.tryComplete(body));
    request.exceptionHandler(trouble -> {});
    return whole.future();
  }
}
