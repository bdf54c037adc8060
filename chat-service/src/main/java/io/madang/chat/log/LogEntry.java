package io.madang.chat.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.madang.chat.asker.Actor;
import io.madang.contracts.chat.ChatEvent;
import io.madang.contracts.chat.ChatJson;
import io.madang.contracts.chat.DirectMessage;
import io.madang.contracts.chat.Message;
import io.madang.contracts.chat.Person;
import io.madang.contracts.chat.RoomId;
import io.madang.contracts.chat.RoomRole;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One row of a topic's log as the store's functions tell it.
 *
 * @param topic its name; empty when the life it belongs to is over
 * @param epoch of the topic's life, without the store's part
 * @param pos its offset
 * @param at milliseconds since 1970
 * @param author who did it; {@code name} and {@code marks} as they were then
 * @param text of a message; of an edit, the message's text now
 * @param facts what else the event is about
 * @param edited when a message was changed, milliseconds since 1970; null: never
 * @param deleted when it was emptied; null: it stands
 * @param revokes whose subscriptions end; null: nobody's
 */
public record LogEntry(
    String topic,
    String epoch,
    long pos,
    String event,
    long at,
    String author,
    String name,
    int marks,
    String text,
    List<String> mentions,
    JsonNode facts,
    Long edited,
    Long deleted,
    String revokes,
    String reason,
    String command,
    List<Message.Reaction> reactions) {

  public LogEntry {
    topic = Objects.requireNonNullElse(topic, "");
    epoch = Objects.requireNonNullElse(epoch, "");
    text = Objects.requireNonNullElse(text, "");
    mentions = mentions == null ? List.of() : List.copyOf(mentions);
    facts = facts == null ? MissingNode.getInstance() : facts;
    reactions = reactions == null ? List.of() : List.copyOf(reactions);
  }

  /** A message that was just kept, without reading it back. */
  public static LogEntry said(
      RoomId room,
      String epoch,
      long pos,
      long at,
      Actor by,
      String text,
      List<String> mentions,
      String command) {
    return new LogEntry(
        "room:" + room,
        epoch,
        pos,
        "message",
        at,
        by.id(),
        by.name(),
        by.marks(),
        text,
        mentions,
        null,
        null,
        null,
        null,
        null,
        command,
        null);
  }

  /** Whether its topic is still there. */
  public boolean isLive() {
    return !topic.isEmpty();
  }

  /** The id of the message at {@code offset} in this topic's life. */
  private String messageId(long offset) {
    return MessageId.of(epoch, offset);
  }

  public String messageId() {
    return messageId(pos);
  }

  public Instant time() {
    return Instant.ofEpochMilli(at);
  }

  public Person by() {
    return new Person(author, name, (marks & Actor.GUEST) != 0, (marks & Actor.UNVERIFIED) != 0);
  }

  /** As it is published: what is kept has a place in the log, what is unread is the newest of its room. */
  public Publication toPublication(String store, long previous) {
    Topic where = Topic.parse(topic);
    StreamPosition position = new StreamPosition(epoch + "." + store, pos);
    ChatEvent what = toEvent();
    Payload data = Payload.wrap(ChatJson.encode(what));
    Publication publication = what instanceof ChatEvent.Unread unread
        ? Publication.state(
            where, what.event(), unread.room().value(), position, previous, at, data)
        : Publication.log(where, what.event(), position, previous, at, data);
    if (command != null) {
      publication = publication.causedBy(command);
    }
    return revokes == null
        ? publication
        : publication.revoking(new Revocation(revokes, Objects.requireNonNullElse(reason, "")));
  }

  /** As it is published the moment it happened: right after the offset before it. */
  public Publication toPublication(String store) {
    return toPublication(store, pos - 1);
  }

  /** What it says. */
  public ChatEvent toEvent() {
    return switch (event) {
      case "message" ->
        new ChatEvent.Said(
            messageId(), by(), text, mentions, instant(edited), deleted != null, hasOtherWord());
      case "edited" -> new ChatEvent.Edited(messageId(target()), target(), by(), text, mentions);
      case "deleted" -> new ChatEvent.Deleted(messageId(target()), target(), by());
      case "reaction" ->
        new ChatEvent.Reacted(
            messageId(target()),
            target(),
            by(),
            facts.path("emoji").asText(),
            facts.path("on").asBoolean());
      case "joined" -> new ChatEvent.Joined(by());
      case "left" -> new ChatEvent.Left(by());
      case "kicked" -> new ChatEvent.Kicked(subject(), by(), word("reason"), wasMember());
      case "banned" ->
        new ChatEvent.Banned(subject(), by(), instant("until"), word("reason"), wasMember());
      case "unbanned" -> new ChatEvent.Unbanned(subject(), by());
      case "muted" ->
        new ChatEvent.Muted(subject(), by(), facts.path("on").asBoolean(), instant("until"));
      case "role" ->
        new ChatEvent.RoleGiven(
            subject(), word("role").flatMap(RoomRole::of).orElse(RoomRole.MEMBER), by());
      case "direct" ->
        new ChatEvent.Direct(facts.path("id").asText(), by(), recipient(), text, heard());
      case "announcement" -> new ChatEvent.Announced(by(), facts.path("text").asText());
      case "room" ->
        new ChatEvent.RoomChanged(
            StoredJson.room(facts), facts.path("change").asText(), whole("read"));
      case "unread" ->
        new ChatEvent.Unread(
            new RoomId(facts.path("room").asText()),
            facts.path("unread").asLong(),
            facts.path("mention").asBoolean(),
            facts.path("read").asLong());
      default -> throw new IllegalStateException("the log holds an unknown event " + event);
    };
  }

  /** A message as it is read on a page. */
  public Message toMessage() {
    return new Message(
        messageId(),
        pos,
        time(),
        by(),
        text,
        mentions,
        instant(edited),
        deleted != null,
        Optional.ofNullable(command),
        reactions);
  }

  /** A direct message as it is read in a snapshot. */
  public DirectMessage toDirect() {
    return new DirectMessage(facts.path("id").asText(), pos, time(), by(), recipient(), text);
  }

  private boolean hasOtherWord() {
    return (marks & Actor.OTHER_WORD) != 0;
  }

  private Optional<ChatEvent.Heard> heard() {
    String recipient = recipient().id();
    boolean isTheirs = topic.equals("inbox:" + recipient);
    ChatEvent.Heard word = hasOtherWord() ? ChatEvent.Heard.PRIVATE : ChatEvent.Heard.DIRECT;
    return isTheirs ? Optional.of(word) : Optional.empty();
  }

  private long target() {
    return facts.path("target").asLong();
  }

  private Person subject() {
    return new Person(facts.path("user").asText(), facts.path("userName").asText(), false, false);
  }

  private Person recipient() {
    return StoredJson.recipient(facts);
  }

  private boolean wasMember() {
    return facts.path("member").asBoolean();
  }

  private Optional<Long> whole(String name) {
    JsonNode value = facts.path(name);
    return value.isNumber() ? Optional.of(value.asLong()) : Optional.empty();
  }

  private Optional<String> word(String name) {
    return Optional.ofNullable(facts.path(name).textValue());
  }

  private Optional<Instant> instant(String name) {
    return whole(name).map(Instant::ofEpochMilli);
  }

  private static Optional<Instant> instant(Long millis) {
    return Optional.ofNullable(millis).map(Instant::ofEpochMilli);
  }
}
