package io.madang.gateway.identity.revocation.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.identity.revocation.Revocation;
import io.madang.gateway.identity.revocation.RevocationLog;
import io.madang.runtime.redis.RedisLink;
import io.madang.runtime.redis.RedisLinkOptions;
import io.madang.runtime.redis.RedisUrl;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RedisRevocationsTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_772_366_400_123L);

  private final TestKeyspace keyspace = TestStores.createKeyspace();
  private final Vertx vertx = Vertx.vertx();
  private final RedisLink link =
      RedisLink.create(vertx, RedisLinkOptions.of(RedisUrl.parse(keyspace.url())));
  private final RedisRevocations log =
      new RedisRevocations(link, Clock.systemUTC(), Duration.ofMinutes(20));

  @BeforeEach
  void start() throws Exception {
    get(link.start(Duration.ofSeconds(10)));
  }

  @AfterEach
  void stop() throws Exception {
    get(link.close());
    get(vertx.close());
    keyspace.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.await(10, TimeUnit.SECONDS);
  }

  private static List<Revocation> some(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> i % 2 == 0
            ? Revocation.ofUser("u" + i, NOW, NOW.plusSeconds(i))
            : Revocation.ofSession("s" + i, NOW, NOW.plusSeconds(i)))
        .toList();
  }

  @Test
  void is_read_as_it_was_written_and_on_from_where_one_stood() throws Exception {
    assertThat(get(log.after(RevocationLog.BEGINNING)))
        .isEqualTo(new RevocationLog.Page(List.of(), RevocationLog.BEGINNING, true, false));

    get(log.append(some(0, 3)));
    RevocationLog.Page first = get(log.after(RevocationLog.BEGINNING));
    get(log.append(some(3, 5)));
    RevocationLog.Page second = get(log.after(first.reached()));

    assertThat(first.revocations()).isEqualTo(some(0, 3));
    assertThat(second.revocations()).isEqualTo(some(3, 5));
    assertThat(second.lost()).isFalse();
  }

  @Test
  void is_read_in_pages() throws Exception {
    get(log.append(some(0, RedisRevocations.PAGE)));
    get(log.append(some(RedisRevocations.PAGE, RedisRevocations.PAGE + 1)));

    RevocationLog.Page first = get(log.after(RevocationLog.BEGINNING));
    RevocationLog.Page second = get(log.after(first.reached()));

    assertThat(first.revocations()).hasSize(RedisRevocations.PAGE);
    assertThat(first.whole()).isFalse();
    assertThat(second.revocations())
        .isEqualTo(some(RedisRevocations.PAGE, RedisRevocations.PAGE + 1));
    assertThat(second.whole()).isTrue();
  }

  @Test
  void tells_when_its_end_was_lost() throws Exception {
    get(log.append(some(0, 3)));
    String place = get(log.after(RevocationLog.BEGINNING)).reached();
    get(link.send(Request.cmd(Command.DEL).arg(RedisRevocations.KEY)));

    assertThat(get(log.after(place)).lost()).isTrue();
  }
}
