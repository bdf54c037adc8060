package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.redis.RedisUrl;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestServer;
import io.madang.testkit.TestStores;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UserRateTest {
  /** So slow that little comes back while a test runs. */
  private static final Map<String, String> LIMITS = Map.of(
      "MADANG_USER_COMMAND_RATE", "1",
      "MADANG_USER_COMMAND_BURST", "10",
      "MADANG_HTTP_LOOPS", "1");

  private static JsonObject ask(TestSocket socket, int ref) {
    return socket.ask(
        "{'type':'command','ref':%d,'service':'tester','name':'whoAmI'}".formatted(ref));
  }

  private static int passes(TestSocket socket, int requests) {
    int passed = 0;
    for (int ref = 2; ref < 2 + requests; ref++) {
      passed += ask(socket, ref).getString("type").equals("reply") ? 1 : 0;
    }
    return passed;
  }

  @Test
  void a_user_has_one_rate_at_all_gateways_together() {
    try (TestKeyspace keyspace = TestStores.createKeyspace();
        RunningGateway here = gateway(keyspace.url());
        RunningGateway there = gateway(keyspace.url())) {
      int passedHere = passes(TestSocket.signedIn(here.port(), "mina"), 10);
      TestSocket socket = TestSocket.signedIn(there.port(), "mina");
      int[] passedThere = {0};
      // One request at a time, so that little passes on credit while the answer of Redis is under
      // way.
      await().pollInterval(Duration.ofMillis(100)).until(() -> {
        int passed = passes(socket, 1);
        passedThere[0] += passed;
        return passed == 0;
      });

      assertThat(passedHere).isBetween(8, 10);
      assertThat(passedThere[0]).as("alone it were ten").isBetween(1, 5);
      JsonObject refused = ask(socket, 20);
      assertThat(refused.getString("code")).isEqualTo("rate-limited");
      assertThat(refused.getString("retry")).isEqualTo("later");
      assertThat(refused.getInteger("retryAfterMs")).isBetween(1, 10_000);
      assertThat(ask(TestSocket.signedIn(there.port(), "jun"), 2).getString("type"))
          .isEqualTo("reply");
      assertThat(socket.ask("{'type':'ping','ref':21}").getString("type")).isEqualTo("pong");
    }
  }

  private static RunningGateway gateway(String redis) {
    RunningGateway gateway = new RunningGateway(LIMITS, Optional.of(RedisUrl.parse(redis)));
    await().until(() -> gateway.gauge("madang.user.rates.shared") == 1);
    return gateway;
  }

  @Test
  void http_counts_with_the_sockets() throws IOException {
    try (TestKeyspace keyspace = TestStores.createKeyspace();
        RunningGateway gateway = gateway(keyspace.url())) {
      passes(TestSocket.signedIn(gateway.port(), "mina"), 15);
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(String.join(
            "\r\n",
            "POST /api/tester/whoAmI HTTP/1.1",
            "Host: x",
            "Authorization: Bearer good-mina",
            "Content-Length: 0",
            "",
            ""));
        assertThat(raw.readHeaders())
            .startsWith("HTTP/1.1 429")
            .containsIgnoringCase("retry-after:");
      }
    }
  }

  @Test
  void a_gateway_whose_redis_goes_away_counts_alone() throws Exception {
    try (TestServer redis = TestStores.ownRedis();
        RunningGateway gateway = gateway(redis.url())) {
      assertThat(passes(TestSocket.signedIn(gateway.port(), "mina"), 3)).isEqualTo(3);
      redis.kill();

      assertThat(passes(TestSocket.signedIn(gateway.port(), "jun"), 10)).isEqualTo(10);
    }
  }

  @Test
  void a_gateway_serves_before_its_redis_is_there() {
    try (RunningGateway gateway =
        new RunningGateway(LIMITS, Optional.of(RedisUrl.parse("redis://127.0.0.1:1")))) {
      TestSocket socket = TestSocket.signedIn(gateway.port(), "mina");

      assertThat(passes(socket, 10)).isEqualTo(10);
      assertThat(ask(socket, 20).getString("code")).isEqualTo("rate-limited");
      assertThat(gateway.health.isReady()).isTrue();
    }
  }
}
