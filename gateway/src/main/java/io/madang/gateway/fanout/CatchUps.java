package io.madang.gateway.fanout;

import io.madang.gateway.fanout.SubscribeOutcome.Subscribed;
import io.madang.runtime.command.Caller;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings readers of one topic up to date with as few questions to its owner as that takes. A plain object with one writer, the
 * mesh loop; its owner is whatever answers.
 *
 * <p>The past is the same for all, the permission is each user's own. So one reader leads: its question brings the past from
 * its position on. Those that come meanwhile wait, then the one that missed most leads, and the others are given their part of
 * what it brought. For these, and for those whose past is among the topic's recent publications, the owner is asked only from
 * where that past ends: it answers whether this user may hear, where the topic stands, and mostly nothing else. Readers of one
 * user with the same question share it.
 *
 * <p>An answer that was asked for before a reader came counts for it only when it says yes and stands at or behind the
 * reader's position; else it is asked again, as the user may have been let in or have seen more meanwhile.
 */
final class CatchUps {
  /** Questions under way at the same time; more readers wait. */
  static final int AT_ONCE = 32;

  /** Pages of one reader's missed publications before it gets a snapshot instead. */
  private static final int MAX_PAGES = 200;

  /** Answers for the topic; fails as the mesh's client does. */
  @FunctionalInterface
  interface Owner {
    Future<TopicAnswer> read(TopicRead read);
  }

  private final Topic topic;
  private final TopicFeed order;
  private final Owner owner;
  private final long maxAnswerBytes;
  private final CatchUpMeters meters;

  /** Readers to be served as soon as a question may be asked. */
  private final Deque<Reader> ready = new ArrayDeque<>();

  /** Readers that wait for what the leading one brings. */
  private final List<Reader> behind = new ArrayList<>();

  /** Questions under way. */
  private final Map<TopicRead, Question> questions = new HashMap<>();

  /** Whether a reader leads. */
  private boolean isLed;

  /** Where the owner last said the topic stands; empty before it did. */
  private Optional<StreamPosition> stands = Optional.empty();

  /** Who is here or before can only be given a snapshot; empty when the owner said that of nobody. */
  private Optional<StreamPosition> unrecoverable = Optional.empty();

  /** Whether {@link #serve} is on the stack, as an owner that answers at once would call it again. */
  private boolean isServing;

  /** @param maxAnswerBytes of the missed publications of one reader; with more it gets a snapshot instead */
  CatchUps(TopicFeed order, Owner owner, long maxAnswerBytes, CatchUpMeters meters) {
    this.topic = order.topic();
    this.order = order;
    this.owner = owner;
    this.maxAnswerBytes = maxAnswerBytes;
    this.meters = meters;
  }

  /** Somebody to be brought up to date. */
  private static final class Reader {
    final Caller who;
    final boolean wantsPermissionOnly;
    final Optional<StreamPosition> since;
    final Promise<TopicAnswer> answer = Promise.promise();

    /** Where the past that is at hand ends; empty when none is. */
    Optional<StreamPosition> until = Optional.empty();

    /** What is at hand: everything between {@link #since} and {@link #until}. */
    List<Publication> past = List.of();

    /** Whether the reader can be given a snapshot only, whatever it asked for. */
    boolean isLost;

    /** Whether it joined a question that was under way. */
    boolean isLate;

    /** Whether its past is what another was told. */
    boolean isBehindAnother;

    /** Whether its past was among the recent publications. */
    boolean isFromRecent;

    Reader(Caller who, boolean wantsPermissionOnly, Optional<StreamPosition> since) {
      this.who = withoutConnection(who);
      this.wantsPermissionOnly = wantsPermissionOnly;
      this.since = since;
    }

    /** Questions of one user are the same from whichever connection they come. */
    private static Caller withoutConnection(Caller caller) {
      return new Caller(
          caller.user(),
          caller.name(),
          caller.roles(),
          caller.guest(),
          Optional.empty(),
          caller.kind());
    }

    boolean wantsThePast() {
      return since.isPresent() && !isLost;
    }

    void forgetWhatIsAtHand() {
      until = Optional.empty();
      past = List.of();
      isBehindAnother = false;
      isFromRecent = false;
    }
  }

  /** One question and who waits for its answer. */
  private static final class Question {
    final List<Reader> readers = new ArrayList<>();
  }

  /**
   * May {@code caller} hear the topic, where does it stand, and what was missed behind {@code since}? The answer tells
   * everything up to its position.
   *
   * @param since empty: a snapshot is wanted instead
   */
  Future<TopicAnswer> read(Caller caller, Optional<StreamPosition> since) {
    return answer(new Reader(caller, false, since));
  }

  /** May {@code caller} hear what the topic guards? */
  Future<TopicAnswer> authorise(Caller caller) {
    return answer(new Reader(caller, true, Optional.empty()));
  }

  private Future<TopicAnswer> answer(Reader reader) {
    ready.addLast(reader);
    serve();
    return reader.answer.future();
  }

  private void serve() {
    if (isServing) {
      return;
    }
    isServing = true;
    try {
      while (!ready.isEmpty() && questions.size() < AT_ONCE) {
        begin(ready.removeFirst());
      }
    } finally {
      isServing = false;
    }
  }

  private void begin(Reader reader) {
    if (reader.wantsPermissionOnly) {
      ask(reader, new TopicRead.Authorise(topic, reader.who));
    } else if (!reader.wantsThePast()) {
      ask(reader, from(reader.who, Optional.empty()));
    } else if (reader.until.isPresent()) {
      ask(reader, from(reader.who, reader.until));
    } else {
      beginWithoutPast(reader);
    }
  }

  private void beginWithoutPast(Reader reader) {
    StreamPosition since = reader.since.orElseThrow();
    Optional<List<Publication>> missed = order.missed(since);
    if (missed.isPresent()) {
      reader.isFromRecent = true;
      reader.past = missed.get();
      reader.until = order.last();
      ask(reader, from(reader.who, reader.until));
    } else if (isAtOrBefore(since, unrecoverable)) {
      reader.isLost = true;
      ask(reader, from(reader.who, Optional.empty()));
    } else if (isElsewhere(since) || questions.containsKey(from(reader.who, reader.since))) {
      ask(reader, from(reader.who, reader.since));
    } else if (isLed) {
      behind.add(reader);
    } else {
      lead(reader, since);
    }
  }

  private static boolean isAtOrBefore(StreamPosition since, Optional<StreamPosition> bound) {
    return bound
        .map(at -> at.epoch().equals(since.epoch()) && since.offset() <= at.offset())
        .orElse(false);
  }

  /** Whether nobody else's answer can have what this position asks for: it is of another life, or ahead of all we know. */
  private boolean isElsewhere(StreamPosition since) {
    Optional<StreamPosition> last = order.last();
    return (last.isPresent() || stands.isPresent())
        && !isAtOrBefore(since, last)
        && !isAtOrBefore(since, stands);
  }

  private void lead(Reader reader, StreamPosition since) {
    isLed = true;
    tell(from(reader.who, reader.since), reader).onComplete(told -> {
      isLed = false;
      if (told.succeeded()) {
        onLed(since, told.result());
      }
      // Who missed most is first, to lead if what was brought does not reach back far enough.
      behind.sort(
          Comparator.comparingLong(each -> each.since.orElseThrow().offset()));
      ready.addAll(behind);
      behind.clear();
      serve();
    });
  }

  /** What the leading reader was told serves those who wait behind it. */
  private void onLed(StreamPosition since, TopicAnswer answer) {
    if (answer instanceof Granted granted) {
      if (granted.recovered()) {
        order.told(since, granted.position(), granted.publications());
        behind.stream()
            .filter(reader -> isWithin(reader.since.orElseThrow(), since, granted.position()))
            .forEach(reader -> {
              reader.isBehindAnother = true;
              reader.past = behindOffset(
                  granted.publications(), reader.since.orElseThrow().offset());
              reader.until = Optional.of(granted.position());
            });
      } else if (isAtOrBefore(since, Optional.of(granted.position()))) {
        unrecoverable = Optional.of(since);
      }
    }
  }

  private static boolean isWithin(StreamPosition since, StreamPosition from, StreamPosition to) {
    return since.epoch().equals(from.epoch())
        && since.offset() >= from.offset()
        && since.offset() <= to.offset();
  }

  private static List<Publication> behindOffset(List<Publication> publications, long offset) {
    int first = publications.size();
    while (first > 0 && publications.get(first - 1).offset() > offset) {
      first--;
    }
    return publications.subList(first, publications.size());
  }

  /** Asks the owner, or shares the answer with who asks the same already. */
  private void ask(Reader reader, TopicRead read) {
    Question question = questions.get(read);
    if (question != null) {
      reader.isLate = true;
      question.readers.add(reader);
    } else {
      tell(read, reader).onComplete(told -> serve());
    }
  }

  /** Asks the owner for {@code first} and all who join it until the answer is there, and answers them. */
  private Future<TopicAnswer> tell(TopicRead read, Reader first) {
    first.isLate = false;
    Question question = new Question();
    question.readers.add(first);
    questions.put(read, question);
    return readAll(read, new ArrayList<>(), 0).onComplete(told -> {
      questions.remove(read);
      if (told.failed()) {
        onFailed(question, told.cause());
        return;
      }
      if (told.result() instanceof Granted granted) {
        stands = Optional.of(granted.position());
      }
      question.readers.forEach(reader -> onTold(reader, told.result()));
    });
  }

  /** Reads page after page until the owner has told everything up to its position. */
  private Future<TopicAnswer> readAll(TopicRead asked, List<Publication> before, int page) {
    return owner.read(asked).compose(answer -> {
      if (!(asked instanceof TopicRead.Subscribe read)
          || !(answer instanceof Granted granted)
          || !granted.recovered()) {
        return Future.succeededFuture(answer);
      }
      before.addAll(granted.publications());
      boolean isTooMuch = Subscribed.bytes(before) > maxAnswerBytes
          || (granted.more() && (page >= MAX_PAGES || granted.publications().isEmpty()));
      if (isTooMuch) {
        return readAll(from(read.caller(), Optional.empty()), new ArrayList<>(), page);
      }
      if (granted.more()) {
        Publication newest = granted.publications().get(granted.publications().size() - 1);
        return readAll(from(read.caller(), newest.position()), before, page + 1);
      }
      return Future.succeededFuture(new Granted(
          granted.position(), true, false, granted.snapshot(), List.copyOf(before)));
    });
  }

  private TopicRead.Subscribe from(Caller who, Optional<StreamPosition> since) {
    return new TopicRead.Subscribe(topic, who, since, TopicRead.MAX_PUBLICATIONS);
  }

  private void onTold(Reader reader, TopicAnswer answer) {
    if (reader.isLate && !countsForLate(reader, answer)) {
      again(reader);
      return;
    }
    if (!(answer instanceof Granted granted)
        || !granted.recovered()
        || reader.until.isEmpty()) {
      give(reader, answer);
      return;
    }
    List<Publication> all = new ArrayList<>(reader.past);
    all.addAll(granted.publications());
    if (Subscribed.bytes(all) > maxAnswerBytes) {
      reader.isLost = true;
      again(reader);
      return;
    }
    give(
        reader,
        new Granted(granted.position(), true, false, granted.snapshot(), List.copyOf(all)));
  }

  private static boolean countsForLate(Reader reader, TopicAnswer answer) {
    return answer instanceof Granted granted
        && reader.since
            .map(since -> !since.epoch().equals(granted.position().epoch())
                || since.offset() <= granted.position().offset())
            .orElse(true);
  }

  private void again(Reader reader) {
    reader.forgetWhatIsAtHand();
    ready.addFirst(reader);
  }

  private void give(Reader reader, TopicAnswer answer) {
    if (!reader.wantsPermissionOnly) {
      meters.served(reader.isLate || reader.isBehindAnother, reader.isFromRecent);
    }
    reader.answer.complete(answer);
  }

  /** Who waits for an owner that is away is told at once: one after the other would each wait in vain. */
  private void onFailed(Question question, Throwable cause) {
    List<Reader> failed = new ArrayList<>(question.readers);
    if (cause instanceof ServiceUnavailableException) {
      failed.addAll(ready);
      ready.clear();
      failed.addAll(behind);
      behind.clear();
    }
    failed.forEach(reader -> reader.answer.fail(cause));
  }
}
