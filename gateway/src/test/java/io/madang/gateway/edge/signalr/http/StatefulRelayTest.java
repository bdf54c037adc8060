package io.madang.gateway.edge.signalr.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.RawHttp;
import io.madang.gateway.edge.RawHttp.Answer;
import io.madang.gateway.edge.relay.LostAtFirst;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Hub connections that outlive their WebSocket, whose WebSockets come to another gateway than they live at. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StatefulRelayTest {
  private EchoHubs hubs;

  @BeforeEach
  void start() {
    hubs = new EchoHubs(3);
  }

  @AfterEach
  void stop() {
    hubs.close();
  }

  /** One WebSocket and the messages that it brings, one each. */
  private final class Client implements WebSocket.Listener {
    final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    final WebSocket socket;
    private final StringBuilder begun = new StringBuilder();

    Client(int gateway, String connection) {
      socket = HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .buildAsync(URI.create("ws://127.0.0.1:" + hubs.port(gateway) + connection), this)
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    }

    void say(String message) {
      socket.sendText(message.replace('\'', '"') + "\u001e", true).join();
    }

    void call(int id) {
      say("{'type':1,'invocationId':'" + id + "','target':'t" + id + "','arguments':[]}");
    }

    /** The next message that is no confirmation. */
    String next() throws InterruptedException {
      String message = messages.poll(10, TimeUnit.SECONDS);
      assertThat(message).as("closed: %s", closed).isNotNull();
      return message.startsWith("{'type':8") ? next() : message;
    }

    /** The JDK's client does not always see that its line has ended before it writes. */
    boolean isGone() {
      if (!closed.isDone()) {
        try {
          WebSocket unused = socket.sendPing(ByteBuffer.allocate(0)).get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
          return true;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError(e);
        }
      }
      return closed.isDone();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
      begun.append(text);
      if (isLast) {
        for (String message : begun.toString().split("\u001e", -1)) {
          if (!message.isEmpty()) {
            messages.add(message.replace('"', '\''));
          }
        }
        begun.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }
  }

  private String negotiated(int gateway) {
    Answer answer = RawHttp.ask(
        hubs.port(gateway),
        "POST",
        "/open/negotiate?negotiateVersion=1&useStatefulReconnect=true",
        "");
    return "/open?id=" + new JsonObject(answer.body()).getString("connectionToken");
  }

  private Client opened(int gateway, String connection) throws InterruptedException {
    Client client = new Client(gateway, connection);
    client.say("{'protocol':'json','version':2}");
    assertThat(client.next()).isEqualTo("{}");
    return client;
  }

  private int refusal(int gateway, String connection) {
    try {
      new Client(gateway, connection).socket.abort();
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }

  /** Time goes on by itself until the test is done with it. */
  private AutoCloseable passing() {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> going = CompletableFuture.runAsync(() -> {
      while (!over.get()) {
        hubs.pass(Duration.ofMillis(20));
      }
    });
    return () -> {
      over.set(true);
      going.join();
    };
  }

  private static String sequence(long number) {
    return "{'type':9,'sequenceId':" + number + "}";
  }

  private static String answer(int id) {
    return "{'type':3,'invocationId':'" + id + "','result':'t" + id + "'}";
  }

  @Test
  void a_connection_is_carried_and_taken_up_at_any_gateway() throws InterruptedException {
    String connection = negotiated(0);
    Client first = opened(1, connection);
    first.call(1);
    assertThat(first.next()).isEqualTo(answer(1));
    first.socket.abort();
    Client second = new Client(2, connection);
    second.say("{'type':9,'sequenceId':1}");
    second.call(1);
    second.call(2);

    assertThat(second.next()).isEqualTo(sequence(1));
    assertThat(second.next()).isEqualTo(answer(1));
    assertThat(second.next()).isEqualTo(answer(2));
    Client third = new Client(0, connection);
    assertThat(third.next()).isEqualTo(sequence(1));
    assertThat(third.next()).isEqualTo(answer(1));
    assertThat(third.next()).isEqualTo(answer(2));
    assertThat(hubs.opened).hasValue(1);
    await().until(second::isGone);
    third.socket.abort();
  }

  @Test
  void a_goodbye_there_ends_the_connection_at_home() throws InterruptedException {
    String connection = negotiated(0);
    Client client = opened(1, connection);
    client.call(1);
    client.say("{'type':7}");

    assertThat(client.closed.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(1000);
    await().untilAsserted(() -> assertThat(hubs.closed).hasValue(1));
    assertThat(refusal(0, connection)).isEqualTo(404);
    assertThat(refusal(2, connection)).isEqualTo(404);
  }

  @Test
  void a_WebSocket_that_is_closed_there_ends_it_behind_what_was_said() throws InterruptedException {
    String connection = negotiated(0);
    Client client = opened(1, connection);
    client.socket.sendClose(1000, "").join();

    await().untilAsserted(() -> assertThat(hubs.closed).hasValue(1));
    assertThat(refusal(1, connection)).isEqualTo(404);
  }

  @Test
  void words_that_are_lost_lose_no_message_and_double_none() throws Exception {
    String connection = negotiated(0);
    try (AutoCloseable time = passing()) {
      assertThat(time).isNotNull();
      hubs.gateways.arrives = new LostAtFirst();
      Client client = opened(1, connection);
      List<String> expected = new ArrayList<>();
      List<String> heard = new ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        client.call(i);
        expected.add(answer(i));
      }
      while (heard.size() < 20) {
        heard.add(client.next());
      }
      assertThat(heard).isEqualTo(expected);
      client.socket.abort();
    }
  }

  @Test
  void a_client_whose_gateway_died_comes_back_by_another() throws InterruptedException {
    String connection = negotiated(0);
    Client client = opened(1, connection);
    client.call(1);
    assertThat(client.next()).isEqualTo(answer(1));
    hubs.gateways.dead.add(hubs.id(1));
    Client back = new Client(2, connection);
    back.say("{'type':9,'sequenceId':2}");
    back.call(2);

    assertThat(back.next()).isEqualTo(sequence(1));
    assertThat(back.next()).isEqualTo(answer(1));
    assertThat(back.next()).isEqualTo(answer(2));
    client.socket.abort();
    back.socket.abort();
  }

  @Test
  void a_client_whose_home_died_is_cut_within_a_second_and_refused_anywhere()
      throws InterruptedException {
    String connection = negotiated(0);
    Client client = opened(1, connection);
    hubs.gateways.dead.add(hubs.id(0));
    assertThat(refusal(1, connection)).isEqualTo(404);
    assertThat(refusal(2, connection)).isEqualTo(404);
    hubs.pass(Duration.ofSeconds(1));

    await().until(client::isGone);
  }

  @Test
  void a_connection_that_was_handed_over_is_taken_up_there_by_its_old_token()
      throws InterruptedException {
    String connection = negotiated(0);
    Client client = opened(1, connection);
    client.call(1);
    assertThat(client.next()).isEqualTo(answer(1));
    hubs.heirs.goesOn(hubs.id(0), hubs.id(2), 1);
    client.say("{'type':5,'invocationId':'stop'}");
    await().until(client::isGone);
    // While the old home is there, which knows where it went.
    Client back = new Client(1, connection);
    back.say("{'type':9,'sequenceId':1}");
    back.call(1);
    back.say("{'type':5,'invocationId':'stop'}");
    back.call(2);
    assertThat(back.next()).isEqualTo(sequence(1));
    assertThat(back.next()).isEqualTo(answer(1));
    assertThat(back.next()).isEqualTo(answer(2));
    back.socket.abort();
    // And when it is gone.
    hubs.gateways.dead.add(hubs.id(0));
    Client again = new Client(1, connection);
    again.say("{'type':9,'sequenceId':4}");
    again.call(3);

    assertThat(again.next()).isEqualTo(sequence(1));
    assertThat(again.next()).isEqualTo(answer(1));
    assertThat(again.next()).isEqualTo(answer(2));
    assertThat(again.next()).isEqualTo(answer(3));
    again.socket.abort();
  }

  @Test
  void a_connection_that_was_handed_over_twice_is_found_while_its_second_home_is_still_there()
      throws InterruptedException {
    String connection = negotiated(0);
    Client first = opened(1, connection);
    hubs.heirs.goesOn(hubs.id(0), hubs.id(2), 1);
    first.say("{'type':5,'invocationId':'stop'}");
    await().until(first::isGone);
    hubs.gateways.dead.add(hubs.id(0));
    Client second = new Client(2, connection);
    hubs.heirs.goesOn(hubs.id(2), hubs.id(1), 2);
    second.say("{'type':9,'sequenceId':2}");
    second.say("{'type':5,'invocationId':'stop'}");
    await().until(second::isGone);

    for (int gateway = 1; gateway <= 2; gateway++) {
      Client back = new Client(gateway, connection);
      back.say("{'type':9,'sequenceId':" + (gateway + 2) + "}");
      back.call(gateway);
      assertThat(back.next()).isEqualTo(sequence(1));
      assertThat(back.next()).isEqualTo(answer(1));
      back.socket.abort();
    }
  }

  @Test
  void a_client_whose_home_is_said_to_be_gone_is_cut_at_once() throws InterruptedException {
    String connection = negotiated(0);
    Client client = opened(1, connection);
    hubs.gateways.die(0);

    await().until(client::isGone);
  }

  @Test
  void whoever_waits_for_an_answer_of_a_home_that_is_said_to_be_gone_is_refused_at_once() {
    String connection = negotiated(0);
    AtomicBoolean isAsked = new AtomicBoolean();
    hubs.gateways.arrives = (to, word) -> {
      isAsked.set(true);
      return false;
    };
    CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> refusal(1, connection));
    await().untilTrue(isAsked);
    assertThat(answer).isNotDone();
    hubs.gateways.die(0);

    assertThat(answer.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(404);
  }

  @Test
  void a_connection_that_nobody_comes_back_to_is_forgotten_with_its_places()
      throws InterruptedException {
    for (int i = 0; i < EchoHubs.PLACES + 2; i++) {
      opened(1, negotiated(0)).socket.abort();
      await().pollInterval(Duration.ofMillis(10)).until(() -> {
        hubs.pass(Duration.ofSeconds(10));
        return hubs.known() == 0;
      });
    }
    assertThat(hubs.replays.keptBytes()).isZero();
  }
}
