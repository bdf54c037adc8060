package io.madang.gateway.edge.signalr.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.protocol.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubFormatTest {
  private static final int MAX = 32_768;

  private static RawJson json(String text) {
    return RawJson.trusted(text);
  }

  private static List<HubMessage> read(HubFormat format, byte[] bytes)
      throws BadHubMessageException {
    HubFrames frames = format.frames(MAX);
    frames.add(bytes);
    List<HubMessage> messages = new ArrayList<>();
    for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
      format.read(next.get()).ifPresent(messages::add);
    }
    assertThat(frames.waiting()).isZero();
    return messages;
  }

  private static List<HubMessage> text(String messages) throws BadHubMessageException {
    return read(HubFormat.JSON, messages.replace('␞', '\u001e').getBytes(StandardCharsets.UTF_8));
  }

  private static List<HubMessage> pack(String hex) throws BadHubMessageException {
    return read(HubFormat.MESSAGE_PACK, bytes(hex));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** A message of MessagePack around this body. */
  private static String framed(String hex) {
    byte[] body = bytes(hex);
    return HexFormat.of().toHexDigits((byte) body.length) + HexFormat.of().formatHex(body);
  }

  private static HubMessage.Invocation call(String id, String target, String arguments) {
    return new HubMessage.Invocation(Optional.ofNullable(id), target, json(arguments), List.of());
  }

  @Nested
  class Json {
    @Test
    void is_read_as_clients_were_seen_to_write_it() throws BadHubMessageException {
      assertThat(
              text(
                  "{\"type\":6}␞"
                      + "{\"target\":\"Echo\",\"arguments\":[\"héllo\"],\"invocationId\":\"0\",\"type\":1}␞"
                      + "{\"target\":\"Fire\",\"arguments\":[1,null,{\"a\":1}],\"type\":1}␞"
                      + "{\"target\":\"Str\",\"arguments\":[1],\"invocationId\":\"1\",\"type\":4}␞"
                      + "{\"target\":\"Upload\",\"arguments\":[],\"streamIds\":[\"2\"],\"type\":1}␞"
                      + "{\"invocationId\":\"2\",\"item\":1,\"type\":2}␞{\"invocationId\":\"2\",\"type\":3}␞"
                      + "{\"invocationId\":\"3\",\"type\":5}␞{\"invocationId\":\"s1\",\"result\":42,\"type\":3}␞"
                      + "{\"type\":7}␞{\"type\":7,\"allowReconnect\":false}␞{\"type\":8,\"sequenceId\":4}␞{\"type\":9,\"sequenceId\":1}␞"))
          .isEqualTo(List.of(
              new HubMessage.Ping(),
              call("0", "Echo", "[\"héllo\"]"),
              call(null, "Fire", "[1,null,{\"a\":1}]"),
              new HubMessage.StreamInvocation("1", "Str", json("[1]"), List.of()),
              new HubMessage.Invocation(Optional.empty(), "Upload", json("[]"), List.of("2")),
              new HubMessage.StreamItem("2", json("1")),
              HubMessage.Completion.of("2"),
              new HubMessage.CancelInvocation("3"),
              HubMessage.Completion.of("s1", json("42")),
              new HubMessage.Close(Optional.empty(), false),
              new HubMessage.Close(Optional.empty(), false),
              new HubMessage.Ack(4),
              new HubMessage.Sequence(1)));
    }

    @Test
    void skips_members_and_kinds_that_are_not_known() throws BadHubMessageException {
      assertThat(text(
              "{\"headers\":{\"a\":\"b\"},\"type\":1,\"streamIds\":[],\"x\":[{}],\"target\":\"T\",\"arguments\":[]}␞"
                  + "{\"type\":10,\"target\":5}␞{\"type\":0}␞"))
          .isEqualTo(List.of(call(null, "T", "[]")));
    }

    @Test
    void leaves_out_what_is_absent_and_ends_with_the_separator() {
      assertThat(written(HubFormat.JSON, HubMessage.Completion.of("1")))
          .isEqualTo("{\"type\":3,\"invocationId\":\"1\"}\u001e");
      assertThat(written(HubFormat.JSON, HubMessage.Completion.of("1", RawJson.NULL)))
          .isEqualTo("{\"type\":3,\"invocationId\":\"1\",\"result\":null}\u001e");
      assertThat(written(HubFormat.JSON, HubMessage.Completion.failed("1", "a\u001eb")))
          .isEqualTo("{\"type\":3,\"invocationId\":\"1\",\"error\":\"a\\u001Eb\"}\u001e");
      assertThat(written(HubFormat.JSON, HubMessage.Invocation.of("T", json("[1]"))))
          .isEqualTo("{\"type\":1,\"target\":\"T\",\"arguments\":[1]}\u001e");
      assertThat(written(HubFormat.JSON, new HubMessage.Close(Optional.empty(), false)))
          .isEqualTo("{\"type\":7}\u001e");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "{}",
          "[]",
          "{\"type\":\"1\"}",
          "{\"type\":1,\"target\":\"T\"}",
          "{\"type\":1,\"target\":1,\"arguments\":[]}",
          "{\"type\":1,\"target\":\"T\",\"arguments\":{}}",
          "{\"type\":1,\"target\":\"T\",\"arguments\":[],\"streamIds\":[1]}",
          "{\"type\":2,\"invocationId\":\"1\"}",
          "{\"type\":3,\"invocationId\":\"1\",\"result\":1,\"error\":\"e\"}",
          "{\"type\":5,\"invocationId\":null}",
          "{\"type\":8,\"sequenceId\":1.5}",
          "{\"type\":6}{\"type\":6}"
        })
    void refuses_what_is_no_message(String message) {
      assertThatThrownBy(() -> text(message + "␞")).isInstanceOf(BadHubMessageException.class);
    }

    @Test
    void is_no_deeper_than_any_json_of_clients() {
      assertThatThrownBy(() -> text("{\"type\":1,\"target\":\"T\",\"arguments\":" + "[".repeat(40)
              + "]".repeat(40) + "}␞"))
          .isInstanceOf(BadHubMessageException.class);
    }
  }

  private static String written(HubFormat format, HubMessage message) {
    return new String(format.write(message), StandardCharsets.UTF_8);
  }

  private static String hex(HubMessage message) {
    return HexFormat.of().formatHex(HubFormat.MESSAGE_PACK.write(message));
  }

  @Nested
  class Message_pack {
    @Test
    void is_read_as_clients_were_seen_to_write_it() throws BadHubMessageException {
      assertThat(pack("0d 95 01 80 a1 30 a4 45 63 68 6f 91 a1 78"
              + "0b 95 01 80 c0 a4 46 69 72 65 91 01"
              + "02 91 06"
              + "03 92 07 c0"))
          .isEqualTo(List.of(
              call("0", "Echo", "[\"x\"]"),
              call(null, "Fire", "[1]"),
              new HubMessage.Ping(),
              new HubMessage.Close(Optional.empty(), false)));
    }

    @Test
    void is_written_with_an_empty_map_of_headers_and_a_length_in_groups_of_seven_bits() {
      assertThat(hex(new HubMessage.Ping())).isEqualTo("029106");
      assertThat(hex(HubMessage.Completion.of("1"))).isEqualTo("06940380a13102");
      assertThat(hex(HubMessage.Completion.of("1", RawJson.NULL))).isEqualTo("07950380a13103c0");
      assertThat(hex(HubMessage.Completion.failed("1", "e"))).isEqualTo("08950380a13101a165");
      assertThat(hex(new HubMessage.Close(Optional.empty(), true))).isEqualTo("049307c0c3");
      assertThat(hex(HubMessage.Invocation.of("T", json("[]")))).isEqualTo("08960180c0a1549090");
      byte[] long212 = HubFormat.MESSAGE_PACK.write(
          HubMessage.Invocation.of("T", json("[\"" + "x".repeat(201) + "\"]")));
      assertThat(HexFormat.of().formatHex(Arrays.copyOf(long212, 2))).isEqualTo("d301");
    }

    @Test
    void takes_an_empty_id_for_none_and_more_elements_than_it_knows()
        throws BadHubMessageException {
      assertThat(pack(framed("97 01 80 a0 a1 54 90 90 c3")))
          .isEqualTo(List.of(call(null, "T", "[]")));
    }

    private String argument(String hex) throws BadHubMessageException {
      HubMessage message = pack(framed("95 01 80 c0 a1 54 91" + hex)).get(0);
      String array = ((HubMessage.Invocation) message).arguments().toString();
      return array.substring(1, array.length() - 1);
    }

    @Test
    void becomes_json_whatever_the_value() throws BadHubMessageException {
      assertThat(argument("7f")).isEqualTo("127");
      assertThat(argument("e0")).isEqualTo("-32");
      assertThat(argument("cc ff")).isEqualTo("255");
      assertThat(argument("cd ff ff")).isEqualTo("65535");
      assertThat(argument("ce ff ff ff ff")).isEqualTo("4294967295");
      assertThat(argument("cf ff ff ff ff ff ff ff ff")).isEqualTo("18446744073709551615");
      assertThat(argument("d0 80")).isEqualTo("-128");
      assertThat(argument("d1 80 00")).isEqualTo("-32768");
      assertThat(argument("d2 80 00 00 00")).isEqualTo("-2147483648");
      assertThat(argument("d3 80 00 00 00 00 00 00 00")).isEqualTo("-9223372036854775808");
      assertThat(argument("ca 3f 00 00 00")).isEqualTo("0.5");
      assertThat(argument("cb 3f e0 00 00 00 00 00 00")).isEqualTo("0.5");
      assertThat(argument("cb 7f f8 00 00 00 00 00 00")).isEqualTo("\"NaN\"");
      assertThat(argument("c0")).isEqualTo("null");
      assertThat(argument("c3")).isEqualTo("true");
      assertThat(argument("c4 03 01 02 03")).isEqualTo("\"AQID\"");
      assertThat(argument("82 a1 61 01 02 93 c0 c2 a0"))
          .isEqualTo("{\"a\":1,\"2\":[null,false,\"\"]}");
      assertThat(argument("d6 ff 00 00 00 01")).isEqualTo("\"1970-01-01T00:00:01Z\"");
      assertThat(argument("d7 ff 1d cd 65 00 00 00 00 01"))
          .isEqualTo("\"1970-01-01T00:00:01.125Z\"");
      assertThat(argument("c7 0c ff 00 00 00 01 ff ff ff ff ff ff ff ff"))
          .isEqualTo("\"1969-12-31T23:59:59.000000001Z\"");
    }

    @Test
    void shows_what_an_application_extends_by_its_number_and_bytes() throws BadHubMessageException {
      assertThat(argument("d4 05 00")).isEqualTo("{\"extension\":5,\"bytes\":\"AA==\"}");
      assertThat(argument("c7 03 9c 01 02 03"))
          .isEqualTo("{\"extension\":-100,\"bytes\":\"AQID\"}");
      assertThat(argument("92 c7 00 01 07")).isEqualTo("[{\"extension\":1,\"bytes\":\"\"},7]");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "c1",
          "90",
          "80",
          "a1 31",
          "94 01 80 c0 a1 54",
          "95 01 80 c0 05 90",
          "95 01 80 c0 a1 54 80",
          "95 01 80 c0 a1 54 91",
          "95 01 80 c0 a1 ff 90",
          "95 01 80 c0 a1 54 dd ff ff ff ff",
          "95 01 80 c0 a1 54 91 df 7f ff ff ff",
          "95 01 80 c0 a1 54 91 db 7f ff ff ff",
          "95 01 80 c0 a1 54 91 d4 05",
          "95 01 80 c0 a1 54 91 c7 03 ff 00 00 00",
          "95 01 80 c0 a1 54 91 81 c0 01",
          "95 03 80 a1 31 09 c0",
          "94 03 80 a1 31 03",
          "92 08 cf ff ff ff ff ff ff ff ff"
        })
    void refuses_what_is_no_message(String hex) {
      assertThatThrownBy(() -> pack(framed(hex))).isInstanceOf(BadHubMessageException.class);
    }

    @Test
    void is_no_deeper_than_any_json_of_clients() {
      assertThatThrownBy(() -> argument("91".repeat(40) + "c0"))
          .isInstanceOf(BadHubMessageException.class);
    }

    @Test
    void ignores_kinds_that_are_not_known() throws BadHubMessageException {
      assertThat(pack(framed("92 0a c1"))).isEmpty();
    }
  }

  @Nested
  class Either_format {
    private final Random random = new Random(20_260_101);

    private HubFormat format(String name) {
      return HubFormat.named(name).orElseThrow();
    }

    private String value(int depth) {
      return switch (random.nextInt(depth > 3 ? 5 : 7)) {
        case 0 -> "null";
        case 1 -> Boolean.toString(random.nextBoolean());
        case 2 -> Long.toString(random.nextLong() >> random.nextInt(64));
        case 3 -> Double.toString(random.nextGaussian() * 1e3);
        case 4 ->
          "\"" + "é한x".repeat(random.nextInt(depth == 0 && random.nextInt(10) == 0 ? 30_000 : 20))
              + "\"";
        case 5 -> {
          List<String> items = new ArrayList<>();
          for (int i = random.nextInt(depth == 0 ? 20 : 4); i > 0; i--) {
            items.add(value(depth + 1));
          }
          yield "[" + String.join(",", items) + "]";
        }
        default -> {
          List<String> members = new ArrayList<>();
          for (int i = random.nextInt(depth == 0 ? 20 : 4); i > 0; i--) {
            members.add("\"m" + i + "\":" + value(depth + 1));
          }
          yield "{" + String.join(",", members) + "}";
        }
      };
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void says_the_same_after_a_round_trip_in_whatever_pieces(String name)
        throws BadHubMessageException {
      HubFormat format = format(name);
      for (int round = 0; round < 500; round++) {
        List<HubMessage> said = List.of(
            new HubMessage.Invocation(
                Optional.of("i" + round), "Target", json("[" + value(0) + "]"), List.of("s")),
            new HubMessage.StreamInvocation("é", "T", json("[]"), List.of()),
            new HubMessage.StreamItem("i", json(value(0))),
            HubMessage.Completion.of("i", json(value(0))),
            HubMessage.Completion.of("i"),
            HubMessage.Completion.failed("i", "why"),
            new HubMessage.CancelInvocation("i"),
            new HubMessage.Ping(),
            new HubMessage.Close(Optional.of("e"), true),
            new HubMessage.Ack(random.nextLong() >>> (1 + random.nextInt(62))),
            new HubMessage.Sequence(round));
        HubFrames frames = format.frames(1 << 24);
        List<HubMessage> heard = new ArrayList<>();
        for (HubMessage message : said) {
          byte[] bytes = format.write(message);
          int cut = random.nextInt(bytes.length);
          for (byte[] part :
              List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length))) {
            frames.add(part);
            for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
              heard.add(format.read(next.get()).orElseThrow());
            }
          }
        }
        assertThat(heard).isEqualTo(said);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void meets_garbage_with_nothing_but_a_refusal(String name) {
      HubFormat format = format(name);
      byte[] good = format.write(new HubMessage.Invocation(
          Optional.of("1"), "T", json("[1,\"x\",{\"a\":[2.5,null]}]"), List.of("s")));
      for (int round = 0; round < 20_000; round++) {
        byte[] bad = random.nextBoolean() ? new byte[random.nextInt(40)] : good.clone();
        if (bad.length == good.length) {
          for (int i = random.nextInt(4); i >= 0; i--) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
          }
        } else {
          random.nextBytes(bad);
        }
        HubFrames frames = format.frames(MAX);
        frames.add(bad);
        try {
          for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
            format.read(next.get());
          }
        } catch (BadHubMessageException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void takes_a_message_of_the_limit_and_none_of_a_byte_more(String name)
        throws BadHubMessageException {
      HubFormat format = format(name);
      HubMessage message = HubMessage.Invocation.of("T", json("[\"" + "x".repeat(300) + "\"]"));
      byte[] bytes = format.write(message);
      int length = bytes.length - (format.isBinary() ? 2 : 1);

      HubFrames enough = format.frames(length);
      enough.add(bytes);
      assertThat(enough.next()).isPresent();
      HubFrames tooFew = format.frames(length - 1);
      tooFew.add(bytes);
      assertThatThrownBy(tooFew::next).isInstanceOf(BadHubMessageException.class);
    }

    @Test
    void that_is_not_known_is_none() {
      assertThat(HubFormat.named("blazorpack")).isEmpty();
    }
  }
}
