package io.madang.chat.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.topic.Payload;
import java.time.Instant;

/** The one place where what the store answers becomes a refusal. */
public final class Refusals {
  private static final long BUSY_RETRY_MS = 1_000;

  private Refusals() {}

  /**
   * A refusal.
   *
   * @param status what a function of the store answered, which is the code
   * @param facts figures a client can use
   */
  public static Refusal of(String status, JsonNode facts) {
    return switch (status) {
      case "conflict" -> Refusal.of(status, "The same id was used for another command.");
      case "not-a-member" -> Refusal.of(status, "You are not a member of this room.");
      case "forbidden" -> Refusal.of(status, "You may not do this here.");
      case "room-exists" -> Refusal.of(status, "There is a room of this name already.");
      case "unknown-message" -> Refusal.of(status, "There is no such message.");
      case "not-yours" -> Refusal.of(status, "Only its author may change a message.");
      case "no-such-member" -> Refusal.of(status, "There is no such member.");
      case "last-owner" ->
        Refusal.of(status, "A room keeps an owner; make another member the owner.");
      case "gone" -> Refusal.of(status, "The room of this message is there no more.");
      case "banned" -> until(status, "You are banned from this room.", facts);
      case "muted" -> until(status, "You may not speak in this room now.", facts);
      case "too-many-reactions" ->
        Refusal.of(status, "A message takes no more different reactions.")
            .withDetails(Payload.ofJson(facts.toString()));
      default -> throw new IllegalStateException("the store answered an unknown status " + status);
    };
  }

  /** Refusals of what ends by itself say when. */
  private static Refusal until(String code, String message, JsonNode facts) {
    JsonNode until = facts.path("until");
    if (!until.isNumber()) {
      return Refusal.of(code, message);
    }
    Instant end = Instant.ofEpochMilli(until.asLong());
    long leftMs = Math.max(1, end.toEpochMilli() - System.currentTimeMillis());
    return Refusal.later(code, message, leftMs)
        .withDetails(Payload.ofJson("{\"until\":\"" + end + "\"}"));
  }

  /** There is too much to do now. */
  public static Refusal busy() {
    return Refusal.later("unavailable", "There is too much to do; try again.", BUSY_RETRY_MS);
  }

  public static Refusal wrongPassword() {
    return Refusal.of("wrong-password", "This room wants its password.");
  }

  public static Refusal tooManyTries(long waitMs) {
    return Refusal.later("too-many-tries", "Too many wrong passwords; wait a little.", waitMs);
  }

  /** In the words that its clients know, as the next two. */
  public static Refusal tooManySecureMessages(long waitMs) {
    return Refusal.later("rate-limited", "Rate limit exceeded", waitMs);
  }

  public static Refusal secureMessageTooLarge() {
    return Refusal.of("too-large", "Message too large");
  }

  public static Refusal badSecureMessage() {
    return Refusal.of("bad-message", "Invalid message format");
  }

  public static Refusal unknownUser() {
    return Refusal.of("unknown-user", "There is nobody of this id or name.");
  }

  public static Refusal foreignName() {
    return Refusal.of("name-not-yours", "An account speaks under its own name.");
  }
}
