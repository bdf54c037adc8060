package io.madang.gateway.simulation;

import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The committed log of the simulated mesh, which is what clients are held against. Each call is one step; it takes its time to
 * get here and its answer to get back, so that a process may die, or lose its connection, after a commit and before the answer.
 */
final class Store {
  static final String ROOM = "room";
  static final String BOARD = "board";

  /** Rows of a board that are told to whoever missed them. */
  private static final int BOARD_WINDOW = 25;

  /** Connections of one process, each of which does one call after the other. */
  private static final int LANES = 2;

  /** Given to a caller whose call did not come to the store, or whose answer did not come back. */
  static final class AwayException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AwayException() {
      super("the store is away", null, false, false);
    }
  }

  /**
   * How a command ended.
   *
   * @param refusal why not; empty when it was done
   * @param rows what it committed when it was done first
   */
  record Ended(Optional<String> refusal, List<Publication> rows) {
    static Ended refused(String why) {
      return new Ended(Optional.of(why), List.of());
    }

    /** What the one who gave it is told. */
    Payload result() {
      return rows.isEmpty()
          ? Payload.EMPTY_OBJECT
          : Payload.ofJson(
              "{\"epoch\":\"" + rows.get(0).position().orElseThrow().epoch() + "\",\"offset\":"
                  + rows.get(0).offset() + "}");
    }
  }

  private record Lane(SimProcess process, int number) {}

  /** When the newest call of a lane begins and ends; calls gather into groups, so they do not wait for each other's whole time. */
  private record Newest(long begins, long ends) {}

  private final VirtualTime time;
  private final Trace trace;
  private final Map<Topic, Life> alive = new TreeMap<>();
  private final Map<String, Life> byEpoch = new HashMap<>();

  /** Commands that were done, by id. */
  private final Map<String, Ended> done = new HashMap<>();

  /** In which order the store came to each command first, whatever it said to it. */
  private final Map<String, Long> came = new HashMap<>();

  /** Commands that did not come here at some time, as the store was away. */
  private final Set<String> missed = new HashSet<>();

  /** Commands that were refused at some time, each with the reason. */
  private final Set<String> refused = new HashSet<>();

  /** So that no call of a lane overtakes another. */
  private final Map<Lane, Newest> newest = new HashMap<>();

  /** When what a user may hear of a topic changed last. */
  private final Map<String, Long> rightsChanged = new HashMap<>();

  private int lives;
  private boolean away;
  private boolean slow;

  Store(VirtualTime time, Trace trace) {
    this.time = time;
    this.trace = trace;
  }

  // How it is reached.

  void away(boolean isAway) {
    away = isAway;
  }

  void slow(boolean isSlow) {
    slow = isSlow;
  }

  /** Does the command's {@code work} in order with other calls of the process about the topic. */
  <T> Future<T> inLane(SimProcess process, Topic topic, String command, Supplier<T> work) {
    if (away) {
      missed.add(command);
    }
    Lane lane = new Lane(process, Math.floorMod(topic.hashCode(), LANES));
    Newest before = newest.getOrDefault(lane, new Newest(0, 0));
    long begins = Math.max(time.nanos() + latency(), before.begins);
    long ends = Math.max(begins + latency(), before.ends);
    newest.put(lane, new Newest(begins, ends));
    return call(process, begins, ends, work);
  }

  /** Does {@code work} on whichever connection is free. */
  <T> Future<T> anyhow(SimProcess process, Supplier<T> work) {
    long begins = time.nanos() + latency();
    return call(process, begins, begins + latency(), work);
  }

  private long latency() {
    return slow ? time.micros(1_000, 700_000) : time.micros(150, 3_000);
  }

  private <T> Future<T> call(SimProcess process, long begins, long ends, Supplier<T> work) {
    SimLoop loop = time.current();
    Promise<T> promise = Promise.promise();
    boolean reached = !away;
    time.after(begins - time.nanos(), () -> {
      Optional<T> result = reached ? Optional.of(work.get()) : Optional.empty();
      time.after(ends - time.nanos(), () -> {
        if (!process.isDead()) {
          boolean answered = result.isPresent() && !away;
          loop.run(() -> {
            if (answered) {
              promise.complete(result.get());
            } else {
              promise.fail(new AwayException());
            }
          });
        }
      });
    });
    return promise.future();
  }

  // What is in it; for services within a call, for the checker at any time.

  Optional<Life> life(Topic topic) {
    return Optional.ofNullable(alive.get(topic));
  }

  Optional<Life> lifeOf(String epoch) {
    return Optional.ofNullable(byEpoch.get(epoch));
  }

  List<Life> livesOf(String prefix) {
    return alive.values().stream()
        .filter(life -> life.topic.prefix().equals(prefix))
        .toList();
  }

  /** What a command that was done committed, if it was done. */
  Optional<Ended> ended(String command) {
    return Optional.ofNullable(done.get(command));
  }

  /** Whether the command was refused for that reason at some time. */
  boolean hasRefused(String command, String why) {
    return refused.contains(refusal(command, why));
  }

  private static String refusal(String command, String why) {
    return command + " " + why;
  }

  /** When the store came to the command first, among all commands; empty also when it should have come to it earlier and was away. */
  OptionalLong firstCameTo(String command) {
    Long order = came.get(command);
    return order == null || missed.contains(command)
        ? OptionalLong.empty()
        : OptionalLong.of(order);
  }

  /** When what the user may hear of the room changed last, on the virtual clock. */
  long rightsChangedAt(Topic room, String user) {
    return Math.max(
        rightsChanged.getOrDefault(room.name(), 0L),
        rightsChanged.getOrDefault(room.name() + "|" + user, 0L));
  }

  private Life begin(Topic topic, boolean open) {
    Life life = new Life(topic, "e" + ++lives + "." + topic.id(), open);
    Life before = alive.put(topic, life);
    if (before != null) {
      before.over = true;
    }
    byEpoch.put(life.epoch, life);
    rightsChanged.put(topic.name(), time.nanos());
    return life;
  }

  private Publication append(
      Life life, String event, String data, String command, Optional<Revocation> revokes) {
    Publication row = Publication.log(
            life.topic,
            event,
            new StreamPosition(life.epoch, life.head() + 1),
            life.head(),
            time.millis(),
            Payload.ofJson(data))
        .causedBy(command);
    Publication told = revokes.map(row::revoking).orElse(row);
    life.append(told);
    return told;
  }

  // Commands.

  /** Once per id: a repeat gets the first result again. */
  Ended once(String id, Supplier<Ended> work) {
    Ended before = done.get(id);
    if (before != null) {
      return before;
    }
    came.putIfAbsent(id, came.size() + 1L);
    Ended ended = work.get();
    ended.refusal.ifPresent(why -> refused.add(refusal(id, why)));
    if (ended.refusal.isEmpty()) {
      done.put(id, ended);
      ended.rows.forEach(row -> trace.note(
          () -> "commit " + row.topic() + " " + row.position().orElseThrow() + " " + row.event()
              + " " + row.data()
              + row.revokes().map(of -> " revokes " + of.user()).orElse("")));
    }
    return ended;
  }

  Ended create(String id, Topic room, String by, boolean open) {
    if (alive.containsKey(room)) {
      return Ended.refused("exists");
    }
    Life life = begin(room, open);
    life.members.add(by);
    Publication row = append(life, "created", "{\"by\":\"" + by + "\"}", id, Optional.empty());
    life.noteRights(by);
    return new Ended(Optional.empty(), List.of(row));
  }

  /** Nothing is published of a room that is over. */
  Ended destroy(Topic room) {
    Life life = alive.remove(room);
    if (life == null) {
      return Ended.refused("no-room");
    }
    life.over = true;
    rightsChanged.put(room.name(), time.nanos());
    StreamPosition last = life.position();
    trace.note(() -> "destroyed " + room + " at " + last);
    return new Ended(Optional.empty(), List.of());
  }

  Ended say(String id, Topic room, String by, String text) {
    Life life = alive.get(room);
    if (life == null || !life.members.contains(by)) {
      return Ended.refused("not-a-member");
    }
    Publication row = append(life, "said", "{\"text\":\"" + text + "\"}", id, Optional.empty());
    return new Ended(Optional.empty(), List.of(row));
  }

  Ended enter(String id, Topic room, String by) {
    Life life = alive.get(room);
    if (life == null || life.banned.contains(by)) {
      return Ended.refused("no-room");
    }
    if (!life.members.add(by)) {
      return new Ended(Optional.empty(), List.of());
    }
    return changed(life, by, append(life, "entered", who(by), id, Optional.empty()));
  }

  /** Ends a membership, and with {@code ban} the right to come back. */
  Ended remove(String id, Topic room, String user, String event, boolean ban) {
    Life life = alive.get(room);
    if (life == null || (!life.members.remove(user) && !ban)) {
      return Ended.refused("not-a-member");
    }
    if (ban) {
      life.banned.add(user);
    }
    return changed(
        life, user, append(life, event, who(user), id, Optional.of(new Revocation(user, event))));
  }

  Ended unban(String id, Topic room, String user) {
    Life life = alive.get(room);
    if (life == null || !life.banned.remove(user)) {
      return Ended.refused("not-banned");
    }
    return changed(life, user, append(life, "unbanned", who(user), id, Optional.empty()));
  }

  private static String who(String user) {
    return "{\"user\":\"" + user + "\"}";
  }

  private Ended changed(Life life, String user, Publication row) {
    life.noteRights(user);
    rightsChanged.put(life.topic.name() + "|" + user, time.nanos());
    return new Ended(Optional.empty(), List.of(row));
  }

  Ended set(String id, Topic board, String key, String value) {
    Life life = alive.containsKey(board) ? alive.get(board) : begin(board, true);
    Publication row = Publication.state(
            board,
            "set",
            key,
            new StreamPosition(life.epoch, life.head() + 1),
            life.head(),
            time.millis(),
            Payload.ofJson("\"" + value + "\""))
        .causedBy(id);
    life.append(row);
    life.firstKept = Math.max(1, life.head() - BOARD_WINDOW + 1);
    return new Ended(Optional.empty(), List.of(row));
  }

  // Faults of the store itself.

  /** All that is kept of boards is lost at once. */
  void flushBoards() {
    livesOf(BOARD).forEach(life -> begin(life.topic, true));
  }

  /** The oldest part of a room is told no more. */
  void forget(Topic room) {
    life(room).ifPresent(life -> life.firstKept = life.head() / 2 + 1);
  }

  // Reads.

  Optional<TopicAnswer> read(
      Topic topic, Optional<String> user, Optional<StreamPosition> since, int limit) {
    Life life = topic.prefix().equals(BOARD) && !alive.containsKey(topic)
        ? begin(topic, true)
        : alive.get(topic);
    if (life == null || user.filter(of -> !life.mayHear(of)).isPresent()) {
      return Optional.empty();
    }
    if (since.filter(life::recovers).isEmpty()) {
      return Optional.of(
          TopicAnswer.snapshot(life.position(), Payload.ofJson(life.snapshotAt(life.head()))));
    }
    int from = (int) since.get().offset();
    boolean more = life.head() - from > limit;
    List<Publication> missed =
        new ArrayList<>(life.rows.subList(from, more ? from + limit : (int) life.head()));
    return Optional.of(TopicAnswer.recovered(life.position(), more, missed));
  }
}
