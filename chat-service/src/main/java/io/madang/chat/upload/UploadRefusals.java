package io.madang.chat.upload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.madang.chat.refusal.Refusals;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.topic.Payload;

/** Why a file is not taken, in the words of people. */
final class UploadRefusals {
  private UploadRefusals() {}

  /**
   * @param status what a function of the store answered
   * @param offset where the upload stands
   */
  static Refusal of(String status, long offset, UploadLimits limits) {
    return switch (status) {
      case "unknown-upload" -> unknown();
      case "upload-complete" ->
        Refusal.of(status, "The upload is complete already.").withDetails(at(offset));
      case "offset-mismatch" ->
        Refusal.of(status, "The upload stands elsewhere; go on from there.")
            .withDetails(at(offset));
      case "upload-incomplete" ->
        Refusal.of(status, "The upload has fewer bytes than it was announced with.")
            .withDetails(at(offset));
      case "too-large" -> tooLarge(limits);
      case "too-many-uploads" ->
        Refusal.later(status, "So many unfinished uploads are enough; finish or drop one.", 60_000);
      default -> Refusals.of(status, JsonNodeFactory.instance.objectNode());
    };
  }

  /** One that is not there, and one that the asker may not have, are told alike. */
  static Refusal unknown() {
    return Refusal.of("unknown-upload", "There is no such upload, or you may not have it.");
  }

  static Refusal tooLarge(UploadLimits limits) {
    return Refusal.of(
        "too-large",
        "A file has at most " + limits.maxBytes()
            + " bytes, and as many as it was announced with.");
  }

  static Refusal badType() {
    return Refusal.of("type-refused", "Files of this type are not taken here.");
  }

  static Refusal wrongHash() {
    return Refusal.of(
        "hash-mismatch", "The bytes that came are not those of this hash; the upload was dropped.");
  }

  private static Payload at(long offset) {
    return Payload.ofJson("{\"offset\":" + offset + "}");
  }
}
