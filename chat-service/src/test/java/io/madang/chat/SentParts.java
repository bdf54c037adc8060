package io.madang.chat;

import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.service.UploadSource;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Queue;

/** The sender of an upload, as its service sees it: gives each part when it is asked for. */
final class SentParts implements UploadSource {
  private final Queue<byte[]> parts;
  private final Promise<CommandOutcome> answer = Promise.promise();
  private UploadReceiver receiver;
  private int asked;
  private boolean ended;

  SentParts(List<byte[]> parts) {
    this.parts = new ArrayDeque<>(parts);
  }

  void to(UploadReceiver opened) {
    receiver = opened;
    send();
  }

  Future<CommandOutcome> answer() {
    return answer.future();
  }

  private void send() {
    while (receiver != null && asked > 0 && !parts.isEmpty()) {
      asked--;
      byte[] part = parts.remove();
      receiver.item(Payload.ofJson('"' + Base64.getEncoder().encodeToString(part) + '"'));
    }
    if (receiver != null && asked > 0 && !ended) {
      ended = true;
      receiver.end();
    }
  }

  @Override
  public void more(int items) {
    asked += items;
    send();
  }

  @Override
  public boolean progress(Payload item) {
    return true;
  }

  @Override
  public void reply(Payload result) {
    answer.complete(CommandOutcome.done(result));
  }

  @Override
  public void fail(Refusal refusal) {
    answer.complete(CommandOutcome.refused(refusal));
  }
}
