package io.madang.gateway.edge.signalr.http;

import io.madang.gateway.edge.relay.Home;
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

  /** Null until the connection knows the response. */
  private Waiting waiting;

  /** Bytes that the network took before the connection knew the response. */
  private int takenEarly;

  private boolean isEnded;

  /** Whether the connection knows that nothing more can be taken. */
  private boolean isGone;

  /** Whether the response was closed before the connection knew it. */
  private boolean isGoneEarly;

  HubTaker(HttpServerRequest request, boolean isStream, Runnable over) {
    this.over = over;
    this.request = request;
    this.response = request.response();
    this.isStream = isStream;
    response.closeHandler(closed -> onGone());
    response.exceptionHandler(trouble -> onGone());
  }

  void waitsFor(Waiting connection) {
    waiting = connection;
    if (takenEarly > 0) {
      waiting.taken(takenEarly);
    }
    if (isGoneEarly) {
      lose();
    }
  }

  @Override
  public void frame(byte[] frame) {
    if (isGone || isEnded) {
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
        .onSuccess(written -> onTaken(frame.length))
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
    if (isGone || isEnded) {
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
    if (isGone || isEnded) {
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
        .onSuccess(written -> onTaken(bytes))
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

  private void onTaken(int bytes) {
    if (waiting == null) {
      takenEarly += bytes;
    } else if (!isGone) {
      waiting.taken(bytes);
    }
  }

  private void onGone() {
    if (!isEnded) {
      lose();
    }
  }

  private void lose() {
    tellOver();
    if (waiting == null) {
      isGoneEarly = true;
    } else if (!isGone) {
      isGone = true;
      waiting.gone();
    }
  }
}
