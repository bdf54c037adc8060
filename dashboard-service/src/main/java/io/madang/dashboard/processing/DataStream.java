package io.madang.dashboard.processing;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.contracts.dashboard.DashboardJson;
import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.service.UploadSource;
import io.madang.runtime.topic.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes chunks, objects with an {@code id} and perhaps {@code data}: hashes {@code data} where that is a text, else the whole
 * chunk, and tells of each. One that is no chunk is an error of the result and ends nothing.
 */
public final class DataStream implements UploadReceiver {
  /** Chunks that may be in memory. */
  private static final int AHEAD = 16;

  /** Errors that are told; further ones are counted by what is missing in {@code totalProcessed}. */
  static final int MAX_ERRORS = 100;

  private final UploadSource source;
  private final Clock clock;
  private final Digest digest = new Digest();
  private final List<String> errors = new ArrayList<>();
  private long processed;

  /** Of all chunks, good or bad; the number of the one at hand. */
  private long came;

  private DataStream(UploadSource source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  public static UploadReceiver open(UploadSource source, Clock clock) {
    DataStream stream = new DataStream(source, clock);
    source.more(AHEAD);
    return stream;
  }

  @Override
  public void item(Payload item) {
    came++;
    JsonNode chunk = DashboardJson.arguments(item.utf8());
    JsonNode id = chunk.path("id");
    if (!chunk.isObject()) {
      error("it is no object");
    } else if (!id.isTextual() && !id.isNumber()) {
      error("it has no id");
    } else {
      process(chunk, id);
    }
    source.more(1);
  }

  private void process(JsonNode chunk, JsonNode id) {
    JsonNode data = chunk.path("data");
    String text = data.isTextual() ? data.textValue() : chunk.toString();
    digest.add(text.getBytes(StandardCharsets.UTF_8));
    processed++;
    source.progress(Payload.wrap(DashboardJson.chunkProcessed(processed, id)));
  }

  private void error(String why) {
    if (errors.size() < MAX_ERRORS) {
      errors.add("Error processing chunk " + came + ": " + why);
    }
  }

  @Override
  public void end() {
    source.reply(Payload.wrap(DashboardJson.streamProcessed(
        processed, errors, clock.instant(), digest.bytes(), digest.hex())));
  }

  @Override
  public void cancelled() {
    errors.clear();
  }
}
