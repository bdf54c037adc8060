package io.madang.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.fanout.SubscribeOutcome.Refused;
import io.madang.gateway.fanout.SubscribeOutcome.Subscribed;
import io.madang.runtime.command.Caller;
import io.madang.runtime.metrics.MeterNames;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The one way to hear a topic from some position on, all of the hub on the test's thread. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CatchingUpTest {
  private static final Topic LOG = Topic.parse("log:a");
  private static final Topic WATCHED = Topic.parse("watch:a");
  private static final int RECENT = 20;
  private static final int ANSWERED = 100;

  private final VirtualMesh mesh = new VirtualMesh();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final long one = Subscribed.bytes(new VirtualMesh().commit(LOG));
  private final SubscriptionHub hub = new SubscriptionHub(
      mesh,
      mesh,
      new Random(1),
      new HubLimits(Duration.ofSeconds(30), (int) (ANSWERED * one), (int) (RECENT * one)),
      metrics);
  private final Fanout fanout = hub.newFanout(mesh.loop());

  @BeforeEach
  void start() {
    hub.start();
    mesh.settle();
  }

  private static StreamPosition at(long offset) {
    return new StreamPosition("e1", offset);
  }

  private double count(String meter, String tag, String value) {
    return metrics.counter(meter, tag, value).count();
  }

  private final class Client implements Subscriber {
    private final String user;
    private final String connection;
    private final List<String> heard = new ArrayList<>();
    private final List<Publication> publications = new ArrayList<>();
    private Optional<SubscribeOutcome> outcome = Optional.empty();
    private final List<SubscribeOutcome> outcomes = new ArrayList<>();

    /** Publications it takes before it lags. */
    private int room = Integer.MAX_VALUE;

    Client(String user) {
      this(user, "c-" + user);
    }

    Client(String user, String connection) {
      this.user = user;
      this.connection = connection;
      fanout.connected(this);
    }

    @Override
    public String connection() {
      return connection;
    }

    @Override
    public Caller caller() {
      return Caller.person(user, user, Set.of(), false, Optional.of(connection));
    }

    @Override
    public int deliver(Topic topic, List<SharedPublication> brought) {
      int taken = Math.min(room, brought.size());
      room -= taken;
      brought.subList(0, taken).forEach(shared -> hear(shared.publication()));
      return taken;
    }

    /** In one piece while there is room for all of it, as sockets do. */
    @Override
    public boolean takes(Bundle bundle) {
      return room >= bundle.size() && deliver(bundle.topic(), bundle.publications()) > 0;
    }

    private void hear(Publication publication) {
      publications.add(publication);
      heard.add("" + publication.offset());
    }

    @Override
    public boolean isLagging() {
      return room == 0;
    }

    @Override
    public void gap(Topic topic, StreamPosition from, StreamPosition to) {
      heard.add("gap " + from.offset() + " " + to.epoch() + " " + to.offset());
    }

    @Override
    public void ended(Topic topic, String reason) {
      heard.add(reason);
    }

    private Client subscribes(Topic topic, Optional<StreamPosition> since) {
      fanout.subscribe(this, topic, since, what -> {
        outcome = Optional.of(what);
        outcomes.add(what);
        if (what instanceof Subscribed subscribed) {
          subscribed.publications().forEach(this::hear);
        }
      });
      return this;
    }

    private Client resumes(long since) {
      return subscribes(LOG, Optional.of(at(since)));
    }

    private void hasPlaceFor(int more) {
      room = more;
      fanout.drained(this);
      mesh.settle();
    }

    private Subscribed subscribed() {
      return (Subscribed) outcome.orElseThrow();
    }

    private void heardAll(long from, long to) {
      assertThat(heard)
          .as(user)
          .containsExactlyElementsOf(
              LongStream.rangeClosed(from, to).mapToObj(Long::toString).toList());
    }
  }

  @Nested
  class A_storm_of_returning_clients {
    private static final int CLIENTS = 1_000;
    private final List<Client> clients = new ArrayList<>();

    private void storm(int users) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client("u" + i % users, "c" + i).resumes(since(i)));
      }
      mesh.settle();
    }

    private long since(int client) {
      return 40 + client * 37L % 60;
    }

    private void eachHeardExactlyWhatItMissed(long head) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.get(i).heardAll(since(i) + 1, head);
        assertThat(clients.get(i).subscribed().recovered()).isTrue();
      }
    }

    @Test
    void of_a_topic_that_nobody_heard_costs_a_handful_of_reads() {
      mesh.put(LOG, 100);
      storm(CLIENTS);

      eachHeardExactlyWhatItMissed(100);
      assertThat(mesh.askedForPast(LOG)).hasSizeLessThanOrEqualTo(3);
      assertThat(mesh.asked).hasSizeLessThanOrEqualTo(CLIENTS + 3);
    }

    @Test
    void is_asked_permission_once_for_each_user_at_a_time() {
      mesh.put(LOG, 100);
      storm(5);

      eachHeardExactlyWhatItMissed(100);
      assertThat(mesh.asked).hasSizeLessThan(CLIENTS / 2);
    }

    @Test
    void of_a_topic_whose_ring_reaches_back_costs_no_read_of_the_past() {
      new Client("first").subscribes(LOG, Optional.empty());
      mesh.settle();
      mesh.put(LOG, RECENT);
      mesh.settle();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client("u" + i).resumes(i % RECENT));
      }
      mesh.settle();

      for (int i = 0; i < CLIENTS; i++) {
        clients.get(i).heardAll(i % RECENT + 1, RECENT);
      }
      assertThat(mesh.askedForPast(LOG)).isEmpty();
      assertThat(count(MeterNames.CATCH_UPS, MeterNames.OUTCOME, MeterNames.FROM_RECENT))
          .isEqualTo(CLIENTS);
    }

    @Test
    void while_more_is_published_and_some_of_it_is_lost_misses_nothing() {
      mesh.put(LOG, 100);
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client("u" + i).resumes(since(i)));
        if (i % 100 == 0) {
          mesh.put(LOG, 1);
          mesh.commit(LOG);
        }
      }
      mesh.settle();
      mesh.put(LOG, 1);
      mesh.pass(2_000);

      eachHeardExactlyWhatItMissed(121);
    }

    @Test
    void lets_in_only_whom_the_owner_allows() {
      mesh.put(LOG, 100);
      mesh.ban("u7");
      storm(CLIENTS);

      assertThat(clients.get(7).outcome).containsInstanceOf(Refused.class);
      assertThat(clients.get(7).heard).isEmpty();
      clients.get(8).heardAll(since(8) + 1, 100);
    }
  }

  @Nested
  class What_was_missed {
    @Test
    void is_merged_by_offset_with_what_is_published_meanwhile() {
      mesh.put(LOG, 3);
      new Client("first").resumes(0);
      mesh.settle();
      mesh.holdsAnswers = true;
      Client mina = new Client("mina").resumes(1);
      mesh.settle();
      mesh.put(LOG, 2);
      mesh.settle();
      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.settle();
      mesh.put(LOG, 1);
      mesh.settle();

      mina.heardAll(2, 6);
    }

    @Test
    void of_a_topic_nobody_heard_is_merged_with_what_came_before_the_answer() {
      mesh.put(LOG, 3);
      mesh.holdsAnswers = true;
      Client mina = new Client("mina").resumes(1);
      mesh.settle();
      mesh.put(LOG, 2);
      mesh.settle();
      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.pass(100);

      mina.heardAll(2, 5);
    }

    @Test
    void and_comes_late_over_the_bus_as_well_is_not_brought_again() {
      mesh.put(LOG, 3);
      Client first = new Client("first").resumes(0);
      mesh.settle();
      List<Publication> late = List.of(mesh.commit(LOG), mesh.commit(LOG));
      Client mina = new Client("mina").resumes(1);
      mesh.settle();
      mina.heardAll(2, 5);
      late.forEach(mesh::publish);
      mesh.settle();

      mina.heardAll(2, 5);
      first.heardAll(1, 5);
    }

    @Test
    void that_is_more_than_one_answer_may_bring_follows_the_answer() {
      mesh.put(LOG, 1_234);
      Client mina = new Client("mina").resumes(4);
      mesh.settle();
      mesh.put(LOG, 3);
      mesh.settle();

      mina.heardAll(5, 1_237);
      assertThat(mina.subscribed().recovered()).isTrue();
      assertThat(mina.subscribed().publications()).hasSize(ANSWERED);
      assertThat(mina.subscribed().position()).isEqualTo(at(4 + ANSWERED));
    }

    @Test
    void is_a_gap_only_when_the_owner_says_so() {
      mesh.put(LOG, 5);
      Client mina = new Client("mina").resumes(0);
      mesh.settle();
      mesh.isAway = true;
      mesh.commit(LOG);
      mesh.put(LOG, 1);
      mesh.pass(60_000);
      mina.heardAll(1, 5);

      mesh.isAway = false;
      mesh.pass(10_000);
      mina.heardAll(1, 7);
      assertThat(metrics.counter(MeterNames.GAPS).count()).isZero();
      assertThat(count(MeterNames.HOLES, MeterNames.OUTCOME, MeterNames.FROM_HISTORY))
          .isEqualTo(1);
    }
  }

  @Nested
  class A_revocation_above_the_position {
    @Test
    void denies_who_is_being_set_up() {
      mesh.put(LOG, 3);
      new Client("first").resumes(0);
      mesh.settle();
      mesh.holdsAnswers = true;
      Client mina = new Client("mina").resumes(1);
      mesh.settle();
      mesh.publish(mesh.commitRevocation(LOG, "mina", "kicked"));
      mesh.settle();
      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.settle();
      mesh.put(LOG, 1);
      mesh.settle();

      assertThat(mina.outcome).containsInstanceOf(Refused.class);
      assertThat(mina.heard).isEmpty();
    }

    @Test
    void of_the_guard_denies_who_is_being_set_up() {
      mesh.put(LOG, 3);
      mesh.put(WATCHED, 3);
      new Client("first").subscribes(WATCHED, Optional.of(at(0)));
      mesh.settle();
      mesh.holdsAnswers = true;
      Client mina = new Client("mina").subscribes(WATCHED, Optional.of(at(1)));
      mesh.settle();
      mesh.publish(mesh.commitRevocation(LOG, "mina", "kicked"));
      mesh.settle();
      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.settle();

      assertThat(mina.outcome).containsInstanceOf(Refused.class);
      assertThat(mina.heard).isEmpty();
    }

    @Test
    void that_was_lost_ends_the_subscription_when_it_is_found() {
      mesh.put(LOG, 3);
      Client mina = new Client("mina").resumes(1);
      mesh.settle();
      mesh.commitRevocation(LOG, "mina", "kicked");
      mesh.put(LOG, 2);
      mesh.pass(100);

      assertThat(mina.heard).containsExactly("2", "3", "4", "kicked");
    }
  }

  @Nested
  class A_client_that_lags {
    private Client lagging(int room) {
      Client mina = new Client("mina").subscribes(LOG, Optional.empty());
      mesh.settle();
      mina.room = room;
      return mina;
    }

    @Test
    void is_brought_nothing_until_it_can_take_more_and_then_everything_in_order() {
      Client mina = lagging(3);
      Client jun = new Client("jun").resumes(0);
      mesh.settle();
      mesh.put(LOG, 10);
      mesh.settle();
      mina.heardAll(1, 3);
      jun.heardAll(1, 10);

      mina.hasPlaceFor(4);
      mina.heardAll(1, 7);
      mina.hasPlaceFor(1_000);
      mesh.put(LOG, 2);
      mesh.settle();
      mina.heardAll(1, 12);
    }

    @Test
    void within_the_ring_asks_the_owner_nothing() {
      Client mina = lagging(3);
      mesh.put(LOG, 10);
      mesh.settle();
      int before = mesh.asked.size();
      mina.hasPlaceFor(1_000);

      mina.heardAll(1, 10);
      assertThat(mesh.asked).hasSize(before);
    }

    @Test
    void beyond_the_ring_is_fed_from_the_owners_history_page_by_page() {
      Client mina = lagging(3);
      mesh.put(LOG, 1_700);
      mesh.settle();
      mina.hasPlaceFor(2_000);
      mesh.put(LOG, 1);
      mesh.settle();

      mina.heardAll(1, 1_701);
      assertThat(mesh.askedForPast(LOG)).hasSizeLessThanOrEqualTo(1_700 / CatchUps.PAGE + 1);
    }

    @Test
    void for_as_long_as_its_topic_goes_on_misses_nothing() {
      Client mina = lagging(3);
      Random random = new Random(7);
      for (int i = 0; i < 300; i++) {
        mesh.put(LOG, random.nextInt(12));
        if (random.nextInt(3) == 0) {
          mesh.settle();
        }
        if (random.nextInt(3) == 0) {
          mina.room = random.nextInt(30);
          fanout.drained(mina);
        }
        if (random.nextInt(10) == 0) {
          mesh.commit(LOG);
        }
      }
      mesh.put(LOG, 1);
      mesh.pass(1_000);
      mina.hasPlaceFor(100_000);
      mesh.pass(1_000);

      mina.heardAll(1, mesh.head(LOG).offset());
    }

    @Test
    void with_a_thousand_others_costs_a_handful_of_reads() {
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        clients.add(new Client("u" + i).subscribes(LOG, Optional.empty()));
      }
      mesh.settle();
      for (int i = 0; i < 1_000; i++) {
        clients.get(i).room = 1 + i % 30;
      }
      mesh.put(LOG, 200);
      mesh.settle();
      mesh.asked.clear();
      for (Client client : clients) {
        client.room = 1_000;
        fanout.drained(client);
      }
      mesh.settle();

      clients.forEach(client -> client.heardAll(1, 200));
      assertThat(mesh.asked).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void hears_of_states_only_the_newest_of_each_key() {
      Client mina = lagging(1);
      mesh.put(LOG, 1);
      for (int i = 0; i < 4; i++) {
        mesh.publish(mesh.commitState(LOG, "a"));
        mesh.publish(mesh.commitState(LOG, "b"));
      }
      mesh.put(LOG, 1);
      mesh.settle();
      mina.hasPlaceFor(1_000);

      assertThat(mina.heard).containsExactly("1", "8", "9", "10");
      assertThat(mina.publications)
          .extracting(Publication::previous)
          .containsExactly(0L, 1L, 8L, 9L);
    }

    @Test
    void is_brought_nothing_new_before_what_it_missed() {
      Client mina = lagging(3);
      mesh.put(LOG, 100);
      mesh.settle();
      mesh.holdsAnswers = true;
      mina.hasPlaceFor(1_000);
      mesh.put(LOG, 2);
      mesh.settle();
      mina.heardAll(1, 3);
      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.settle();

      mina.heardAll(1, 102);
    }

    @Test
    void whose_past_is_gone_hears_a_gap() {
      Client mina = lagging(3);
      mesh.put(LOG, 100);
      mesh.settle();
      mesh.firstKept = 50;
      mina.hasPlaceFor(1_000);
      mesh.put(LOG, 1);
      mesh.settle();

      assertThat(mina.heard).containsExactly("1", "2", "3", "gap 3 e1 100", "101");
    }

    @Test
    void hears_nothing_after_its_end_even_if_its_end_was_lost() {
      Client mina = lagging(3);
      mesh.put(LOG, 100);
      mesh.settle();
      mesh.commitRevocation(LOG, "mina", "kicked");
      mesh.commit(LOG);
      mina.hasPlaceFor(1_000);

      assertThat(mina.heard).endsWith("100", "101", "kicked");
      mesh.put(LOG, 5);
      mesh.pass(1_000);
      assertThat(mina.heard).endsWith("100", "101", "kicked");
    }

    @Test
    void and_whose_owner_is_away_is_fed_when_it_is_back() {
      Client mina = lagging(3);
      mesh.put(LOG, 100);
      mesh.settle();
      mesh.isAway = true;
      mina.hasPlaceFor(1_000);
      mesh.pass(20_000);
      mina.heardAll(1, 3);
      mesh.isAway = false;
      mesh.pass(10_000);

      mina.heardAll(1, 100);
    }

    @Test
    void and_may_have_been_cut_off_is_brought_nothing_before_it_is_allowed_again() {
      Client mina = lagging(3);
      mesh.put(LOG, 100);
      mesh.settle();
      mesh.holdsAnswers = true;
      mina.hasPlaceFor(1_000);
      mesh.ban("mina");
      fanout.renew(LOG);
      mesh.settle();

      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.pass(1_000);

      assertThat(mina.heard).containsExactly("1", "2", "3", "forbidden");
    }

    @Test
    void that_unsubscribes_or_goes_is_forgotten() {
      Client mina = lagging(3);
      Client jun = new Client("jun").resumes(0);
      mesh.settle();
      jun.room = 2;
      mesh.put(LOG, 100);
      mesh.settle();
      mesh.holdsAnswers = true;
      mina.hasPlaceFor(1_000);
      jun.hasPlaceFor(1_000);
      fanout.unsubscribe(mina, LOG);
      fanout.disconnected(jun);
      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.pass(60_000);

      mina.heardAll(1, 3);
      jun.heardAll(1, 2);
      assertThat(mesh.isWanted(LOG)).isFalse();
    }
  }

  @Nested
  class A_gap {
    @Test
    void may_hide_an_end_so_that_everybody_is_allowed_again_first() {
      mesh.put(LOG, 3);
      Client mina = new Client("mina").resumes(3);
      Client jun = new Client("jun").resumes(3);
      mesh.settle();
      mesh.beginNewLife(LOG, "e2");
      mesh.ban("mina");
      mesh.put(LOG, 2);
      mesh.pass(1_000);
      mesh.put(LOG, 1);
      mesh.pass(1_000);

      assertThat(mina.heard).containsExactly("gap 3 e2 2", "forbidden");
      assertThat(jun.heard).containsExactly("gap 3 e2 2", "3");
    }

    @Test
    void of_a_guard_has_those_it_guards_allowed_again() {
      Client mina = new Client("mina").subscribes(WATCHED, Optional.empty());
      Client jun = new Client("jun").subscribes(WATCHED, Optional.empty());
      mesh.settle();
      mesh.beginNewLife(LOG, "e2");
      mesh.ban("mina");
      mesh.put(LOG, 1);
      mesh.pass(1_000);
      mesh.put(WATCHED, 1);
      mesh.pass(1_000);

      assertThat(mina.heard).containsExactly("forbidden");
      jun.heardAll(1, 1);
    }

    @Test
    void while_the_owner_is_away_keeps_everybody_waiting_and_loses_nothing() {
      mesh.put(LOG, 3);
      Client mina = new Client("mina").resumes(3);
      mesh.settle();
      mesh.beginNewLife(LOG, "e2");
      mesh.put(LOG, 2);
      mesh.settle();
      mesh.pass(50);
      mesh.isAway = true;
      mesh.settle();
      mesh.put(LOG, 2);
      mesh.pass(10_000);
      mesh.isAway = false;
      mesh.pass(10_000);

      assertThat(mina.heard).containsExactly("gap 3 e2 2", "3", "4");
    }

    @Test
    void to_another_life_is_not_mixed_with_what_was_read_of_the_life_before() {
      mesh.put(LOG, 3);
      Client mina = new Client("mina").resumes(3);
      mesh.settle();
      mesh.commit(LOG);
      mesh.commit(LOG);
      mesh.holdsAnswers = true;
      mesh.evidence();
      mesh.pass(1_000);
      mesh.beginNewLife(LOG, "e2");
      for (int i = 0; i < 4; i++) {
        mesh.commit(LOG);
      }
      Client jun = new Client("jun").subscribes(LOG, Optional.empty());
      mesh.settle();
      mesh.holdsAnswers = false;
      mesh.answerHeldLastFirst();
      mesh.pass(1_000);

      assertThat(jun.heard).isEmpty();
      assertThat(mina.heard).containsExactly("gap 3 e2 4");
    }

    @Test
    void that_ends_before_where_a_client_stands_is_none_for_it() {
      mesh.put(LOG, 3);
      new Client("first").resumes(3);
      mesh.settle();
      mesh.commit(LOG);
      mesh.commit(LOG);
      mesh.firstKept = 5;
      Client mina = new Client("mina").resumes(5);
      mesh.pass(200);
      mesh.put(LOG, 1);
      mesh.pass(200);

      mina.heardAll(6, 6);
    }

    @Test
    void between_two_lives_is_none_for_who_is_in_the_new_one_and_goes_on_from_where_it_stands() {
      mesh.beginNewLife(LOG, "e2");
      mesh.put(LOG, 2);
      Client mina = new Client("mina").subscribes(LOG, Optional.empty());
      mesh.settle();
      mesh.commit(LOG);
      mesh.commit(LOG);

      fanout.gap(LOG, at(3), mesh.head(LOG));
      mesh.settle();

      mina.heardAll(3, 4);
    }
  }

  @Nested
  class A_refusal {
    @Test
    void of_an_older_wish_leaves_the_newer_one_alone() {
      mesh.put(LOG, 3);
      mesh.holdsAnswers = true;
      mesh.isAway = true;
      Client mina = new Client("mina").resumes(1);
      mesh.settle();
      mesh.isAway = false;
      fanout.unsubscribe(mina, LOG);
      mina.subscribes(LOG, Optional.empty());
      mesh.settle();

      mesh.holdsAnswers = false;
      mesh.answerHeld();
      mesh.settle();
      mesh.put(LOG, 1);
      mesh.settle();

      assertThat(mina.outcomes).singleElement().isInstanceOf(Subscribed.class);
      mina.heardAll(4, 4);
    }
  }

  @Nested
  class Reads {
    @Test
    void of_many_topics_do_not_wait_for_each_other() {
      mesh.put(LOG, 3);
      mesh.put(WATCHED, 3);
      Client mina = new Client("mina").resumes(1);
      mina.subscribes(WATCHED, Optional.of(at(1)));
      mesh.settle();

      assertThat(mina.heard).containsExactlyInAnyOrder("2", "3", "2", "3");
      assertThat(mesh.asked.stream().filter(TopicRead.Authorise.class::isInstance))
          .hasSize(1);
    }
  }
}
