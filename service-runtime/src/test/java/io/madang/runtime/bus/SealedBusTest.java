package io.madang.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.config.Secret;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SealedBusTest {
  private static final Secret SECRET = new Secret("what the nodes of a test share");
  private static final BusSeal SEAL = new BusSeal(SECRET, "madang");
  private static final BusMessage NOTE = note("hello");

  private static BusMessage note(String text) {
    return new BusMessage.Note("a.1", "s", Payload.ofJson('"' + text + '"'));
  }

  private static Buffer wire(BusSeal seal, String target, long number) {
    Buffer buffer = Buffer.buffer("before");
    new SealedCodec("a.1", seal)
        .encodeToWire(buffer, new SealedMessage(target, "a.1", number, NOTE));
    return buffer;
  }

  private static SealedMessage read(String self, Buffer buffer) {
    return new SealedCodec(self, SEAL).decodeFromWire("before".length(), buffer);
  }

  @Nested
  class A_message_with_the_right_mac {
    @Test
    void is_what_was_sent() {
      assertThat(read("b.7", wire(SEAL, "b.7", 5)))
          .isEqualTo(new SealedMessage("b.7", "a.1", 5, NOTE));
    }

    @Test
    void is_taken_by_no_other_node_and_by_no_other_incarnation() {
      assertForged("c.1", wire(SEAL, "b.7", 5));
      assertForged("b.8", wire(SEAL, "b.7", 5));
    }
  }

  @Nested
  class A_message_is_dropped {
    @Test
    void that_is_sealed_by_another_secret_or_for_another_mesh() {
      assertForged("b.7", wire(new BusSeal(new Secret("another secret"), "madang"), "b.7", 5));
      assertForged("b.7", wire(new BusSeal(SECRET, "other"), "b.7", 5));
    }

    @Test
    void of_which_any_byte_was_changed_or_is_missing() {
      Buffer good = wire(SEAL, "b.7", 5);
      for (int at = "before".length(); at < good.length(); at++) {
        Buffer changed = good.copy().setByte(at, (byte) (good.getByte(at) ^ 1));
        assertForged("b.7", changed);
        assertForged("b.7", good.getBuffer(0, at));
      }
    }
  }

  private static void assertForged(String self, Buffer buffer) {
    assertThatThrownBy(() -> read(self, buffer)).isInstanceOf(SealedCodec.ForgedException.class);
  }

  @Nested
  class A_number {
    private final SeenNumbers seen = new SeenNumbers();

    @Test
    void counts_once_in_whatever_order() {
      for (long number : new long[] {1, 3, 2, 70_000, 69_999}) {
        assertThat(seen.isNew("a.1", number)).isTrue();
      }
      for (long number : new long[] {1, 3, 2, 70_000, 69_999, 0, -1}) {
        assertThat(seen.isNew("a.1", number)).isFalse();
      }
      assertThat(seen.isNew("a.2", 3)).as("another incarnation").isTrue();
    }

    @Test
    void is_refused_when_it_is_a_whole_window_behind_and_not_one_sooner() {
      seen.isNew("a.1", SeenNumbers.WINDOW + 10L);

      assertThat(seen.isNew("a.1", 10)).isFalse();
      assertThat(seen.isNew("a.1", 11)).isTrue();
    }

    @Test
    void is_forgotten_with_the_sender_unheard_for_longest() {
      for (int sender = 0; sender <= SeenNumbers.MAX_SENDERS; sender++) {
        seen.isNew("n." + sender, 1);
      }

      assertThat(seen.isNew("n.1", 1)).isFalse();
      assertThat(seen.isNew("n.0", 1)).isTrue();
    }
  }

  @Test
  void what_comes_without_a_seal_or_twice_is_not_heard() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      MeshBus.register(vertx, false);
      List<BusMessage> heard = new CopyOnWriteArrayList<>();
      MeshBus bus = new MeshBus(vertx, "b.7", FaultPoints.NONE, Optional.of(SEAL));
      bus.open(heard::add).await(10, TimeUnit.SECONDS);
      DeliveryOptions plain = new DeliveryOptions().setCodecName(BusCodec.NAME);
      DeliveryOptions sealed = new DeliveryOptions().setCodecName(SealedCodec.NAME);

      vertx.eventBus().send("node.b.7", note("unsealed"), plain);
      vertx.eventBus().send("node.b.7", "text");
      vertx.eventBus().send("node.b.7", new SealedMessage("b.7", "a.1", 1, NOTE), sealed);
      vertx.eventBus().send("node.b.7", new SealedMessage("b.7", "a.1", 1, NOTE), sealed);
      bus.send("b.7", note("last"));

      await().until(() -> heard.contains(note("last")));
      assertThat(heard).containsExactly(NOTE, note("last"));
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }
}
