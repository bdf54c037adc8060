package io.madang.gateway.edge.http;

import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.mesh.ask.UploadHandle;
import io.madang.runtime.mesh.ask.UploadListener;
import io.madang.runtime.topic.Payload;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Base64;
import java.util.function.Consumer;

/**
 * The body of one request on its way to a service: read as fast as the service takes it, at most two items of it kept here. Touched
 * on the request's event loop only.
 */
final class SentBody implements UploadListener {
  private final HttpServerRequest request;
  private final Consumer<CommandOutcome> answered;

  /** Bytes of one item. */
  private final int itemBytes;

  /** Null until it is known where it goes. */
  private UploadHandle target;

  private Buffer waiting = Buffer.buffer();

  /** Items the service takes now. */
  private int credit;

  /** Whether the whole body has come. */
  private boolean ended;

  private boolean over;

  /**
   * @param request paused since it came
   * @param maxItemBytes of one item as JSON
   * @param answered hears what became of it, once, unless the sender goes away first
   */
  SentBody(HttpServerRequest request, int maxItemBytes, Consumer<CommandOutcome> answered) {
    this.request = request;
    this.itemBytes = (maxItemBytes - 2) / 4 * 3;
    this.answered = answered;
  }

  void goesTo(UploadHandle opened) {
    target = opened;
    request.exceptionHandler(failure -> giveUp());
    request.response().closeHandler(closed -> giveUp());
    request.handler(this::onPart);
    request.endHandler(end -> onEnd());
  }

  private void onPart(Buffer part) {
    waiting.appendBuffer(part);
    send();
    if (waiting.length() >= itemBytes && !over) {
      request.pause();
    }
  }

  private void onEnd() {
    ended = true;
    send();
  }

  private void send() {
    while (!over && credit > 0 && hasItem()) {
      int length = Math.min(itemBytes, waiting.length());
      credit--;
      target.item(item(waiting.getBytes(0, length)));
      waiting = waiting.getBuffer(length, waiting.length());
    }
    if (!over && ended && waiting.length() == 0) {
      ended = false;
      target.end();
    }
  }

  private boolean hasItem() {
    return waiting.length() >= itemBytes || (ended && waiting.length() > 0);
  }

  private static Payload item(byte[] bytes) {
    byte[] base64 = Base64.getEncoder().encode(bytes);
    byte[] json = new byte[base64.length + 2];
    json[0] = '"';
    System.arraycopy(base64, 0, json, 1, base64.length);
    json[json.length - 1] = '"';
    return Payload.wrap(json);
  }

  @Override
  public void more(int items) {
    credit += items;
    send();
    if (waiting.length() < itemBytes && !over) {
      request.resume();
    }
  }

  @Override
  public void progress(Payload item) {
    // Whoever sends by HTTP hears it where the service publishes it.
  }

  @Override
  public void outcome(CommandOutcome outcome) {
    if (!over) {
      over = true;
      answered.accept(outcome);
    }
  }

  /** The sender is gone; what came is the service's to keep. */
  private void giveUp() {
    if (!over) {
      over = true;
      target.cancel();
    }
  }
}
