package io.madang.chat;

import static io.madang.runtime.descriptor.Parameter.optional;
import static io.madang.runtime.descriptor.Parameter.required;
import static io.madang.runtime.descriptor.ParameterType.clamped;
import static io.madang.runtime.descriptor.ParameterType.flag;
import static io.madang.runtime.descriptor.ParameterType.object;
import static io.madang.runtime.descriptor.ParameterType.text;
import static io.madang.runtime.descriptor.ParameterType.whole;

import io.madang.contracts.chat.ChatNames;
import io.madang.contracts.chat.RoomId;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.StreamDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor.History;
import io.madang.runtime.descriptor.TopicDescriptor.Pressure;
import io.madang.runtime.descriptor.UploadDescriptor;
import java.time.Duration;
import java.util.List;

/** What chat-service offers, as every door sees it. */
final class ChatDescriptor {
  private static final Parameter ROOM = required("room", text(1, RoomId.MAX_CODE_POINTS));
  private static final Parameter LOBBY_OR =
      optional("room", text(1, RoomId.MAX_CODE_POINTS), "\"" + ChatNames.LOBBY + "\"");
  private static final Parameter TEXT = required("text", text(1, ChatNames.MAX_TEXT));
  private static final Parameter USER = required("user", text(1, ChatNames.MAX_USER));
  private static final Parameter MESSAGE = required("messageId", text(1, ChatNames.MAX_MESSAGE_ID));
  private static final Parameter PASSWORD = optional("password", text(1, ChatNames.MAX_PASSWORD));
  private static final Parameter REASON = optional("reason", text(1, ChatNames.MAX_REASON));
  private static final Parameter TAKE =
      optional("take", clamped(1, ChatNames.MAX_TAKE), String.valueOf(ChatNames.DEFAULT_TAKE));
  private static final Parameter AFTER = optional("after", text(0, ChatNames.MAX_USER));
  private static final Parameter DURATION =
      optional("durationMs", whole(0, Duration.ofDays(3650).toMillis()));

  /** Beyond the limit of a secure message, which its service tells in the words its clients know. */
  private static final int MOST_SECURE = 2 * ChatNames.MAX_SECURE_CHARS;

  private static final Parameter UPLOAD = required("upload", text(1, 64));

  /** Bytes of one part of a file. */
  private static final int PART_BYTES = 48 * 1024;

  /** Bytes that a file may be allowed to have by {@link ChatConfig}. */
  static final long MOST_BYTES = 1L << 30;

  static final ServiceDescriptor CHAT = new ServiceDescriptor(
          ChatNames.SERVICE,
          "1",
          List.of(
              TopicDescriptor.of(ChatNames.ROOM, History.ALL, Pressure.CATCH_UP)
                  .publishedThrough(ChatNames.SEND_TO_ROOM),
              TopicDescriptor.of(ChatNames.INBOX, History.ALL, Pressure.CATCH_UP)),
          List.of(
              inRoom(
                  ChatNames.CREATE_ROOM,
                  IdKind.CREATES,
                  ROOM,
                  optional("options", object(ChatNames.MAX_OPTIONS_BYTES), "{}")),
              inRoom(ChatNames.JOIN_ROOM, IdKind.RECORDED, ROOM, PASSWORD),
              inRoom(ChatNames.ENTER_ROOM, IdKind.RECORDED, ROOM, PASSWORD),
              inRoom(ChatNames.LEAVE_ROOM, IdKind.RECORDED, ROOM),
              inRoom(ChatNames.SEND_TO_ROOM, IdKind.CREATES, ROOM, TEXT),
              inRoom(ChatNames.SEND_TO_GROUP, IdKind.CREATES, ROOM, TEXT),
              inLobby(ChatNames.SAFE_SEND, IdKind.CREATES, TEXT),
              inLobby(ChatNames.QUEUE_MESSAGE, IdKind.CREATES, TEXT),
              inLobby(ChatNames.BROADCAST, IdKind.REPEATABLE, TEXT),
              inLobby(
                  ChatNames.SEND_SECURE_MESSAGE,
                  IdKind.REPEATABLE,
                  required("message", text(0, MOST_SECURE))),
              inLobby(ChatNames.ADMIN_BROADCAST, IdKind.RECORDED, TEXT)
                  .requiring(ChatNames.ADMIN_ROLE),
              CommandDescriptor.of(
                      ChatNames.SEND_MESSAGE,
                      IdKind.CREATES,
                      TEXT,
                      optional("user", text(1, ChatNames.MAX_USER)))
                  .byPosition(List.of("text"))
                  .byPosition(List.of("user", "text"))
                  .aboutOne(ChatNames.ROOM, RoomId.LOBBY.value()),
              CommandDescriptor.of(
                      ChatNames.RECEIVE_MESSAGE,
                      IdKind.CREATES,
                      required("message", text(1, ChatNames.MAX_TEXT)),
                      optional("user", text(1, ChatNames.MAX_USER)))
                  .byPosition(List.of("message"))
                  .byPosition(List.of("user", "message"))
                  .aboutOne(ChatNames.ROOM, RoomId.LOBBY.value()),
              CommandDescriptor.of(
                      ChatNames.SEND_DIRECT,
                      IdKind.CREATES,
                      required("toUser", text(1, ChatNames.MAX_USER)),
                      TEXT)
                  .aboutCallers(ChatNames.INBOX),
              CommandDescriptor.of(
                      ChatNames.SEND_PRIVATE,
                      IdKind.CREATES,
                      required("toUser", text(1, ChatNames.MAX_USER)),
                      TEXT)
                  .aboutCallers(ChatNames.INBOX),
              CommandDescriptor.of(
                      ChatNames.RECONNECT_WITH_STATE,
                      IdKind.REPEATABLE,
                      optional("lastMessageId", text(0, ChatNames.MAX_MESSAGE_ID)))
                  .aboutCallers(ChatNames.INBOX),
              inRoom(ChatNames.RECENT_MESSAGES, IdKind.REPEATABLE, ROOM, TAKE),
              inRoom(
                      ChatNames.SET_TYPING,
                      IdKind.REPEATABLE,
                      LOBBY_OR,
                      required("isTyping", flag()))
                  .byPosition(List.of("isTyping"))
                  .byPosition(List.of("room", "isTyping")),
              inRoom(
                  ChatNames.HISTORY,
                  IdKind.REPEATABLE,
                  ROOM,
                  optional("before", whole(0, Long.MAX_VALUE)),
                  optional("after", whole(0, Long.MAX_VALUE)),
                  TAKE),
              CommandDescriptor.of(ChatNames.LIST_ROOMS, IdKind.REPEATABLE, AFTER, TAKE),
              inRoom(ChatNames.LIST_MEMBERS, IdKind.REPEATABLE, ROOM, AFTER, TAKE),
              inRoom(
                  ChatNames.MARK_READ,
                  IdKind.REPEATABLE,
                  ROOM,
                  required("offset", whole(0, Long.MAX_VALUE))),
              inRoom(ChatNames.EDIT_MESSAGE, IdKind.RECORDED, ROOM, MESSAGE, TEXT),
              inRoom(ChatNames.DELETE_MESSAGE, IdKind.RECORDED, ROOM, MESSAGE),
              inRoom(
                  ChatNames.REACT,
                  IdKind.RECORDED,
                  ROOM,
                  required("offset", whole(1, Long.MAX_VALUE)),
                  required("emoji", text(1, ChatNames.MAX_EMOJI)),
                  optional("on", flag(), "true")),
              inRoom(ChatNames.KICK_USER, IdKind.RECORDED, ROOM, USER, REASON),
              inRoom(ChatNames.BAN_USER, IdKind.RECORDED, ROOM, USER, DURATION, REASON),
              inRoom(ChatNames.UNBAN_USER, IdKind.RECORDED, ROOM, USER),
              inRoom(ChatNames.MUTE_USER, IdKind.RECORDED, ROOM, USER, DURATION),
              inRoom(
                  ChatNames.SET_ROLE, IdKind.RECORDED, ROOM, USER, required("role", text(1, 20))),
              inRoom(ChatNames.INVITE_USER, IdKind.RECORDED, ROOM, USER),
              CommandDescriptor.of(
                  ChatNames.CREATE_UPLOAD,
                  IdKind.REPEATABLE,
                  ROOM,
                  required("name", text(1, ChatNames.MAX_FILE_NAME)),
                  optional("type", text(1, 130), "\"application/octet-stream\""),
                  optional("length", whole(0, MOST_BYTES))),
              CommandDescriptor.of(ChatNames.UPLOAD_STATE, IdKind.REPEATABLE, UPLOAD),
              CommandDescriptor.of(ChatNames.DROP_UPLOAD, IdKind.REPEATABLE, UPLOAD)),
          List.of(StreamDescriptor.of(ChatNames.READ_UPLOAD, UPLOAD)),
          List.of(UploadDescriptor.of(
                  ChatNames.APPEND_UPLOAD,
                  PART_BYTES / 3 * 4 + 2,
                  MOST_BYTES * 4 / 3,
                  UPLOAD,
                  required("offset", whole(0, MOST_BYTES)),
                  optional("complete", flag(), "true"),
                  optional("sha256", text(64, 64)))
              .lasting(Duration.ofSeconds(30), Duration.ofHours(1))),
          List.of())
      .shownAt(ChatHubs.all());

  private ChatDescriptor() {}

  private static CommandDescriptor inLobby(String name, IdKind idKind, Parameter... parameters) {
    return CommandDescriptor.of(name, idKind, parameters)
        .aboutOne(ChatNames.ROOM, RoomId.LOBBY.value());
  }

  private static CommandDescriptor inRoom(String name, IdKind idKind, Parameter... parameters) {
    return CommandDescriptor.of(name, idKind, parameters).about(ChatNames.ROOM, "room");
  }
}
