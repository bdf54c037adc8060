package io.madang.gateway.edge;

import static io.madang.gateway.edge.RawSocket.BINARY;
import static io.madang.gateway.edge.RawSocket.CLOSE;
import static io.madang.gateway.edge.RawSocket.CONTINUATION;
import static io.madang.gateway.edge.RawSocket.PING;
import static io.madang.gateway.edge.RawSocket.PONG;
import static io.madang.gateway.edge.RawSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.RawSocket.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 as a table of bytes in and bytes out, section by section. The echo answers texts, so that one sees what came. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSocketConformanceTest {
  private static final int FINAL = 0x80;
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};
  private static final byte[] UNMASKED = {};
  private static final byte[] NOTHING = {};
  private static final int MAX_MESSAGE_BYTES = 32_768;

  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  private RawSocket echo() throws IOException {
    return RawSocket.upgraded(gateway.port(), "/ws/echo");
  }

  private RawSocket door() throws IOException {
    return RawSocket.upgraded(gateway.port(), "/ws");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] spaces(int count) {
    byte[] spaces = new byte[count];
    Arrays.fill(spaces, (byte) ' ');
    return spaces;
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** A whole frame, masked as a client must. */
  private static byte[] frame(int opcode, byte[] payload) {
    return RawSocket.bytes(FINAL | opcode, MASK, payload);
  }

  private static byte[] fragment(int opcode, byte[] payload) {
    return RawSocket.bytes(opcode, MASK, payload);
  }

  private static byte[] text(String text) {
    return frame(TEXT, utf8(text));
  }

  private static byte[] close(int code, byte[] reason) {
    return frame(CLOSE, joined(new byte[] {(byte) (code >> 8), (byte) code}, reason));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** That the gateway says this code, on a door that also says it in a frame, and then ends the connection. */
  private void assertFailed(int code, byte[] bytes) throws IOException {
    try (RawSocket echo = echo();
        RawSocket door = door()) {
      echo.write(bytes);
      assertThat(echo.closeCode()).isEqualTo(code);
      // What comes behind it is not read any more, and does not keep the close from being heard.
      echo.write(text("behind"));
      echo.endOutput();
      assertThat(echo.isEnded()).isTrue();

      door.write(bytes);
      assertThat(door.text()).contains("\"disconnect\"").contains("" + code);
      assertThat(door.closeCode()).isEqualTo(code);
    }
  }

  @Nested
  class Section_4_2_the_handshake {
    @Test
    void is_answered_with_the_accept_key_of_the_rfc() throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(RawSocket.handshake("/ws/echo", "13") + "\r\n");

        assertThat(raw.readHeaders())
            .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
            .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
            .containsIgnoringCase("\r\nupgrade: websocket\r\n")
            .containsIgnoringCase("\r\nconnection: upgrade\r\n")
            .containsIgnoringCase("\r\nx-content-type-options: nosniff\r\n")
            .doesNotContainIgnoringCase("sec-websocket-protocol")
            .doesNotContainIgnoringCase("sec-websocket-extensions");
      }
    }

    @Test
    void of_another_version_is_told_ours() throws IOException {
      assertThat(answer(RawSocket.handshake("/ws", "8")))
          .startsWith("HTTP/1.1 426")
          .containsIgnoringCase("sec-websocket-version: 13");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Upgrade: websocket|Upgrade: h2c",
          "Connection: Upgrade|Connection: keep-alive",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Key: short",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|X-Key: none",
          "GET |POST ",
          "HTTP/1.1|HTTP/1.0",
          "Host: x|Host: x\r\nContent-Length: 5",
          "Host: x|Host: x\r\nTransfer-Encoding: chunked",
        })
    void that_lacks_something_is_refused(String replacement) throws IOException {
      String[] oldAndNew = replacement.split("\\|", 2);

      assertThat(answer(RawSocket.handshake("/ws", "13").replace(oldAndNew[0], oldAndNew[1])))
          .matches("(?s)HTTP/1\\.[01] 400 .*");
    }

    @Test
    void may_name_its_tokens_among_others_and_in_any_case() throws IOException {
      assertThat(answer(RawSocket.handshake("/ws", "13")
              .replace("Connection: Upgrade", "Connection: keep-alive, uPGRADE")
              .replace("Upgrade: websocket", "Upgrade: WebSocket")))
          .startsWith("HTTP/1.1 101");
    }

    @Test
    void chooses_our_subprotocol_among_those_that_are_offered() throws IOException {
      assertThat(answer(RawSocket.handshake("/ws", "13")
              + "Sec-WebSocket-Protocol: mqtt, madang.v1, bearer.x\r\n"))
          .contains("Sec-WebSocket-Protocol: madang.v1\r\n");
      assertThat(answer(RawSocket.handshake("/ws", "13") + "Sec-WebSocket-Protocol: mqtt\r\n"))
          .startsWith("HTTP/1.1 101")
          .doesNotContain("Sec-WebSocket-Protocol");
    }

    @Test
    void promises_no_extension_that_we_do_not_have() throws IOException {
      assertThat(answer(RawSocket.handshake("/ws", "13")
              + "Sec-WebSocket-Extensions: permessage-deflate\r\n"))
          .doesNotContainIgnoringCase("sec-websocket-extensions");
    }

    private String answer(String request) throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(request + "\r\n");
        return raw.readHeaders();
      }
    }
  }

  @Nested
  class Frames_that_come_with_the_request {
    @Test
    void in_one_segment_are_read() throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(joined(
            utf8(RawSocket.handshake("/ws/echo", "13") + "\r\n"), text("early"), text("bird")));

        assertThat(raw.readHeaders()).startsWith("HTTP/1.1 101");
        assertThat(raw.text()).isEqualTo("Echo: early");
        assertThat(raw.text()).isEqualTo("Echo: bird");
      }
    }

    @Test
    void in_part_are_read_when_the_rest_has_come() throws IOException {
      byte[] early = text("early");
      for (int cut = 1; cut < early.length; cut++) {
        try (RawSocket raw = new RawSocket(gateway.port())) {
          raw.write(joined(
              utf8(RawSocket.handshake("/ws/echo", "13") + "\r\n"), Arrays.copyOf(early, cut)));
          assertThat(raw.readHeaders()).startsWith("HTTP/1.1 101");
          raw.write(Arrays.copyOfRange(early, cut, early.length));

          assertThat(raw.text()).isEqualTo("Echo: early");
        }
      }
    }

    @Test
    void are_read_after_other_requests_of_the_same_connection() throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        String before = raw.readHeaders();
        assertThat(before).startsWith("HTTP/1.1 200");
        raw.skipBody(before);
        raw.write(joined(utf8(RawSocket.handshake("/ws/echo", "13") + "\r\n"), text("early")));

        assertThat(raw.readHeaders()).startsWith("HTTP/1.1 101");
        assertThat(raw.text()).isEqualTo("Echo: early");
      }
    }

    @Test
    void of_a_client_that_is_not_let_in_are_dropped_with_the_connection() throws IOException {
      try (RunningGateway full = new RunningGateway(Map.of("MADANG_CONNECTIONS_PER_ADDRESS", "1"));
          RawSocket first = RawSocket.upgraded(full.port(), "/ws");
          RawSocket second = new RawSocket(full.port())) {
        second.write(joined(utf8(RawSocket.handshake("/ws/echo", "13") + "\r\n"), text("early")));

        String answer = second.readHeaders();
        assertThat(answer).startsWith("HTTP/1.1 429");
        second.skipBody(answer);
        assertThat(second.isEnded()).isTrue();
        first.write(text("{}"));
        assertThat(first.text()).contains("bad-request");
      }
    }
  }

  @Nested
  class Section_5_2_framing {
    @Test
    void a_text_is_answered_in_one_frame_without_a_mask() throws IOException {
      try (RawSocket raw = echo()) {
        raw.write(text("안녕"));

        Frame answer = raw.read();
        assertThat(answer.first()).isEqualTo(FINAL | TEXT);
        assertThat(answer.text()).isEqualTo("Echo: 안녕");
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 119, 120, 125, 126, 127, 4_096, 32_767, 32_768})
    void every_length_is_said_in_the_fewest_bytes(int length) throws IOException {
      try (RawSocket raw = echo()) {
        raw.write(frame(TEXT, spaces(length)));

        assertThat(raw.read().payload()).hasSize(length + "Echo: ".length());
      }
    }

    @Test
    void bytes_may_come_one_at_a_time() throws IOException {
      try (RawSocket raw = echo()) {
        byte[] all = joined(
            fragment(TEXT, utf8("slow")),
            frame(PING, utf8("?")),
            frame(CONTINUATION, utf8("ly")),
            close(1000, utf8("bye")));
        for (byte each : all) {
          raw.write(new byte[] {each});
        }

        assertThat(raw.read().opcode()).isEqualTo(PONG);
        assertThat(raw.read().text()).isEqualTo("Echo: slowly");
        assertThat(raw.read().code()).isEqualTo(1000);
        assertThat(raw.isEnded()).isTrue();
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x20, 0x10, 0x70})
    void reserved_bits_are_refused(int bits) throws IOException {
      assertFailed(1002, RawSocket.bytes(FINAL | bits | TEXT, MASK, utf8("x")));
      assertFailed(1002, RawSocket.bytes(FINAL | bits | PING, MASK, NOTHING));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF})
    void reserved_opcodes_are_refused(int opcode) throws IOException {
      assertFailed(1002, frame(opcode, utf8("x")));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          // 125 bytes, said in two bytes and in eight; 65,535 said in eight.
          "81 fe 007d 00000000",
          "81 ff 000000000000007d 00000000",
          "81 ff 000000000000ffff 00000000",
          // With the highest bit set.
          "81 ff 8000000000000001 00000000",
        })
    void a_length_that_is_not_said_as_it_must_be_is_refused(String header) throws IOException {
      assertFailed(1002, hex(header));
    }
  }

  @Nested
  class Section_5_3_masking {
    @ParameterizedTest
    @ValueSource(strings = {"00000000", "ffffffff", "37fa213d", "80000001"})
    void any_mask_is_taken_off_at_any_length(String mask) throws IOException {
      try (RawSocket raw = echo()) {
        for (int length : IntStream.rangeClosed(0, 17).toArray()) {
          String said = "abcdefghijklmnopq".substring(0, length);
          raw.write(RawSocket.bytes(FINAL | TEXT, hex(mask), utf8(said)));

          assertThat(raw.text()).isEqualTo("Echo: " + said);
        }
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {TEXT, BINARY, PING, CLOSE})
    void a_client_must_mask(int opcode) throws IOException {
      assertFailed(1002, RawSocket.bytes(FINAL | opcode, UNMASKED, NOTHING));
    }
  }

  @Nested
  class Section_5_4_fragments {
    @Test
    void are_one_message_however_many_and_empty() throws IOException {
      try (RawSocket raw = echo()) {
        raw.write(joined(
            fragment(TEXT, NOTHING),
            fragment(CONTINUATION, utf8("a")),
            fragment(CONTINUATION, NOTHING),
            fragment(CONTINUATION, utf8("bc")),
            frame(CONTINUATION, NOTHING),
            text("next")));

        assertThat(raw.text()).isEqualTo("Echo: abc");
        assertThat(raw.text()).isEqualTo("Echo: next");
      }
    }

    @Test
    void may_have_control_frames_between_them() throws IOException {
      try (RawSocket raw = echo()) {
        raw.write(joined(
            fragment(TEXT, utf8("a")),
            frame(PING, utf8("1")),
            frame(PONG, utf8("unasked")),
            fragment(CONTINUATION, utf8("b")),
            frame(PING, utf8("2")),
            frame(CONTINUATION, utf8("c"))));

        assertThat(raw.read().text()).isEqualTo("1");
        assertThat(raw.read().text()).isEqualTo("2");
        assertThat(raw.read().text()).isEqualTo("Echo: abc");
      }
    }

    @Test
    void may_cut_a_character_anywhere() throws IOException {
      byte[] four = utf8("\uD83C\uDFEE");
      try (RawSocket raw = echo()) {
        for (int cut = 1; cut < four.length; cut++) {
          raw.write(joined(
              fragment(TEXT, Arrays.copyOf(four, cut)),
              frame(CONTINUATION, Arrays.copyOfRange(four, cut, four.length))));

          assertThat(raw.text()).isEqualTo("Echo: \uD83C\uDFEE");
        }
      }
    }

    @Test
    void of_nothing_are_refused() throws IOException {
      assertFailed(1002, frame(CONTINUATION, utf8("x")));
      assertFailed(1002, fragment(CONTINUATION, utf8("x")));
    }

    @Test
    void must_end_before_another_message_begins() throws IOException {
      assertFailed(1002, joined(fragment(TEXT, utf8("a")), text("b")));
      assertFailed(1002, joined(fragment(BINARY, utf8("a")), frame(BINARY, utf8("b"))));
    }

    @Test
    void may_end_with_a_close_in_the_middle() throws IOException {
      try (RawSocket raw = door()) {
        raw.write(joined(fragment(TEXT, utf8("a")), close(1001, NOTHING)));

        assertThat(raw.read().code()).isEqualTo(1001);
        assertThat(raw.isEnded()).isTrue();
      }
    }
  }

  @Nested
  class Section_5_5_control_frames {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125})
    void a_ping_is_answered_with_what_it_says(int length) throws IOException {
      try (RawSocket raw = echo()) {
        byte[] payload = spaces(length);
        raw.write(frame(PING, payload));

        Frame pong = raw.read();
        assertThat(pong.first()).isEqualTo(FINAL | PONG);
        assertThat(pong.payload()).isEqualTo(payload);
      }
    }

    @Test
    void a_pong_that_nobody_asked_for_is_taken() throws IOException {
      try (RawSocket raw = echo()) {
        raw.write(joined(frame(PONG, utf8("hello")), text("and")));

        assertThat(raw.read().text()).isEqualTo("Echo: and");
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {PING, PONG, CLOSE})
    void that_are_long_are_refused(int opcode) throws IOException {
      assertFailed(1002, frame(opcode, spaces(126)));
    }

    @ParameterizedTest
    @ValueSource(ints = {PING, PONG, CLOSE})
    void in_fragments_are_refused(int opcode) throws IOException {
      assertFailed(1002, fragment(opcode, NOTHING));
    }
  }

  @Nested
  class Sections_5_5_1_and_7_closing {
    @ParameterizedTest
    @ValueSource(
        ints = {
          1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
          4999
        })
    void a_code_is_answered_with_the_same_and_the_end(int code) throws IOException {
      try (RawSocket raw = door()) {
        raw.write(close(code, utf8("끝")));

        Frame answer = raw.read();
        assertThat(answer.opcode()).isEqualTo(CLOSE);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(raw.isEnded()).isTrue();
      }
    }

    @ParameterizedTest
    @ValueSource(
        ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32_768, 65_535})
    void a_code_that_must_not_be_said_is_refused(int code) throws IOException {
      assertFailed(1002, close(code, NOTHING));
    }

    @Test
    void without_a_code_it_is_answered_without_one() throws IOException {
      try (RawSocket raw = door()) {
        raw.write(frame(CLOSE, NOTHING));

        assertThat(raw.read().payload()).isEmpty();
        assertThat(raw.isEnded()).isTrue();
      }
    }

    @Test
    void half_a_code_is_refused() throws IOException {
      assertFailed(1002, frame(CLOSE, new byte[] {3}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0af", "eda080", "ff", "eab080ea", "f4908080"})
    void a_reason_that_is_not_utf_8_is_refused(String reason) throws IOException {
      assertFailed(1007, close(1000, hex(reason)));
    }

    @Test
    void a_reason_may_be_as_long_as_a_control_frame() throws IOException {
      try (RawSocket raw = door()) {
        raw.write(close(1000, spaces(123)));

        assertThat(raw.read().code()).isEqualTo(1000);
      }
    }

    @Test
    void what_comes_behind_a_close_is_not_read() throws IOException {
      try (RawSocket raw = echo()) {
        raw.write(
            joined(text("before"), close(1000, NOTHING), text("behind"), frame(PING, NOTHING)));

        assertThat(raw.read().text()).isEqualTo("Echo: before");
        assertThat(raw.read().opcode()).isEqualTo(CLOSE);
        assertThat(raw.isEnded()).isTrue();
      }
    }

    @Test
    void a_peer_that_broke_the_rules_hears_why_however_much_it_still_sends() throws IOException {
      try (RawSocket raw = door()) {
        raw.write(frame(CONTINUATION, NOTHING));
        for (int i = 0; i < 64; i++) {
          raw.write(spaces(65_536));
        }

        assertThat(raw.closeCode()).isEqualTo(1002);
        raw.endOutput();
        assertThat(raw.isEnded()).isTrue();
      }
    }

    @Test
    void a_peer_that_answers_our_close_is_let_go_at_once() throws IOException {
      try (RawSocket raw = door()) {
        raw.write(text("{\"type\":\"connect\",\"ref\":1,\"token\":\"bad\"}"));

        assertThat(raw.closeCode()).isEqualTo(4500);
        long answeredNs = System.nanoTime();
        raw.write(close(4500, NOTHING));
        assertThat(raw.isEnded()).isTrue();
        assertThat(System.nanoTime() - answeredNs).isLessThan(4_000_000_000L);
      }
    }

    @Test
    @Tag("slow")
    void a_peer_that_does_not_is_let_go_after_a_while() throws IOException {
      try (RawSocket raw = door()) {
        raw.write(text("{\"type\":\"connect\",\"ref\":1,\"token\":\"bad\"}"));

        assertThat(raw.closeCode()).isEqualTo(4500);
        raw.write(text("{\"type\":\"ping\",\"ref\":1}"));
        assertThat(raw.isEnded()).isTrue();
      }
    }

    @Test
    void a_peer_that_says_no_goodbye_is_answered_as_far_as_it_asked() throws IOException {
      try (RawSocket raw = echo()) {
        raw.write(joined(text("half"), frame(PING, NOTHING)));
        raw.endOutput();

        assertThat(raw.read().text()).isEqualTo("Echo: half");
        assertThat(raw.read().opcode()).isEqualTo(PONG);
        assertThat(raw.isEnded()).isTrue();
      }
    }

    @Test
    void a_close_and_the_end_of_the_peers_side_are_answered_with_a_close() throws IOException {
      try (RawSocket raw = echo()) {
        raw.write(joined(text("half"), close(1000, NOTHING)));
        raw.endOutput();

        assertThat(raw.read().text()).isEqualTo("Echo: half");
        assertThat(raw.read().code()).isEqualTo(1000);
        assertThat(raw.isEnded()).isTrue();
      }
    }

    @Test
    void a_peer_that_is_gone_is_gone_here_too() throws IOException {
      // The peers of the tests before may be on their way out still.
      await().until(() -> connections() == 0);
      try (RawSocket raw = door()) {
        await().until(() -> connections() == 1);
        raw.write(Arrays.copyOf(text("half a frame"), 7));
      }
      await().until(() -> connections() == 0);
    }

    private double connections() {
      return gateway.gauge("madang.connections");
    }
  }

  @Nested
  class Section_8_1_text {
    @ParameterizedTest
    @CsvSource({
      "overlong slash, 22c0af22",
      "half a surrogate, eda080",
      "no such byte, 61ff62",
      "cut at the end, eab080ea",
      "beyond the last character, f4908080",
      "a continuation alone, 80"
    })
    void that_is_not_utf_8_is_refused_whole_and_in_fragments(String what, String bytes)
        throws IOException {
      byte[] bad = hex(bytes);
      assertFailed(1007, frame(TEXT, bad));
      for (int cut = 1; cut < bad.length; cut++) {
        assertFailed(
            1007,
            joined(
                fragment(TEXT, Arrays.copyOf(bad, cut)),
                frame(CONTINUATION, Arrays.copyOfRange(bad, cut, bad.length))));
      }
    }

    @Test
    void is_asked_of_texts_only() throws IOException {
      try (RawSocket raw = echo()) {
        raw.write(joined(frame(BINARY, hex("c0af")), text("on")));

        assertThat(raw.read().text()).isEqualTo("Echo: on");
      }
    }
  }

  @Nested
  class Section_10_4_sizes {
    @Test
    void a_message_beyond_the_limit_is_refused_before_it_has_come() throws IOException {
      assertFailed(1009, hex("81 fe 8001 00000000"));
      assertFailed(1009, hex("82 ff 0000000010000000 00000000"));
    }

    @Test
    void a_message_beyond_the_limit_is_refused_whole() throws IOException {
      assertFailed(1009, frame(BINARY, spaces(MAX_MESSAGE_BYTES + 1)));
    }

    /** A proxy would take the end of our side for the end of all, and reset a peer that is still sending. */
    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void a_peer_that_says_too_much_is_closed_in_order(int times) throws IOException {
      try (RawSocket raw = door()) {
        raw.write(frame(BINARY, spaces(MAX_MESSAGE_BYTES + 1)));

        assertThat(raw.closeCode()).isEqualTo(1009);
        assertThat(raw.isSilent()).isTrue();
        for (int i = 0; i < times; i++) {
          raw.write(frame(BINARY, spaces(65_536)));
        }
        raw.write(close(1009, NOTHING));
        assertThat(raw.isEnded()).isTrue();
      }
    }

    @Test
    void fragments_count_together() throws IOException {
      assertFailed(
          1009,
          joined(
              fragment(TEXT, spaces(MAX_MESSAGE_BYTES)),
              frame(PING, NOTHING),
              frame(CONTINUATION, spaces(1))));
    }
  }
}
