package io.madang.runtime.mesh.ask;

import io.madang.runtime.bus.BusMessage.Answer;
import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.bus.Place;
import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.membership.NodeClocks;
import io.madang.runtime.time.NodeTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The questions this node has asked and not heard of yet. One writer: the mesh loop. */
public final class Asker {
  /** Nothing was heard of a question; what became of it is unknown. */
  static final class UnansweredException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnansweredException(String message) {
      super(message, null, false, false);
    }
  }

  private record Pending(String node, Promise<Reply> promise, long timer) {}

  private final Vertx vertx;
  private final MeshBus bus;
  private final NodeClocks clocks;
  private final NodeTime time;
  private final Map<Long, Pending> pending = new HashMap<>();

  /** Number of the last question. */
  private long lastId;

  public Asker(Vertx vertx, MeshBus bus, NodeClocks clocks, NodeTime time) {
    this.vertx = vertx;
    this.bus = bus;
    this.clocks = clocks;
    this.time = time;
  }

  /** A number that no other question of this node has. */
  long nextId() {
    return ++lastId;
  }

  /**
   * @param service that it is for; empty where it is for the node itself
   * @return fails with a sentence when nothing is heard within the time, or the node is gone
   */
  public Future<Reply> ask(String node, String service, Question question, int budgetMs) {
    long id = nextId();
    Promise<Reply> promise = Promise.promise();
    long timer = vertx.setTimer(budgetMs, late -> {
      if (pending.remove(id) != null) {
        promise.fail(
            new UnansweredException("no answer from " + node + " within " + budgetMs + " ms"));
      }
    });
    pending.put(id, new Pending(node, promise, timer));
    send(node, id, service, budgetMs, Optional.empty(), question);
    return promise.future();
  }

  /** Sends a question whose answer somebody else waits for; behind its time the node does not begin it. */
  void send(
      String node,
      long id,
      String service,
      int budgetMs,
      Optional<Place> place,
      Question question) {
    OptionalLong theirNow = clocks.now(node, time.millis());
    long until = theirNow.isPresent() ? theirNow.getAsLong() + budgetMs : Ask.NO_LIMIT;
    bus.send(node, new Ask(id, bus.node(), service, budgetMs, until, place, question));
  }

  void onAnswer(Answer answer) {
    Pending asked = pending.remove(answer.id());
    if (asked != null) {
      vertx.cancelTimer(asked.timer());
      asked.promise().complete(answer.reply());
    }
  }

  /** Fails what was asked of a node that is gone. */
  void onGone(String node) {
    for (Map.Entry<Long, Pending> entry : List.copyOf(pending.entrySet())) {
      if (entry.getValue().node().equals(node)) {
        pending.remove(entry.getKey());
        vertx.cancelTimer(entry.getValue().timer());
        entry.getValue().promise().fail(new UnansweredException(node + " is gone"));
      }
    }
  }
}
