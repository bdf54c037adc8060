package io.madang.runtime.postgres;

import io.madang.runtime.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Reads many things of one kind with few statements: a read goes at once while few are under way, and what comes meanwhile goes
 * together in the next. So one reader waits for nobody, and ten thousand at once cost some hundred statements.
 *
 * <p>Belongs to one event loop. Answers come in no particular order of the questions.
 *
 * @param <Q> a question; one statement answers a list of them
 * @param <A> its answer
 */
public final class GroupedReads<Q, A> {
  /** Questions of one statement at most, as their answers are in memory at the same time. */
  static final int MOST = 64;

  /** Statements under way at most. */
  static final int AT_ONCE = 2;

  /** Questions that wait at most; one more fails with {@link StoreUnavailableException.Reason#BUSY}. */
  static final int MAX_WAITING = 100_000;

  /**
   * One statement.
   *
   * @param <Q> a question
   * @param <A> its answer
   */
  @FunctionalInterface
  public interface Statement<Q, A> {
    /** As many answers as questions, in the same order. */
    Future<List<A>> answers(List<Q> questions);
  }

  private final Statement<Q, A> statement;
  private final Deque<Read<Q, A>> waiting = new ArrayDeque<>();
  private int underWay;

  private record Read<Q, A>(Q question, Promise<A> answer, boolean isAlone) {}

  public GroupedReads(Statement<Q, A> statement) {
    this.statement = statement;
  }

  /** Fails as the statement does; what is wrong with one question fails no other. */
  public Future<A> read(Q question) {
    if (waiting.size() >= MAX_WAITING) {
      return Future.failedFuture(new StoreUnavailableException(
          StoreUnavailableException.Reason.BUSY, MAX_WAITING + " reads wait already", null));
    }
    Read<Q, A> read = new Read<>(question, Promise.promise(), false);
    waiting.addLast(read);
    goOn();
    return read.answer.future();
  }

  private void goOn() {
    while (underWay < AT_ONCE && !waiting.isEmpty()) {
      List<Read<Q, A>> group = nextGroup();
      underWay++;
      statement.answers(group.stream().map(Read::question).toList()).onComplete(told -> {
        underWay--;
        if (told.succeeded()) {
          for (int i = 0; i < group.size(); i++) {
            group.get(i).answer.complete(told.result().get(i));
          }
        } else {
          onFailed(group, told.cause());
        }
        goOn();
      });
    }
  }

  private List<Read<Q, A>> nextGroup() {
    List<Read<Q, A>> group = new ArrayList<>();
    do {
      group.add(waiting.removeFirst());
    } while (group.size() < MOST
        && !waiting.isEmpty()
        && !waiting.peekFirst().isAlone
        && !group.get(0).isAlone);
    return group;
  }

  /** What the database refuses is asked for one by one, so that only the one it refuses fails. */
  private void onFailed(List<Read<Q, A>> group, Throwable cause) {
    if (group.size() > 1 && cause instanceof PgException) {
      group.forEach(read -> waiting.addLast(new Read<>(read.question, read.answer, true)));
    } else {
      group.forEach(read -> read.answer.fail(cause));
    }
  }
}
