package io.madang.chat.upload;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.service.UploadSource;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the parts of one request, each kept before the next is asked for. What was kept stays when the request breaks off, and the
 * next one goes on behind it.
 */
final class Appending implements UploadReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(Appending.class);

  /** Parts that may be in memory. */
  static final int AHEAD = 4;

  private static final long TELL_EVERY_NANOS = Duration.ofMillis(250).toNanos();

  private final UploadStore store;
  private final UploadLimits limits;
  private final UploadSource source;
  private final String user;
  private final String id;
  private final boolean completes;
  private final Optional<String> expectedHash;
  private final Consumer<UploadStore.State> progress;
  private final Queue<byte[]> waiting = new ArrayDeque<>();

  /** Of what came, while that is all there is; empty when the upload began with an earlier request. */
  private final Optional<MessageDigest> digest;

  /** As it stands with all that is kept. Null until it was found. */
  private UploadStore.State state;

  private long offset;
  private boolean writing;
  private boolean ended;

  /** Answered or given up. */
  private boolean over;

  private long toldNanos = System.nanoTime() - TELL_EVERY_NANOS;

  Appending(
      UploadStore store,
      UploadLimits limits,
      UploadSource source,
      String user,
      String id,
      long offset,
      boolean completes,
      Optional<String> expectedHash,
      Consumer<UploadStore.State> progress) {
    this.store = store;
    this.limits = limits;
    this.source = source;
    this.user = user;
    this.id = id;
    this.offset = offset;
    this.completes = completes;
    this.expectedHash = expectedHash;
    this.progress = progress;
    this.digest = offset == 0 ? Optional.of(UploadStore.sha256()) : Optional.empty();
  }

  UploadReceiver begin() {
    store
        .own(id, user)
        .onSuccess(found -> {
          if (found.isEmpty()) {
            fail(UploadRefusals.unknown());
          } else if (found.get().received() != offset || found.get().isComplete()) {
            String why = found.get().isComplete() ? "upload-complete" : "offset-mismatch";
            fail(UploadRefusals.of(why, found.get().received(), limits));
          } else {
            state = found.get();
            source.more(AHEAD);
          }
        })
        .onFailure(this::onFault);
    return this;
  }

  @Override
  public void item(Payload item) {
    Optional<byte[]> bytes = Uploads.bytes(item);
    if (bytes.isEmpty() || bytes.get().length == 0) {
      fail(Refusal.badRequest("An item is bytes as a string in base64."));
      return;
    }
    waiting.add(bytes.get());
    write();
  }

  private void write() {
    if (writing || over) {
      return;
    }
    byte[] next = waiting.poll();
    if (next == null) {
      if (ended) {
        finish();
      }
      return;
    }
    writing = true;
    store
        .append(id, user, offset, next, limits.maxBytes())
        .onSuccess(appended -> onAppended(next, appended))
        .onFailure(this::onFault);
  }

  private void onAppended(byte[] bytes, UploadStore.Appended appended) {
    writing = false;
    if (!appended.status().equals("done")) {
      fail(UploadRefusals.of(appended.status(), appended.received(), limits));
      return;
    }
    offset = appended.received();
    digest.ifPresent(of -> of.update(bytes));
    tellNowAndThen(at(offset, Optional.empty()));
    source.more(1);
    write();
  }

  private void tellNowAndThen(UploadStore.State now) {
    state = now;
    if (System.nanoTime() - toldNanos >= TELL_EVERY_NANOS) {
      toldNanos = System.nanoTime();
      tell();
    }
  }

  private void tell() {
    progress.accept(state);
    source.progress(Uploads.shown(state));
  }

  private UploadStore.State at(long received, Optional<byte[]> sha256) {
    return new UploadStore.State(
        state.id(),
        state.name(),
        state.type(),
        sha256.isPresent() ? Optional.of(received) : state.length(),
        received,
        sha256);
  }

  @Override
  public void end() {
    ended = true;
    write();
  }

  private void finish() {
    if (!completes) {
      over = true;
      source.reply(Uploads.shown(state));
      return;
    }
    writing = true;
    digest
        .map(of -> Future.succeededFuture(of.digest()))
        .orElseGet(() -> store.hash(id))
        .onSuccess(this::complete)
        .onFailure(this::onFault);
  }

  private void complete(byte[] sha256) {
    boolean isRight =
        expectedHash.map(HexFormat.of().formatHex(sha256)::equalsIgnoreCase).orElse(true);
    if (!isRight) {
      store
          .drop(id, user)
          .onSuccess(dropped -> fail(UploadRefusals.wrongHash()))
          .onFailure(this::onFault);
      return;
    }
    store
        .complete(id, user, offset, sha256)
        .onSuccess(status -> {
          if (!status.equals("done")) {
            fail(UploadRefusals.of(status, offset, limits));
            return;
          }
          state = at(offset, Optional.of(sha256));
          tell();
          over = true;
          source.reply(Uploads.shown(state));
        })
        .onFailure(this::onFault);
  }

  @Override
  public void cancelled() {
    over = true;
    waiting.clear();
  }

  private void fail(Refusal refusal) {
    if (!over) {
      over = true;
      waiting.clear();
      source.fail(refusal);
    }
  }

  private void onFault(Throwable failure) {
    LOG.warn("An upload was broken off: {}", failure.toString());
    fail(Refusal.later(
        "unavailable", "The file cannot be kept just now; go on with it later.", 1_000));
  }
}
