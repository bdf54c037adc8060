package io.madang.gateway.edge.sockjs;

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

  /** Null until the session knows the response. */
  private Waiting waiting;

  /** Bytes that the network took before the session knew the response. */
  private int takenEarly;

  private boolean isEnded;

  /** Whether the session knows that nothing more can be taken. */
  private boolean isGone;

  /** Whether the response was closed before the session knew it. */
  private boolean isGoneEarly;

  HttpTaker(HttpServerRequest request, Reception reception, byte[] prelude) {
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
    waiting = session;
    if (takenEarly > 0) {
      waiting.taken(takenEarly);
    }
    if (isGoneEarly) {
      onGone();
    }
  }

  @Override
  public void frame(byte[] frame) {
    if (isGone) {
      return;
    }
    if (isOfOneFrame) {
      whole.appendBytes(frame);
    } else {
      response
          .write(Buffer.buffer(frame))
          .onSuccess(written -> onTaken(frame.length))
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
    if (isGone || isEnded) {
      return;
    }
    isEnded = true;
    if (isOfOneFrame) {
      int bytes = whole.length();
      response.end(whole).onSuccess(written -> onTaken(bytes)).onFailure(lost -> lose());
    } else {
      response.end().onComplete(written -> {
        if (request.version() == HttpVersion.HTTP_1_0) {
          request.connection().close();
        }
      });
    }
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
    if (waiting == null) {
      isGoneEarly = true;
    } else if (!isGone) {
      isGone = true;
      waiting.gone();
    }
  }
}
