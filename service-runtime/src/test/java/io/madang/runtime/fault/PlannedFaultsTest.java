package io.madang.runtime.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.bus.BusMessage;
import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.BusMessage.InterestWanted;
import io.madang.runtime.bus.Question;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PlannedFaultsTest {
  private static final BusMessage WANTED = new InterestWanted("node", "service");
  private static final int MANY = 1_000;

  private final Vertx vertx = Vertx.vertx();
  private final PlannedFaults faults = new PlannedFaults(vertx, "node");

  @AfterEach
  void close() {
    vertx.close();
  }

  private void follow(String plan) {
    faults.follow(FaultPlan.from(new JsonObject(plan)));
  }

  /** How often each of many messages went on at once. */
  private static List<Integer> outcomes(PlannedFaults faults, BusMessage message) {
    List<Integer> outcomes = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      AtomicInteger times = new AtomicInteger();
      faults.leaving("other", message, times::incrementAndGet);
      outcomes.add(times.get());
    }
    return outcomes;
  }

  @Test
  void nothing_happens_without_a_plan() {
    assertThat(outcomes(faults, WANTED)).containsOnly(1);
  }

  @Test
  void drops_and_doubles_about_the_share_it_is_told_and_counts_them() {
    follow("{\"seed\": 7, \"messages\": {\"InterestWanted\": {\"drop\": 20, \"double\": 10}}}");

    List<Integer> outcomes = outcomes(faults, WANTED);

    long dropped = outcomes.stream().filter(times -> times == 0).count();
    long doubled = outcomes.stream().filter(times -> times == 2).count();
    assertThat(dropped).isBetween(MANY / 10L, MANY * 3 / 10L);
    assertThat(doubled).isBetween(MANY / 20L, MANY / 5L);
    assertThat(faults.report().getJsonObject("messages"))
        .isEqualTo(new JsonObject()
            .put(
                "InterestWanted",
                new JsonObject()
                    .put("dropped", dropped)
                    .put("doubled", doubled)
                    .put("delayed", 0L)));
  }

  @Test
  void chooses_alike_with_one_seed_and_otherwise_with_another() {
    String plan = "{\"seed\": %d, \"messages\": {\"InterestWanted\": {\"drop\": 50}}}";
    follow(plan.formatted(7));
    List<Integer> first = outcomes(faults, WANTED);

    follow(plan.formatted(7));
    assertThat(outcomes(faults, WANTED)).isEqualTo(first);
    follow(plan.formatted(8));
    assertThat(outcomes(faults, WANTED)).isNotEqualTo(first);
  }

  @Test
  void knows_questions_by_their_own_names() {
    follow("{\"messages\": {\"Count\": {\"drop\": 100}}}");

    assertThat(outcomes(
            faults,
            new Ask(1, "node", "", 100, Ask.NO_LIMIT, Optional.empty(), new Question.Count())))
        .containsOnly(0);
    assertThat(outcomes(
            faults,
            new Ask(1, "node", "", 100, Ask.NO_LIMIT, Optional.empty(), new Question.Describe())))
        .containsOnly(1);
  }

  @Test
  void lets_a_delayed_message_go_on_later_and_once() {
    follow("{\"messages\": {\"InterestWanted\": {\"delay\": 100, \"delayMs\": 20}}}");
    AtomicInteger times = new AtomicInteger();

    faults.leaving("other", WANTED, times::incrementAndGet);

    assertThat(times).hasValue(0);
    await().atMost(5, TimeUnit.SECONDS).until(() -> times.get() == 1);
  }

  @Test
  void publishing_goes_on_until_the_process_shall_die() {
    follow("{\"dieBeforePublishing\": 3}");

    for (int i = 0; i < 3; i++) {
      faults.beforePublishing();
    }
  }
}
