package io.madang.system.traffic;

import io.madang.client.MadangClient;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands of one client, as fast as they are answered. */
public final class Volley {
  private static final int IN_FLIGHT = 64;
  private static final Pattern OFFSET = Pattern.compile("\"offset\"\\s*:\\s*(\\d+)");

  private Volley() {}

  /**
   * Sends messages into one room and waits for all answers.
   *
   * @param prefix of the ids
   * @return what was answered by id, with the offset it tells and no epoch of meaning
   */
  public static Map<String, StreamPosition> send(
      MadangClient client, String room, String prefix, int count, Duration limit)
      throws InterruptedException {
    Map<String, StreamPosition> answers = new HashMap<>();
    give(client, "chat", "sendToRoom", prefix, count, id -> message(room, id), limit)
        .forEach((id, reply) -> answers.put(id, answered(reply)));
    return answers;
  }

  /**
   * Gives commands and waits for all answers.
   *
   * @param prefix of the ids
   * @param arguments by id
   * @return what was answered by id
   */
  public static Map<String, RawJson> give(
      MadangClient client,
      String service,
      String name,
      String prefix,
      int count,
      Function<String, RawJson> arguments,
      Duration limit)
      throws InterruptedException {
    Map<String, RawJson> answers = new ConcurrentHashMap<>();
    List<String> failures = new CopyOnWriteArrayList<>();
    Semaphore window = new Semaphore(IN_FLIGHT);
    long end = System.nanoTime() + limit.toNanos();
    for (int i = 0; i < count && failures.isEmpty(); i++) {
      take(window, 1, end, answers);
      String id = prefix + "-" + i;
      CompletableFuture<?> unused = client
          .command(service, name, id, arguments.apply(id))
          .whenComplete((reply, failure) -> {
            if (failure == null) {
              answers.put(id, reply);
            } else {
              failures.add(id + ": " + failure);
            }
            window.release();
          });
    }
    take(window, IN_FLIGHT, end, answers);
    if (!failures.isEmpty()) {
      throw new AssertionError("refused after " + answers.size() + " answers: " + failures);
    }
    return answers;
  }

  private static void take(Semaphore window, int permits, long end, Map<String, RawJson> answers)
      throws InterruptedException {
    if (!window.tryAcquire(permits, end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("no answer in time, after " + answers.size() + " that came");
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
