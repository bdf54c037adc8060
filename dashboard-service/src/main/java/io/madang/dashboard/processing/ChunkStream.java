package io.madang.dashboard.processing;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.contracts.dashboard.DashboardJson;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.service.UploadSource;
import io.madang.runtime.topic.Payload;
import java.util.Base64;
import java.util.Optional;

/** Takes bytes, counts and hashes them. What is no bytes ends it. */
public final class ChunkStream implements UploadReceiver {
  /** Chunks that may be in memory. */
  private static final int AHEAD = 16;

  private final UploadSource source;
  private final Digest digest = new Digest();
  private long chunks;

  /** Refused: nothing more is said. */
  private boolean over;

  private ChunkStream(UploadSource source) {
    this.source = source;
  }

  public static UploadReceiver open(UploadSource source) {
    ChunkStream stream = new ChunkStream(source);
    source.more(AHEAD);
    return stream;
  }

  @Override
  public void item(Payload item) {
    if (over) {
      return;
    }
    Optional<byte[]> bytes = bytes(DashboardJson.arguments(item.utf8()));
    if (bytes.isEmpty()) {
      over = true;
      source.fail(Refusal.badRequest("An item is bytes as a string in base64."));
      return;
    }
    digest.add(bytes.get());
    chunks++;
    source.progress(Payload.wrap(DashboardJson.chunksTaken(chunks, digest.bytes())));
    source.more(1);
  }

  private static Optional<byte[]> bytes(JsonNode item) {
    try {
      return item.isTextual()
          ? Optional.of(Base64.getDecoder().decode(item.textValue()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void end() {
    if (!over) {
      source.reply(
          Payload.wrap(DashboardJson.chunksUploaded(chunks, digest.bytes(), digest.hex())));
    }
  }

  @Override
  public void cancelled() {
    over = true;
  }
}
