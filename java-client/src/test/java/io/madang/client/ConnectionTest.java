package io.madang.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectionTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final FakeGateway gateway = new FakeGateway();
  private MadangClient client;

  @AfterEach
  void close() {
    if (client != null) {
      client.close();
    }
    gateway.close();
  }

  private void connect(ClientOptions options) {
    client = MadangClient.connect(options);
  }

  private ClientOptions withTokens(Supplier<Optional<String>> tokens) {
    return ClientOptions.of(List.of(gateway.uri()), tokens)
        .withBackoff(Duration.ofMillis(1), Duration.ofMillis(5));
  }

  private Failure endOf(CompletableFuture<?> future) {
    try {
      Object result = future.get(20, TimeUnit.SECONDS);
      throw new AssertionError("succeeded with " + result);
    } catch (ExecutionException e) {
      return ((RefusedException) e.getCause()).failure();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Nested
  class A_client_that_connects {
    @Test
    void shows_its_token_first_and_knows_who_it_is() throws Exception {
      connect(gateway.options());
      Peer peer = gateway.next();

      ClientFrame.Connect connect = peer.next(ClientFrame.Connect.class);
      peer.send(new ServerFrame.Connected(
          connect.ref(),
          "c",
          "n",
          new ServerFrame.User("u1", "mina", List.of("admin")),
          25_000,
          Optional.empty(),
          Peer.LIMITS));

      assertThat(connect.token()).contains("t");
      assertThat(client.connected().get(20, TimeUnit.SECONDS).user().name()).isEqualTo("mina");
    }

    @Test
    void is_ended_by_a_refusal_of_its_token() {
      connect(gateway.options());
      Peer peer = gateway.next();

      ClientFrame.Connect connect = peer.next(ClientFrame.Connect.class);
      peer.send(new ServerFrame.Error(
          connect.ref(), Failure.of(ErrorCode.UNAUTHENTICATED, "That is no token.")));

      assertThat(endOf(client.connected()).code()).isEqualTo("unauthenticated");
      assertThat(peer.nextEnd()).isEqualTo(1000);
      assertThat(gateway.count()).isEqualTo(1);
    }

    @Test
    void shows_its_token_again_when_it_could_not_be_checked() throws Exception {
      connect(gateway.options());
      Peer peer = gateway.next();

      ClientFrame.Connect connect = peer.next(ClientFrame.Connect.class);
      peer.send(
          new ServerFrame.Error(connect.ref(), Failure.of(ErrorCode.UNAVAILABLE, "Not just now.")));
      peer.signIn();

      assertThat(client.connected().get(20, TimeUnit.SECONDS).node()).isEqualTo("node");
    }

    @Test
    void tries_the_next_gateway_when_one_is_not_there() throws Exception {
      FakeGateway gone = new FakeGateway();
      URI nobody = gone.uri();
      gone.close();
      connect(ClientOptions.of(List.of(nobody, gateway.uri()), Optional::empty)
          .withBackoff(Duration.ofMillis(1), Duration.ofMillis(5)));

      gateway.nextSignedIn();

      assertThat(client.connected().get(20, TimeUnit.SECONDS).node()).isEqualTo("node");
    }

    @Test
    void gives_up_an_attempt_that_is_not_answered_in_time() {
      connect(gateway.options().withConnectTimeout(Duration.ofMillis(100)));

      Peer mute = gateway.next();

      gateway.next();
      assertThat(mute.nextEnd()).isEqualTo(Link.ABNORMAL);
    }

    @Test
    void gives_up_a_gateway_that_does_not_speak_the_protocol() {
      connect(gateway.options());

      gateway.next().sendText("good morning");

      gateway.nextSignedIn();
    }

    @Test
    void takes_a_token_source_that_throws_for_a_failed_attempt() {
      AtomicInteger asked = new AtomicInteger();
      connect(withTokens(() -> {
        if (asked.incrementAndGet() == 1) {
          throw new IllegalStateException("the issuer is away");
        }
        return Optional.of("second");
      }));

      assertThat(gateway.next().next(ClientFrame.Connect.class).token()).contains("second");
    }
  }

  @Nested
  class A_lost_connection {
    @Test
    void comes_back_after_a_close_that_allows_it() {
      connect(gateway.options());

      gateway.nextSignedIn().close(1012, "restarting");

      gateway.nextSignedIn();
    }

    @Test
    void comes_back_after_the_network_broke() {
      connect(gateway.options());

      gateway.nextSignedIn().cut();

      gateway.nextSignedIn();
    }

    @Test
    void comes_back_when_the_gateway_is_silent() {
      connect(gateway.options());
      Peer silent = gateway.next();
      silent.signIn(20, Peer.LIMITS, Optional.empty());

      silent.nextPing();

      gateway.nextSignedIn();
      assertThat(silent.nextEnd()).isEqualTo(Link.ABNORMAL);
    }

    @Test
    void is_kept_while_the_gateway_answers() {
      connect(gateway.options());
      Peer peer = gateway.next();
      peer.signIn(200, Peer.LIMITS, Optional.empty());

      for (int i = 0; i < 4; i++) {
        peer.send(new ServerFrame.Pong(peer.nextPing().ref(), Instant.EPOCH));
      }

      assertThat(gateway.count()).isEqualTo(1);
    }

    @Test
    void waits_as_long_as_the_gateway_asked() {
      connect(gateway.options());
      Peer peer = gateway.nextSignedIn();
      long before = System.nanoTime();

      peer.send(new ServerFrame.Disconnect(1012, "restarting", true, 150));
      peer.close(1012, "restarting");

      gateway.next();
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }
  }

  @Nested
  class A_close_that_forbids_to_come_back {
    @Test
    void ends_the_client_with_its_reason() {
      connect(gateway.options());
      Peer peer = gateway.nextSignedIn();
      CompletableFuture<RawJson> command = client.command("chat", "x", RawJson.EMPTY_OBJECT);

      peer.close(4503, "banned");

      Failure end = endOf(command);
      assertThat(end.code()).isEqualTo("banned");
      assertThat(end.message()).contains("4503");
      assertThat(endOf(client.command("chat", "y", RawJson.EMPTY_OBJECT)).code())
          .isEqualTo("banned");
    }

    @Test
    void counts_for_a_number_nobody_knows_yet() {
      connect(gateway.options());

      gateway.next().close(4999, "of a later version");

      assertThat(endOf(client.connected()).message()).contains("4999 of a later version");
    }

    @Test
    void counts_when_it_was_said_before_the_network_broke() {
      connect(gateway.options());
      Peer peer = gateway.next();

      peer.send(new ServerFrame.Disconnect(4502, "kicked", false, 0));
      peer.close(1006 + 6, "another code");

      assertThat(endOf(client.connected()).code()).isEqualTo("kicked");
    }
  }

  @Nested
  class A_token_that_ends {
    @Test
    void is_renewed_before() {
      AtomicInteger asked = new AtomicInteger();
      connect(withTokens(() -> Optional.of("token-" + asked.incrementAndGet())));
      Peer peer = gateway.next();

      peer.signIn(25_000, Peer.LIMITS, Optional.of(Instant.now().plusMillis(200)));

      assertThat(peer.next(ClientFrame.Refresh.class).token()).isEqualTo("token-2");
    }

    @ParameterizedTest
    @CsvSource({"4501,token expired", "4506,sign-in ended"})
    void makes_the_client_come_back_with_another(int code, String reason) {
      AtomicInteger asked = new AtomicInteger();
      connect(withTokens(() -> Optional.of("token-" + asked.incrementAndGet())));

      gateway.nextSignedIn().close(code, reason);

      assertThat(gateway.next().next(ClientFrame.Connect.class).token()).contains("token-2");
    }

    @ParameterizedTest
    @CsvSource({"4501,token-expired", "4506,revoked"})
    void ends_the_client_when_it_was_no_good_from_the_start(int code, String label) {
      connect(gateway.options());

      gateway.next().close(code, "no good");

      assertThat(endOf(client.connected()).code()).isEqualTo(label);
    }
  }

  @Nested
  class Closing {
    @Test
    void says_goodbye_and_fails_all_that_waits() {
      connect(gateway.options());
      Peer peer = gateway.nextSignedIn();
      assertThat(client.connected()).succeedsWithin(Duration.ofSeconds(20));
      CompletableFuture<RawJson> command = client.command("chat", "x", RawJson.EMPTY_OBJECT);
      CompletableFuture<?> subscription = client.subscribe("room:dev", publication -> {});
      peer.next(ClientFrame.Command.class);
      peer.next(ClientFrame.Subscribe.class);

      client.close();

      assertThat(endOf(command).code()).isEqualTo("unavailable");
      assertThat(endOf(subscription).code()).isEqualTo("unavailable");
      assertThat(peer.nextEnd()).isEqualTo(1000);
    }

    @Test
    void fails_what_waits_without_a_connection_too() {
      connect(gateway.options().withBackoff(LONG, LONG));
      gateway.next().cut();
      CompletableFuture<RawJson> command = client.command("chat", "x", RawJson.EMPTY_OBJECT);

      client.close();

      assertThat(endOf(command).code()).isEqualTo("unavailable");
      assertThat(endOf(client.connected()).code()).isEqualTo("unavailable");
    }

    @Test
    void fails_whatever_is_asked_for_afterwards() {
      connect(gateway.options());
      gateway.nextSignedIn();

      client.close();
      client.close();

      assertThat(endOf(client.command("chat", "x", RawJson.EMPTY_OBJECT)).code())
          .isEqualTo("unavailable");
      assertThat(endOf(client.subscribe("room:dev", publication -> {})).code())
          .isEqualTo("unavailable");
    }
  }

  @Test
  void a_name_no_frame_can_carry_is_refused_where_it_is_given() {
    connect(gateway.options());

    assertThatThrownBy(() -> client.command("", "x", RawJson.EMPTY_OBJECT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.command("chat", "x", "i".repeat(129), RawJson.EMPTY_OBJECT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.subscribe("", publication -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
