package io.madang.runtime.command;

import io.madang.runtime.topic.Payload;

/** What became of a command. A fault (store away) is not one of these but a failed future. */
public sealed interface CommandOutcome {

  /** It was done. */
  record Done(Payload result, Effects effects) implements CommandOutcome {}

  /** It was not done and left no trace. */
  record Refused(Refusal refusal) implements CommandOutcome {}

  static CommandOutcome done(Payload result) {
    return new Done(result, Effects.NONE);
  }

  static CommandOutcome done(Payload result, Effects effects) {
    return new Done(result, effects);
  }

  static CommandOutcome refused(Refusal refusal) {
    return new Refused(refusal);
  }

  static CommandOutcome refused(String code, String message) {
    return new Refused(Refusal.of(code, message));
  }
}
