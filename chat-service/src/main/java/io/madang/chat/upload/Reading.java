package io.madang.chat.upload;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.topic.Payload;
import java.util.ArrayDeque;
import java.util.Queue;

/** Gives out one upload, a page of parts at a time, as fast as it is read. */
final class Reading {
  private final UploadStore store;
  private final StreamSink sink;
  private final UploadStore.State state;
  private final Queue<Payload> ready = new ArrayDeque<>();

  /** Where the next page begins. */
  private long next;

  private boolean fetching;
  private boolean over;

  /** @param head the first item */
  Reading(UploadStore store, StreamSink sink, UploadStore.State state, Payload head) {
    this.store = store;
    this.sink = sink;
    this.state = state;
    ready.add(head);
  }

  void begin() {
    sink.onCredit(this::go);
    sink.onCancel(() -> over = true);
    go();
  }

  private void go() {
    while (!over && !ready.isEmpty() && sink.item(ready.peek())) {
      ready.remove();
    }
    if (!over && ready.isEmpty() && !fetching) {
      fetch();
    }
  }

  private void fetch() {
    if (next >= state.received()) {
      over = true;
      sink.complete();
      return;
    }
    fetching = true;
    store
        .parts(state.id(), next)
        .onSuccess(parts -> {
          fetching = false;
          if (parts.isEmpty()) {
            // It was dropped meanwhile.
            fail(UploadRefusals.unknown());
            return;
          }
          for (UploadStore.Part part : parts) {
            ready.add(Uploads.item(part.bytes().getBytes()));
            next = part.pos() + part.bytes().length();
          }
          go();
        })
        .onFailure(failure ->
            fail(Refusal.later("unavailable", "The file cannot be read just now.", 1_000)));
  }

  private void fail(Refusal refusal) {
    if (!over) {
      over = true;
      sink.fail(refusal);
    }
  }
}
