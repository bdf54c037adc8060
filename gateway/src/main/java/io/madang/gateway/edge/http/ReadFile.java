package io.madang.gateway.edge.http;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.mesh.ask.StreamHandle;
import io.madang.runtime.mesh.ask.StreamReader;
import io.madang.runtime.topic.Payload;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A file on its way to whoever asked: as fast as it is read, at most {@value #AHEAD} items of it on the way. Never shown as a page
 * of ours: it is to be saved, whatever it says it is. Touched on the request's event loop only.
 */
final class ReadFile implements StreamReader {
  static final int AHEAD = 8;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Consumer<Refusal> refused;

  /** Null until it is known where it comes from. */
  private StreamHandle source;

  /** Items taken whose places were not given back, as the reader is slow. */
  private int owed;

  private boolean begun;
  private boolean over;

  /** @param refused hears why there is no file; not after its first byte */
  ReadFile(HttpServerRequest request, Consumer<Refusal> refused) {
    this.request = request;
    this.response = request.response();
    this.refused = refused;
  }

  void comesFrom(StreamHandle opened) {
    source = opened;
    response.closeHandler(closed -> giveUp());
    response.exceptionHandler(failure -> giveUp());
    response.drainHandler(drained -> giveBack());
  }

  @Override
  public void item(Payload item) {
    if (over) {
      return;
    }
    owed++;
    if (begun) {
      byte[] json = item.utf8();
      byte[] base64 = Arrays.copyOfRange(json, 1, json.length - 1);
      response.write(Buffer.buffer(Base64.getDecoder().decode(base64)));
    } else {
      begin(new JsonObject(item.toString()));
    }
    if (!over && !response.writeQueueFull()) {
      giveBack();
    }
  }

  private void giveBack() {
    if (owed > 0 && !over) {
      int items = owed;
      owed = 0;
      source.more(items);
    }
  }

  private void begin(JsonObject file) {
    begun = true;
    String tag = "\"" + file.getString("sha256") + "\"";
    MultiMap headers = response.headers();
    headers.set(HttpHeaders.ETAG, tag);
    // Whether one may still have it is asked each time.
    headers.set(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    if (tag.equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      over = true;
      source.cancel();
      response.setStatusCode(304).end();
      return;
    }
    headers.set(HttpHeaders.CONTENT_TYPE, file.getString("type"));
    headers.set(HttpHeaders.CONTENT_LENGTH, String.valueOf(file.getLong("length")));
    headers.set(
        "Content-Disposition", "attachment; filename*=UTF-8''" + encoded(file.getString("name")));
    headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
  }

  /** As RFC 8187 wants it, which is stricter than forms. */
  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }

  @Override
  public void end(Optional<Refusal> refusal) {
    if (over) {
      return;
    }
    over = true;
    if (refusal.isEmpty()) {
      response.end();
    } else if (response.headWritten()) {
      // Cut, so that nobody takes a part of it for the whole.
      request.connection().close();
    } else {
      response.headers().remove(HttpHeaders.CONTENT_LENGTH);
      refused.accept(refusal.get());
    }
  }

  private void giveUp() {
    if (!over) {
      over = true;
      source.cancel();
    }
  }
}
