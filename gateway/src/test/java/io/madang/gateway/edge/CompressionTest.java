package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.RawSocket.Frame;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 7692 without a memory between messages, where an operator has switched it on. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressionTest {
  private static final int FINAL = 0x80;
  private static final int DEFLATED = 0x40;
  private static final byte[] MASK = {1, 2, 3, 4};

  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of("MADANG_WS_COMPRESSION", "true"));

  private RawSocket deflating() throws IOException {
    RawSocket raw = new RawSocket(gateway.port());
    raw.write(RawSocket.handshake("/ws", "13")
        + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n");
    assertThat(raw.readHeaders())
        .startsWith("HTTP/1.1 101")
        .contains("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
            + "client_no_context_takeover\r\n");
    return raw;
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(bytes);
    byte[] out = new byte[bytes.length + 100];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length - 4);
  }

  private static void say(RawSocket raw, String frame) throws IOException {
    byte[] utf8 = frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    raw.write(RawSocket.bytes(FINAL | DEFLATED | RawSocket.TEXT, MASK, deflated(utf8)));
  }

  private static JsonObject next(RawSocket raw) throws IOException {
    Frame frame = raw.read();
    byte[] text = frame.payload();
    if ((frame.first() & DEFLATED) != 0) {
      Inflater inflater = new Inflater(true);
      byte[] out = new byte[100_000];
      try {
        byte[] whole = Arrays.copyOf(text, text.length + 4);
        whole[text.length + 2] = (byte) 0xFF;
        whole[text.length + 3] = (byte) 0xFF;
        inflater.setInput(whole);
        text = Arrays.copyOf(out, inflater.inflate(out));
      } catch (DataFormatException e) {
        throw new IOException(e);
      } finally {
        inflater.end();
      }
    }
    return new JsonObject(new String(text, StandardCharsets.UTF_8));
  }

  @Test
  void what_is_said_and_heard_is_the_same_with_it_and_without() throws IOException {
    try (RawSocket raw = deflating()) {
      TestSocket plain = TestSocket.signedIn(gateway.port(), "mina");
      say(raw, "{'type':'connect','ref':1,'token':'good-jun'}");
      assertThat(next(raw).getString("type")).isEqualTo("connected");
      say(raw, "{'type':'subscribe','ref':2,'topic':'log:a'}");
      assertThat(next(raw).getString("type")).isEqualTo("subscribed");
      plain.ask("{'type':'subscribe','ref':2,'topic':'log:a'}");
      plain.send("{'type':'command','ref':3,'service':'tester','name':'flood',"
          + "'args':{'log':'a','count':50,'bytes':400}}");
      int offset = 0;
      while (offset < 50) {
        JsonObject heard = plain.next();
        if (heard.getString("type").equals("publication")) {
          assertThat(next(raw)).isEqualTo(heard);
          offset++;
        }
      }
    }
  }

  @Test
  void what_is_long_comes_deflated_and_what_is_short_does_not() throws IOException {
    try (RawSocket raw = deflating()) {
      say(raw, "{'type':'connect','ref':1,'token':'good-jun'}");
      Frame connected = raw.read();
      assertThat(connected.first()).isEqualTo(FINAL | DEFLATED | RawSocket.TEXT);
      raw.write(RawSocket.bytes(
          FINAL | RawSocket.TEXT,
          MASK,
          "{\"type\":\"ping\",\"ref\":1}".getBytes(StandardCharsets.UTF_8)));

      assertThat(raw.read().first()).isEqualTo(FINAL | RawSocket.TEXT);
    }
  }

  @Test
  void a_deflated_message_may_come_in_fragments_with_a_ping_between() throws IOException {
    try (RawSocket raw = deflating()) {
      byte[] all = deflated("{\"type\":\"ping\",\"ref\":77}".getBytes(StandardCharsets.UTF_8));
      raw.write(RawSocket.bytes(DEFLATED | RawSocket.TEXT, MASK, Arrays.copyOf(all, 5)));
      raw.write(RawSocket.bytes(FINAL | RawSocket.PING, MASK, new byte[0]));
      raw.write(RawSocket.bytes(
          FINAL | RawSocket.CONTINUATION, MASK, Arrays.copyOfRange(all, 5, all.length)));

      assertThat(raw.read().opcode()).isEqualTo(RawSocket.PONG);
      assertThat(next(raw).getInteger("ref")).isEqualTo(77);
    }
  }

  private void assertFailed(int code, byte[]... frames) throws IOException {
    try (RawSocket raw = deflating()) {
      for (byte[] frame : frames) {
        raw.write(frame);
      }
      assertThat(raw.closeCode()).isEqualTo(code);
    }
  }

  @Test
  void only_the_first_frame_of_a_message_may_say_that_it_is_deflated() throws IOException {
    byte[] part = deflated("{}".getBytes(StandardCharsets.UTF_8));
    assertFailed(1002, RawSocket.bytes(FINAL | DEFLATED | RawSocket.PING, MASK, part));
    assertFailed(
        1002,
        RawSocket.bytes(DEFLATED | RawSocket.TEXT, MASK, part),
        RawSocket.bytes(FINAL | DEFLATED | RawSocket.CONTINUATION, MASK, part));
    assertFailed(1002, RawSocket.bytes(FINAL | 0x20 | RawSocket.TEXT, MASK, part));
    assertFailed(1002, RawSocket.bytes(FINAL | 0x50 | RawSocket.TEXT, MASK, part));
  }

  @Test
  void what_cannot_be_inflated_is_refused() throws IOException {
    byte[] never = {(byte) 0xFF, (byte) 0xFF, 1};
    assertFailed(1002, RawSocket.bytes(FINAL | DEFLATED | RawSocket.TEXT, MASK, never));
  }

  @Test
  void what_would_be_too_big_is_refused_however_small_it_is_sent() throws IOException {
    byte[] bomb = deflated(new byte[10_000_000]);
    assertThat(bomb.length).isLessThan(32_768);

    assertFailed(1009, RawSocket.bytes(FINAL | DEFLATED | RawSocket.TEXT, MASK, bomb));
  }

  @Test
  void text_that_is_not_utf_8_is_refused_after_it_is_inflated() throws IOException {
    byte[] bad = deflated(new byte[] {'"', (byte) 0xC0, (byte) 0xAF, '"'});
    assertFailed(1007, RawSocket.bytes(FINAL | DEFLATED | RawSocket.TEXT, MASK, bad));
  }

  @Test
  void who_does_not_offer_it_hears_plain_text() throws IOException {
    try (RawSocket raw = RawSocket.upgraded(gateway.port(), "/ws")) {
      raw.write(RawSocket.bytes(
          FINAL | RawSocket.TEXT,
          MASK,
          "{\"type\":\"connect\",\"ref\":1,\"token\":\"good-jun\"}"
              .getBytes(StandardCharsets.UTF_8)));

      assertThat(raw.read().first()).isEqualTo(FINAL | RawSocket.TEXT);
    }
  }
}
