package io.madang.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FrameCodecTest {
  private static final String COMMAND =
      "{\"type\":\"command\",\"ref\":4,\"service\":\"chat\",\"name\":\"send\",\"args\":%s}";

  private final FrameCodec codec = new FrameCodec();

  @Nested
  class A_frame_that_leaves_out_what_is_optional {
    @Test
    void has_no_arguments_if_it_names_none() throws Exception {
      ClientFrame frame =
          decode("{\"type\":\"command\",\"ref\":1,\"service\":\"s\",\"name\":\"n\"}");

      assertThat(frame)
          .isEqualTo(new ClientFrame.Command(1, "s", "n", Optional.empty(), RawJson.EMPTY_OBJECT));
    }

    @Test
    void may_give_null_instead() throws Exception {
      ClientFrame frame =
          decode("{\"type\":\"subscribe\",\"ref\":1,\"topic\":\"t\",\"since\":null}");

      assertThat(frame).isEqualTo(new ClientFrame.Subscribe(1, "t", Optional.empty()));
    }

    @Test
    void needs_no_ref_to_ping() throws Exception {
      assertThat(decode("{\"type\":\"ping\"}")).isEqualTo(new ClientFrame.Ping(ClientFrame.NO_REF));
      assertThat(text(new ClientFrame.Ping(ClientFrame.NO_REF))).isEqualTo("{\"type\":\"ping\"}");
    }

    @Test
    void is_written_without_it() {
      Publication typing = new Publication(
          "room:dev",
          Optional.empty(),
          "typing",
          Optional.empty(),
          Optional.empty(),
          Instant.parse("2030-01-31T12:00:00Z"),
          RawJson.NULL);

      assertThat(text(typing))
          .isEqualTo("{\"type\":\"publication\",\"topic\":\"room:dev\",\"event\":\"typing\","
              + "\"time\":\"2030-01-31T12:00:00Z\",\"data\":null}");
    }
  }

  @Nested
  class Opaque_values {
    @Test
    void keep_every_byte_between_client_and_service() throws Exception {
      String args = "{ \"b\" : [1.50, 1e3, \"\\u00e9\\/\"],\t\"a\":{} }";

      ClientFrame.Command command = (ClientFrame.Command) decode(COMMAND.formatted(args));

      assertThat(command.args()).hasToString(args);
    }

    @Test
    void larger_than_the_writer_s_buffer_are_written_whole() {
      RawJson large = RawJson.trusted("\"" + "한".repeat(40_000) + "\"");

      assertThat(text(new ServerFrame.Reply(1, large)))
          .isEqualTo("{\"type\":\"reply\",\"ref\":1,\"result\":" + large + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-0.5", "\"x\"", "true", "false", "null", "[]", "{}", " [ 1 ] "})
    void may_be_of_any_kind(String item) throws Exception {
      ClientFrame frame = decode("{\"type\":\"uploadItem\",\"ref\":4,\"item\":" + item + "}");

      assertThat(((ClientFrame.UploadItem) frame).item()).hasToString(item.strip());
    }
  }

  @Nested
  class A_frame_that_is_wrong {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{'ref':4}|type|type is missing",
          "{'type':7,'ref':4}|type|type must be a string, not an integer",
          "{'type':'shout','ref':4}|type|type is none that a client may send",
          "{'type':'reply','ref':4}|type|type is none that a client may send",
          "{'type':'subscribe','ref':4}|topic|topic is missing",
          "{'type':'subscribe','ref':4,'topic':null}|topic|topic is missing",
          "{'type':'subscribe','ref':4,'topic':['room:dev']}|topic|topic must be a string, not an array",
          "{'type':'subscribe','ref':4,'topic':''}||topic must have 1 to 256 characters",
          "{'type':'subscribe','ref':4,'topic':'t','since':5}|since|since must be an object, not an integer",
          "{'type':'subscribe','ref':4,'topic':'t','since':{'epoch':'e'}}|offset|offset is missing",
          "{'type':'subscribe','ref':4,'topic':'t','since':{'epoch':'e','offset':1.5}}|offset|offset must be an integer, not a decimal number",
          "{'type':'subscribe','ref':4,'topic':'t','since':{'epoch':'e','offset':-1}}||offset must be an integer from 0 to 9007199254740991",
          "{'type':'resume','ref':4,'topics':{}}|topics|topics must be an array, not an object",
          "{'type':'resume','ref':4,'topics':['t']}|topics[0]|topics[0] must be an object, not a string",
          "{'type':'command','ref':4,'service':'s','name':'n','args':'x'}|args|args must be an object or an array, not a string",
          "{'type':'command','ref':4,'service':'s','name':'n','id':5}|id|id must be a string, not an integer",
          "{'type':'command','ref':4,'service':'s','name':'n','id':''}||id must have 1 to 128 visible ASCII characters",
          "{'type':'command','ref':4,'service':'s','name':'n','id':'a b'}||id must have 1 to 128 visible ASCII characters",
          "{'type':'command','ref':4,'service':'s','name':'n','id':'a\\u007f'}||id must have 1 to 128 visible ASCII characters",
          "{'type':'command','ref':4,'service':'s','name':'n','id':'방'}||id must have 1 to 128 visible ASCII characters",
          "{'type':'command','ref':4,'service':'s'}|name|name is missing",
          "{'type':'more','ref':4,'items':0}||items must be a positive integer",
          "{'type':'more','ref':4,'items':99999999999}|items|items is out of range",
          "{'type':'uploadItem','ref':4}|item|item is missing",
        })
    void is_answered_with_its_ref_and_the_member_at_fault(
        String frame, String member, String message) {
      BadFrameException bad = refusalOf(frame.replace('\'', '"'));

      assertThat(bad.code()).isEqualTo(ErrorCode.BAD_REQUEST);
      assertThat(bad.ref()).isEqualTo(4);
      assertThat(bad.member()).isEqualTo(member == null ? "" : member);
      assertThat(bad).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "0",
          "-1",
          "1.0",
          "1e3",
          "\"4\"",
          "null",
          "9007199254740992",
          "99999999999999999999",
          "{}"
        })
    void has_no_ref_if_its_ref_is_not_a_positive_integer_that_every_client_can_hold(String ref) {
      BadFrameException bad =
          refusalOf("{\"type\":\"unsubscribe\",\"topic\":\"t\",\"ref\":" + ref + "}");

      assertThat(bad.ref()).isEqualTo(ClientFrame.NO_REF);
      assertThat(bad).hasMessageContaining("ref ");
    }

    @Test
    void keeps_the_ref_that_stood_before_the_fault() {
      BadFrameException bad = refusalOf("{\"ref\":4,\"type\":\"command\",\"args\":{\"a\":}}");

      assertThat(bad.ref()).isEqualTo(4);
    }

    @Test
    void takes_the_largest_ref_there_is() throws Exception {
      assertThat(decode("{\"type\":\"ping\",\"ref\":9007199254740991}").ref())
          .isEqualTo(ClientFrame.MAX_REF);
    }
  }

  @Nested
  class Text_that_nobody_downstream_can_hold {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{'text':'\\ud800'}|half of a surrogate pair",
          "{'text':'\\udc00\\ud800'}|half of a surrogate pair",
          "{'text':'x\\ud83d'}|half of a surrogate pair",
          "{'\\ud83d':1}|half of a surrogate pair",
          "[[{'deep':['\\udfff']}]]|half of a surrogate pair",
          "{'text':'a\\u0000b'}|NUL",
          "{'a\\u0000':1}|NUL",
          "{'a':1,'a':2}|not valid JSON",
          "{'a':{'b':1,'b':1}}|not valid JSON",
          "{'n':1e400}|out of range",
          "{'n':-1e999999999}|out of range",
          "{'n':01}|not valid JSON",
          "{'n':NaN}|not valid JSON",
          "{'a':1,}|not valid JSON",
          "{a:1}|not valid JSON",
          "/* no */ {}|not valid JSON",
        })
    void is_refused_anywhere_in_the_arguments(String args, String problem) {
      BadFrameException bad = refusalOf(COMMAND.formatted(args.replace('\'', '"')));

      assertThat(bad).hasMessageContaining(problem);
      assertThat(bad.ref()).isEqualTo(4);
    }

    @Test
    void is_a_number_of_more_characters_than_any_number_needs() {
      BadFrameException bad = refusalOf(COMMAND.formatted("[" + "9".repeat(65) + "]"));

      assertThat(bad).hasMessageContaining("64 characters");
    }

    @Test
    void is_nested_deeper_than_anything_we_take() throws Exception {
      // The frame itself is the first of the 32 levels.
      assertThat(decode(COMMAND.formatted(nested(31)))).isInstanceOf(ClientFrame.Command.class);
      assertThat(refusalOf(COMMAND.formatted(nested(32))))
          .hasMessageContaining("nested deeper than 32");
      assertThat(refusalOf(COMMAND.formatted(nested(10_000))))
          .hasMessageContaining("nested deeper than 32");
    }

    private static String nested(int depth) {
      return "[".repeat(depth) + "]".repeat(depth);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          " ",
          "[]",
          "\"ping\"",
          "4",
          "null",
          "{\"type\":\"ping\"} x",
          "{\"type\":\"ping\"}{}",
          "{\"type\":\"ping\""
        })
    void is_not_exactly_one_object(String text) {
      assertThat(refusalOf(text).code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"x", "\ud83d\ude00", "x\ud836\udc00", "{\ud836\udc00", "'", "{x\ud800\udc00"})
    void is_told_in_a_message_that_can_be_sent_and_repeats_little_of_it(String text) {
      String message = refusalOf(text.repeat(10_000)).getMessage();

      assertThat(message).hasSizeLessThan(200);
      assertThat(
              codec.encode(ServerFrame.Error.unasked(Failure.of(ErrorCode.BAD_REQUEST, message))))
          .asString(StandardCharsets.UTF_8)
          .contains("not valid JSON");
    }

    @Test
    void is_not_utf_8() {
      byte[][] texts = {
        bytes(0x22, 0xC0, 0xAF, 0x22),
        bytes(0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00),
        bytes(0xEF, 0xBB, 0xBF, 0x7B, 0x7D),
        bytes(0x00, 0x7B, 0x00, 0x7D),
        bytes(0x7B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x3A, 0x31, 0x7D),
      };
      for (byte[] text : texts) {
        assertThatThrownBy(() -> codec.decodeClientFrame(text))
            .isInstanceOf(BadFrameException.class);
      }
    }

    @Test
    void does_not_include_a_whole_surrogate_pair() throws Exception {
      assertThat(decode(COMMAND.formatted("{\"text\":\"\\ud83d\\udc4b 👋\"}")))
          .isInstanceOf(ClientFrame.Command.class);
    }
  }

  @Nested
  class Garbage {
    private static final int ROUNDS = 200_000;

    @Test
    void never_makes_the_decoder_throw_anything_but_a_bad_frame() {
      long seed = System.nanoTime();
      Random random = new Random(seed);
      for (int round = 0; round < ROUNDS; round++) {
        byte[] garbage = garbage(random);
        try {
          codec.decodeClientFrame(garbage);
          codec.decodeServerFrame(garbage);
        } catch (BadFrameException expected) {
          assertThat(expected).hasMessageMatching("(?s).+");
        } catch (RuntimeException | StackOverflowError e) {
          throw new AssertionError(
              "seed %d round %d: %s"
                  .formatted(seed, round, new String(garbage, StandardCharsets.ISO_8859_1)),
              e);
        }
      }
    }

    /** A good frame with some bytes changed, cut out or doubled, or nothing but noise. */
    private byte[] garbage(Random random) {
      if (random.nextInt(10) == 0) {
        byte[] noise = new byte[random.nextInt(64)];
        random.nextBytes(noise);
        return noise;
      }
      StringBuilder text = new StringBuilder(FRAMES[random.nextInt(FRAMES.length)]);
      for (int changes = 1 + random.nextInt(4); changes > 0 && text.length() > 1; changes--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
          case 2 -> text.setCharAt(at, (char) random.nextInt(256));
          default ->
            text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(20))));
        }
      }
      return text.toString()
          .getBytes(random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }

    private static final String[] FRAMES = {
      COMMAND.formatted("{\"room\":\"dev\",\"n\":[1,-2.5e3,true,null]}"),
      "{\"type\":\"resume\",\"ref\":3,\"topics\":[{\"topic\":\"a\",\"epoch\":\"k\",\"offset\":4}]}",
      "{\"type\":\"subscribe\",\"ref\":2,\"topic\":\"room:dev\",\"since\":{\"epoch\":\"k\",\"offset\":41}}",
      "{\"type\":\"error\",\"ref\":5,\"code\":\"c\",\"message\":\"m\",\"retry\":\"later\",\"retryAfterMs\":2,\"details\":{}}",
      "{\"type\":\"publication\",\"topic\":\"t\",\"epoch\":\"r\",\"offset\":7,\"prev\":6,\"event\":\"e\",\"time\":\"2030-01-31T11:59:02Z\",\"data\":{}}",
    };

    private static final String[] PIECES = {
      "\\ud800",
      "\\u0000",
      "\u0000",
      "{",
      "[",
      "\"",
      "}",
      "]",
      ",",
      ":",
      "1e999",
      "99999999999999999999",
      "null",
      "\\",
      "-",
      "\"ref\":0,",
      "\"type\":\"more\",",
      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    };
  }

  @Nested
  class What_a_service_refused_with_a_code_of_its_own {
    @Test
    void reaches_the_client_as_it_is() throws Exception {
      Failure failure = new Failure("room-full", "Too late.", Retry.NEVER, 0, Optional.empty());

      byte[] wire = codec.encode(new ServerFrame.Error(4, failure));

      assertThat(codec.decodeServerFrame(wire)).isEqualTo(new ServerFrame.Error(4, failure));
    }
  }

  @Nested
  class A_token {
    @Test
    void stays_out_of_what_a_log_would_print() {
      assertThat(new ClientFrame.Connect(1, Optional.of("secret")).toString())
          .doesNotContain("secret");
      assertThat(new ClientFrame.Refresh(1, "secret").toString()).doesNotContain("secret");
    }
  }

  private ClientFrame decode(String text) throws BadFrameException {
    return codec.decodeClientFrame(text.getBytes(StandardCharsets.UTF_8));
  }

  private BadFrameException refusalOf(String text) {
    return catchThrowableOfType(BadFrameException.class, () -> decode(text));
  }

  private String text(ClientFrame frame) {
    return new String(codec.encode(frame), StandardCharsets.UTF_8);
  }

  private String text(ServerFrame frame) {
    return new String(codec.encode(frame), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
