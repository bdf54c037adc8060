package io.madang.chat;

import static io.madang.chat.ChatNode.get;
import static io.madang.chat.ChatNode.refusal;
import static io.madang.chat.ChatNode.result;
import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.chat.upload.UploadLimits;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.Files;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UploadsTest extends ChatTest {
  private static final int MAX_BYTES = 40;
  private static final int OPEN = 2;

  @Override
  ChatConfig config() {
    ChatConfig base = super.config();
    return new ChatConfig(
        base.postgres(),
        base.lanes(),
        base.lane(),
        base.pool(),
        base.unreadEvery(),
        base.unreadMembers(),
        base.typingEvery(),
        base.recordedFor(),
        new UploadLimits(MAX_BYTES, List.of("image/*", "text/plain"), OPEN, Duration.ofHours(1)),
        base.storeWait());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
  }

  private String room(Caller owner, Caller... members) {
    String room = name("files");
    node.done(owner, "createRoom", "{'room':'" + room + "','options':{'visibility':'private'}}");
    for (Caller member : members) {
      // Only who was seen once can be invited.
      node.done(member, "listRooms", "{}");
      node.done(owner, "inviteUser", "{'room':'" + room + "','user':'" + member.user() + "'}");
      node.done(member, "joinRoom", "{'room':'" + room + "'}");
    }
    return room;
  }

  private static String creation(String room, String type) {
    return "{'room':'%s','name':'a.txt','type':'%s'}".formatted(room, type);
  }

  private String begun(Caller caller, String room) {
    return node.done(caller, "createUpload", creation(room, "text/plain"))
        .path("upload")
        .asText();
  }

  private CommandOutcome append(
      Caller caller, String upload, long offset, boolean complete, String... parts) {
    return get(node.append(
        caller,
        "{'upload':'%s','offset':%d,'complete':%s}".formatted(upload, offset, complete),
        Arrays.stream(parts).map(UploadsTest::bytes).toList()));
  }

  private String whole(Caller caller, String room, String... parts) {
    String upload = begun(caller, room);
    result(append(caller, upload, 0, true, parts));
    return upload;
  }

  private String text(Caller caller, String upload) {
    JsonNode read = result(get(node.read(caller, upload)));
    return new String(
        HexFormat.of().parseHex(read.path("hex").asText()), StandardCharsets.US_ASCII);
  }

  private String codeOfReading(Caller caller, String upload) {
    return refusal(get(node.read(caller, upload))).code();
  }

  @Nested
  class A_file {
    private final Caller mina = user(name("mina"));
    private final Caller jun = user(name("jun"));
    private final String room = room(mina, jun);

    @Test
    void is_read_as_it_was_sent_with_its_hash() throws Exception {
      String upload = whole(mina, room, "one ", "two ", "three");

      JsonNode read = result(get(node.read(jun, upload)));

      assertThat(text(jun, upload)).isEqualTo("one two three");
      assertThat(read.path("head").path("sha256").asText()).isEqualTo(sha256("one two three"));
      assertThat(read.path("head").path("name").asText()).isEqualTo("a.txt");
      assertThat(read.path("head").path("length").asLong()).isEqualTo(13);
    }

    @Test
    void may_have_as_many_bytes_as_are_allowed_and_not_one_more() {
      String most = "x".repeat(MAX_BYTES);

      assertThat(text(mina, whole(mina, room, most))).isEqualTo(most);
      String upload = begun(mina, room);
      assertThat(refusal(append(mina, upload, 0, true, most, "x")).code()).isEqualTo("too-large");
      node.done(mina, "dropUpload", "{'upload':'" + upload + "'}");
      assertThat(node.refused(
                  mina, "createUpload", creation(room, "text/plain").replace("}", ",'length':41}"))
              .code())
          .isEqualTo("too-large");
    }

    @Test
    void has_one_of_the_types_that_are_taken() {
      for (String type : List.of("text/html", "image", "application/x", "*/*", "")) {
        assertThat(node.refused(mina, "createUpload", creation(room, type)).code())
            .as(type)
            .isEqualTo("type-refused");
      }
      String upload = node.done(mina, "createUpload", creation(room, "image/svg+xml; a=b"))
          .path("upload")
          .asText();
      node.done(mina, "dropUpload", "{'upload':'" + upload + "'}");
    }

    @Test
    void is_for_whoever_may_hear_the_room_at_that_moment() {
      String upload = whole(mina, room, "secret");
      Caller stranger = user(name("eve"));

      assertThat(codeOfReading(stranger, upload)).isEqualTo("unknown-upload");
      assertThat(text(jun, upload)).isEqualTo("secret");
      node.done(mina, "banUser", "{'room':'" + room + "','user':'" + jun.user() + "'}");
      assertThat(codeOfReading(jun, upload)).isEqualTo("unknown-upload");
      assertThat(codeOfReading(mina, "0".repeat(40))).isEqualTo("unknown-upload");
    }

    @Test
    void goes_with_its_room() {
      Caller owner = user(name("ann"));
      String gone = name("gone");
      node.done(owner, "joinRoom", "{'room':'" + gone + "'}");
      String upload = whole(owner, gone, "old");
      node.done(owner, "leaveRoom", "{'room':'" + gone + "'}");

      node.done(owner, "joinRoom", "{'room':'" + gone + "'}");

      assertThat(codeOfReading(owner, upload)).isEqualTo("unknown-upload");
    }

    @Test
    void is_put_there_by_those_who_may_speak() {
      Caller stranger = user(name("eve"));

      assertThat(node.refused(stranger, "createUpload", creation(room, "text/plain"))
              .code())
          .isEqualTo("not-a-member");
      node.done(mina, "muteUser", "{'room':'" + room + "','user':'" + jun.user() + "'}");
      assertThat(node.refused(jun, "createUpload", creation(room, "text/plain")).code())
          .isEqualTo("muted");
    }
  }

  @Nested
  class An_upload_that_broke_off {
    private final Caller mina = user(name("mina"));
    private final String room = room(mina);

    @Test
    void goes_on_at_another_node_where_it_stands() throws Exception {
      String upload = begun(mina, room);
      result(append(mina, upload, 0, false, "one "));
      ChatNode other = ChatNode.start(vertx, "chat-2", config());
      try {
        JsonNode state = other.done(mina, "uploadState", "{'upload':'" + upload + "'}");
        assertThat(state.path("offset").asLong()).isEqualTo(4);
        JsonNode done = result(get(other.append(
            mina,
            "{'upload':'%s','offset':4,'complete':true}".formatted(upload),
            List.of(bytes("two")))));

        assertThat(done.path("sha256").asText()).isEqualTo(sha256("one two"));
      } finally {
        other.stop();
      }
      assertThat(text(mina, upload)).isEqualTo("one two");
    }

    @Test
    void takes_no_part_for_elsewhere_from_anybody_else_or_after_its_end() {
      String upload = begun(mina, room);
      result(append(mina, upload, 0, false, "one "));

      var mismatch = refusal(append(mina, upload, 3, true, "x"));
      assertThat(mismatch.code()).isEqualTo("offset-mismatch");
      assertThat(mismatch.details().toString()).isEqualTo("{\"offset\":4}");
      assertThat(refusal(append(user(name("eve")), upload, 4, true, "x")).code())
          .isEqualTo("unknown-upload");
      assertThat(codeOfReading(mina, upload)).as("unfinished").isEqualTo("unknown-upload");
      result(append(mina, upload, 4, true, "two"));
      assertThat(refusal(append(mina, upload, 7, true, "x")).code()).isEqualTo("upload-complete");
    }

    @Test
    void is_not_whole_with_fewer_bytes_than_announced() {
      String upload = node.done(
              mina, "createUpload", creation(room, "text/plain").replace("}", ",'length':5}"))
          .path("upload")
          .asText();

      assertThat(refusal(append(mina, upload, 0, true, "four")).code())
          .isEqualTo("upload-incomplete");
      assertThat(refusal(append(mina, upload, 4, true, "56")).code()).isEqualTo("too-large");
      result(append(mina, upload, 4, true, "5"));
    }

    @Test
    void is_dropped_when_its_hash_is_another() {
      String upload = begun(mina, room);

      CommandOutcome outcome = get(node.append(
          mina,
          "{'upload':'%s','offset':0,'complete':true,'sha256':'%s'}"
              .formatted(upload, "0".repeat(64)),
          List.of(bytes("x"))));

      assertThat(refusal(outcome).code()).isEqualTo("hash-mismatch");
      assertThat(
              node.refused(mina, "uploadState", "{'upload':'" + upload + "'}").code())
          .isEqualTo("unknown-upload");
    }

    @Test
    void is_one_of_few_that_one_may_leave() {
      begun(mina, room);
      String second = begun(mina, room);

      assertThat(
              node.refused(mina, "createUpload", creation(room, "text/plain")).code())
          .isEqualTo("too-many-uploads");
      node.done(mina, "dropUpload", "{'upload':'" + second + "'}");
      begun(mina, room);
    }
  }

  @Test
  void are_offered_by_http_as_those_of_every_service_that_keeps_files() {
    assertThat(Files.areKeptBy(ChatDescriptor.CHAT)).isTrue();
  }

  @Test
  void whoever_sends_a_file_hears_in_its_inbox_how_far_it_is() {
    Caller mina = user(name("mina"));
    String inbox = "inbox:" + mina.user();
    node.wanted.add(Topic.parse(inbox));

    String upload = whole(mina, room(mina), "one ", "two");

    List<JsonNode> told = node.heardOf(inbox).stream()
        .filter(publication -> publication.event().equals("upload"))
        .map(Publication::data)
        .map(ChatNode::json)
        .toList();
    assertThat(told)
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.path("upload").asText()).isEqualTo(upload));
    assertThat(told.get(told.size() - 1).path("complete").asBoolean()).isTrue();
    assertThat(told.get(told.size() - 1).path("offset").asLong()).isEqualTo(7);
  }
}
