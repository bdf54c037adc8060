package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What services ask clients of hubs, while these wait for the services. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HubQuestionsTest {
  private static final int MAX_MESSAGE_BYTES = 4_000;

  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of(
      "MADANG_MAX_CLIENT_QUESTIONS",
      "70",
      "MADANG_WS_MAX_MESSAGE_BYTES",
      Integer.toString(MAX_MESSAGE_BYTES)));

  private HubClient client(String format, String name) {
    return HubClient.greeted(gateway.port(), format, name);
  }

  private static String question(String id, String target, String arguments) {
    return "{'type':1,'invocationId':'" + id + "','target':'" + target + "','arguments':"
        + arguments + "}";
  }

  private static String result(String json) {
    return "{'type':3,'invocationId':'#','result':" + json + "}";
  }

  private static String error(String target, String text) {
    return "{'type':3,'invocationId':'#','error':'An unexpected error occurred invoking '" + target
        + "' on the server. HubException: " + text + "'}";
  }

  private static HubMessage answer(String id, String json) {
    return HubMessage.Completion.of(id, HubClient.json(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "messagepack"})
  void the_client_that_calls_is_asked_and_its_answer_is_the_calls(String format) {
    HubClient client = client(format, "mina");
    String call = client.begin("AskMe", "['Guess',5]");

    assertThat(client.next()).isEqualTo(question("ask-1", "Guess", "['xxx']"));
    client.say(answer("ask-1", "{'a':[1,null,'héllo']}"));
    assertThat(client.shown(call)).isEqualTo(result("{'a':[1,null,'héllo']}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "messagepack"})
  void an_answer_of_nothing_is_null_and_a_failure_has_the_clients_words(String format) {
    HubClient client = client(format, "mina");
    String call = client.begin("AskMe", "['Guess']");
    assertThat(client.next()).isEqualTo(question("ask-1", "Guess", "['']"));
    client.say(HubMessage.Completion.of("ask-1"));
    assertThat(client.shown(call)).isEqualTo(result("null"));

    call = client.begin("AskMe", "['Guess']");
    assertThat(client.next()).isEqualTo(question("ask-2", "Guess", "['']"));
    client.say(HubMessage.Completion.failed("ask-2", "I do not guess."));
    assertThat(client.shown(call)).isEqualTo(error("AskMe", "I do not guess."));
  }

  @Test
  void an_answer_that_is_late_unknown_or_given_twice_is_ignored() {
    HubClient client = client("json", "mina");
    String call = client.begin("AskMe", "['Guess',2,300]");
    assertThat(client.next()).isEqualTo(question("ask-1", "Guess", "['']"));
    assertThat(client.shown(call))
        .isEqualTo(error("AskMe", "The client did not answer within 300 ms."));
    client.say(answer("ask-1", "1"));
    client.say(answer("ask-7", "1"));

    call = client.begin("AskMe", "['Guess']");
    assertThat(client.next()).isEqualTo(question("ask-2", "Guess", "['']"));
    client.say(answer("ask-2", "2"));
    client.say(answer("ask-2", "3"));
    assertThat(client.shown(call)).isEqualTo(result("2"));
  }

  @Test
  void other_calls_of_a_client_that_is_asked_are_answered_meanwhile() {
    HubClient client = client("json", "mina");
    String waiting = client.begin("AskMe", "['Guess']");
    assertThat(client.next()).isEqualTo(question("ask-1", "Guess", "['']"));
    assertThat(client.call("WhoAmI", "[]")).isEqualTo(result("{'user':'u-mina','name':'mina'}"));
    client.say(answer("ask-1", "1"));
    assertThat(client.shown(waiting)).isEqualTo(result("1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "messagepack"})
  void answers_are_read_even_where_so_many_calls_wait_for_them_that_no_more_begin(String format) {
    HubClient client = client(format, "mina");
    // As many as are under way before nothing more is taken, and some that wait behind them.
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      calls.add(client.begin("AskMe", "['Guess']"));
    }
    for (int i = 0; i < 64; i++) {
      assertThat(client.next()).startsWith("{'type':1,'invocationId':'ask-");
    }
    List<String> behind = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      behind.add(client.begin("Describe", "[" + (i + 1) + "]"));
    }
    assertThat(client.heardNothing()).isTrue();
    for (int i = 1; i <= 64; i++) {
      client.say(answer("ask-" + i, "'a'"));
    }

    Set<String> answered = new LinkedHashSet<>();
    for (int i = 0; i < calls.size() + behind.size(); i++) {
      answered.add(client.next());
    }
    Set<String> due = new LinkedHashSet<>();
    calls.forEach(id -> due.add("{'type':3,'invocationId':'" + id + "','result':'a'}"));
    for (int i = 0; i < behind.size(); i++) {
      due.add(
          "{'type':3,'invocationId':'" + behind.get(i) + "','result':{'whole':" + (i + 1) + "}}");
    }
    assertThat(answered).containsExactlyInAnyOrderElementsOf(due);
  }

  @Test
  void a_client_has_no_more_questions_before_it_than_it_may() {
    try (RunningGateway strict = new RunningGateway(Map.of("MADANG_MAX_CLIENT_QUESTIONS", "2"))) {
      HubClient client = HubClient.greeted(strict.port(), "json", "mina");
      String first = client.begin("AskMe", "['Guess']");
      assertThat(client.next()).isEqualTo(question("ask-1", "Guess", "['']"));
      client.begin("AskMe", "['Guess']");
      assertThat(client.next()).isEqualTo(question("ask-2", "Guess", "['']"));
      assertThat(client.call("AskMe", "['Guess']"))
          .isEqualTo(error("AskMe", "The client has 2 questions before it already."));
      client.say(answer("ask-1", "1"));
      assertThat(client.shown(first)).isEqualTo(result("1"));
      client.begin("AskMe", "['Guess']");
      assertThat(client.next()).isEqualTo(question("ask-3", "Guess", "['']"));
    }
  }

  @Test
  void a_question_is_no_longer_than_a_message_may_be() {
    HubClient client = client("json", "mina");
    int most = MAX_MESSAGE_BYTES - "Guess".length();
    assertThat(client.call("AskMe", "['Guess'," + (most + 1) + "]"))
        .isEqualTo(error("AskMe", "What a client is asked has at most 4000 bytes as JSON."));
    client.begin("AskMe", "['Guess'," + most + "]");
    assertThat(client.next()).startsWith("{'type':1,'invocationId':'ask-1'");
  }

  @Test
  void an_answer_is_no_longer_than_a_message_may_be() {
    HubClient asking = client("json", "jun");
    HubClient asked = client("json", "mina");
    String call = asking.begin("AskOther", "['Guess','" + asked.connection() + "']");
    assertThat(asked.next()).isEqualTo(question("ask-1", "Guess", "['']"));
    asked.say(answer("ask-1", "'" + "x".repeat(MAX_MESSAGE_BYTES) + "'"));

    assertThat(asking.shown(call)).isEqualTo(error("AskOther", "The connection is over."));
  }

  @Test
  void a_question_ends_with_the_connection() {
    HubClient asking = client("json", "jun");
    HubClient asked = client("json", "mina");
    String connection = asked.connection();
    String call = asking.begin("AskOther", "['Guess','" + connection + "']");
    assertThat(asked.next()).isEqualTo(question("ask-1", "Guess", "['']"));
    asked.close();

    assertThat(asking.shown(call)).isEqualTo(error("AskOther", "The connection is over."));
    assertThat(asking.call("AskOther", "['Guess','" + connection + "']"))
        .isEqualTo(error("AskOther", "There is no such connection."));
  }

  @Test
  void a_client_of_another_door_is_not_asked() {
    TestSocket native_ =
        TestSocket.open(gateway.port(), "/ws", "Authorization", "Bearer good-mina");
    JsonObject connected = native_.ask("{'type':'connect','ref':1}");
    JsonObject refused = native_.ask(
        "{'type':'command','ref':2,'service':'tester','name':'askBack','args':{'target':'Guess'}}");
    assertThat(refused.getString("code")).isEqualTo("client-unsupported");
    assertThat(client("json", "jun")
            .call("AskOther", "['Guess','" + connected.getString("connection") + "']"))
        .isEqualTo(error("AskOther", "What this client speaks has no questions for clients."));
  }

  @Test
  void the_ids_of_questions_and_of_a_clients_streams_are_never_the_same() {
    HubClient client = client("json", "mina");
    String upload = client.begin("Measure", "[]", "ask-1");
    String call = client.begin("AskMe", "['Guess']");
    assertThat(client.next()).isEqualTo(question("ask-2", "Guess", "['']"));
    assertThat(client.shown(client.begin("Measure", "[]", "ask-2")))
        .isEqualTo(
            "{'type':3,'invocationId':'#','error':'Invocation ID 'ask-2' is already in use.'}");
    client.say(HubMessage.Completion.of("ask-1"));
    assertThat(client.shown(upload)).isEqualTo(result("0"));
    client.say(answer("ask-2", "1"));
    assertThat(client.shown(call)).isEqualTo(result("1"));
  }

  @Test
  void a_method_that_needs_a_role_is_told_of_as_clients_know_it_and_a_service_in_its_words() {
    HubClient client = client("json", "mina");
    assertThat(client.call("Rule", "[]"))
        .isEqualTo(
            "{'type':3,'invocationId':'#','error':'Failed to invoke 'Rule' because user is unauthorized'}");
    assertThat(client.call("Forbid", "[]")).isEqualTo(error("Forbid", "Not on a Sunday."));
  }
}
