package io.madang.gateway.edge.sockjs;

import io.madang.gateway.edge.relay.LateWaiting;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.sockjs.session.Reception;
import io.madang.gateway.edge.sockjs.text.SockJsFrames;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * One response that frames are written to: in one piece with its length, or each as it comes. The end of it is not the end of its
 * connection, but where HTTP/1.0 has no other.
 */
final class HttpTaker implements Taker {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Reception reception;
  private final boolean isOfOneFrame;

  /** The one frame, until the response ends. */
  private Buffer whole = Buffer.buffer(0);

  /** Run once, when nothing more is brought. */
  private final Runnable over;

  private boolean isOver;

  /** Whether its connection is to bring no other response: this gateway stops. */
  private boolean isLast;

  /** The session that the response waits for. */
  private final LateWaiting waiting = new LateWaiting();

  private boolean isEnded;

  HttpTaker(HttpServerRequest request, Reception reception, byte[] prelude, Runnable over) {
    this.over = over;
    this.request = request;
    this.response = request.response();
    this.reception = reception;
    this.isOfOneFrame = reception.isOfOneFrame();
    response.closeHandler(closed -> onGone());
    response.exceptionHandler(trouble -> onGone());
    if (!isOfOneFrame) {
      begin(prelude);
    }
  }

  private void begin(byte[] prelude) {
    // So that a proxy passes on what comes when it comes.
    response.putHeader("X-Accel-Buffering", "no");
    if (request.version() == HttpVersion.HTTP_1_0) {
      response.putHeader(HttpHeaders.CONNECTION, "close");
    } else {
      response.setChunked(true);
    }
    response.write(Buffer.buffer(prelude)).onFailure(lost -> onGone());
  }

  void waitsFor(Waiting session) {
    waiting.waitsFor(session);
  }

  @Override
  public void frame(byte[] frame) {
    if (waiting.isGone()) {
      return;
    }
    if (isOfOneFrame) {
      whole.appendBytes(frame);
    } else {
      response
          .write(Buffer.buffer(frame))
          .onSuccess(written -> waiting.taken(frame.length))
          .onFailure(lost -> lose());
    }
  }

  @Override
  public void lost() {
    frame(reception.wrapping().wrap(SockJsFrames.interrupted()));
    end(200);
  }

  /** How it ends is said by its last frame. */
  @Override
  public void end(int status) {
    if (waiting.isGone() || isEnded) {
      return;
    }
    isEnded = true;
    tellOver();
    if (isOfOneFrame) {
      endWhole();
    } else {
      response.end().onComplete(written -> {
        if (isLast || request.version() == HttpVersion.HTTP_1_0) {
          request.connection().close();
        }
      });
    }
  }

  private void endWhole() {
    int bytes = whole.length();
    if (isLast) {
      response.putHeader(HttpHeaders.CONNECTION, "close");
    }
    response
        .end(whole)
        .onSuccess(written -> waiting.taken(bytes))
        .onFailure(lost -> lose())
        .onComplete(written -> {
          if (isLast) {
            request.connection().close();
          }
        });
  }

  /** The client is to ask for the next response over another connection. */
  void closeBehind() {
    isLast = true;
  }

  /** Whether nothing more is brought. */
  boolean isOver() {
    return isOver;
  }

  private void tellOver() {
    if (!isOver) {
      isOver = true;
      over.run();
    }
  }

  private void onGone() {
    if (!isEnded) {
      lose();
    }
  }

  private void lose() {
    tellOver();
    waiting.gone();
  }
}
