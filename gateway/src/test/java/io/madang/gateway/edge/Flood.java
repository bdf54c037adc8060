package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

/**
 * More than the buffers of the operating system take, said at once in a log of the {@link TestService}: so who does not read lags,
 * and may be given up.
 */
final class Flood {
  /** Publications of one, of which each begins with {@code number}, a space, and its number from 1 on. */
  static final int COUNT = 2_000;

  private static final int BYTES = 8_000;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Flood() {}

  /** All of it was published when this returns. */
  static void in(String log, RunningGateway gateway) {
    in(log, gateway, COUNT);
  }

  /** So many of it, which are numbered from 1 on each time. */
  static void in(String log, RunningGateway gateway, int count) {
    TestSocket by = TestSocket.signedIn(gateway.port(), "flood");
    assertThat(by.ask(
                "{'type':'command','ref':2,'service':'tester','name':'flood','args':{'log':'%s','count':%d,'bytes':%d}}"
                    .formatted(log, count, BYTES))
            .getString("type"))
        .isEqualTo("reply");
    by.close(1000, "");
  }

  /** Waits until so many clients lag. */
  static void awaitLagging(RunningGateway gateway, int clients) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(gateway.gauge("madang.lagging.connections")).isEqualTo(clients));
  }

  /**
   * Waits until one client was given up and its connection is gone. The goodbye waits behind what is not read, so it ends without
   * having heard that.
   *
   * @param left connections that are left then
   */
  static void awaitEviction(RunningGateway gateway, double left) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(gateway.closes("slow-consumer")).isEqualTo(1));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(gateway.gauge("madang.connections")).isEqualTo(left));
    assertThat(gateway.gauge("madang.lagging.connections")).isZero();
  }
}
