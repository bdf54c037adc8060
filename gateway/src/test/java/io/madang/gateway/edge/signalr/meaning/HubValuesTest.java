package io.madang.gateway.edge.signalr.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.madang.runtime.command.Caller;
import io.madang.runtime.descriptor.hub.HubCondition;
import io.madang.runtime.descriptor.hub.HubValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubValuesTest {
  private static final Caller MINA =
      Caller.person("u-1", "mina", Set.of(), false, Optional.of("c-1"));

  private static HubScope scope(String data) {
    return new HubScope(
        HubValues.read(data.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
        Instant.parse("2026-01-02T03:04:05.678Z"),
        Optional.of("dev"),
        Optional.of(new HubScope.Told(
            MINA, "c-1", JsonNodeFactory.instance.objectNode().put("room", "tea"))));
  }

  private static String value(HubValue value, String data) {
    return HubValues.value(value, scope(data)).toString().replace('"', '\'');
  }

  @Nested
  class A_value {
    @Test
    void is_taken_from_the_data_as_it_was_written() {
      assertThat(value(HubValue.data(), "{'a':1.50,'b':[9007199254740993]}"))
          .isEqualTo("{'a':1.50,'b':[9007199254740993]}");
      assertThat(value(HubValue.member("user.name"), "{'user':{'name':'jun'}}")).isEqualTo("'jun'");
      assertThat(value(HubValue.member("user.name"), "{'user':7}")).isEqualTo("null");
    }

    @Test
    void is_a_fact() {
      assertThat(value(HubValue.time(), "null")).isEqualTo("'2026-01-02T03:04:05.678Z'");
      assertThat(value(HubValue.topicId(), "null")).isEqualTo("'dev'");
      assertThat(value(HubValue.callerId(), "null")).isEqualTo("'u-1'");
      assertThat(value(HubValue.callerName(), "null")).isEqualTo("'mina'");
      assertThat(value(HubValue.connection(), "null")).isEqualTo("'c-1'");
      assertThat(value(HubValue.argument("room"), "null")).isEqualTo("'tea'");
      assertThat(value(HubValue.argument("other"), "null")).isEqualTo("null");
    }

    @Test
    void is_made_of_others() {
      assertThat(value(
              HubValue.text(
                  "{} joined {}{}", HubValue.member("n"), HubValue.topicId(), HubValue.member("x")),
              "{'n':7}"))
          .isEqualTo("'7 joined dev'");
      assertThat(value(
              HubValue.object("userId", HubValue.callerId()).and("k", HubValue.constant("[1]")),
              "null"))
          .isEqualTo("{'userId':'u-1','k':[1]}");
      assertThat(value(HubValue.each("l", HubValue.member("a")), "{'l':[{'a':1},{},{'a':'x'}]}"))
          .isEqualTo("[1,null,'x']");
      assertThat(value(HubValue.each("l", HubValue.data()), "{'l':7}")).isEqualTo("[]");
      assertThat(value(
              HubValue.firstOf(HubValue.member("a"), HubValue.member("b")), "{'a':null,'b':2}"))
          .isEqualTo("2");
      assertThat(value(HubValue.firstOf(HubValue.member("a")), "{}")).isEqualTo("null");
    }
  }

  @Nested
  class A_condition {
    private boolean holds(HubCondition condition, String data) {
      return HubValues.holds(Optional.of(condition), scope(data).data());
    }

    @Test
    void compares_a_member() {
      assertThat(holds(HubCondition.equal("k.x", "\"a\""), "{'k':{'x':'a'}}")).isTrue();
      assertThat(holds(HubCondition.equal("k", "1"), "{'k':1}")).isTrue();
      assertThat(holds(HubCondition.equal("k", "1"), "{}")).isFalse();
      assertThat(holds(HubCondition.different("k", "null"), "{}")).isFalse();
      assertThat(holds(HubCondition.different("k", "null"), "{'k':0}")).isTrue();
    }

    @Test
    void asks_whether_anything_is_there() {
      for (String empty : List.of("{}", "{'k':null}", "{'k':''}", "{'k':[]}", "{'k':{}}")) {
        assertThat(holds(HubCondition.empty("k"), empty)).isTrue();
        assertThat(holds(HubCondition.notEmpty("k"), empty)).isFalse();
      }
      assertThat(holds(HubCondition.notEmpty("k"), "{'k':false}")).isTrue();
    }
  }

  @Test
  void a_topic_is_named_after_the_caller_and_the_arguments() {
    var arguments = JsonNodeFactory.instance.objectNode().put("room", "tea").put("n", 7);

    assertThat(HubBinding.topic("lobby", "u", arguments)).contains("lobby");
    assertThat(HubBinding.topic("inbox:{user}", "u-1", arguments)).contains("inbox:u-1");
    assertThat(HubBinding.topic("x:{room}-{n}", "u", arguments)).contains("x:tea-7");
    assertThat(HubBinding.topic("x:{other}", "u", arguments)).isEmpty();
  }
}
