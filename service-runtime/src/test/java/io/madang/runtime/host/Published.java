package io.madang.runtime.host;

import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;

/** Publications as tests need them: of topics {@code log:…} and {@code state:…}, in one epoch. */
final class Published {
  static final String EPOCH = "e1";

  private Published() {}

  static StreamPosition at(long offset) {
    return new StreamPosition(EPOCH, offset);
  }

  static Topic log(String id) {
    return new Topic("log", id);
  }

  static Publication log(String id, long offset) {
    return log(id, offset, 10);
  }

  static Publication log(String id, long offset, int bytes) {
    return Publication.log(log(id), "put", at(offset), offset - 1, 0, text(bytes));
  }

  static Publication state(String id, String key, long offset) {
    return Publication.state(
        new Topic("state", id), "set", key, at(offset), offset - 1, 0, text(10));
  }

  static Publication ephemeral(String id) {
    return Publication.ephemeral(log(id), "typing", 0, text(10));
  }

  private static Payload text(int bytes) {
    return Payload.ofJson("\"" + "x".repeat(bytes - 2) + "\"");
  }
}
