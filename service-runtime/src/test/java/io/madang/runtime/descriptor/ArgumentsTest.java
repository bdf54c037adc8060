package io.madang.runtime.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.topic.Payload;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ArgumentsTest {
  private static final List<Parameter> PARAMETERS = List.of(
      Parameter.optional("user", ParameterType.text(1, 5)),
      Parameter.required("text", ParameterType.text(0, 10)),
      Parameter.optional("take", ParameterType.clamped(1, 200), "50"),
      Parameter.optional("level", ParameterType.whole(-1, 1)),
      Parameter.optional("rate", ParameterType.decimal(0, 1)),
      Parameter.optional("on", ParameterType.flag()),
      Parameter.optional("tags", ParameterType.listOf(ParameterType.text(1, 3), 2)),
      Parameter.optional("data", ParameterType.object(60)));

  private static final List<List<String>> POSITIONS =
      List.of(List.of("text"), List.of("user", "text"));

  private static String bound(String given) {
    Arguments.Bound bound = Arguments.bind(PARAMETERS, POSITIONS, Payload.ofJson(given));
    return bound instanceof Arguments.Fit fit
        ? fit.payload().toString()
        : "! " + ((Arguments.Unfit) bound).refusal().message();
  }

  @Nested
  class By_name {
    @Test
    void defaults_are_filled_in_and_nulls_left_out() {
      assertThat(bound("{\"text\":\"hi\",\"user\":null}"))
          .isEqualTo("{\"text\":\"hi\",\"take\":50}");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{\"text\":\"hi\",\"take\":0}      | 1",
          "{\"text\":\"hi\",\"take\":201}    | 200",
          "{\"text\":\"hi\",\"take\":1e300}  | 200",
          "{\"text\":\"hi\",\"take\":-1e300} | 1",
          "{\"text\":\"hi\",\"take\":7.0}    | 7"
        })
    void a_clamped_number_moves_to_its_nearest_bound(String given, String take) {
      assertThat(bound(given)).isEqualTo("{\"text\":\"hi\",\"take\":" + take + "}");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "{}                                     | the argument 'text' is missing",
          "{\"text\":null}                        | the argument 'text' is missing",
          "{\"text\":1}                           | the argument 'text' must be a string",
          "{\"text\":{\"a\":[]}}                  | the argument 'text' must be a string",
          "{\"text\":\"12345678901\"}             | the argument 'text' must have 0 to 10 characters but has 11",
          "{\"text\":\"\\u0000\"}                 | the argument 'text' must not contain U+0000",
          "{\"text\":\"\\ud800\"}                 | the argument 'text' must not contain half a surrogate pair",
          "{\"text\":\"\\udc00\\ud800\"}          | the argument 'text' must not contain half a surrogate pair",
          "{\"text\":\"\",\"user\":\"\"}          | the argument 'user' must have 1 to 5 characters but has 0",
          "{\"text\":\"\",\"level\":2}            | the argument 'level' must be from -1 to 1",
          "{\"text\":\"\",\"level\":1e99}         | the argument 'level' must be from -1 to 1",
          "{\"text\":\"\",\"level\":0.5}          | the argument 'level' must be a whole number",
          "{\"text\":\"\",\"rate\":1.01}          | the argument 'rate' must be from 0.0 to 1.0",
          "{\"text\":\"\",\"on\":1}               | the argument 'on' must be true or false",
          "{\"text\":\"\",\"tags\":[\"a\",\"b\",\"c\"]} | the argument 'tags' must have at most 2 items but has 3",
          "{\"text\":\"\",\"tags\":[\"abcd\"]}    | the argument 'tags' must have 1 to 3 characters but has 4",
          "{\"text\":\"\",\"data\":[]}            | the argument 'data' must be an object",
          "{\"text\":\"\",\"data\":{\"a\":{\"b\\u0000\":1}}} | the argument 'data' must not contain U+0000",
          "{\"text\":\"\",\"other\":1}            | there is no argument 'other'",
          "7                                      | the arguments are neither an object by name nor an array by position"
        })
    void what_does_not_fit_is_named(String given, String message) {
      assertThat(bound(given)).isEqualTo("! " + message);
    }

    @Test
    void text_is_counted_in_code_points() {
      assertThat(bound("{\"text\":\"😀😀😀😀😀😀😀😀😀😀\"}")).doesNotStartWith("!");
      assertThat(bound("{\"text\":\"😀😀😀😀😀😀😀😀😀😀a\"}")).startsWith("!");
    }

    @Test
    void an_object_is_limited_in_bytes() {
      assertThat(bound("{\"text\":\"\",\"data\":{\"a\":\"" + "x".repeat(52) + "\"}}"))
          .doesNotStartWith("!");
      assertThat(bound("{\"text\":\"\",\"data\":{\"a\":\"" + "x".repeat(53) + "\"}}"))
          .isEqualTo("! the argument 'data' must have at most 60 bytes but has 61");
    }
  }

  @Nested
  class By_position {
    @Test
    void the_count_tells_the_signatures_apart() {
      assertThat(bound("[\"hi\"]")).isEqualTo("{\"text\":\"hi\",\"take\":50}");
      assertThat(bound("[\"me\",\"hi\"]"))
          .isEqualTo("{\"user\":\"me\",\"text\":\"hi\",\"take\":50}");
      assertThat(bound("[1,2,3]")).isEqualTo("! takes 1 or 2 arguments by position but got 3");
    }

    @Test
    void without_signatures_the_parameters_stand_in_order() {
      List<Parameter> two = List.of(
          Parameter.required("a", ParameterType.flag()),
          Parameter.optional("b", ParameterType.flag()));
      Arguments.Bound bound = Arguments.bind(two, List.of(), Payload.ofJson("[true]"));
      assertThat(((Arguments.Fit) bound).payload().toString()).isEqualTo("{\"a\":true}");
      assertThat(Arguments.bind(two, List.of(), Payload.ofJson("[true,true,true]")))
          .isInstanceOf(Arguments.Unfit.class);
    }
  }

  @Nested
  class What_is_no_json {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "{",
          "{\"text\":\"a\",\"text\":\"b\"}",
          "{\"text\":NaN}",
          "{} {}",
          "{\"level\":1" + "}]"
        })
    void is_refused(String given) {
      assertThat(bound(given)).startsWith("! the arguments are not JSON");
    }

    @Test
    void is_refused_when_nested_too_deeply_or_with_a_huge_number() {
      assertThat(bound("{\"data\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}"))
          .startsWith("! ");
      assertThat(bound("{\"text\":\"\",\"level\":" + "9".repeat(1_000) + "}")).startsWith("! ");
    }

    @Test
    void nothing_at_all_is_no_arguments() {
      assertThat(bound("null")).isEqualTo("! the argument 'text' is missing");
    }
  }

  @Test
  void a_descriptor_is_the_same_after_its_json() {
    ServiceDescriptor descriptor = new ServiceDescriptor(
            "s",
            "1",
            List.of(TopicDescriptor.of(
                    "t", TopicDescriptor.History.WINDOW, TopicDescriptor.Pressure.CONFLATE)
                .guardedBy("g")
                .publishedThrough("c")),
            List.of(new CommandDescriptor(
                "c",
                PARAMETERS,
                POSITIONS,
                CommandDescriptor.IdKind.CREATES,
                Optional.of("admin"),
                Optional.of(new CommandDescriptor.TopicKey("t", "", Optional.of("text"))),
                CommandDescriptor.Access.SERVICES,
                CommandDescriptor.USUAL)),
            List.of(StreamDescriptor.of("many", PARAMETERS.get(0))),
            List.of(new Observes.Connections(), new Observes.Subscriptions("t")))
        .taking(UploadDescriptor.of("put", 10, 1L << 40, PARAMETERS.get(0)).requiring("admin"));
    assertThat(DescriptorJson.fromPayload(DescriptorJson.toPayload(descriptor)))
        .isEqualTo(descriptor);
  }
}
