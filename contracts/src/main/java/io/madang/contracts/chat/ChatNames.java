package io.madang.contracts.chat;

/** The names and limits of chat-service that others build on. */
public final class ChatNames {
  /** The service, as in {@code POST /api/chat/sendToRoom}. */
  public static final String SERVICE = "chat";

  /** Prefix of the topic {@code room:<room>}, which those may hear who may read the room. */
  public static final String ROOM = "room";

  /** Prefix of the topic {@code inbox:<user>}, which only that user may hear. */
  public static final String INBOX = "inbox";

  /** The room that is always there and in which everyone may speak. */
  public static final String LOBBY = "lobby";

  public static final String CREATE_ROOM = "createRoom";
  public static final String JOIN_ROOM = "joinRoom";

  /** {@link #JOIN_ROOM}, but never makes a room. */
  public static final String ENTER_ROOM = "enterRoom";

  public static final String LEAVE_ROOM = "leaveRoom";
  public static final String SEND_TO_ROOM = "sendToRoom";
  public static final String SEND_MESSAGE = "sendMessage";

  /** {@link #SEND_MESSAGE}, in the words of those who say it over plain HTTP. */
  public static final String RECEIVE_MESSAGE = "receiveMessage";

  /** {@link #SEND_TO_ROOM}, heard by hubs in their word for groups. */
  public static final String SEND_TO_GROUP = "sendToGroup";

  /** {@link #SEND_MESSAGE} that drops what comes too fast instead of refusing it. */
  public static final String SAFE_SEND = "safeSend";

  /** {@link #SEND_MESSAGE}, told again in batches to those who hear {@link #MESSAGES_EVENT}. */
  public static final String QUEUE_MESSAGE = "queueMessage";

  /** Says something to everyone who hears the lobby but to the sender; kept by nobody. */
  public static final String BROADCAST = "broadcast";

  /** {@link #BROADCAST} of what was checked and encoded for HTML. */
  public static final String SEND_SECURE_MESSAGE = "sendSecureMessage";

  /** Says something to everyone who hears the lobby, with the word of the operators. */
  public static final String ADMIN_BROADCAST = "adminBroadcast";

  public static final String SEND_DIRECT = "sendDirect";

  /** {@link #SEND_DIRECT}, heard by hubs in their word for what is private. */
  public static final String SEND_PRIVATE = "sendPrivate";

  public static final String RECENT_MESSAGES = "recentMessages";
  public static final String SET_TYPING = "setTyping";
  public static final String HISTORY = "history";

  /** What a user missed since a message, and where the user's topics stand. */
  public static final String RECONNECT_WITH_STATE = "reconnectWithState";

  public static final String LIST_ROOMS = "listRooms";
  public static final String LIST_MEMBERS = "listMembers";
  public static final String MARK_READ = "markRead";
  public static final String EDIT_MESSAGE = "editMessage";
  public static final String DELETE_MESSAGE = "deleteMessage";
  public static final String REACT = "react";
  public static final String KICK_USER = "kickUser";
  public static final String BAN_USER = "banUser";
  public static final String UNBAN_USER = "unbanUser";
  public static final String MUTE_USER = "muteUser";
  public static final String SET_ROLE = "setRole";
  public static final String INVITE_USER = "inviteUser";
  public static final String CREATE_UPLOAD = "createUpload";
  public static final String APPEND_UPLOAD = "appendUpload";
  public static final String UPLOAD_STATE = "uploadState";
  public static final String DROP_UPLOAD = "dropUpload";
  public static final String READ_UPLOAD = "readUpload";

  /** Told in the lobby: what {@link #QUEUE_MESSAGE} gathered. */
  public static final String MESSAGES_EVENT = "messages";

  /** Told in an inbox while its user sends a file. */
  public static final String UPLOAD_EVENT = "upload";

  /** Code points of a file's name at most; it has at least one. */
  public static final int MAX_FILE_NAME = 200;

  /** Code points of a text at most; it has at least one. */
  public static final int MAX_TEXT = 10_000;

  /** UTF-16 units of a secure message at most, as those who count in them count. */
  public static final int MAX_SECURE_CHARS = 10_000;

  /** Messages of {@link #SAFE_SEND} that a user may send in {@link #SAFE_SEND_WINDOW_MS}; more are dropped. */
  public static final int SAFE_SENDS = 10;

  public static final int SAFE_SEND_WINDOW_MS = 2_000;

  /** Messages of {@link #SEND_SECURE_MESSAGE} that a user may send in a minute; more are refused. */
  public static final int SECURE_MESSAGES_PER_MINUTE = 100;

  /** Messages of {@link #MESSAGES_EVENT} at most, and how long the first of them waits. */
  public static final int MAX_QUEUED = 100;

  public static final int QUEUED_MS = 100;

  /** The role that may give {@link #ADMIN_BROADCAST}. */
  public static final String ADMIN_ROLE = "admin";

  /** Code points of a room's title at most; it has at least one. */
  public static final int MAX_TITLE = 100;

  /** Code points of a room's password at most; it has at least one. */
  public static final int MAX_PASSWORD = 128;

  /** Code points of a user's id or name at most. */
  public static final int MAX_USER = 128;

  /** Code points of a reaction at most: the longest emoji are joined of many. */
  public static final int MAX_EMOJI = 16;

  /** Code points of the reason of a kick or ban at most. */
  public static final int MAX_REASON = 200;

  /** Characters of a message's id at most. */
  public static final int MAX_MESSAGE_ID = 64;

  /** Bytes of the options of a new room at most. */
  public static final int MAX_OPTIONS_BYTES = 2_048;

  /** Messages, rooms or members of one answer at most. */
  public static final int MAX_TAKE = 200;

  /** The same when the asker does not say. */
  public static final int DEFAULT_TAKE = 50;

  /** Different reactions to one message at most. */
  public static final int MAX_REACTIONS = 50;

  private ChatNames() {}
}
