package io.madang.system.traffic;

import io.madang.client.MadangClient;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Messages of one client into one room, as fast as they are answered. */
public final class Volley {
  private static final int IN_FLIGHT = 64;
  private static final Pattern OFFSET = Pattern.compile("\"offset\"\\s*:\\s*(\\d+)");

  private Volley() {}

  /**
   * Sends and waits for all answers.
   *
   * @param prefix of the ids
   * @return what was answered by id, with the offset it tells and no epoch of meaning
   */
  public static Map<String, StreamPosition> send(
      MadangClient client, String room, String prefix, int count, Duration limit)
      throws InterruptedException {
    Map<String, StreamPosition> answers = new ConcurrentHashMap<>();
    Semaphore window = new Semaphore(IN_FLIGHT);
    long end = System.nanoTime() + limit.toNanos();
    for (int i = 0; i < count; i++) {
      take(window, 1, end, answers);
      String id = prefix + "-" + i;
      CompletableFuture<?> unused = client
          .command("chat", "sendToRoom", id, message(room, id))
          .whenComplete((reply, failure) -> {
            if (failure == null) {
              answers.put(id, answered(reply));
              window.release();
            }
          });
    }
    take(window, IN_FLIGHT, end, answers);
    return answers;
  }

  private static void take(
      Semaphore window, int permits, long end, Map<String, StreamPosition> answers)
      throws InterruptedException {
    if (!window.tryAcquire(permits, end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("a message is refused or not answered in time, after "
          + answers.size() + " that were");
    }
  }

  static RawJson message(String room, String text) {
    return RawJson.trusted("{\"room\":\"" + room + "\",\"text\":\"" + text + "\"}");
  }

  /** The place a reply tells. */
  public static StreamPosition answered(RawJson reply) {
    Matcher offset = OFFSET.matcher(reply.toString());
    if (!offset.find()) {
      throw new IllegalStateException("an answer without offset: " + reply);
    }
    return new StreamPosition("answered", Long.parseLong(offset.group(1)));
  }
}
