package io.madang.gateway.simulation;

import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.TopicState;
import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one client has of one topic, held against the committed log with every word that comes: nothing may be missing, come
 * twice, come in another order, or never have been committed, and nothing may come that the user might not hear.
 */
final class View {
  private static final Pattern SNAPSHOT_AT = Pattern.compile("\\{\"at\":(\\d+),.*");

  /** How old a permission may be that somebody else's question brought. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(5);

  /** How it stands between the client and its gateway. */
  enum Stage {
    /** Not subscribed, as far as the client knows. */
    IDLE,
    /** Asked for, not answered. */
    ASKED,
    LIVE,
    /** The gateway has ended it. */
    ENDED
  }

  final Topic topic;

  private final String owner;
  private final String user;
  private final Store store;
  private final Findings findings;

  /** Whether the client wants it; the client's. */
  boolean wanted;

  Stage stage = Stage.IDLE;

  /** Of the request that waits for its answer, 0 when none does; the client's. */
  long ref;

  /** When it was asked for, on the virtual clock. */
  private long askedAt;

  /** What the request continued. */
  private Optional<StreamPosition> since = Optional.empty();

  /** Up to where everything was heard; empty before the first answer. */
  Optional<StreamPosition> position = Optional.empty();

  /** Where the subscription began, or went on behind a gap. */
  private StreamPosition begunAt = new StreamPosition("-", 0);

  /** Whether a gap may have hidden a cut, so that the owner must allow the user again before anything comes. */
  private boolean isToBeAllowed;

  /** There or later: a revocation behind it ends the subscription. */
  private StreamPosition allowedAt = new StreamPosition("-", 0);

  /** Of a board. */
  private TreeMap<String, String> values = new TreeMap<>();

  View(Topic topic, String owner, String user, Store store, Findings findings) {
    this.topic = topic;
    this.owner = owner;
    this.user = user;
    this.store = store;
    this.findings = findings;
  }

  private boolean isBoard() {
    return topic.prefix().equals(Store.BOARD);
  }

  private Topic room() {
    return new Topic(Store.ROOM, topic.id());
  }

  /** Whether the user may hear it now. */
  boolean isAllowed() {
    return store.life(room()).filter(life -> life.mayHear(user)).isPresent();
  }

  private boolean rightsChangedSinceAsked() {
    return store.rightsChangedAt(room(), user) >= askedAt - UNDER_WAY.toNanos();
  }

  private void wrong(String what) {
    findings.wrong(
        owner + " (" + user + ") " + topic + ": " + what,
        "  " + owner + " ",
        "commit " + topic,
        "commit " + room(),
        "destroyed " + room());
  }

  private static StreamPosition of(io.madang.protocol.frame.StreamPosition position) {
    return new StreamPosition(position.epoch(), position.offset());
  }

  private Optional<Life> lifeAt(StreamPosition at) {
    Optional<Life> life =
        store.lifeOf(at.epoch()).filter(of -> of.topic.equals(topic) && at.offset() <= of.head());
    if (life.isEmpty()) {
      wrong("a position that never was: " + at);
    }
    return life;
  }

  /** A request goes out that is to continue {@code from}. */
  void asking(long request, long nowNanos, Optional<StreamPosition> from) {
    stage = Stage.ASKED;
    ref = request;
    askedAt = nowNanos;
    since = from;
  }

  // What the gateway says.

  void subscribed(TopicState state) {
    StreamPosition at = of(state.position());
    Optional<Life> life = lifeAt(at);
    stage = Stage.LIVE;
    if (life.isEmpty()) {
      return;
    }
    if (state.recovered()) {
      if (since.isEmpty() || !since.get().epoch().equals(at.epoch())) {
        wrong("recovered " + at + " from " + since);
        return;
      }
      position = since;
    } else {
      since.ifPresent(from -> gone(from, "the answer " + at));
      takeSnapshot(state, life.get(), at);
    }
    state.publications().forEach(publication -> apply(publication, "with the answer"));
    if (!position.equals(Optional.of(at))) {
      wrong("the answer says " + at + " and brings all up to " + position);
    }
    position = Optional.of(at);
    allowedFrom(at, mayBeCut(state));
  }

  /** Whether there may be more than the answer brings. */
  private static boolean mayBeCut(TopicState state) {
    long bytes = state.publications().stream()
        .mapToLong(publication -> Node.ENVELOPE_BYTES + publication.data().length())
        .sum();
    return bytes > Node.MAX_ANSWER_BYTES - 2 * Node.ENVELOPE_BYTES;
  }

  private void takeSnapshot(TopicState state, Life life, StreamPosition at) {
    String snapshot = state.snapshot().map(Object::toString).orElse("");
    Matcher matcher = SNAPSHOT_AT.matcher(snapshot);
    if (!matcher.matches()) {
      wrong("neither recovered nor a snapshot: " + snapshot);
      return;
    }
    long offset = Long.parseLong(matcher.group(1));
    if (offset > at.offset() || !life.snapshotAt(offset).equals(snapshot)) {
      wrong("a snapshot that never was: " + snapshot + " at " + at);
      return;
    }
    position = Optional.of(new StreamPosition(at.epoch(), offset));
    values = new TreeMap<>();
    life.rows
        .subList(0, (int) offset)
        .forEach(row -> row.key().ifPresent(key -> values.put(key, row.data().toString())));
  }

  /** A permission counts from here on. */
  private void allowedFrom(StreamPosition at, boolean isCut) {
    isToBeAllowed = false;
    begunAt = at;
    allowedAt = at;
    if (isBoard()) {
      if (!isAllowed() && !rightsChangedSinceAsked()) {
        wrong("allowed, and the room says no");
      }
    } else {
      store.lifeOf(at.epoch()).ifPresent(life -> {
        // An answer that does not bring everything stands before where its permission was given.
        OptionalLong allowed =
            isCut ? life.mightHearUpTo(user, at.offset()) : life.mightHearFrom(user, at.offset());
        if (allowed.isEmpty()) {
          wrong("hears on at " + at + ", where the user might not");
        } else {
          allowedAt = new StreamPosition(at.epoch(), allowed.getAsLong());
        }
      });
    }
  }

  void published(ServerFrame.Publication publication) {
    if (stage == Stage.ENDED) {
      wrong("came after the end: " + publication);
    }
    if (stage != Stage.LIVE) {
      return;
    }
    if (isToBeAllowed && position.isPresent()) {
      allowedFrom(begunAt, true);
    }
    apply(publication, "live");
    if (!isBoard() && position.isPresent()) {
      StreamPosition at = position.get();
      store
          .lifeOf(at.epoch())
          .filter(life -> life.isRevoked(user, allowedAt.offset(), at.offset() - 1))
          .ifPresent(life -> wrong("came after the cut: " + at + ", allowed at " + allowedAt));
    }
  }

  private void apply(ServerFrame.Publication heard, String how) {
    if (heard.place().isEmpty()) {
      wrong("without a position: " + heard);
      return;
    }
    StreamPosition at = of(heard.place().get().position());
    Optional<Life> life = lifeAt(at);
    if (life.isEmpty() || position.isEmpty()) {
      return;
    }
    StreamPosition last = position.get();
    if (!at.epoch().equals(last.epoch())) {
      wrong(how + " another life without a gap: " + at + " behind " + last);
    } else if (at.offset() <= last.offset()) {
      wrong(how + " twice or in another order: " + at + " behind " + last);
    } else if (at.offset() > last.offset() + 1 && !isReplaced(life.get(), last, at, heard)) {
      wrong(how + " something is missing: " + at + " behind " + last);
    } else if (!isSame(life.get().row(at.offset()), heard)) {
      wrong(how + " never committed: " + heard + " for " + life.get().row(at.offset()));
    }
    position = Optional.of(at);
    heard.key().ifPresent(key -> values.put(key, heard.data().toString()));
  }

  /** Values of a board may be left out when newer ones of their keys are there. */
  private static boolean isReplaced(
      Life life, StreamPosition last, StreamPosition at, ServerFrame.Publication heard) {
    if (heard.place().orElseThrow().prev() > last.offset()) {
      return false;
    }
    for (long offset = last.offset() + 1; offset < at.offset(); offset++) {
      Publication skipped = life.row(offset);
      boolean isState = skipped.eventClass() == EventClass.STATE;
      if (!isState
          || life.rows.subList((int) offset, life.rows.size()).stream()
              .noneMatch(row -> row.key().equals(skipped.key()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(Publication row, ServerFrame.Publication heard) {
    return row.event().equals(heard.event())
        && row.key().equals(heard.key())
        && row.command().equals(heard.command())
        && row.data().toString().equals(heard.data().toString());
  }

  /** What lies between is said to be gone: it must be. */
  void gap(ServerFrame.Gap gap) {
    if (stage != Stage.LIVE) {
      return;
    }
    StreamPosition to = of(gap.to());
    gone(of(gap.from()), "the gap to " + to);
    lifeAt(to);
    position
        .filter(at -> at.epoch().equals(to.epoch()) && to.offset() < at.offset())
        .ifPresent(at -> wrong("a gap goes back: " + gap));
    position = Optional.of(to);
    begunAt = to;
    isToBeAllowed = true;
  }

  private void gone(StreamPosition from, String what) {
    Optional<Life> life = store.lifeOf(from.epoch());
    if (life.isEmpty()) {
      wrong("a gap from where nobody was: " + from);
    } else if (!life.get().over && from.offset() + 1 >= life.get().firstKept) {
      wrong(what + " leaves out what is there behind " + from);
    }
  }

  /** The gateway ends it by itself. */
  void ended(String reason) {
    if (stage != Stage.LIVE) {
      return;
    }
    stage = Stage.ENDED;
    boolean cut = isBoard()
        ? rightsChangedSinceAsked()
        : store
            .lifeOf(begunAt.epoch())
            .filter(life -> life.over
                || (isToBeAllowed && !life.mightHear(user, begunAt.offset()))
                || life.isRevoked(user, begunAt.offset(), life.head()))
            .isPresent();
    if (!cut) {
      wrong("ended (" + reason + ") and nobody was cut off behind " + begunAt);
    }
  }

  void refused(String code) {
    stage = Stage.IDLE;
    ref = 0;
    if (isAllowed() && !rightsChangedSinceAsked()) {
      wrong("refused (" + code + ") although the user may");
    }
  }

  // When all is quiet.

  /** The client has what the log has. */
  void settled() {
    if (!wanted || store.life(room()).isEmpty()) {
      return;
    }
    if (!isAllowed()) {
      if (stage == Stage.LIVE) {
        wrong("still subscribed, and may not be, at " + position + ", allowed at " + allowedAt);
      }
      return;
    }
    Optional<Life> life = store.life(topic);
    if (stage != Stage.LIVE) {
      wrong("not subscribed, and may be: " + stage + " at " + position + " ref " + ref);
    } else if (life.isPresent() && !position.equals(Optional.of(life.get().position()))) {
      wrong("has heard all up to " + position + ", and the log is at "
          + life.get().position());
    } else if (life.isPresent() && isBoard() && !Objects.equals(values, life.get().values)) {
      wrong("has " + values + " and the board is " + life.get().values);
    }
  }
}
