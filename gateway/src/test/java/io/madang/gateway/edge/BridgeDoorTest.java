package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the official client of the event-bus bridge sends, and what it must be answered. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BridgeDoorTest {
  private static final String TOKEN = "'headers':{'Authorization':'Bearer good-mina'}";
  private static final String REPLY = "00000000-0000-4000-8000-000000000001";

  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  /** A client on a SockJS WebSocket. */
  private final class Client {
    private final TestSocket socket;
    private final Deque<JsonObject> heard = new ArrayDeque<>();

    Client(String query, String... headers) {
      socket = TestSocket.open(gateway.port(), "/eventbus/000/b/websocket" + query, headers);
      assertThat(socket.nextText()).isEqualTo("o");
    }

    Client say(String message) {
      socket.sendRaw(new JsonArray().add(message.replace('\'', '"')).encode());
      return this;
    }

    JsonObject next() {
      while (heard.isEmpty()) {
        String text = socket.nextText();
        if (text.startsWith("a")) {
          new JsonArray(text.substring(1))
              .forEach(each -> heard.add(new JsonObject((String) each)));
        } else if (text.startsWith("c")) {
          return new JsonObject().put("closed", new JsonArray(text.substring(1)).getInteger(0));
        }
      }
      return heard.remove();
    }

    /** Until everything said before has been answered, as far as it is. */
    JsonObject askWhoIAm() {
      return say("{'type':'send','address':'tester','headers':{},'body':{'name':'whoAmI'},'replyAddress':'"
              + REPLY + "'}")
          .next();
    }

    /** Registers, and waits until it counts: of that the bridge itself has no word. */
    void hears(String address) {
      say("{'type':'register','address':'" + address + "','headers':{'snapshot':'true'}}");
      assertThat(next().getJsonObject("headers").getString("event")).isEqualTo("snapshot");
    }

    Client signedIn() {
      say("{'type':'send','address':'tester'," + TOKEN
          + ",'body':{'name':'whoAmI'},'replyAddress':'" + REPLY + "'}");
      assertThat(next().getJsonObject("body").getString("user")).isEqualTo("u-mina");
      return this;
    }
  }

  private Client client() {
    return new Client("");
  }

  @Nested
  class A_ping {
    @Test
    void is_not_answered() {
      Client client = client().say("{'type':'ping'}").say("{'type':'ping'}").signedIn();

      assertThat(client.askWhoIAm().getString("type")).isEqualTo("rec");
    }
  }

  @Nested
  class A_send {
    @Test
    void to_a_service_is_a_command_whose_result_is_the_reply() {
      JsonObject reply = client().signedIn().askWhoIAm();

      assertThat(reply.getString("type")).isEqualTo("rec");
      assertThat(reply.getString("address")).isEqualTo(REPLY);
      assertThat(reply.getJsonObject("body").getString("user")).isEqualTo("u-mina");
    }

    @Test
    void to_a_topic_is_a_command_about_it() {
      Client client = client().signedIn();
      client.say("{'type':'send','address':'log:sent','headers':{},'replyAddress':'" + REPLY
          + "','body':{'name':'say','args':{'text':'hi'}}}");

      assertThat(client.next().getJsonObject("body").getInteger("offset")).isEqualTo(1);
    }

    @Test
    void that_is_refused_reaches_the_callback_with_code_type_and_message() {
      Client client = client().signedIn();
      client.say("{'type':'send','address':'tester','headers':{},'replyAddress':'" + REPLY
          + "','body':{'name':'refuse'}}");
      JsonObject failure = client.next();

      assertThat(failure.getString("type")).isEqualTo("err");
      assertThat(failure.getString("address")).isEqualTo(REPLY);
      assertThat(failure.getInteger("failureCode")).isEqualTo(429);
      assertThat(failure.getString("failureType")).isEqualTo("RECIPIENT_FAILURE");
      assertThat(failure.getString("message")).isEqualTo("Come back tomorrow.");
      assertThat(failure.getString("code")).isEqualTo("not-today");
      assertThat(failure.getInteger("retryAfterMs")).isEqualTo(1_500);
    }

    @Test
    void to_nobody_has_no_handlers() {
      Client client = client().signedIn();
      client.say("{'type':'send','address':'nobody','headers':{},'replyAddress':'" + REPLY
          + "','body':{'name':'x'}}");
      JsonObject failure = client.next();

      assertThat(failure.getString("failureType")).isEqualTo("NO_HANDLERS");
      assertThat(failure.getInteger("failureCode")).isEqualTo(-1);
      assertThat(failure.getString("address")).isEqualTo(REPLY);
    }

    @Test
    void without_a_callback_is_silent_and_its_failure_reaches_everybody() {
      Client client = client().signedIn();
      client.say("{'type':'send','address':'tester','headers':{},'body':{'name':'whoAmI'}}");
      client.say("{'type':'send','address':'tester','headers':{},'body':{'name':'refuse'}}");
      JsonObject failure = client.next();

      assertThat(failure.getString("type")).isEqualTo("err");
      assertThat(failure.containsKey("address")).isFalse();
      assertThat(failure.getString("body")).isEqualTo("rejected");
    }

    @Test
    void without_a_name_is_told() {
      Client client = client().signedIn();
      for (String body : new String[] {"", ",'body':1", ",'body':{}", ",'body':{'name':7}"}) {
        client.say("{'type':'send','address':'tester','headers':{},'replyAddress':'" + REPLY + "'"
            + body + "}");
        assertThat(client.next().getString("address")).isEqualTo(REPLY);
      }
    }
  }

  @Nested
  class A_register {
    @Test
    void brings_what_is_published_from_now_on() {
      Client client = client().signedIn();
      client.hears("log:bridge");
      TestSocket jun = TestSocket.signedIn(gateway.port(), "jun");
      jun.ask("{'type':'command','ref':2,'service':'tester','name':'say','args':['bridge','hi']}");
      JsonObject heard = client.next();

      assertThat(heard.getString("type")).isEqualTo("rec");
      assertThat(heard.getString("address")).isEqualTo("log:bridge");
      assertThat(heard.getJsonObject("body").getString("text")).isEqualTo("hi");
      assertThat(heard.getJsonObject("headers").getString("event")).isEqualTo("said");
      assertThat(heard.getJsonObject("headers").getString("epoch")).isEqualTo("e1");
      assertThat(heard.getJsonObject("headers").getString("offset")).isEqualTo("1");
    }

    @Test
    void from_a_position_brings_what_came_since() {
      TestSocket jun = TestSocket.signedIn(gateway.port(), "jun");
      for (int i = 1; i <= 3; i++) {
        jun.ask("{'type':'command','ref':%d,'service':'tester','name':'say','args':['since','n%d']}"
            .formatted(i + 1, i));
      }
      Client client = client().signedIn();
      client.say("{'type':'register','address':'log:since','headers':{'epoch':'e1','offset':1}}");

      assertThat(client.next().getJsonObject("body").getString("text")).isEqualTo("n2");
      assertThat(client.next().getJsonObject("body").getString("text")).isEqualTo("n3");
    }

    @Test
    void from_a_position_that_is_gone_tells_the_gap_and_what_there_is() {
      Client client = client().signedIn();
      client.say("{'type':'register','address':'log:gone','headers':{'epoch':'other','offset':5}}");

      assertThat(client.next().getJsonObject("headers").getString("event")).isEqualTo("gap");
      JsonObject snapshot = client.next();
      assertThat(snapshot.getJsonObject("headers").getString("event")).isEqualTo("snapshot");
      assertThat(snapshot.getJsonObject("headers").getString("epoch")).isEqualTo("e1");
    }

    @Test
    void may_ask_what_the_topic_is_now() {
      Client client = client().signedIn();
      client.say("{'type':'register','address':'log:now','headers':{'snapshot':'true'}}");

      assertThat(client.next().getJsonObject("headers").getString("event")).isEqualTo("snapshot");
    }

    @Test
    void may_bring_the_token_itself() {
      TestSocket jun = TestSocket.signedIn(gateway.port(), "jun");
      jun.ask("{'type':'command','ref':2,'service':'tester','name':'say','args':['listen','hi']}");
      Client client = client()
          .say("{'type':'register','address':'log:listen','headers':{'epoch':'e1','offset':0,"
              + "'Authorization':'Bearer good-mina'}}");

      assertThat(client.next().getString("address")).isEqualTo("log:listen");
      assertThat(client.askWhoIAm().getJsonObject("body").getString("user")).isEqualTo("u-mina");
    }

    @Test
    void that_is_refused_reaches_the_handlers() {
      Client client = client().signedIn();
      client.say("{'type':'register','address':'log:secret','headers':{}}");
      JsonObject refused = client.next();

      assertThat(refused.getString("type")).isEqualTo("err");
      assertThat(refused.getString("address")).isEqualTo("log:secret");
      assertThat(refused.getString("body")).isEqualTo("access_denied");
      assertThat(refused.getInteger("failureCode")).isEqualTo(403);
    }

    @Test
    void twice_is_told() {
      Client client = client().signedIn();
      client.say("{'type':'register','address':'log:twice','headers':{}}");
      client.say("{'type':'register','address':'log:twice','headers':{}}");

      assertThat(client.next().getString("body")).isEqualTo("address_already_registered");
    }

    @Test
    void of_no_topic_is_told() {
      Client client = client().signedIn();
      client.say("{'type':'register','address':'no topic','headers':{}}");
      assertThat(client.next().getString("address")).isEqualTo("no topic");
    }
  }

  @Nested
  class An_unregister {
    @Test
    void ends_what_is_heard_and_may_be_followed_by_a_register() {
      Client client = client().signedIn();
      client.say("{'type':'register','address':'log:un','headers':{}}");
      client.say("{'type':'unregister','address':'log:un','headers':{}}");
      client.say("{'type':'unregister','address':'log:never','headers':{}}");
      client.askWhoIAm();
      TestSocket jun = TestSocket.signedIn(gateway.port(), "jun");
      jun.ask("{'type':'subscribe','ref':9,'topic':'log:un'}");
      jun.ask("{'type':'command','ref':2,'service':'tester','name':'say','args':['un','first']}");
      jun.next();
      client.say("{'type':'register','address':'log:un','headers':{'epoch':'e1','offset':'1'}}");
      assertThat(client.askWhoIAm().getString("address")).isEqualTo(REPLY);
      jun.ask("{'type':'command','ref':3,'service':'tester','name':'say','args':['un','second']}");

      assertThat(client.next().getJsonObject("body").getString("text")).isEqualTo("second");
    }
  }

  @Nested
  class A_publish {
    @Test
    void is_taken_where_the_owner_of_the_topic_takes_it() {
      Client client = client().signedIn();
      client.hears("log:pub");
      client.say("{'type':'publish','address':'log:pub','headers':{},'body':{'text':'by name'}}");
      client.say("{'type':'publish','address':'log:pub','headers':{},'body':'as it is'}");

      assertThat(client.next().getJsonObject("body").getString("text")).isEqualTo("by name");
      assertThat(client.next().getJsonObject("body").getString("text")).isEqualTo("as it is");
    }

    @Test
    void is_refused_elsewhere() {
      Client client = client().signedIn();
      client.say("{'type':'publish','address':'quiet:x','headers':{},'body':{}}");
      JsonObject refused = client.next();

      assertThat(refused.containsKey("address")).isFalse();
      assertThat(refused.getString("body")).isEqualTo("access_denied");
    }

    @Test
    void cannot_say_it_is_about_another_topic() {
      Client client = client().signedIn();
      client.say(
          "{'type':'publish','address':'log:mine','headers':{},'body':{'log':'yours','text':'x'}}");
      client.say("{'type':'register','address':'log:yours','headers':{'epoch':'e1','offset':'0'}}");

      assertThat(client.askWhoIAm().getString("address")).isEqualTo(REPLY);
    }
  }

  @Nested
  class What_cannot_be_read {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "garbage | invalid_json",
          "[1] | invalid_json",
          "{} | missing_type",
          "{'type':7,'address':'a'} | missing_type",
          "{'type':'shout','address':'a'} | invalid_type",
          "{'type':'send'} | missing_address",
          "{'type':'register','address':''} | missing_address"
        })
    void is_told_in_the_words_of_the_bridge_and_the_connection_lives(String message, String word) {
      Client client = client().say(message);
      JsonObject told = client.next();

      assertThat(told.getString("type")).isEqualTo("err");
      assertThat(told.getString("body")).isEqualTo(word);
      client.signedIn();
    }

    @Test
    void has_bounds_of_its_addresses() {
      Client client = client();
      client.say("{'type':'send','address':'a','replyAddress':'" + "x".repeat(37) + "'}");
      assertThat(client.next().getString("body")).isEqualTo("invalid_reply_address");
      client.say("{'type':'register','address':'" + "x".repeat(201) + "'}");
      assertThat(client.next().getString("body")).isEqualTo("max_address_length_reached");
    }
  }

  @Nested
  class Signing_in {
    @Test
    void is_needed() {
      Client client = client();
      client.say("{'type':'register','address':'log:a','headers':{}}");
      JsonObject told = client.next();
      assertThat(told.getString("address")).isEqualTo("log:a");
      assertThat(told.getString("body")).isEqualTo("not_logged_in");
      client.say(
          "{'type':'send','address':'tester','headers':{},'body':{'name':'whoAmI'},'replyAddress':'"
              + REPLY + "'}");
      assertThat(client.next().getString("body")).isEqualTo("not_logged_in");
    }

    @Test
    void with_a_bad_token_is_told_to_whoever_waits_and_ends() {
      Client client = client();
      client.say("{'type':'register','address':'log:a','headers':{'authorization':'Bearer bad'}}");

      JsonObject handlers = client.next();
      assertThat(handlers.getString("address")).isEqualTo("log:a");
      assertThat(handlers.getString("body")).isEqualTo("not_logged_in");
      assertThat(client.next().getInteger("closed")).isEqualTo(4500);
    }

    @Test
    void may_come_with_a_ticket_in_the_address() {
      assertThat(
              new Client("?ticket=good-mina").askWhoIAm().getJsonObject("body").getString("user"))
          .isEqualTo("u-mina");
    }

    @Test
    void may_come_with_the_cookie_of_an_allowed_page_only() {
      Client friend =
          new Client("", "Cookie", "madang=good-mina", "Origin", RunningGateway.ALLOWED_ORIGIN);
      assertThat(friend.askWhoIAm().encode()).contains("u-mina");
      Client nobody = new Client("", "Cookie", "madang=good-mina");
      assertThat(nobody.askWhoIAm().getString("body")).isEqualTo("not_logged_in");
    }

    @Test
    void again_as_the_same_user_goes_on_and_as_another_is_refused() {
      Client client = client().signedIn();
      client.say("{'type':'send','address':'tester','headers':{'AUTHORIZATION':'Bearer good-jun'},"
          + "'body':{'name':'whoAmI'},'replyAddress':'" + REPLY + "'}");
      client.say("{'type':'send','address':'tester','headers':{},"
          + "'body':{'name':'whoAmI'},'replyAddress':'behind'}");
      JsonObject refused = client.next();

      assertThat(refused.getString("address")).isEqualTo(REPLY);
      assertThat(refused.getString("type")).isEqualTo("err");
      JsonObject behind = client.next();
      assertThat(behind.getString("address")).isEqualTo("behind");
      assertThat(behind.getJsonObject("body").getString("user")).isEqualTo("u-mina");
    }
  }

  @Nested
  class A_raw_websocket {
    @Test
    void is_answered_in_the_form_it_speaks() {
      TestSocket socket = TestSocket.open(gateway.port(), "/eventbus/websocket");
      String message = "{'type':'send','address':'tester'," + TOKEN
          + ",'body':{'name':'whoAmI'},'replyAddress':'r'}";
      socket.send(message);
      assertThat(socket.next().getJsonObject("body").getString("user")).isEqualTo("u-mina");

      socket.sendBinary(message.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
      assertThat(socket.nextText()).startsWith("bytes {").contains("u-mina");
    }
  }
}
