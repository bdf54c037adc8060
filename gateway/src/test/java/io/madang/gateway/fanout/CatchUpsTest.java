package io.madang.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.fanout.SubscribeOutcome.Subscribed;
import io.madang.runtime.command.Caller;
import io.madang.runtime.metrics.MeterNames;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicAnswer.Denied;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CatchUpsTest {
  private static final Topic TOPIC = Topic.parse("log:a");
  private static final long ONE = Subscribed.bytes(publication(1));
  private static final int MAX_ANSWERED = 1_200;

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final TopicFeed feed = new TopicFeed(TOPIC, 10 * ONE);
  private final ScriptedOwner owner = new ScriptedOwner();
  private final CatchUps catchUps =
      new CatchUps(feed, owner, MAX_ANSWERED * ONE, new HubMeters(metrics));

  private static StreamPosition at(long offset) {
    return new StreamPosition("e1", offset);
  }

  private static Publication publication(long offset) {
    return Publication.log(TOPIC, "put", at(offset), offset - 1, 0, Payload.NULL);
  }

  private static List<Publication> publications(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(CatchUpsTest::publication).toList();
  }

  private static Caller user(String user, String connection) {
    return Caller.person(user, user, Set.of(), false, Optional.of(connection));
  }

  /** A log of offsets from 1 to {@link #head} that answers when it is told to, as things are at that moment. */
  private static final class ScriptedOwner implements CatchUps.Owner {
    private long head;
    private String epoch = "e1";
    private long firstKept = 1;
    private final Set<String> banned = new HashSet<>();
    private final Deque<Asked> open = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();

    private record Asked(TopicRead read, Promise<TopicAnswer> answer) {}

    @Override
    public Future<TopicAnswer> read(TopicRead read) {
      Promise<TopicAnswer> answer = Promise.promise();
      open.add(new Asked(read, answer));
      asked.add(inWords(read));
      return answer.future();
    }

    private static String inWords(TopicRead read) {
      if (read instanceof TopicRead.CatchUp past) {
        return "past " + past.since().offset();
      }
      return read instanceof TopicRead.Subscribe subscribe
          ? subscribe.caller().user() + " "
              + subscribe.since().map(since -> "" + since.offset()).orElse("snapshot")
          : ((TopicRead.Authorise) read).caller().user() + " authorise";
    }

    private TopicAnswer answerTo(TopicRead read) {
      StreamPosition stands = new StreamPosition(epoch, head);
      if (read instanceof TopicRead.Authorise authorise) {
        return banned.contains(authorise.caller().user())
            ? TopicAnswer.denied("forbidden", "No.")
            : TopicAnswer.recovered(stands, false, List.of());
      }
      if (read instanceof TopicRead.CatchUp past) {
        return since(Optional.of(past.since()), past.limit());
      }
      TopicRead.Subscribe subscribe = (TopicRead.Subscribe) read;
      if (banned.contains(subscribe.caller().user())) {
        return TopicAnswer.denied("forbidden", "No.");
      }
      return since(subscribe.since(), subscribe.limit());
    }

    private TopicAnswer since(Optional<StreamPosition> asked, int limit) {
      StreamPosition stands = new StreamPosition(epoch, head);
      if (asked.isEmpty()
          || !asked.get().epoch().equals(epoch)
          || asked.get().offset() > head
          || asked.get().offset() + 1 < firstKept) {
        return TopicAnswer.snapshot(stands, Payload.EMPTY_OBJECT);
      }
      long since = asked.get().offset();
      long to = Math.min(head, since + limit);
      return TopicAnswer.recovered(stands, to < head, publications(since + 1, to));
    }

    /** Answers the oldest open question. */
    private void answer() {
      Asked next = open.remove();
      next.answer().complete(answerTo(next.read()));
    }

    /** The answer to the oldest open question is made now and comes with {@link Runnable#run}. */
    private Runnable prepare() {
      Asked next = open.remove();
      TopicAnswer answer = answerTo(next.read());
      return () -> next.answer().complete(answer);
    }

    private void answerAll() {
      while (!open.isEmpty()) {
        answer();
      }
    }

    private void fail(RuntimeException cause) {
      open.remove().answer().fail(cause);
    }
  }

  private Future<TopicAnswer> resume(String user, long since) {
    return catchUps.read(user(user, "c"), Optional.of(at(since)));
  }

  private static void recovered(Future<TopicAnswer> answer, long since, long upTo) {
    assertThat(answer.isComplete()).isTrue();
    Granted granted = (Granted) answer.result();
    assertThat(granted.recovered()).isTrue();
    assertThat(granted.position().offset()).isEqualTo(upTo);
    assertThat(granted.publications())
        .extracting(Publication::offset)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(since + 1, upTo).boxed().toList());
  }

  private static void snapshot(Future<TopicAnswer> answer) {
    assertThat(answer.isComplete()).isTrue();
    assertThat(((Granted) answer.result()).recovered()).isFalse();
    assertThat(((Granted) answer.result()).snapshot()).isPresent();
  }

  private double served(String from) {
    return metrics.counter(MeterNames.CATCH_UPS, MeterNames.OUTCOME, from).count();
  }

  private double asked(String about) {
    return metrics.counter(MeterNames.OWNER_READS, MeterNames.KIND, about).count();
  }

  @Nested
  class A_reader_alone {
    @Test
    void is_served_by_one_question() {
      owner.head = 9;
      Future<TopicAnswer> mina = resume("mina", 4);
      owner.answer();

      recovered(mina, 4, 9);
      assertThat(owner.asked).containsExactly("mina 4");
    }

    @Test
    void is_read_for_page_after_page() {
      owner.head = 1_100;
      Future<TopicAnswer> mina = resume("mina", 0);
      owner.answerAll();

      recovered(mina, 0, 1_100);
      assertThat(owner.asked).containsExactly("mina 0", "mina 500", "mina 1000");
    }

    @Test
    void who_missed_more_than_one_answer_may_bring_gets_the_first_part_and_is_told_so() {
      owner.head = 3 * MAX_ANSWERED;
      Future<TopicAnswer> mina = resume("mina", 0);
      owner.answerAll();

      Granted first = (Granted) mina.result();
      assertThat(first.recovered()).isTrue();
      assertThat(first.more()).isTrue();
      assertThat(first.position().offset()).isEqualTo(owner.head);
      assertThat(first.publications()).hasSize(MAX_ANSWERED);
      assertThat(CatchUps.end(first)).isEqualTo(at(MAX_ANSWERED));
    }

    @Test
    void of_another_life_or_a_range_that_is_gone_gets_a_snapshot() {
      owner.head = 9;
      owner.firstKept = 5;
      Future<TopicAnswer> other =
          catchUps.read(user("mina", "c"), Optional.of(new StreamPosition("e0", 9)));
      Future<TopicAnswer> gone = resume("jun", 2);
      owner.answerAll();

      snapshot(other);
      snapshot(gone);
    }
  }

  @Nested
  class A_storm {
    @Test
    void is_served_by_two_reads_of_the_past_and_one_small_question_for_each_user() {
      owner.head = 100;
      List<Future<TopicAnswer>> answers = new ArrayList<>();
      answers.add(resume("u90", 90));
      for (int since = 89; since >= 10; since--) {
        answers.add(resume("u" + since, since));
      }
      owner.answerAll();

      for (int i = 0; i < answers.size(); i++) {
        recovered(answers.get(i), 90 - i, 100);
      }
      assertThat(owner.asked).startsWith("u90 90", "u10 10").hasSize(81);
      assertThat(owner.asked.subList(2, 81)).allMatch(question -> question.endsWith(" 100"));
      assertThat(served(MeterNames.FROM_OWNER)).isEqualTo(2);
      assertThat(served(MeterNames.FROM_ANOTHER)).isEqualTo(79);
      assertThat(asked("past")).isEqualTo(2);
      assertThat(asked("permission")).isEqualTo(79);
    }

    @Test
    void asks_a_bounded_number_of_questions_at_a_time() {
      owner.head = 100;
      resume("first", 10);
      for (int i = 0; i < 3 * CatchUps.AT_ONCE; i++) {
        resume("u" + i, 20);
      }
      owner.answer();

      assertThat(owner.open).hasSize(CatchUps.AT_ONCE);
    }

    @Test
    void is_told_what_was_published_after_the_read_of_the_past() {
      owner.head = 100;
      Future<TopicAnswer> first = resume("first", 10);
      Future<TopicAnswer> second = resume("second", 20);
      owner.answer();
      owner.head = 103;
      owner.answer();

      recovered(first, 10, 100);
      recovered(second, 20, 103);
    }

    @Test
    void is_led_by_the_next_when_its_first_is_denied() {
      owner.head = 100;
      owner.banned.add("first");
      Future<TopicAnswer> first = resume("first", 10);
      Future<TopicAnswer> second = resume("second", 20);
      Future<TopicAnswer> third = resume("third", 30);
      owner.answerAll();

      assertThat(first.result()).isInstanceOf(Denied.class);
      recovered(second, 20, 100);
      recovered(third, 30, 100);
    }

    @Test
    void does_not_let_in_who_may_not_hear() {
      owner.head = 100;
      owner.banned.add("second");
      resume("first", 10);
      Future<TopicAnswer> second = resume("second", 20);
      owner.answerAll();

      assertThat(second.result()).isInstanceOf(Denied.class);
    }

    @Test
    void from_a_range_that_is_gone_is_served_side_by_side() {
      owner.head = 100;
      owner.firstKept = 60;
      Future<TopicAnswer> first = resume("first", 50);
      List<Future<TopicAnswer>> rest = new ArrayList<>();
      for (int since = 20; since < 50; since++) {
        rest.add(resume("u" + since, since));
      }
      owner.answer();
      assertThat(owner.open).hasSize(30);
      owner.answerAll();

      snapshot(first);
      rest.forEach(CatchUpsTest::snapshot);
    }

    @Test
    void fails_as_a_whole_when_the_owner_is_away() {
      List<Future<TopicAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        answers.add(resume("u" + i, i));
      }
      owner.fail(new ServiceUnavailableException("away"));

      assertThat(answers).allMatch(Future::failed);
      owner.head = 5;
      Future<TopicAnswer> later = resume("later", 3);
      owner.answerAll();
      recovered(later, 3, 5);
    }

    @Test
    void goes_on_when_one_question_meets_a_bug() {
      owner.head = 100;
      Future<TopicAnswer> first = resume("first", 10);
      Future<TopicAnswer> second = resume("second", 20);
      owner.fail(new IllegalStateException("a bug"));
      owner.answerAll();

      assertThat(first.failed()).isTrue();
      recovered(second, 20, 100);
    }
  }

  @Nested
  class Who_comes_back_soon {
    private final List<Publication> out = new ArrayList<>();

    @Test
    void is_served_from_the_recent_publications_once_the_owner_allows_it() {
      owner.head = 9;
      feed.begin(at(4), out);
      publications(5, 9).forEach(publication -> feed.accept(publication, out));
      owner.banned.add("jun");
      Future<TopicAnswer> mina = resume("mina", 6);
      Future<TopicAnswer> jun = resume("jun", 6);
      owner.answerAll();

      recovered(mina, 6, 9);
      assertThat(jun.result()).isInstanceOf(Denied.class);
      assertThat(owner.asked).containsExactly("mina 9", "jun 9");
      assertThat(served(MeterNames.FROM_RECENT)).isEqualTo(1);
    }

    @Test
    void at_the_edge_of_what_is_kept_is_served_and_beyond_it_the_owner_is_asked() {
      owner.head = 11;
      feed.begin(at(0), out);
      publications(1, 11).forEach(publication -> feed.accept(publication, out));
      Future<TopicAnswer> inside = resume("mina", 1);
      Future<TopicAnswer> outside = resume("jun", 0);
      owner.answerAll();

      recovered(inside, 1, 11);
      recovered(outside, 0, 11);
      assertThat(owner.asked).containsExactly("mina 11", "jun 0");
    }

    @Test
    void is_served_from_what_the_owner_told_another_before() {
      owner.head = 9;
      feed.begin(at(9), out);
      resume("mina", 4);
      owner.answer();
      Future<TopicAnswer> jun = resume("jun", 5);
      owner.answer();

      recovered(jun, 5, 9);
      assertThat(owner.asked).containsExactly("mina 4", "jun 9");
    }

    @Test
    void gets_a_snapshot_when_the_topic_has_another_life_by_now() {
      owner.head = 9;
      feed.begin(at(4), out);
      publications(5, 9).forEach(publication -> feed.accept(publication, out));
      owner.epoch = "e2";
      Future<TopicAnswer> mina = resume("mina", 6);
      owner.answer();

      snapshot(mina);
    }

    @Test
    void ahead_of_all_that_is_known_here_is_read_for() {
      owner.head = 12;
      feed.begin(at(9), out);
      Future<TopicAnswer> mina = resume("mina", 11);
      owner.answer();

      recovered(mina, 11, 12);
    }
  }

  @Nested
  class Whose_subscription_stands_and_who_fell_behind {
    private final List<Publication> out = new ArrayList<>();

    @Test
    void is_served_from_the_recent_publications_without_a_question() {
      feed.begin(at(4), out);
      publications(5, 9).forEach(publication -> feed.accept(publication, out));

      recovered(catchUps.past(at(6)), 6, 9);
      assertThat(owner.asked).isEmpty();
    }

    @Test
    void is_told_a_page_of_the_owners_history_and_where_it_ends() {
      owner.head = 300;
      feed.begin(at(300), out);
      Future<TopicAnswer> mina = catchUps.past(at(4));
      owner.answer();

      Granted page = (Granted) mina.result();
      assertThat(page.more()).isTrue();
      assertThat(page.publications()).hasSize(CatchUps.PAGE);
      assertThat(CatchUps.end(page)).isEqualTo(at(4 + CatchUps.PAGE));
      assertThat(owner.asked).containsExactly("past 4");
    }

    @Test
    void is_told_its_part_of_anothers_page_and_that_there_is_more() {
      owner.head = 300;
      feed.begin(at(300), out);
      catchUps.past(at(4));
      Future<TopicAnswer> within = catchUps.past(at(100));
      Future<TopicAnswer> atItsEnd = catchUps.past(at(4 + CatchUps.PAGE));
      owner.answer();

      Granted part = (Granted) within.result();
      assertThat(part.more()).isTrue();
      assertThat(part.publications()).hasSize(4 + CatchUps.PAGE - 100);
      assertThat(CatchUps.end(part)).isEqualTo(at(4 + CatchUps.PAGE));
      assertThat(part.position()).isEqualTo(at(300));
      assertThat(atItsEnd.isComplete()).isFalse();
      owner.answerAll();
      assertThat(((Granted) atItsEnd.result()).publications()).hasSize(CatchUps.PAGE);
    }

    @Test
    void lets_in_nobody_who_waits_behind_it() {
      owner.head = 100;
      feed.begin(at(100), out);
      owner.banned.add("mina");
      catchUps.past(at(10));
      Future<TopicAnswer> mina = resume("mina", 20);
      owner.answerAll();

      assertThat(mina.result()).isInstanceOf(Denied.class);
    }
  }

  @Nested
  class Connections_of_one_user {
    @Test
    void share_a_question() {
      Future<TopicAnswer> one = catchUps.read(user("mina", "c1"), Optional.empty());
      Future<TopicAnswer> two = catchUps.read(user("mina", "c2"), Optional.empty());
      owner.answerAll();

      snapshot(one);
      snapshot(two);
      assertThat(owner.asked).containsExactly("mina snapshot");
    }

    @Test
    void do_not_share_with_another_user_or_other_roles() {
      catchUps.read(user("mina", "c1"), Optional.empty());
      catchUps.read(user("jun", "c2"), Optional.empty());
      catchUps.read(
          Caller.person("mina", "mina", Set.of("admin"), false, Optional.of("c3")),
          Optional.empty());

      assertThat(owner.asked).hasSize(3);
    }

    @Test
    void do_not_share_a_no_that_was_asked_for_before_they_came() {
      owner.head = 3;
      owner.banned.add("mina");
      Future<TopicAnswer> before = catchUps.read(user("mina", "c1"), Optional.empty());
      Runnable no = owner.prepare();
      owner.banned.clear();
      Future<TopicAnswer> after = catchUps.read(user("mina", "c2"), Optional.empty());
      no.run();
      owner.answerAll();

      assertThat(before.result()).isInstanceOf(Denied.class);
      snapshot(after);
    }

    @Test
    void share_what_a_guard_says_unless_it_is_an_old_no() {
      owner.banned.add("mina");
      Future<TopicAnswer> before = catchUps.authorise(user("mina", "c1"));
      Runnable no = owner.prepare();
      owner.banned.clear();
      Future<TopicAnswer> after = catchUps.authorise(user("mina", "c2"));
      Future<TopicAnswer> withIt = catchUps.authorise(user("mina", "c3"));
      no.run();
      owner.answerAll();

      assertThat(before.result()).isInstanceOf(Denied.class);
      assertThat(after.result()).isInstanceOf(Granted.class);
      assertThat(withIt.result()).isInstanceOf(Granted.class);
      assertThat(owner.asked).containsExactly("mina authorise", "mina authorise");
    }
  }
}
