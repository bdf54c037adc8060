package io.madang.chat;

import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Base64;
import java.util.HexFormat;

/** The reader of an upload, as its service sees it: takes one item a turn. */
final class ReadParts implements StreamSink {
  private final Promise<CommandOutcome> answer = Promise.promise();
  private final StringBuilder hex = new StringBuilder();
  private String head = "";
  private Runnable ready = () -> {};
  private boolean mayTake = true;

  Future<CommandOutcome> answer() {
    return answer.future();
  }

  @Override
  public boolean item(Payload item) {
    if (!mayTake) {
      return false;
    }
    mayTake = false;
    String json = item.toString();
    if (head.isEmpty()) {
      head = json;
    } else {
      hex.append(HexFormat.of()
          .formatHex(Base64.getDecoder().decode(json.substring(1, json.length() - 1))));
    }
    Vertx.currentContext().runOnContext(turn -> {
      mayTake = true;
      ready.run();
    });
    return true;
  }

  @Override
  public void onCredit(Runnable isReady) {
    ready = isReady;
  }

  @Override
  public void onCancel(Runnable cancelled) {}

  @Override
  public void complete() {
    answer.complete(
        CommandOutcome.done(Payload.ofJson("{\"head\":" + head + ",\"hex\":\"" + hex + "\"}")));
  }

  @Override
  public void fail(Refusal refusal) {
    answer.complete(CommandOutcome.refused(refusal));
  }
}
