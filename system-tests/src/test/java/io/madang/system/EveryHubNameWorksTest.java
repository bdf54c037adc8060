package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.madang.system.hubs.HubFormat;
import io.madang.system.hubs.HubSocket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every method that a hub has is called with the arguments that its callers give, and every listener is told with exactly the
 * arguments it has, in both formats; who calls is at one gateway and who listens at another. docs/SIGNALR.md is the same as a table.
 */
@Tag("cluster")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EveryHubNameWorksTest {
  private static final String TIME = "<time>";
  private static final String ABC_SHA_256 =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<HubSocket> open = new ArrayList<>();

  /** Counts people, whose names no test has twice. */
  private static int people;

  /** Somebody signed in at one gateway. */
  private record User(String gateway, String name, String token) {
    String id() {
      String claims = new String(
          Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
      return JsonParser.parseString(claims).getAsJsonObject().get("sub").getAsString();
    }
  }

  private static User guest(MeshProcesses mesh, int gateway) {
    String name = "hub" + ++people;
    String node = "gateway-" + gateway;
    return new User(node, name, mesh.guestToken(node, name));
  }

  private static User privileged(MeshProcesses mesh, int gateway) {
    String name = "hub" + ++people;
    String node = "gateway-" + gateway;
    return new User(node, name, mesh.tokenWithRoles(node, name, "admin,premium"));
  }

  private HubSocket connect(MeshProcesses mesh, User user, String path, HubFormat format) {
    HubSocket socket =
        HubSocket.open(http, mesh.address(user.gateway()), path, user.token(), format);
    open.add(socket);
    return socket;
  }

  @AfterEach
  void disconnect() {
    open.forEach(HubSocket::close);
    open.clear();
  }

  private static JsonElement text(String text) {
    return new JsonPrimitive(text);
  }

  private static JsonElement json(String text) {
    return JsonParser.parseString(text.replace('\'', '"'));
  }

  /** The arguments, with each time as {@value #TIME}. */
  private static String shown(JsonElement heard) {
    return timeless(heard).toString().replace('"', '\'');
  }

  private static JsonElement timeless(JsonElement heard) {
    if (heard.isJsonArray()) {
      JsonArray array = new JsonArray();
      heard.getAsJsonArray().forEach(each -> array.add(timeless(each)));
      return array;
    }
    if (heard.isJsonObject()) {
      JsonObject object = new JsonObject();
      heard
          .getAsJsonObject()
          .entrySet()
          .forEach(each -> object.add(each.getKey(), timeless(each.getValue())));
      return object;
    }
    return isTime(heard) ? text(TIME) : heard;
  }

  private static boolean isTime(JsonElement heard) {
    if (!heard.isJsonPrimitive() || !heard.getAsString().matches("\\d{4}-\\d\\d-\\d\\dT.*Z")) {
      return false;
    }
    return Instant.parse(heard.getAsString()).isAfter(Instant.EPOCH);
  }

  /** Something told in which this text stands. */
  private static Predicate<JsonArray> with(String text) {
    return arguments -> arguments.toString().contains(text);
  }

  private static List<String> members(JsonElement object) {
    return List.copyOf(object.getAsJsonObject().keySet());
  }

  private static String excuse(String method, String message) {
    return "An unexpected error occurred invoking '" + method + "' on the server. HubException: "
        + message;
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void at_the_plain_hub(HubFormat format, MeshProcesses mesh) {
    HubSocket one = connect(mesh, guest(mesh, 1), "/chatHub", format);
    HubSocket two = connect(mesh, guest(mesh, 2), "/CHATHUB", format);
    String said = "안녕, SignalR! " + ++people;

    assertThat(one.invoke("SendMessage", text("User"), text(said))).isEqualTo(JsonNull.INSTANCE);
    assertThat(shown(two.hears("ReceiveMessage", with(said)))).isEqualTo("['User','" + said + "']");
    assertThat(shown(one.hears("ReceiveMessage", with(said)))).isEqualTo("['User','" + said + "']");

    String kept = "keep this " + ++people;
    assertThat(two.invoke("ReceiveMessage", text("Somebody"), text(kept)))
        .isEqualTo(JsonNull.INSTANCE);
    assertThat(shown(one.hears("ReceiveMessage", with(kept))))
        .isEqualTo("['Somebody','" + kept + "']");
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_the_lobby_and_of_direct_messages(HubFormat format, MeshProcesses mesh) {
    User ann = guest(mesh, 1);
    User bob = guest(mesh, 2);
    HubSocket one = connect(mesh, ann, "/hubs/chat", format);
    HubSocket two = connect(mesh, bob, "/hubs/chat", format);
    awaitLobby(one, two);

    one.invoke("SendMessage", text("hello"));
    assertThat(shown(two.hears("ReceiveMessage", with("hello"))))
        .isEqualTo("['" + ann.name() + "','hello','" + TIME + "']");
    one.invoke("sendmessage", text("Alice"), text("under a name"));
    assertThat(shown(two.hears("ReceiveMessage", with("under a name"))))
        .isEqualTo("['Alice','under a name','" + TIME + "']");
    one.invoke("SafeSend", text("safely"));
    assertThat(shown(two.hears("ReceiveMessage", with("safely"))))
        .isEqualTo("['" + ann.name() + "','safely','" + TIME + "']");

    one.invoke("SetTyping", new JsonPrimitive(true));
    assertThat(shown(two.hears("Typing", with(ann.name()))))
        .isEqualTo("['" + ann.name() + "',true]");
    one.invoke("BroadcastMessage", text("to all others"));
    assertThat(shown(two.hears("ReceiveBroadcast", with(ann.id()))))
        .isEqualTo("['" + ann.id() + "','to all others']");

    one.invoke("SendDirect", text(bob.name()), text("psst"));
    assertThat(shown(two.hears("ReceiveMessage", with("psst"))))
        .isEqualTo("['" + ann.name() + "','psst','" + TIME + "']");
    one.invoke("SendPrivateMessage", text(bob.id()), text("to you alone"));
    assertThat(shown(two.hears("ReceivePrivateMessage")))
        .isEqualTo("['" + ann.id() + "','to you alone']");

    // All before came before this to whom it came at all.
    two.invoke("SendMessage", text("the end"));
    one.hears("ReceiveMessage", with("the end"));
    assertThat(one.hasHeard("Typing", with(ann.name()))).isFalse();
    assertThat(one.hasHeard("ReceiveBroadcast", with(ann.id()))).isFalse();
    assertThat(one.hasHeard("ReceiveMessage", with("psst"))).isFalse();
  }

  /** Whoever hears what the other says in the lobby is there. */
  private static void awaitLobby(HubSocket one, HubSocket two) {
    String first = "here " + ++people;
    String second = "here " + ++people;
    one.invoke("SendMessage", text(first));
    two.invoke("SendMessage", text(second));
    one.hears("ReceiveMessage", with(second));
    two.hears("ReceiveMessage", with(second));
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_rooms_that_anybody_makes(HubFormat format, MeshProcesses mesh) {
    User ann = guest(mesh, 1);
    User bob = guest(mesh, 2);
    HubSocket one = connect(mesh, ann, "/hubs/chat", format);
    HubSocket two = connect(mesh, bob, "/hubs/chat", format);
    String room = "room-of-" + ann.name();

    one.invoke("JoinRoom", text(room));
    assertThat(shown(one.hears("ReceiveMessage", with("joined " + room))))
        .isEqualTo("['SYSTEM','" + ann.name() + " joined " + room + "','" + TIME + "']");
    two.invoke("JoinRoom", text(room));
    assertThat(shown(one.hears("ReceiveMessage", with(bob.name() + " joined " + room))))
        .isEqualTo("['SYSTEM','" + bob.name() + " joined " + room + "','" + TIME + "']");

    two.invoke("SendToRoom", text(room), text("hello devs"));
    for (HubSocket each : List.of(one, two)) {
      assertThat(shown(each.hears("ReceiveMessage", with("hello devs"))))
          .isEqualTo("['" + bob.name() + "','hello devs','" + TIME + "']");
    }
    two.invoke("SendMessageToGroup", text(room), text("hello group"));
    for (HubSocket each : List.of(one, two)) {
      assertThat(shown(each.hears("ReceiveGroupMessage")))
          .isEqualTo("['" + bob.id() + "','hello group']");
    }

    JsonArray recent =
        one.invoke("RecentMessages", text(room), new JsonPrimitive(50)).getAsJsonArray();
    assertThat(recent).hasSize(2);
    assertThat(members(recent.get(0)))
        .containsExactly("id", "room", "offset", "fromUser", "content", "utc");
    assertThat(recent.get(0).getAsJsonObject().get("fromUser").getAsString()).isEqualTo(bob.name());
    assertThat(one.invoke("RecentMessages", text(room)).getAsJsonArray()).isEqualTo(recent);

    two.invoke("LeaveRoom", text(room));
    assertThat(shown(one.hears("ReceiveMessage", with(" left " + room))))
        .isEqualTo("['SYSTEM','" + bob.name() + " left " + room + "','" + TIME + "']");
    assertThat(two.refused("SendToRoom", text(room), text("too late")))
        .isEqualTo(excuse("SendToRoom", "You are not a member of this room."));
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_who_comes_and_goes(HubFormat format, MeshProcesses mesh) {
    User ann = guest(mesh, 1);
    HubSocket one = connect(mesh, ann, "/hubs/chat", format);
    one.hears("ReceiveMessage", with(ann.name() + " joined"));

    User bob = guest(mesh, 2);
    HubSocket two = connect(mesh, bob, "/hubs/chat", format);
    JsonArray own = connection(two);
    assertThat(two.hears("UserConnected", own::equals)).isEqualTo(own);
    assertThat(shown(two.hears("ReceiveMessage", with(bob.name() + " joined"))))
        .isEqualTo("['SYSTEM','" + bob.name() + " joined','" + TIME + "']");

    assertThat(one.hears("UserConnected", own::equals)).isEqualTo(own);
    assertThat(shown(one.hears("ReceiveMessage", with(bob.name() + " joined"))))
        .isEqualTo("['SYSTEM','" + bob.name() + " joined','" + TIME + "']");
    two.close();
    assertThat(one.hears("UserDisconnected", own::equals)).isEqualTo(own);
    assertThat(shown(one.hears("ReceiveMessage", with(bob.name() + " left"))))
        .isEqualTo("['SYSTEM','" + bob.name() + " left','" + TIME + "']");
  }

  /** The id of its own connection, as it is told of it: connections of others come and go meanwhile, at the same gateway too. */
  private static JsonArray connection(HubSocket client) {
    client.invoke("ReconnectWithState", text(""));
    JsonArray own = new JsonArray();
    own.add(client.hears("ReconnectComplete").get(0).getAsJsonObject().get("connectionId"));
    return own;
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_moderators(HubFormat format, MeshProcesses mesh) {
    User admin = privileged(mesh, 1);
    User rude = guest(mesh, 2);
    HubSocket one = connect(mesh, admin, "/hubs/chat", format);
    HubSocket two = connect(mesh, rude, "/hubs/chat", format);
    awaitLobby(one, two);

    one.invoke("MuteUser", text(rude.name()));
    assertThat(two.refused("SendMessage", text("boo")))
        .isEqualTo(excuse("SendMessage", "You may not speak in this room now."));
    one.invoke("MuteUser", text("lobby"), text(rude.name()), new JsonPrimitive(0));
    two.invoke("SendMessage", text("sorry"));

    one.invoke("KickUser", text(rude.name()));
    assertThat(shown(two.hears("ReceiveMessage", with("You are kicked"))))
        .isEqualTo("['SYSTEM','You are kicked','" + TIME + "']");
    assertThat(two.refused("KickUser", text(admin.name()))).startsWith(excuse("KickUser", ""));
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_streams(HubFormat format, MeshProcesses mesh) {
    HubSocket chat = connect(mesh, guest(mesh, 1), "/hubs/chat", format);
    List<JsonElement> ticks = chat.stream("StreamTime", 2);
    assertThat(ticks).hasSize(2).allMatch(EveryHubNameWorksTest::isTime);
    JsonElement uploaded = chat.upload(
        "UploadChunks",
        List.of(
            chat.bytes("ab".getBytes(StandardCharsets.UTF_8)),
            chat.bytes("c".getBytes(StandardCharsets.UTF_8))));
    assertThat(shown(uploaded)).isEqualTo("{'chunks':2,'bytes':3,'sha256':'" + ABC_SHA_256 + "'}");

    HubSocket streaming = connect(mesh, privileged(mesh, 2), "/hubs/streaming", format);
    JsonElement price = streaming.stream("StreamStockPrices", 1, text("MDNG")).get(0);
    assertThat(members(price)).contains("symbol", "price", "timestamp", "volume");
    assertThat(price.getAsJsonObject().get("symbol").getAsString()).isEqualTo("MDNG");
    for (JsonElement level : List.of(text("Trace"), new JsonPrimitive(0))) {
      JsonElement line = streaming.stream("StreamLogs", 1, level).get(0);
      assertThat(members(line)).contains("time", "level", "message");
    }

    HubSocket processing = connect(mesh, guest(mesh, 2), "/hubs/processing", format);
    JsonElement processed = processing.upload(
        "ProcessDataStream",
        List.of(json("{'id':'a','data':'ab'}"), json("{'id':'b','data':'c'}")));
    assertThat(shown(processing.hears("ProcessingProgress")))
        .isEqualTo("[{'processedChunks':1,'currentChunkId':'a'}]");
    assertThat(shown(processing.hears("ProcessingProgress")))
        .isEqualTo("[{'processedChunks':2,'currentChunkId':'b'}]");
    assertThat(shown(processed))
        .isEqualTo("{'totalProcessed':2,'errors':[],'completedAt':'" + TIME
            + "','bytes':3,'sha256':'" + ABC_SHA_256 + "'}");
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_rooms_that_must_be_there(HubFormat format, MeshProcesses mesh) {
    User ann = guest(mesh, 1);
    User bob = guest(mesh, 2);
    HubSocket one = connect(mesh, ann, "/hubs/rooms", format);
    HubSocket two = connect(mesh, bob, "/hubs/rooms", format);
    String room = "attic-of-" + ann.name();

    two.invoke("JoinRoom", text(room));
    assertThat(shown(two.hears("Error"))).isEqualTo("['Room not found']");
    one.invoke("CreateRoom", text(room), json("{'title':'Attic','password':'secret'}"));
    String info =
        "'name':'" + room + "','title':'Attic','visibility':'public','requiresPassword':true";
    assertThat(shown(one.hears("RoomCreated")))
        .isEqualTo("[{'id':'" + room + "'," + info + ",'members':1,'role':'owner'}]");
    two.invoke("JoinRoom", text(room), text("wrong"));
    assertThat(shown(two.hears("Error"))).isEqualTo("['Invalid password']");
    two.invoke("SendMessageToRoom", text(room), text("let me in"));
    assertThat(shown(two.hears("Error"))).isEqualTo("['You are not in this room']");

    two.invoke("JoinRoom", text(room), text("secret"));
    assertThat(shown(two.hears("JoinedRoom")))
        .isEqualTo("[{'id':'" + room + "'," + info + ",'members':2,'role':'member'}]");
    assertThat(shown(one.hears("UserJoinedRoom", with(bob.id()))))
        .isEqualTo(
            "[{'userId':'" + bob.id() + "','roomId':'" + room + "','joinedAt':'" + TIME + "'}]");
    two.invoke("SendMessageToRoom", text(room), text("thank you"));
    for (HubSocket each : List.of(one, two)) {
      JsonElement said = each.hears("RoomMessage").get(0);
      assertThat(members(said)).containsExactly("id", "roomId", "userId", "message", "timestamp");
      assertThat(said.getAsJsonObject().get("userId").getAsString()).isEqualTo(bob.id());
      assertThat(said.getAsJsonObject().get("message").getAsString()).isEqualTo("thank you");
    }
    two.invoke("LeaveRoom", text(room));
    assertThat(shown(one.hears("UserLeftRoom")))
        .isEqualTo(
            "[{'userId':'" + bob.id() + "','roomId':'" + room + "','leftAt':'" + TIME + "'}]");
    assertThat(one.hasHeard("UserJoinedRoom", with(ann.id()))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_clients_with_types(HubFormat format, MeshProcesses mesh) {
    User ann = guest(mesh, 1);
    User bob = guest(mesh, 2);
    HubSocket one = connect(mesh, ann, "/hubs/typedchat", format);
    HubSocket two = connect(mesh, bob, "/hubs/typedchat", format);
    JsonElement users = one.hears("UpdateUserList").get(0);
    assertThat(users.getAsJsonArray())
        .anyMatch(user -> shown(user)
            .equals("{'id':'" + ann.id() + "','name':'" + ann.name() + "','guest':true}"));
    two.hears("UpdateUserList");
    String room = "typed-of-" + ann.name();

    one.invoke("JoinRoom", text(room));
    assertThat(shown(one.hears("UserJoined")))
        .isEqualTo("['" + ann.id() + "','" + ann.name() + "']");
    two.invoke("JoinRoom", text(room));
    assertThat(shown(one.hears("UserJoined")))
        .isEqualTo("['" + bob.id() + "','" + bob.name() + "']");
    two.invoke("LeaveRoom", text(room));
    assertThat(shown(one.hears("UserLeft"))).isEqualTo("['" + bob.id() + "']");

    String said = "typed " + ++people;
    two.invoke("SendMessage", text(said));
    assertThat(shown(one.hears("ReceiveMessage", with(said))))
        .isEqualTo("['" + bob.name() + "','" + said + "','" + TIME + "']");
    HubSocket chat = connect(mesh, bob, "/hubs/chat", format);
    chat.invoke("SendPrivateMessage", text(ann.name()), text("typed psst"));
    assertThat(shown(one.hears("ReceivePrivateMessage")))
        .isEqualTo("['" + bob.name() + "','typed psst']");
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_those_who_may(HubFormat format, MeshProcesses mesh) {
    User admin = privileged(mesh, 1);
    User ann = guest(mesh, 2);
    HubSocket one = connect(mesh, admin, "/hubs/secure", format);
    HubSocket two = connect(mesh, ann, "/hubs/secure", format);
    JsonArray own = two.hears("DeviceConnected");
    assertThat(own).hasSize(1);
    HubSocket other = connect(mesh, ann, "/hubs/secure", format);
    // What presence hears of the first may still be on its way.
    JsonArray device = other.hears("DeviceConnected", arguments -> !arguments.equals(own));
    two.hears("DeviceConnected", device::equals);

    String said = "maintenance " + ++people;
    one.invoke("AdminBroadcast", text(said));
    for (HubSocket each : List.of(one, two)) {
      assertThat(shown(each.hears("AdminMessage", with(said)))).isEqualTo("['" + said + "']");
    }
    one.invoke("PremiumFeature", text("abc"));
    assertThat(shown(one.hears("PremiumResponse")))
        .isEqualTo("['3 characters, 1 words, 1 lines, SHA-256 " + ABC_SHA_256 + "']");
    for (String method : List.of("AdminBroadcast", "PremiumFeature")) {
      assertThat(two.refused(method, text("let me")))
          .isEqualTo("Failed to invoke '" + method + "' because user is unauthorized");
    }
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_safe_messages_and_of_batches(HubFormat format, MeshProcesses mesh) {
    User ann = guest(mesh, 1);
    User bob = guest(mesh, 2);
    HubSocket one = connect(mesh, ann, "/hubs/securemessages", format);
    HubSocket two = connect(mesh, bob, "/hubs/securemessages", format);
    // Who has been answered has been greeted.
    assertThat(two.refused("SendSecureMessage", text(" ")))
        .isEqualTo(excuse("SendSecureMessage", "Invalid message format"));
    one.invoke("SendSecureMessage", text("<b>" + ann.name()));
    assertThat(shown(two.hears("ReceiveSecureMessage", with(ann.name()))))
        .isEqualTo("['&lt;b&gt;" + ann.name() + "']");
    assertThat(one.refused("SendSecureMessage", text("x".repeat(10_001))))
        .isEqualTo(excuse("SendSecureMessage", "Message too large"));
    assertThat(one.hasHeard("ReceiveSecureMessage", with(ann.name()))).isFalse();

    HubSocket three = connect(mesh, ann, "/hubs/optimized", format);
    HubSocket four = connect(mesh, bob, "/hubs/optimized", format);
    assertThat(members(four.invoke("GetCachedData", text("connections"))))
        .contains("key", "points", "cachedAt");
    three.invoke("QueueMessage", text("queued by " + ann.name()));
    JsonArray batch = four.hears("ReceiveMessages", with(ann.name()));
    assertThat(batch).hasSize(1);
    assertThat(shown(batch.get(0)))
        .contains("{'text':'queued by " + ann.name() + "','userId':'" + ann.id() + "','timestamp':'"
            + TIME + "'}");
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_who_comes_back(HubFormat format, MeshProcesses mesh) {
    User ann = guest(mesh, 1);
    User bob = guest(mesh, 2);
    String room = "back-of-" + ann.name();
    HubSocket rooms = connect(mesh, ann, "/hubs/rooms", format);
    rooms.invoke("CreateRoom", text(room));
    HubSocket before = connect(mesh, bob, "/hubs/rooms", format);
    before.invoke("JoinRoom", text(room));
    before.hears("JoinedRoom");
    rooms.invoke("SendMessageToRoom", text(room), text("known"));
    String known =
        before.hears("RoomMessage").get(0).getAsJsonObject().get("id").getAsString();
    before.close();
    rooms.invoke("SendMessageToRoom", text(room), text("missed"));

    HubSocket after = connect(mesh, bob, "/hubs/reconnect", format);
    after.invoke("ReconnectWithState", text(known));
    JsonElement state = after.hears("StateRestored").get(0);
    assertThat(members(state)).contains("user", "rooms", "inbox");
    assertThat(state.toString()).contains("\"room\":\"" + room + "\"");
    JsonArray missed = after.hears("MissedMessages");
    assertThat(missed).hasSize(1);
    assertThat(missed.get(0).getAsJsonArray())
        .anyMatch(each -> each.getAsJsonObject().get("content").getAsString().equals("missed")
            && each.getAsJsonObject().get("fromUser").getAsString().equals(ann.name()));
    JsonElement complete = after.hears("ReconnectComplete").get(0);
    assertThat(members(complete)).containsExactly("connectionId", "serverTime");
    assertThat(isTime(complete.getAsJsonObject().get("serverTime"))).isTrue();

    rooms.invoke("SendMessageToRoom", text(room), text("and from now on"));
    assertThat(shown(after.hears("ReceiveMessage", with("and from now on"))))
        .isEqualTo("['" + ann.name() + "','and from now on','" + TIME + "']");

    HubSocket again = connect(mesh, bob, "/hubs/reconnect", format);
    again.invoke("ReconnectWithState", text(""));
    again.hears("ReconnectComplete");
    assertThat(again.hasHeard("MissedMessages", any -> true)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_notifications(HubFormat format, MeshProcesses mesh) {
    User ann = guest(mesh, 1);
    User bob = guest(mesh, 2);
    // Somebody who was never there cannot be found by name.
    connect(mesh, bob, "/hubs/chat", format);
    HubSocket fresh = connect(mesh, bob, "/hubs/notifications", format);
    fresh.invoke("MarkAllAsRead");
    assertThat(shown(fresh.hears("AllNotificationsRead"))).isEqualTo("[]");

    HubSocket chat = connect(mesh, ann, "/hubs/chat", format);
    chat.invoke("SendDirect", text(bob.name()), text("look here"));
    JsonArray told = fresh.hears("ReceiveNotification");
    assertThat(told).hasSize(1);
    assertThat(members(told.get(0)))
        .contains("id", "userId", "title", "message", "type", "createdAt", "isRead");
    String id = told.get(0).getAsJsonObject().get("id").getAsString();

    HubSocket later = connect(mesh, bob, "/hubs/notifications", format);
    JsonArray unread = later.hears("ReceiveNotifications");
    assertThat(unread).hasSize(1);
    assertThat(unread.get(0).getAsJsonArray()).hasSize(1);
    assertThat(unread.get(0).getAsJsonArray().get(0).getAsJsonObject().get("id").getAsString())
        .isEqualTo(id);
    later.invoke("MarkAsRead", text(id));
    assertThat(shown(later.hears("NotificationRead"))).isEqualTo("['" + id + "']");
    assertThat(fresh.hasHeard("ReceiveNotifications", any -> true)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(HubFormat.class)
  void of_numbers(HubFormat format, MeshProcesses mesh) {
    HubSocket dashboard = connect(mesh, guest(mesh, 1), "/hubs/dashboard", format);
    JsonArray board = dashboard.hears("UpdateDashboard");
    assertThat(board).hasSize(1);
    assertThat(members(board.get(0))).contains("time", "metrics", "nodes");
    dashboard.hears("UpdateDashboard");
    dashboard.invoke("SubscribeToMetric", text("connections"));
    for (int i = 0; i < 2; i++) {
      JsonArray metric = dashboard.hears("UpdateMetric");
      assertThat(metric).hasSize(2);
      assertThat(metric.get(0).getAsString()).isEqualTo("connections");
      assertThat(members(metric.get(1))).contains("time", "value");
    }
    dashboard.invoke("UnsubscribeFromMetric", text("connections"));
    assertThat(dashboard.refused("SubscribeToMetric", text("luck")))
        .isEqualTo(excuse("SubscribeToMetric", "There is no metric of that name."));

    HubSocket alerts = connect(mesh, guest(mesh, 2), "/hubs/dashboard", format);
    HubSocket metrics = connect(mesh, privileged(mesh, 2), "/hubs/metrics", format);
    JsonArray update = metrics.hears("MetricsUpdate");
    assertThat(update).hasSize(1);
    assertThat(members(update.get(0)))
        .containsExactly(
            "timestamp",
            "activeConnections",
            "messagesPerSecond",
            "averageMessageSize",
            "errorRate");
    alerted(mesh, alerts, format);
  }

  /** The mesh is told to alert of more than some streaming connections; these are they. */
  private void alerted(MeshProcesses mesh, HubSocket alerts, HubFormat format) {
    for (int i = 0; i <= SharedMesh.ALERT_ABOVE; i++) {
      connect(mesh, guest(mesh, 1 + i % 2), "/hubs/streaming", format);
    }
    JsonArray alert = alerts.hears("Alert", with("\"raised\":true"));
    assertThat(alert).hasSize(1);
    assertThat(members(alert.get(0)))
        .containsExactly("time", "rule", "metric", "value", "threshold", "raised", "message");
    disconnectAllBut(alerts);
    alerts.hears("Alert", with("\"raised\":false"));
  }

  private void disconnectAllBut(HubSocket kept) {
    open.stream().filter(each -> each != kept).forEach(HubSocket::close);
    open.removeIf(each -> each != kept);
  }
}
