package io.madang.system.garbage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ServerFrame;
import io.madang.system.Launched;
import io.madang.system.garbage.Arguments.Given;
import io.madang.system.garbage.BadFrames.Bad;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever is said to whichever door, it is answered by a typed error on a connection that lives on and leaves no trace in the
 * stores, or by the close that RFC 6455 wants. Which commands there are, and what they must refuse, the product says itself.
 */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class EveryCommandRefusesGarbageTest {
  /** The limits that the product has by default. */
  private static final int MAX_MESSAGE_BYTES = 32 * 1024;

  private static final int MAX_BODY_BYTES = 64 * 1024;

  /** The test asks faster than people may. */
  private static final Map<String, String> NO_RATE = Map.of(
      "MADANG_COMMAND_RATE", "1000000",
      "MADANG_COMMAND_BURST", "1000000",
      "MADANG_USER_COMMAND_RATE", "0");

  private final TestDatabase database = TestStores.createDatabase();
  private final TestKeyspace keyspace = TestStores.createKeyspace();

  private Launched product;
  private StoreContents stores;
  private Door http;

  /** Owns a room with a message in it; open as long as the test, so that presence has nothing to tell meanwhile. */
  private Client mina;

  /** As {@link #mina}, on a SockJS connection. */
  private Client sockJs;

  /** Plays with what may be taken. */
  private Client odd;

  private List<Offered> offered;
  private Arguments arguments;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    Map<String, String> settings = new LinkedHashMap<>(NO_RATE);
    settings.put("MADANG_POSTGRES_URL", database.url());
    settings.put("MADANG_REDIS_URL", keyspace.url());
    product = Launched.start("all", data.resolve("data"), settings).awaitReady();
    String token = product.guest("mina");
    http = new Door(product.port(), token);
    offered = Offered.read(http.get("/api/services"));
    mina = Client.overWebSocket(product.port(), token);
    sockJs = Client.overSockJs(product.port(), token);
    odd = Client.overWebSocket(product.port(), product.guest("odd"));
    mina.reply("chat", "createRoom", "{\"room\":\"yard\"}");
    String sent = mina.reply("chat", "sendToRoom", "{\"room\":\"yard\",\"text\":\"hello\"}");
    odd.reply("chat", "joinRoom", "{\"room\":\"yard\"}");
    sockJs.reply("chat", "listRooms", "{}");
    arguments = new Arguments(Map.of(
        "room", "\"yard\"",
        "text", "\"hello again\"",
        "user", "\"odd\"",
        "toUser", "\"odd\"",
        "messageId", textIn(sent, "messageId"),
        "offset", "1",
        "role", "\"member\"",
        "status", "\"dnd\"",
        "type", "\"system\"",
        "metric", "\"nodes\""));
    stores = new StoreContents(database, keyspace.url());
    awaitQuiet();
  }

  @AfterAll
  void stop() {
    Stream.of(mina, sockJs, odd, stores, product).forEach(EveryCommandRefusesGarbageTest::close);
    keyspace.close();
  }

  private static void close(AutoCloseable closeable) {
    try {
      if (closeable != null) {
        closeable.close();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The JSON string of one member, quotes included. */
  private static String textIn(String json, String member) {
    Matcher found = Pattern.compile("\"" + member + "\":(\"[^\"]*\")").matcher(json);
    assertThat(found.find()).as(json).isTrue();
    return found.group(1);
  }

  /** Until what was done before has been told to everybody who keeps something of it. */
  private void awaitQuiet() {
    List<Map<String, List<String>>> seen = new ArrayList<>(List.of(Map.of()));
    Awaitility.await("stores in which nothing changes")
        .pollInterval(Duration.ofMillis(300))
        .until(() -> {
          Map<String, List<String>> now = stores.now();
          return StoreContents.differences(seen.set(0, now), now).isEmpty();
        });
  }

  /** Fails with what went wrong and what of it can be found in the stores. */
  private void leavesNoTrace(Object subject, Supplier<List<String>> wrongs) {
    Map<String, List<String>> before = stores.now();
    List<String> all = new ArrayList<>(wrongs.get());
    StoreContents.differences(before, stores.now()).forEach(trace -> all.add("a trace: " + trace));
    assertThat(all).as(subject.toString()).isEmpty();
  }

  // What must be refused.

  @Nested
  @Order(1)
  class Arguments_that_no_descriptor_allows {
    @Test
    void are_of_commands_of_every_service() {
      assertThat(offered)
          .extracting(Offered::service)
          .contains("chat", "presence", "notification", "dashboard");
      assertThat(offered)
          .extracting(Offered::toString)
          .contains("chat/sendToRoom", "presence/setStatus", "notification/markAsRead");
    }

    @TestFactory
    Stream<DynamicTest> are_refused_over_web_socket() {
      return offered.stream()
          .map(one -> DynamicTest.dynamicTest(
              one.toString(),
              () -> leavesNoTrace(one, () -> refusedBy(mina, one, arguments.refused(one)))));
    }

    @TestFactory
    Stream<DynamicTest> are_refused_by_position() {
      return offered.stream()
          .filter(one -> !one.parameters().isEmpty())
          .map(one -> DynamicTest.dynamicTest(
              one.toString(),
              () -> leavesNoTrace(
                  one, () -> refusedBy(mina, one, arguments.refusedByPosition(one)))));
    }

    @TestFactory
    Stream<DynamicTest> are_refused_over_sock_js() {
      return offered.stream()
          .filter(one -> one.name().startsWith("send"))
          .map(one -> DynamicTest.dynamicTest(
              one.toString(),
              () -> leavesNoTrace(one, () -> refusedBy(sockJs, one, arguments.refused(one)))));
    }

    /** What was not refused as it should be. */
    private List<String> refusedBy(Client client, Offered one, List<Given> all) {
      List<String> wrongs = new ArrayList<>();
      Map<Long, Given> asked = new LinkedHashMap<>();
      Map<Long, String> frames = new LinkedHashMap<>();
      for (Given given : all) {
        long ref = client.nextRef();
        asked.put(ref, given);
        frames.put(ref, Client.frame(one.kind(), ref, one.service(), one.name(), given.json()));
      }
      client.answers(frames).forEach((ref, answer) -> {
        Given given = asked.get(ref);
        if (given != null
            && !isRefused(answer, "bad-request")
            && !(one.needsRole() && isRefused(answer, "forbidden"))) {
          wrongs.add(given.what() + " is answered with " + answer);
        }
      });
      client.reply("chat", "recentMessages", "{\"room\":\"yard\"}");
      return wrongs;
    }

    @TestFactory
    Stream<DynamicTest> are_refused_over_http() {
      return offered.stream()
          .filter(Offered::isCommand)
          .map(one -> DynamicTest.dynamicTest(
              one.toString(),
              () -> leavesNoTrace(one, () -> http.notRefused(one, arguments.refused(one)))));
    }

    @TestFactory
    Stream<DynamicTest> are_refused_in_a_query() {
      return offered.stream()
          .filter(Offered::isCommand)
          .map(one -> DynamicTest.dynamicTest(
              one.toString(), () -> leavesNoTrace(one, () -> http.notRefusedQueries(one))));
    }
  }

  private static boolean isRefused(ServerFrame answer, String code) {
    return answer instanceof ServerFrame.Error error
        && error.failure().code().equals(code)
        && error.failure().retry() == Retry.NEVER
        && Client.flaw(error.failure()).isEmpty();
  }

  @Nested
  @Order(2)
  class Frames_that_cannot_be_understood {
    @TestFactory
    Stream<DynamicTest> are_answered_over_web_socket() {
      return tables(() -> mina);
    }

    @TestFactory
    Stream<DynamicTest> are_answered_over_sock_js() {
      return tables(() -> sockJs);
    }

    private Stream<DynamicTest> tables(Supplier<Client> client) {
      Map<String, List<Bad>> tables = new LinkedHashMap<>();
      tables.put("not one object", BadFrames.NOT_ONE_OBJECT);
      tables.put("of no type", BadFrames.OF_NO_TYPE);
      tables.put("without a ref", BadFrames.WITHOUT_A_REF);
      tables.put("of a command", BadFrames.OF_A_COMMAND);
      tables.put("of a topic", BadFrames.OF_A_TOPIC);
      tables.put("of something else", BadFrames.OF_SOMETHING_ELSE);
      return tables.entrySet().stream()
          .map(table -> DynamicTest.dynamicTest(
              table.getKey(),
              () ->
                  leavesNoTrace(table.getKey(), () -> notRefused(client.get(), table.getValue()))));
    }

    private List<String> notRefused(Client client, List<Bad> table) {
      List<String> wrongs = new ArrayList<>();
      for (Bad bad : table) {
        if (bad.hasRef()) {
          long ref = client.nextRef();
          ServerFrame answer = client.answers(Map.of(ref, bad.withRef(ref))).get(ref);
          if (!isRefused(answer, bad.code())) {
            wrongs.add(bad + " is answered with " + answer);
          }
        } else {
          List<ServerFrame> answers = client.answersBeforePong(bad.frame());
          if (answers.size() != 1 || !isRefused(answers.get(0), bad.code())) {
            wrongs.add(bad + " is answered with " + answers);
          }
        }
      }
      return wrongs;
    }
  }

  @Nested
  @Order(3)
  class Requests_that_cannot_be_understood {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "/api/nobody/listRooms|404|unknown-service",
          "/api/chat/nothing|404|unknown-command",
          "/api/chat/%00|404|unknown-command",
          "/api/%00/listRooms|404|unknown-service",
          "/api/chat/%ED%A0%80|404|unknown-command",
          "/api/chat/..%2f..%2flistRooms|404|unknown-command",
          "/api/dashboard/streamTime|404|unknown-command",
          "/api/chat/listRooms?take=1&take=2|400|bad-request",
          "/api/chat/listRooms?take=%00|400|bad-request",
          "/api/chat/listRooms?take=1e400|400|bad-request",
          "/api/chat/listRooms?colour=red|400|bad-request",
          "/api/chat/listRooms?take=%zz|400|bad-request",
        })
    void are_problems(String target, int status, String code) {
      leavesNoTrace(target, () -> http.flaws(http.post(target, "{}"), status, code));
    }

    @ParameterizedTest
    @CsvSource({"''", "' '", "'two words'", "caf\u00e9", "'a\tb'"})
    void have_an_id_that_cannot_be_kept(String id) {
      leavesNoTrace(
          id,
          () -> http.flaws(
              http.raw("POST /api/presence/onlineUsers", "Idempotency-Key: " + id),
              400,
              "bad-request"));
    }

    @Test
    void have_a_body_that_is_no_json() {
      leavesNoTrace(
          "bodies",
          () -> Stream.of(
                  "null",
                  "7",
                  "\"x\"",
                  "[[",
                  "{",
                  "\u0000",
                  "\ufeff{}",
                  "{} {}",
                  "x=y",
                  "[".repeat(1000))
              .flatMap(body ->
                  http.flaws(http.post("/api/chat/listRooms", body), 400, "bad-request").stream())
              .toList());
    }
  }

  // What may be taken.

  @Nested
  @Order(4)
  class Arguments_that_a_descriptor_allows {
    private static final int ROUNDS = 5;

    /** What is refused is asked again until nothing of it is taken any more: then it must have left no trace. */
    @Test
    void are_taken_or_refused_but_never_a_fault_however_odd() {
      Map<Offered, List<Given>> refused = new LinkedHashMap<>();
      offered.stream()
          .filter(Offered::isCommand)
          .forEach(one -> refused.put(one, refusedOf(one, arguments.odd(one))));
      for (int round = 0; round < ROUNDS; round++) {
        awaitQuiet();
        Map<String, List<String>> before = stores.now();
        int asked = sizeOf(refused);
        refused.replaceAll(this::refusedOf);
        if (sizeOf(refused) == asked) {
          assertThat(asked).as("odd arguments that are refused").isPositive();
          assertThat(StoreContents.differences(before, stores.now()))
              .as("traces")
              .isEmpty();
          return;
        }
      }
      fail("some of this is refused now and taken then: %s", refused);
    }

    private static int sizeOf(Map<Offered, List<Given>> refused) {
      return refused.values().stream().mapToInt(List::size).sum();
    }

    private List<Given> refusedOf(Offered one, List<Given> all) {
      List<String> wrongs = new ArrayList<>();
      Map<Long, Given> refused = new LinkedHashMap<>();
      Map<Long, String> frames = new LinkedHashMap<>();
      for (Given given : all) {
        long ref = odd.nextRef();
        refused.put(ref, given);
        frames.put(ref, Client.frame(one.kind(), ref, one.service(), one.name(), given.json()));
      }
      odd.answers(frames).forEach((ref, answer) -> {
        if (answer instanceof ServerFrame.Error error) {
          Client.flaw(error.failure())
              .ifPresent(flaw -> wrongs.add(
                  refused.get(ref).what() + " is answered with " + error + ", but " + flaw));
        } else {
          refused.remove(ref);
        }
      });
      assertThat(wrongs).isEmpty();
      return List.copyOf(refused.values());
    }
  }

  // What breaks the rules that lie beneath.

  @Nested
  @Order(5)
  class A_socket {
    private static final String PING = "{\"type\":\"ping\",\"ref\":1}";

    private WireSocket open() {
      return WireSocket.open(product.port(), "/ws", product.guest("jun"));
    }

    private byte[] padded(int bytes) {
      byte[] message = new byte[bytes];
      Arrays.fill(message, (byte) ' ');
      System.arraycopy(PING.getBytes(StandardCharsets.UTF_8), 0, message, 0, PING.length());
      return message;
    }

    private int codeAfter(Consumer<WireSocket> doing) {
      try (WireSocket socket = open()) {
        doing.accept(socket);
        return socket.closeCode();
      }
    }

    @Test
    void takes_a_message_of_just_the_limit() {
      try (WireSocket socket = open()) {
        socket.frame(WireSocket.FINAL | WireSocket.TEXT, padded(MAX_MESSAGE_BYTES));

        assertThat(socket.next()).asString().contains("\"pong\"");
      }
    }

    @Test
    void takes_a_message_in_fragments_that_cut_characters() {
      byte[] frame = "{\"type\":\"ping\",\"ref\":1,\"x\":\"한\"}".getBytes(StandardCharsets.UTF_8);
      try (WireSocket socket = open()) {
        int cut = frame.length - 4;
        socket.frame(WireSocket.TEXT, Arrays.copyOf(frame, cut));
        socket.frame(WireSocket.FINAL | WireSocket.PING, new byte[] {'x'});
        socket.frame(
            WireSocket.FINAL | WireSocket.CONTINUATION,
            Arrays.copyOfRange(frame, cut, frame.length));

        assertThat(socket.next()).asString().contains("\"pong\"");
      }
    }

    @Test
    void is_closed_with_1009_above_the_limit() {
      byte[] tooBig = padded(MAX_MESSAGE_BYTES + 1);
      byte[] part = padded(MAX_MESSAGE_BYTES / 2 + 1);

      assertThat(codeAfter(socket -> socket.frame(WireSocket.FINAL | WireSocket.TEXT, tooBig)))
          .as("text")
          .isEqualTo(1009);
      assertThat(codeAfter(socket -> socket.frame(WireSocket.FINAL | WireSocket.BINARY, tooBig)))
          .as("binary")
          .isEqualTo(1009);
      assertThat(codeAfter(socket -> {
            socket.frame(WireSocket.TEXT, part);
            socket.frame(WireSocket.FINAL | WireSocket.CONTINUATION, part);
          }))
          .as("fragments")
          .isEqualTo(1009);
      assertThat(
              codeAfter(socket -> socket.head(WireSocket.FINAL | WireSocket.TEXT, true, 1L << 40)))
          .as("a length of a terabyte")
          .isEqualTo(1009);
    }

    @Test
    void is_closed_with_1007_after_invalid_utf_8() {
      List<byte[]> invalid = List.of(
          new byte[] {(byte) 0xFF},
          new byte[] {(byte) 0xC0, (byte) 0x80},
          new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
          new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
          new byte[] {'"', (byte) 0xED, (byte) 0x95});
      for (byte[] bytes : invalid) {
        assertThat(codeAfter(socket -> socket.frame(WireSocket.FINAL | WireSocket.TEXT, bytes)))
            .as(Arrays.toString(bytes))
            .isEqualTo(1007);
        assertThat(codeAfter(socket -> {
              socket.frame(WireSocket.TEXT, new byte[] {'"'});
              socket.frame(WireSocket.FINAL | WireSocket.CONTINUATION, bytes);
            }))
            .as("in a fragment: " + Arrays.toString(bytes))
            .isEqualTo(1007);
      }
    }

    @Test
    void answers_a_binary_message_that_is_not_utf_8() {
      try (WireSocket socket = open()) {
        socket.frame(WireSocket.FINAL | WireSocket.BINARY, new byte[] {(byte) 0xFF});

        assertThat(socket.next()).asString().contains("\"bad-request\"");
      }
    }

    @Test
    void is_closed_with_1002_after_what_the_protocol_forbids() {
      byte[] x = {'x'};
      Map<String, Consumer<WireSocket>> forbidden = new LinkedHashMap<>();
      forbidden.put(
          "no mask", socket -> socket.frame(WireSocket.FINAL | WireSocket.TEXT, false, x));
      forbidden.put("a reserved opcode", socket -> socket.frame(WireSocket.FINAL | 0x3, x));
      forbidden.put("a reserved control opcode", socket -> socket.frame(WireSocket.FINAL | 0xB, x));
      forbidden.put(
          "a reserved bit", socket -> socket.frame(WireSocket.FINAL | 0x40 | WireSocket.TEXT, x));
      forbidden.put("a ping in fragments", socket -> socket.frame(WireSocket.PING, x));
      forbidden.put(
          "a long ping", socket -> socket.frame(WireSocket.FINAL | WireSocket.PING, new byte[126]));
      forbidden.put(
          "a continuation of nothing",
          socket -> socket.frame(WireSocket.FINAL | WireSocket.CONTINUATION, x));
      forbidden.put("a message inside another", socket -> {
        socket.frame(WireSocket.TEXT, x);
        socket.frame(WireSocket.FINAL | WireSocket.TEXT, x);
      });
      forbidden.put(
          "half a close code", socket -> socket.frame(WireSocket.FINAL | WireSocket.CLOSE, x));
      forbidden.put(
          "a close code that is never sent",
          socket ->
              socket.frame(WireSocket.FINAL | WireSocket.CLOSE, new byte[] {0x03, (byte) 0xED}));
      List<String> wrongs = new ArrayList<>();
      forbidden.forEach((name, doing) -> {
        int code = codeAfter(doing);
        if (code != 1002) {
          wrongs.add(name + " is closed with " + code);
        }
      });
      assertThat(wrongs).isEmpty();
    }

    @Test
    void of_sock_js_is_closed_after_a_message_above_the_limit() {
      try (Client client = Client.overSockJs(product.port(), product.guest("jun"))) {
        client.say("x".repeat(MAX_MESSAGE_BYTES + 1));

        assertThat(client.hear())
            .isInstanceOfSatisfying(
                ServerFrame.Disconnect.class,
                goodbye -> assertThat(goodbye.code()).isEqualTo(1009));
      }
    }
  }

  @Nested
  @Order(6)
  class A_body {
    @Test
    void of_just_the_limit_is_read() {
      String body = "{}" + " ".repeat(MAX_BODY_BYTES - 2);

      assertThat(http.post("/api/chat/listRooms", body).statusCode()).isEqualTo(200);
    }

    @Test
    void above_the_limit_is_answered_with_413() {
      String body = "{}" + " ".repeat(MAX_BODY_BYTES - 1);

      assertThat(http.flaws(http.post("/api/chat/listRooms", body), 413, "too-large"))
          .isEmpty();
      assertThat(http.flaws(http.postInChunks("/api/chat/listRooms", body), 413, "too-large"))
          .isEmpty();
      assertThat(http.flaws(http.post("/api/auth/guest", body), 413, "too-large"))
          .isEmpty();
      assertThat(http.post("/sockjs/000/nobody/xhr_send", "x".repeat(1_000_000)).statusCode())
          .isEqualTo(413);
    }
  }

  @Nested
  @Order(7)
  class After_all_this {
    @Test
    void the_same_connections_still_talk() {
      assertThat(mina.reply("chat", "sendToRoom", "{\"room\":\"yard\",\"text\":\"well\"}"))
          .contains("\"room\":\"yard\"");
      assertThat(sockJs.reply("chat", "recentMessages", "{\"room\":\"yard\",\"take\":1}"))
          .contains("\"content\":\"well\"");
    }

    @Test
    void the_product_has_found_no_bug_in_itself() {
      assertThat(product.process().lines().stream()
              .filter(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ERROR .*")))
          .isEmpty();
    }
  }
}
