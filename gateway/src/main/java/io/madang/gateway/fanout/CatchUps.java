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
 * hub's loop; its owner is whatever answers.
 *
 * <p>The past is the same for all, the permission is each user's own. So one reader leads: its question brings the past from
 * its position on. Those that come meanwhile wait, then the one that missed most leads, and the others are given their part of
 * what it brought. For these, and for those whose past is among the topic's recent publications, the owner is asked only from
 * where that past ends: it answers whether this user may hear, where the topic stands, and mostly nothing else. Readers of one
 * user with the same question share it. A reader whose subscription stands already, and who only fell behind, needs no
 * permission: what is at hand serves it without any question.
 *
 * <p>An answer that was asked for before a reader came counts for it only when it says yes and stands at or behind the
 * reader's position; else it is asked again, as the user may have been let in or have seen more meanwhile.
 *
 * <p>What one answer brings is bounded; one that is cut says {@code more}, and its reader comes again from where it ends.
 */
final class CatchUps {
  /** Questions under way at the same time; more readers wait. */
  static final int AT_ONCE = 32;

  /** Publications read at a time for one who reads slowly, and may take only the first of them. */
  static final int PAGE = 128;

  /** Answers for the topic; fails as the mesh's client does. */
  @FunctionalInterface
  interface Owner {
    Future<TopicAnswer> read(TopicRead read);
  }

  private final Topic topic;
  private final TopicFeed order;
  private final Owner owner;
  private final long maxAnswerBytes;
  private final HubMeters meters;

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

  /** @param maxAnswerBytes about how much one answer brings of the past; one with more is cut */
  CatchUps(TopicFeed order, Owner owner, long maxAnswerBytes, HubMeters meters) {
    this.topic = order.topic();
    this.order = order;
    this.owner = owner;
    this.maxAnswerBytes = maxAnswerBytes;
    this.meters = meters;
  }

  private enum Wish {
    /** Permission, and the past or a snapshot. */
    SUBSCRIPTION,
    /** Permission alone. */
    PERMISSION,
    /** The past alone. */
    PAST
  }

  /** Somebody to be brought up to date. */
  private static final class Reader {
    final Wish wish;

    /** Empty exactly when no permission is wanted. */
    final Optional<Caller> who;

    final Optional<StreamPosition> since;
    final Promise<TopicAnswer> answer = Promise.promise();

    /** Where the past that is at hand ends; empty when none is. */
    Optional<StreamPosition> until = Optional.empty();

    /** What is at hand: everything between {@link #since} and {@link #until}. */
    List<Publication> past = List.of();

    /** Where the topic stood when another was told that past, if that was cut before; empty when it was not. */
    Optional<StreamPosition> cutBefore = Optional.empty();

    /** Whether it joined a question that was under way. */
    boolean isLate;

    /** Whether its past is what another was told. */
    boolean isBehindAnother;

    /** Whether its past was among the recent publications. */
    boolean isFromRecent;

    Reader(Wish wish, Optional<Caller> who, Optional<StreamPosition> since) {
      this.wish = wish;
      this.who = who.map(Reader::withoutConnection);
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
          Optional.empty(),
          caller.kind());
    }

    void forgetWhatIsAtHand() {
      until = Optional.empty();
      past = List.of();
      cutBefore = Optional.empty();
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
   * everything up to {@link #end}.
   *
   * @param since empty: a snapshot is wanted instead
   */
  Future<TopicAnswer> read(Caller caller, Optional<StreamPosition> since) {
    return answer(new Reader(Wish.SUBSCRIPTION, Optional.of(caller), since));
  }

  /** May {@code caller} hear what the topic guards? */
  Future<TopicAnswer> authorise(Caller caller) {
    return answer(new Reader(Wish.PERMISSION, Optional.of(caller), Optional.empty()));
  }

  /** What was missed behind {@code since} by somebody who may hear it? The answer tells everything up to {@link #end}. */
  Future<TopicAnswer> past(StreamPosition since) {
    return answer(new Reader(Wish.PAST, Optional.empty(), Optional.of(since)));
  }

  /** Up to where an answer tells everything: before the position it names when it was cut. */
  static StreamPosition end(Granted granted) {
    List<Publication> publications = granted.publications();
    return granted.more() && !publications.isEmpty()
        ? publications.get(publications.size() - 1).position().orElseThrow()
        : granted.position();
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
    if (reader.wish == Wish.PERMISSION) {
      ask(reader, new TopicRead.Authorise(topic, reader.who.orElseThrow()));
    } else if (reader.since.isEmpty()) {
      ask(reader, from(reader, Optional.empty()));
    } else if (reader.until.isPresent()) {
      beginWithPast(reader);
    } else {
      beginWithoutPast(reader);
    }
  }

  private void beginWithPast(Reader reader) {
    if (reader.wish == Wish.PAST) {
      StreamPosition position = reader.cutBefore.orElseGet(reader.until::orElseThrow);
      give(reader, TopicAnswer.recovered(position, reader.cutBefore.isPresent(), reader.past));
    } else {
      ask(reader, from(reader, reader.until));
    }
  }

  private void beginWithoutPast(Reader reader) {
    StreamPosition since = reader.since.orElseThrow();
    Optional<List<Publication>> missed = order.missed(since);
    if (missed.isPresent()) {
      reader.isFromRecent = true;
      reader.past = missed.get();
      reader.until = order.last();
      beginWithPast(reader);
    } else if (isLost(reader)) {
      ask(reader, from(reader, Optional.empty()));
    } else if (isElsewhere(since) || questions.containsKey(from(reader, reader.since))) {
      ask(reader, from(reader, reader.since));
    } else if (isLed) {
      behind.add(reader);
    } else {
      lead(reader, since);
    }
  }

  /** Whether the owner has said already that it has the reader's past no more. */
  private boolean isLost(Reader reader) {
    return reader.wish == Wish.SUBSCRIPTION
        && isAtOrBefore(reader.since.orElseThrow(), unrecoverable);
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
    tell(from(reader, reader.since), reader).onComplete(told -> {
      isLed = false;
      if (told.succeeded()) {
        onLed(since, told.result());
      }
      // Who missed most is first, to lead if what was brought does not reach back far enough.
      behind.sort(Comparator.comparingLong(each -> each.since.orElseThrow().offset()));
      ready.addAll(behind);
      behind.clear();
      serve();
    });
  }

  /** What the leading reader was told serves those who wait behind it. */
  private void onLed(StreamPosition since, TopicAnswer answer) {
    if (!(answer instanceof Granted granted)) {
      return;
    }
    if (granted.recovered()) {
      StreamPosition upTo = end(granted);
      order.told(since, upTo, granted.publications());
      for (Reader reader : behind) {
        StreamPosition its = reader.since.orElseThrow();
        boolean isServed = reader.wish == Wish.SUBSCRIPTION || its.offset() < upTo.offset();
        if (isServed && isWithin(its, since, upTo)) {
          reader.isBehindAnother = true;
          reader.cutBefore = granted.more() ? Optional.of(granted.position()) : Optional.empty();
          reader.past = behindOffset(granted.publications(), its.offset());
          reader.until = Optional.of(upTo);
        }
      }
    } else if (isAtOrBefore(since, Optional.of(granted.position()))) {
      unrecoverable = Optional.of(since);
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
    count(read, first);
    Question question = new Question();
    question.readers.add(first);
    questions.put(read, question);
    return readAll(read, new ArrayList<>()).onComplete(told -> {
      questions.remove(read);
      if (told.failed()) {
        onFailed(question, told.cause());
      } else {
        question.readers.forEach(reader -> onTold(reader, told.result()));
      }
    });
  }

  private void count(TopicRead read, Reader reader) {
    if (read instanceof TopicRead.Authorise || reader.until.isPresent()) {
      meters.askedForPermission();
    } else if (read instanceof TopicRead.Subscribe subscribe
        && subscribe.since().isEmpty()) {
      meters.askedForSnapshot();
    } else {
      meters.askedForPast();
    }
  }

  /** Reads page after page until the owner has told everything up to its position, or as much as one answer brings. */
  private Future<TopicAnswer> readAll(TopicRead asked, List<Publication> before) {
    return owner.read(asked).compose(answer -> {
      if (!(answer instanceof Granted granted)) {
        return Future.succeededFuture(answer);
      }
      stands = Optional.of(granted.position());
      if (!granted.recovered()) {
        return Future.succeededFuture(answer);
      }
      if (granted.more() && granted.publications().isEmpty()) {
        return Future.failedFuture(new IllegalStateException(
            "the owner has more of " + topic.prefix() + " and tells none"));
      }
      before.addAll(granted.publications());
      boolean isEnough = Subscribed.bytes(before) >= maxAnswerBytes;
      if (granted.more() && !isEnough && asked instanceof TopicRead.Subscribe read) {
        StreamPosition newest = before.get(before.size() - 1).position().orElseThrow();
        return readAll(
            new TopicRead.Subscribe(
                topic, read.caller(), Optional.of(newest), TopicRead.MAX_PUBLICATIONS),
            before);
      }
      return Future.succeededFuture(new Granted(
          granted.position(), true, granted.more(), granted.snapshot(), List.copyOf(before)));
    });
  }

  private TopicRead from(Reader reader, Optional<StreamPosition> since) {
    return reader.who.isPresent()
        ? new TopicRead.Subscribe(topic, reader.who.get(), since, TopicRead.MAX_PUBLICATIONS)
        : new TopicRead.CatchUp(topic, since.orElseThrow(), PAGE);
  }

  private void onTold(Reader reader, TopicAnswer answer) {
    if (reader.isLate && !countsForLate(reader, answer)) {
      reader.forgetWhatIsAtHand();
      ready.addFirst(reader);
    } else if (answer instanceof Granted granted
        && granted.recovered()
        && reader.wish == Wish.SUBSCRIPTION) {
      List<Publication> all = new ArrayList<>(reader.past);
      all.addAll(granted.publications());
      give(reader, cut(granted, all));
    } else {
      give(reader, answer);
    }
  }

  private static boolean countsForLate(Reader reader, TopicAnswer answer) {
    return answer instanceof Granted granted
        && reader
            .since
            .map(since -> !since.epoch().equals(granted.position().epoch())
                || since.offset() <= granted.position().offset())
            .orElse(true);
  }

  /** The answer with as many of the publications as it may bring, at least one. */
  private Granted cut(Granted granted, List<Publication> publications) {
    int fitting = 0;
    long bytes = 0;
    for (Publication publication : publications) {
      bytes += Subscribed.bytes(publication);
      if (fitting > 0 && bytes > maxAnswerBytes) {
        break;
      }
      fitting++;
    }
    return new Granted(
        granted.position(),
        true,
        granted.more() || fitting < publications.size(),
        granted.snapshot(),
        publications.subList(0, fitting));
  }

  private void give(Reader reader, TopicAnswer answer) {
    if (reader.wish != Wish.PERMISSION && answer instanceof Granted granted) {
      if (!granted.recovered()) {
        meters.servedWithSnapshot();
      } else if (reader.isFromRecent) {
        meters.servedFromRecent();
      } else if (reader.isBehindAnother || reader.isLate) {
        meters.servedFromAnother();
      } else {
        meters.servedFromOwner();
      }
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
