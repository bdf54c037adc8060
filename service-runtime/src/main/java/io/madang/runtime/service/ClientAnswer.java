package io.madang.runtime.service;

import io.madang.runtime.topic.Payload;

/** What became of a {@link ClientQuestion}. */
public sealed interface ClientAnswer {

  /** The client's answer: one JSON value, null where it had none to tell. */
  record Told(Payload result) implements ClientAnswer {}

  /** @param text one sentence; what the client said itself where it failed */
  record Untold(Reason reason, String text) implements ClientAnswer {}

  /** Why there is no answer. What the client did, unless it never heard of it, is not known. */
  enum Reason {
    /** There is no such connection any more, or its gateway is gone. */
    GONE("client-gone"),
    /** The client speaks a protocol that has no such question, or has no connection at all. It heard nothing. */
    UNSUPPORTED("client-unsupported"),
    /** The client says that it could not answer. */
    FAILED("client-failed"),
    /** Nothing was said in time. */
    LATE("client-late"),
    /** The client has as many questions before it as it may. It heard nothing of this one. */
    BUSY("client-busy"),
    /** The question is longer than a message of this gateway may be. The client heard nothing. */
    TOO_LARGE("too-large");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    /** The code of the refusal that a command is answered with because of it. */
    public String code() {
      return code;
    }
  }
}
