package io.madang.chat;

import static io.madang.runtime.descriptor.hub.HubMethod.command;
import static io.madang.runtime.descriptor.hub.HubValue.argument;
import static io.madang.runtime.descriptor.hub.HubValue.callerId;
import static io.madang.runtime.descriptor.hub.HubValue.callerName;
import static io.madang.runtime.descriptor.hub.HubValue.connection;
import static io.madang.runtime.descriptor.hub.HubValue.constant;
import static io.madang.runtime.descriptor.hub.HubValue.each;
import static io.madang.runtime.descriptor.hub.HubValue.member;
import static io.madang.runtime.descriptor.hub.HubValue.object;
import static io.madang.runtime.descriptor.hub.HubValue.text;
import static io.madang.runtime.descriptor.hub.HubValue.time;
import static io.madang.runtime.descriptor.hub.HubValue.topicId;

import io.madang.contracts.chat.ChatEvent.Heard;
import io.madang.contracts.chat.ChatNames;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubCondition;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.descriptor.hub.HubListener;
import io.madang.runtime.descriptor.hub.HubMethod;
import io.madang.runtime.descriptor.hub.HubValue;

/**
 * How chat-service shows itself to clients that speak of hubs; docs/SIGNALR.md has the same as a table. Everyone who is connected
 * to a hub of chat hears the lobby, so what is said to all is said there.
 */
final class ChatHubs {
  private static final String ROOM = ChatNames.ROOM;
  private static final String INBOX = ChatNames.INBOX;
  private static final String LOBBY_TOPIC = ROOM + ":" + ChatNames.LOBBY;
  private static final String OWN_INBOX = INBOX + ":{user}";
  private static final String LOBBY = "\"" + ChatNames.LOBBY + "\"";

  private static final String MESSAGE = "message";
  private static final String RECEIVE_MESSAGE = "ReceiveMessage";
  private static final String RECEIVE_PRIVATE = "ReceivePrivateMessage";
  private static final String RECONNECT = "ReconnectWithState";

  private static final HubValue SYSTEM = constant("\"SYSTEM\"");
  private static final HubValue USER = member("user.name");
  private static final HubValue USER_ID = member("user.id");
  private static final HubValue TEXT = member("text");

  /** What somebody was before who was taken out. */
  private static final HubCondition WAS_MEMBER = HubCondition.notEmpty("member");

  private static final HubCondition DIRECT = heard(Heard.DIRECT);
  private static final HubCondition PRIVATE = heard(Heard.PRIVATE);

  private ChatHubs() {}

  static HubDescriptor[] all() {
    return new HubDescriptor[] {
      chat(), chatHub(), rooms(), typedChat(), secure(), secureMessages(), optimized(), reconnect()
    };
  }

  private static HubCondition heard(Heard heard) {
    return HubCondition.equal("heard", "\"" + heard.word() + "\"");
  }

  private static HubDescriptor chat() {
    return HubDescriptor.of("chat")
        .calling(
            command("SendMessage", ChatNames.SEND_MESSAGE, "text"),
            command("SendMessage", ChatNames.SEND_MESSAGE, "user", "text"),
            command("SetTyping", ChatNames.SET_TYPING, "isTyping"),
            command("SetTyping", ChatNames.SET_TYPING, "room", "isTyping"),
            command("JoinRoom", ChatNames.JOIN_ROOM, "room", "password")
                .telling(CallerEvent.of(
                    RECEIVE_MESSAGE,
                    SYSTEM,
                    text("{} joined {}", callerName(), argument("room")),
                    time())),
            command("LeaveRoom", ChatNames.LEAVE_ROOM, "room"),
            command("SendToRoom", ChatNames.SEND_TO_ROOM, "room", "text"),
            command("SendMessageToGroup", ChatNames.SEND_TO_GROUP, "room", "text"),
            command("SendDirect", ChatNames.SEND_DIRECT, "toUser", "text"),
            command("SendPrivateMessage", ChatNames.SEND_PRIVATE, "toUser", "text"),
            command("BroadcastMessage", ChatNames.BROADCAST, "text"),
            command("SafeSend", ChatNames.SAFE_SEND, "text"),
            command("RecentMessages", ChatNames.RECENT_MESSAGES, "room", "take").answering(),
            command("KickUser", ChatNames.KICK_USER, "user").with("room", LOBBY),
            command("KickUser", ChatNames.KICK_USER, "room", "user", "reason"),
            command("MuteUser", ChatNames.MUTE_USER, "user").with("room", LOBBY),
            command("MuteUser", ChatNames.MUTE_USER, "room", "user", "durationMs"),
            reconnectWithState())
        .hearing(
            HubListener.of(ROOM, MESSAGE, RECEIVE_MESSAGE, USER, TEXT, time())
                .when(HubCondition.empty("group")),
            HubListener.of(ROOM, MESSAGE, "ReceiveGroupMessage", USER_ID, TEXT)
                .when(HubCondition.notEmpty("group")),
            system("joined", "{} joined {}"),
            system("left", "{} left {}"),
            system("kicked", "{} left {}").when(WAS_MEMBER),
            system("banned", "{} left {}").when(WAS_MEMBER),
            HubListener.of(ROOM, "typing", "Typing", USER, member("isTyping")),
            HubListener.of(ROOM, "broadcast", "ReceiveBroadcast", USER_ID, TEXT),
            HubListener.of(INBOX, "direct", RECEIVE_MESSAGE, USER, TEXT, time()).when(DIRECT),
            HubListener.of(INBOX, "direct", RECEIVE_PRIVATE, USER_ID, TEXT).when(PRIVATE),
            HubListener.of(
                INBOX,
                "toldToLeave",
                RECEIVE_MESSAGE,
                SYSTEM,
                constant("\"You are kicked\""),
                time()))
        .greeting(HubGreeting.subscribing(LOBBY_TOPIC, OWN_INBOX));
  }

  private static HubListener system(String event, String words) {
    return HubListener.of(
        ROOM, event, RECEIVE_MESSAGE, SYSTEM, text(words, USER, topicId()), time());
  }

  private static HubDescriptor chatHub() {
    return HubDescriptor.of("chathub")
        .at("/chatHub")
        .calling(
            command("SendMessage", ChatNames.SEND_MESSAGE, "text"),
            command("SendMessage", ChatNames.SEND_MESSAGE, "user", "text"),
            command(RECEIVE_MESSAGE, ChatNames.RECEIVE_MESSAGE, "user", "message"))
        .hearing(HubListener.of(ROOM, MESSAGE, RECEIVE_MESSAGE, USER, TEXT))
        .greeting(HubGreeting.subscribing(LOBBY_TOPIC));
  }

  private static HubDescriptor rooms() {
    CallerEvent notFound = error("Room not found");
    CallerEvent notInside = error("You are not in this room");
    HubValue room = object("id", member("room"))
        .and("name", member("room"))
        .and("title", member("title"))
        .and("visibility", member("visibility"))
        .and("requiresPassword", member("hasPassword"))
        .and("members", member("members"))
        .and("role", member("role"));
    return HubDescriptor.of("rooms")
        .calling(
            command("CreateRoom", ChatNames.CREATE_ROOM, "room", "options")
                .telling(CallerEvent.of("RoomCreated", room)),
            command("JoinRoom", ChatNames.ENTER_ROOM, "room", "password")
                .telling(CallerEvent.of("JoinedRoom", room))
                .tellingRefusal("forbidden", notFound)
                .tellingRefusal("wrong-password", error("Invalid password")),
            command("LeaveRoom", ChatNames.LEAVE_ROOM, "room")
                .tellingRefusal("not-a-member", notInside),
            command("SendMessageToRoom", ChatNames.SEND_TO_ROOM, "room", "text")
                .tellingRefusal("not-a-member", notInside),
            reconnectWithState())
        .hearing(
            HubListener.of(
                ROOM,
                "joined",
                "UserJoinedRoom",
                object("userId", USER_ID).and("roomId", topicId()).and("joinedAt", time())),
            leftRoom("left"),
            leftRoom("kicked").when(WAS_MEMBER),
            leftRoom("banned").when(WAS_MEMBER),
            HubListener.of(
                ROOM,
                MESSAGE,
                "RoomMessage",
                object("id", member("id"))
                    .and("roomId", topicId())
                    .and("userId", USER_ID)
                    .and("message", TEXT)
                    .and("timestamp", time())));
  }

  private static CallerEvent error(String words) {
    return CallerEvent.of("Error", constant("\"" + words + "\""));
  }

  private static HubListener leftRoom(String event) {
    return HubListener.of(
        ROOM,
        event,
        "UserLeftRoom",
        object("userId", USER_ID).and("roomId", topicId()).and("leftAt", time()));
  }

  private static HubDescriptor typedChat() {
    return HubDescriptor.of("typedchat")
        .calling(
            command("SendMessage", ChatNames.SEND_MESSAGE, "text"),
            command("JoinRoom", ChatNames.JOIN_ROOM, "room", "password")
                .telling(CallerEvent.of("UserJoined", callerId(), callerName())),
            command("LeaveRoom", ChatNames.LEAVE_ROOM, "room"),
            reconnectWithState())
        .hearing(
            HubListener.of(ROOM, MESSAGE, RECEIVE_MESSAGE, USER, TEXT, time()),
            HubListener.of(ROOM, "joined", "UserJoined", USER_ID, USER),
            HubListener.of(ROOM, "left", "UserLeft", USER_ID),
            HubListener.of(ROOM, "kicked", "UserLeft", USER_ID).when(WAS_MEMBER),
            HubListener.of(ROOM, "banned", "UserLeft", USER_ID).when(WAS_MEMBER),
            HubListener.of(INBOX, "direct", RECEIVE_PRIVATE, USER, TEXT)
                .when(HubCondition.notEmpty("heard")))
        .greeting(HubGreeting.subscribing(LOBBY_TOPIC, OWN_INBOX));
  }

  private static HubDescriptor secure() {
    return HubDescriptor.of("secure")
        .calling(command("AdminBroadcast", ChatNames.ADMIN_BROADCAST, "text"))
        .hearing(HubListener.of(ROOM, "announcement", "AdminMessage", TEXT))
        .greeting(HubGreeting.subscribing(LOBBY_TOPIC));
  }

  private static HubDescriptor secureMessages() {
    return HubDescriptor.of("securemessages")
        .calling(command("SendSecureMessage", ChatNames.SEND_SECURE_MESSAGE, "message"))
        .hearing(HubListener.of(ROOM, "secure", "ReceiveSecureMessage", TEXT))
        .greeting(HubGreeting.subscribing(LOBBY_TOPIC));
  }

  private static HubDescriptor optimized() {
    return HubDescriptor.of("optimized")
        .calling(command("QueueMessage", ChatNames.QUEUE_MESSAGE, "text"))
        .hearing(HubListener.of(
            ROOM,
            ChatNames.MESSAGES_EVENT,
            "ReceiveMessages",
            each(
                "messages",
                object("text", TEXT).and("userId", USER_ID).and("timestamp", member("time")))))
        .greeting(HubGreeting.subscribing(LOBBY_TOPIC));
  }

  /** It hears nothing before it said what it knows: what comes then goes on from there. */
  private static HubDescriptor reconnect() {
    return HubDescriptor.of("reconnect")
        .calling(reconnectWithState())
        .hearing(
            HubListener.of(ROOM, MESSAGE, RECEIVE_MESSAGE, USER, TEXT, time()),
            HubListener.of(INBOX, "direct", RECEIVE_PRIVATE, USER_ID, TEXT)
                .when(HubCondition.notEmpty("heard")));
  }

  private static HubMethod reconnectWithState() {
    return command(RECONNECT, ChatNames.RECONNECT_WITH_STATE, "lastMessageId")
        .telling(CallerEvent.of("StateRestored", member("state")))
        .telling(CallerEvent.of("MissedMessages", member("missed"))
            .when(HubCondition.notEmpty("missed")))
        .telling(CallerEvent.of(
            "ReconnectComplete", object("connectionId", connection()).and("serverTime", time())));
  }
}
