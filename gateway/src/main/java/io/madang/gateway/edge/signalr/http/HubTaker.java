package io.madang.gateway.edge.signalr.http;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.LateWaiting;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * One response that brings messages: a poll in one piece with its length, a stream each as it comes. Until something comes for it,
 * it can still be answered with another status.
 */
final class HubTaker implements Taker {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final boolean isStream;

  /** What a poll brings, until it ends. */
  private Buffer whole = Buffer.buffer(0);

  /** Whether a stream has begun. */
  private boolean isBegun;

  /** Run once, when nothing more is brought. */
  private final Runnable over;

  private boolean isOver;

  /** The connection that the response waits for. */
  private final LateWaiting waiting = new LateWaiting();

  private boolean isEnded;

  HubTaker(HttpServerRequest request, boolean isStream, Runnable over) {
    this.over = over;
    this.request = request;
    this.response = request.response();
    this.isStream = isStream;
    response.closeHandler(closed -> onGone());
    response.exceptionHandler(trouble -> onGone());
  }

  void waitsFor(Waiting connection) {
    waiting.waitsFor(connection);
  }

  @Override
  public void frame(byte[] frame) {
    if (waiting.isGone() || isEnded) {
      return;
    }
    if (!isStream) {
      whole.appendBytes(frame);
      return;
    }
    if (!isBegun) {
      isBegun = true;
      begin();
    }
    response
        .write(Buffer.buffer(frame))
        .onSuccess(written -> waiting.taken(frame.length))
        .onFailure(lost -> lose());
  }

  private void begin() {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, no-transform")
        // So that a proxy passes on what comes when it comes.
        .putHeader("X-Accel-Buffering", "no");
    if (request.version() == HttpVersion.HTTP_1_0) {
      response.putHeader(HttpHeaders.CONNECTION, "close");
    } else {
      response.setChunked(true);
    }
  }

  @Override
  public void end(int status) {
    if (waiting.isGone() || isEnded) {
      return;
    }
    isEnded = true;
    tellOver();
    if (isBegun) {
      endStream();
    } else if (status == Home.TAKEN && !isStream) {
      endPoll();
    } else {
      HubAnswers.send(request, status);
    }
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

  /**
   * This gateway stops: the client of a poll is to ask again, over another connection. What the poll was given and has not been put
   * out is said again there.
   */
  void endForAnother() {
    if (waiting.isGone() || isEnded) {
      return;
    }
    isEnded = true;
    tellOver();
    lose();
    HubAnswers.storeNothing(response);
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end()
        .onComplete(written -> request.connection().close());
  }

  private void endPoll() {
    int bytes = whole.length();
    HubAnswers.storeNothing(response);
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
        .end(whole)
        .onSuccess(written -> waiting.taken(bytes))
        .onFailure(lost -> lose());
  }

  private void endStream() {
    response.end().onComplete(written -> {
      if (request.version() == HttpVersion.HTTP_1_0) {
        request.connection().close();
      }
    });
  }

  @Override
  public void lost() {
    end(Home.UNKNOWN);
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
