package io.madang.benchmarks.service;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.service.UploadSource;
import io.madang.runtime.topic.Payload;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Optional;

/** One upload of bytes: counts and sums them, and says after each item how many came. */
final class SumUpload implements UploadReceiver {
  /** Items that may be on their way. */
  private static final int AHEAD = 16;

  private final UploadSource source;
  private long bytes;

  /** Of all bytes, each from 0 to 255. */
  private long sum;

  private SumUpload(UploadSource source) {
    this.source = source;
  }

  static UploadReceiver open(UploadSource source) {
    source.more(AHEAD);
    return new SumUpload(source);
  }

  @Override
  public void item(Payload item) {
    Optional<byte[]> part = decoded(item);
    if (part.isEmpty()) {
      source.fail(Refusal.badRequest("An item is bytes as a string in base64."));
      return;
    }
    bytes += part.get().length;
    for (byte each : part.get()) {
      sum += Byte.toUnsignedInt(each);
    }
    source.progress(Payload.ofJson(new JsonObject().put("bytes", bytes).encode()));
    source.more(1);
  }

  private static Optional<byte[]> decoded(Payload item) {
    try {
      return Json.decodeValue(item.toString()) instanceof String text
          ? Optional.of(Base64.getDecoder().decode(text))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void end() {
    source.reply(
        Payload.ofJson(new JsonObject().put("bytes", bytes).put("sum", sum).encode()));
  }

  @Override
  public void cancelled() {
    // Nothing was kept but two numbers.
  }
}
