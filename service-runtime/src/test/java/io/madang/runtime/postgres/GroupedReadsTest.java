package io.madang.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GroupedReadsTest {
  private record Asked(List<Integer> questions, Promise<List<String>> answer) {
    void succeed() {
      answer.complete(questions.stream().map(question -> "answer " + question).toList());
    }
  }

  private final List<Asked> asked = new ArrayList<>();
  private final GroupedReads<Integer, String> reads = new GroupedReads<>(questions -> {
    Asked statement = new Asked(questions, Promise.promise());
    asked.add(statement);
    return statement.answer().future();
  });

  private List<Future<String>> read(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(reads::read).toList();
  }

  @Test
  void one_alone_goes_at_once() {
    Future<String> read = reads.read(1);
    asked.get(0).succeed();

    assertThat(asked.get(0).questions()).containsExactly(1);
    assertThat(read.result()).isEqualTo("answer 1");
  }

  @Test
  void what_comes_while_others_are_under_way_goes_together() {
    List<Future<String>> all = read(1, 12);
    assertThat(asked).extracting(Asked::questions).containsExactly(List.of(1), List.of(2));

    asked.get(0).succeed();

    assertThat(asked.get(2).questions()).containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    asked.get(2).succeed();
    assertThat(all.get(11).result()).isEqualTo("answer 12");
    assertThat(all.get(1).isComplete()).isFalse();
  }

  @Test
  void no_statement_asks_more_than_it_may() {
    read(1, 2 + GroupedReads.MOST + 1);

    asked.get(0).succeed();
    asked.get(1).succeed();

    assertThat(asked.get(2).questions()).hasSize(GroupedReads.MOST);
    assertThat(asked.get(3).questions()).hasSize(1);
  }

  @Test
  void one_too_many_that_would_wait_is_turned_away() {
    read(1, GroupedReads.AT_ONCE + GroupedReads.MAX_WAITING);

    assertThat(reads.read(0).cause())
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            away -> assertThat(away.nothingWasSent()).isTrue());
  }

  @Test
  void what_the_database_refuses_fails_no_other() {
    List<Future<String>> all = read(1, 5);
    asked.get(0).succeed();
    asked.get(2).answer().fail(new PgException("bad", "ERROR", "22021", ""));
    asked.get(1).succeed();

    assertThat(asked.get(3).questions()).containsExactly(3);
    asked.get(3).answer().fail(new PgException("bad", "ERROR", "22021", ""));
    asked.get(4).succeed();
    asked.get(5).succeed();

    assertThat(all.get(2).cause()).isInstanceOf(PgException.class);
    assertThat(all.get(3).result()).isEqualTo("answer 4");
    assertThat(all.get(4).result()).isEqualTo("answer 5");
  }

  @Test
  void a_database_that_is_away_fails_all_of_a_statement() {
    List<Future<String>> all = read(1, 4);
    asked.get(0).succeed();
    asked.get(2).answer().fail("away");

    assertThat(all.get(2).failed()).isTrue();
    assertThat(all.get(3).failed()).isTrue();
    assertThat(asked).hasSize(3);
  }
}
