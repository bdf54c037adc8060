package io.madang.runtime.service;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.topic.Payload;

/** Where a service puts the items of one stream; to be used on the service's event loop. */
public interface StreamSink {

  /** Sends one item. False when the reader's credit is used up: the item was not taken, wait for {@link #onCredit}. */
  boolean item(Payload item);

  /** Calls {@code ready} each time credit returns after {@link #item} was refused. */
  void onCredit(Runnable ready);

  /** Calls {@code cancelled} once when the reader no longer wants it or is gone; nothing may be sent after. */
  void onCancel(Runnable cancelled);

  /** Ends the stream well. */
  void complete();

  /** Ends the stream with a reason. */
  void fail(Refusal refusal);
}
