package io.madang.runtime.service;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.topic.Payload;

/**
 * The sender of one upload as its service sees it; to be used on the service's event loop. After {@link #reply} or {@link #fail}
 * nothing more comes, and nothing more is sent.
 */
public interface UploadSource {

  /** Lets so many more items come; none come before the first call. What is allowed and not taken yet is what may be in memory. */
  void more(int items);

  /** Tells the sender how far it is. False, and not sent, when it hears of that far more often than items come. */
  boolean progress(Payload item);

  /** Answers the upload; may be done before its end, when no more is needed. */
  void reply(Payload result);

  void fail(Refusal refusal);
}
