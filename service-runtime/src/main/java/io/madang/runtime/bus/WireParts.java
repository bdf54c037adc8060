package io.madang.runtime.bus;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Effects;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.service.Observation;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parts that bus messages are made of, each written and read in the same order of fields. */
// An enum travels as its place in the declaration: constants are appended, never moved, or an old
// node reads the wrong one.
@SuppressWarnings("EnumOrdinal")
final class WireParts {
  private static final int COMMAND = 1;
  private static final int READ_SUBSCRIBE = 2;
  private static final int READ_CATCH_UP = 3;
  private static final int READ_AUTHORISE = 4;
  private static final int READ_HISTORY = 5;
  private static final int OBSERVE = 6;
  private static final int DESCRIBE = 7;
  private static final int COUNT = 8;
  private static final int INSPECT = 9;
  private static final int RECENT = 10;
  private static final int MOVED = 11;
  private static final int OF_CLIENT = 12;

  private static final int DONE = 1;
  private static final int REFUSED = 2;
  private static final int GRANTED = 3;
  private static final int DENIED = 4;
  private static final int OBSERVED = 5;
  private static final int DESCRIBED = 6;
  private static final int COUNTED = 7;
  private static final int FAILED = 8;
  private static final int AHEAD = 9;
  private static final int INSPECTED = 10;
  private static final int RECENT_TOLD = 11;
  private static final int MOVED_TOLD = 12;
  private static final int CLIENT_TOLD = 13;
  private static final int CLIENT_UNTOLD = 14;

  private static int codeOf(EventClass eventClass) {
    return switch (eventClass) {
      case LOG -> 1;
      case STATE -> 2;
      case EPHEMERAL -> 3;
    };
  }

  private static EventClass eventClassOf(int code) {
    return switch (code) {
      case 1 -> EventClass.LOG;
      case 2 -> EventClass.STATE;
      case 3 -> EventClass.EPHEMERAL;
      default -> throw new IllegalArgumentException("no class of events has the code " + code);
    };
  }

  Topic readTopic(WireReader wire) {
    return Topic.parse(wire.text());
  }

  void writePosition(WireWriter wire, StreamPosition position) {
    wire.text(position.epoch());
    wire.number(position.offset());
  }

  StreamPosition readPosition(WireReader wire) {
    return new StreamPosition(wire.text(), wire.wholeLong());
  }

  void writePlace(WireWriter wire, Place place) {
    wire.number(place.queue());
    wire.number(place.chain());
    wire.number(place.index());
  }

  Place readPlace(WireReader wire) {
    return new Place(wire.wholeLong(), wire.wholeLong(), wire.wholeInt());
  }

  void writePositions(WireWriter wire, Map<Topic, StreamPosition> positions) {
    wire.list(positions.entrySet(), entry -> {
      wire.text(entry.getKey().name());
      writePosition(wire, entry.getValue());
    });
  }

  Map<Topic, StreamPosition> readPositions(WireReader wire) {
    Map<Topic, StreamPosition> positions = new HashMap<>();
    wire.list(() -> Optional.ofNullable(positions.put(readTopic(wire), readPosition(wire))));
    return positions;
  }

  void writePublication(WireWriter wire, Publication publication) {
    wire.text(publication.topic().name());
    wire.code(codeOf(publication.eventClass()));
    wire.text(publication.event());
    wire.optional(publication.position(), position -> writePosition(wire, position));
    wire.number(publication.previous());
    wire.number(publication.timeMillis());
    wire.optional(publication.key(), wire::text);
    wire.optional(publication.command(), wire::text);
    wire.optional(publication.revokes(), revocation -> {
      wire.text(revocation.user());
      wire.text(revocation.reason());
    });
    wire.optional(publication.except(), wire::text);
    wire.payload(publication.data());
  }

  Publication readPublication(WireReader wire) {
    return new Publication(
        readTopic(wire),
        eventClassOf(wire.code()),
        wire.text(),
        wire.optional(() -> readPosition(wire)),
        wire.wholeLong(),
        wire.wholeLong(),
        wire.optional(wire::text),
        wire.optional(wire::text),
        wire.optional(() -> new Revocation(wire.text(), wire.text())),
        wire.optional(wire::text),
        wire.payload());
  }

  /** Without its gateway: who is asked knows from whom. */
  void writeCaller(WireWriter wire, Caller caller) {
    wire.text(caller.user());
    wire.text(caller.name());
    wire.list(caller.roles(), wire::text);
    wire.flag(caller.guest());
    wire.optional(caller.connection(), wire::text);
    wire.flag(caller.isService());
  }

  Caller readCaller(WireReader wire) {
    return new Caller(
        wire.text(),
        wire.text(),
        Set.copyOf(wire.list(wire::text)),
        wire.flag(),
        wire.optional(wire::text),
        Optional.empty(),
        wire.flag() ? Caller.Kind.SERVICE : Caller.Kind.PERSON);
  }

  void writeRefusal(WireWriter wire, Refusal refusal) {
    wire.text(refusal.code());
    wire.text(refusal.message());
    wire.optional(refusal.retryAfterMs(), wire::number);
    wire.payload(refusal.details());
  }

  Refusal readRefusal(WireReader wire) {
    return new Refusal(wire.text(), wire.text(), wire.optional(wire::wholeLong), wire.payload());
  }

  StreamCall readStreamCall(WireReader wire) {
    return new StreamCall(readCaller(wire), wire.text(), wire.payload());
  }

  UploadCall readUploadCall(WireReader wire) {
    return new UploadCall(readCaller(wire), wire.text(), wire.payload());
  }

  void writeQuestion(WireWriter wire, Question question) {
    if (question instanceof Question.Command command) {
      wire.code(COMMAND);
      writeCaller(wire, command.call().caller());
      wire.text(command.call().name());
      wire.text(command.call().id());
      wire.payload(command.call().arguments());
    } else if (question instanceof Question.Read read) {
      writeRead(wire, read.read());
    } else if (question instanceof Question.Recent recent) {
      wire.code(RECENT);
      wire.text(recent.topic().name());
      writePosition(wire, recent.after());
    } else if (question instanceof Question.Moved moved) {
      wire.code(MOVED);
      writePositions(wire, moved.known());
    } else if (question instanceof Question.Observe observe) {
      wire.code(OBSERVE);
      writeObservation(wire, observe.observation());
    } else if (question instanceof Question.Inspect inspect) {
      wire.code(INSPECT);
      new InspectionWire(this).writeInspection(wire, inspect.inspection());
    } else if (question instanceof Question.OfClient client) {
      wire.code(OF_CLIENT);
      wire.text(client.question().connection());
      wire.text(client.question().target());
      wire.list(client.question().arguments(), wire::payload);
      wire.number(client.question().within().toMillis());
    } else {
      wire.code(question instanceof Question.Describe ? DESCRIBE : COUNT);
    }
  }

  Question readQuestion(WireReader wire) {
    int code = wire.code();
    return switch (code) {
      case COMMAND ->
        new Question.Command(
            new CommandCall(readCaller(wire), wire.text(), wire.text(), wire.payload()));
      case READ_SUBSCRIBE ->
        new Question.Read(new TopicRead.Subscribe(
            readTopic(wire),
            readCaller(wire),
            wire.optional(() -> readPosition(wire)),
            wire.wholeInt()));
      case READ_CATCH_UP ->
        new Question.Read(
            new TopicRead.CatchUp(readTopic(wire), readPosition(wire), wire.wholeInt()));
      case READ_AUTHORISE ->
        new Question.Read(new TopicRead.Authorise(readTopic(wire), readCaller(wire)));
      case READ_HISTORY ->
        new Question.Read(new TopicRead.History(
            readTopic(wire),
            readCaller(wire),
            wire.optional(wire::wholeLong),
            wire.optional(wire::wholeLong),
            wire.wholeInt()));
      case OBSERVE -> new Question.Observe(readObservation(wire));
      case DESCRIBE -> new Question.Describe();
      case COUNT -> new Question.Count();
      case RECENT -> new Question.Recent(readTopic(wire), readPosition(wire));
      case MOVED -> new Question.Moved(readPositions(wire));
      case INSPECT -> new Question.Inspect(new InspectionWire(this).readInspection(wire));
      case OF_CLIENT ->
        new Question.OfClient(new ClientQuestion(
            wire.text(),
            wire.text(),
            wire.list(wire::payload),
            Duration.ofMillis(wire.wholeLong())));
      default -> throw new IllegalArgumentException("no question has the code " + code);
    };
  }

  private void writeRead(WireWriter wire, TopicRead read) {
    if (read instanceof TopicRead.Subscribe subscribe) {
      wire.code(READ_SUBSCRIBE);
      wire.text(subscribe.topic().name());
      writeCaller(wire, subscribe.caller());
      wire.optional(subscribe.since(), since -> writePosition(wire, since));
      wire.number(subscribe.limit());
    } else if (read instanceof TopicRead.CatchUp catchUp) {
      wire.code(READ_CATCH_UP);
      wire.text(catchUp.topic().name());
      writePosition(wire, catchUp.since());
      wire.number(catchUp.limit());
    } else if (read instanceof TopicRead.Authorise authorise) {
      wire.code(READ_AUTHORISE);
      wire.text(authorise.topic().name());
      writeCaller(wire, authorise.caller());
    } else {
      TopicRead.History history = (TopicRead.History) read;
      wire.code(READ_HISTORY);
      wire.text(history.topic().name());
      writeCaller(wire, history.caller());
      wire.optional(history.after(), wire::number);
      wire.optional(history.before(), wire::number);
      wire.number(history.limit());
    }
  }

  private void writeObservation(WireWriter wire, Observation observation) {
    wire.text(observation.gateway());
    wire.number(observation.baseVersion());
    wire.number(observation.version());
    wire.list(observation.arrived(), observed -> writeObserved(wire, observed));
    wire.list(observation.departed(), observed -> writeObserved(wire, observed));
  }

  private Observation readObservation(WireReader wire) {
    return new Observation(
        wire.text(),
        wire.wholeLong(),
        wire.wholeLong(),
        wire.list(() -> readObserved(wire)),
        wire.list(() -> readObserved(wire)));
  }

  private void writeObserved(WireWriter wire, Observation.Observed observed) {
    wire.text(observed.connection());
    wire.text(observed.user());
    wire.text(observed.name());
    wire.flag(observed.guest());
    wire.text(observed.topic());
  }

  private Observation.Observed readObserved(WireReader wire) {
    return new Observation.Observed(
        wire.text(), wire.text(), wire.text(), wire.flag(), wire.text());
  }

  void writeReply(WireWriter wire, Reply reply) {
    if (reply instanceof Reply.Outcome outcome) {
      writeOutcome(wire, outcome.outcome());
    } else if (reply instanceof Reply.OfTopic topic) {
      writeAnswer(wire, topic.answer());
    } else if (reply instanceof Reply.Recent recent) {
      wire.code(RECENT_TOLD);
      wire.list(recent.publications(), publication -> writePublication(wire, publication));
    } else if (reply instanceof Reply.Moved moved) {
      wire.code(MOVED_TOLD);
      wire.list(moved.topics(), topic -> wire.text(topic.name()));
    } else if (reply instanceof Reply.Observed observed) {
      wire.code(OBSERVED);
      wire.flag(observed.taken());
    } else if (reply instanceof Reply.Described described) {
      wire.code(DESCRIBED);
      wire.list(described.descriptors(), wire::payload);
    } else if (reply instanceof Reply.Counted counted) {
      wire.code(COUNTED);
      wire.payload(counted.counters());
    } else if (reply instanceof Reply.Ahead ahead) {
      wire.code(AHEAD);
      wire.number(ahead.next());
    } else if (reply instanceof Reply.Inspected inspected) {
      wire.code(INSPECTED);
      new InspectionWire(this).writeReport(wire, inspected.report());
    } else if (reply instanceof Reply.OfClient client) {
      writeClientAnswer(wire, client.answer());
    } else {
      Reply.Failed failed = (Reply.Failed) reply;
      wire.code(FAILED);
      wire.text(failed.kind().name());
      wire.text(failed.message());
    }
  }

  Reply readReply(WireReader wire) {
    int code = wire.code();
    return switch (code) {
      case DONE -> new Reply.Outcome(new CommandOutcome.Done(wire.payload(), readEffects(wire)));
      case REFUSED -> new Reply.Outcome(new CommandOutcome.Refused(readRefusal(wire)));
      case GRANTED ->
        new Reply.OfTopic(new TopicAnswer.Granted(
            readPosition(wire),
            wire.flag(),
            wire.flag(),
            wire.optional(wire::payload),
            wire.list(() -> readPublication(wire))));
      case DENIED -> new Reply.OfTopic(new TopicAnswer.Denied(readRefusal(wire)));
      case OBSERVED -> new Reply.Observed(wire.flag());
      case DESCRIBED -> new Reply.Described(wire.list(wire::payload));
      case COUNTED -> new Reply.Counted(wire.payload());
      case AHEAD -> new Reply.Ahead(wire.wholeInt());
      case CLIENT_TOLD -> new Reply.OfClient(new ClientAnswer.Told(wire.payload()));
      case CLIENT_UNTOLD ->
        new Reply.OfClient(
            new ClientAnswer.Untold(ClientAnswer.Reason.valueOf(wire.text()), wire.text()));
      case INSPECTED -> new Reply.Inspected(new InspectionWire(this).readReport(wire));
      case RECENT_TOLD -> new Reply.Recent(wire.list(() -> readPublication(wire)));
      case MOVED_TOLD -> new Reply.Moved(wire.list(() -> readTopic(wire)));
      case FAILED -> new Reply.Failed(Reply.Kind.valueOf(wire.text()), wire.text());
      default -> throw new IllegalArgumentException("no reply has the code " + code);
    };
  }

  private static void writeClientAnswer(WireWriter wire, ClientAnswer answer) {
    if (answer instanceof ClientAnswer.Told told) {
      wire.code(CLIENT_TOLD);
      wire.payload(told.result());
    } else {
      ClientAnswer.Untold untold = (ClientAnswer.Untold) answer;
      wire.code(CLIENT_UNTOLD);
      wire.text(untold.reason().name());
      wire.text(untold.text());
    }
  }

  void writeOutcome(WireWriter wire, CommandOutcome outcome) {
    if (outcome instanceof CommandOutcome.Done done) {
      wire.code(DONE);
      wire.payload(done.result());
      writePositions(wire, done.effects().subscribe());
      wire.list(done.effects().unsubscribe(), topic -> wire.text(topic.name()));
    } else {
      wire.code(REFUSED);
      writeRefusal(wire, ((CommandOutcome.Refused) outcome).refusal());
    }
  }

  CommandOutcome readOutcome(WireReader wire) {
    int code = wire.code();
    return switch (code) {
      case DONE -> new CommandOutcome.Done(wire.payload(), readEffects(wire));
      case REFUSED -> new CommandOutcome.Refused(readRefusal(wire));
      default -> throw new IllegalArgumentException("no outcome has the code " + code);
    };
  }

  private Effects readEffects(WireReader wire) {
    Map<Topic, StreamPosition> subscribe = readPositions(wire);
    return new Effects(subscribe, wire.list(() -> readTopic(wire)));
  }

  private void writeAnswer(WireWriter wire, TopicAnswer answer) {
    if (answer instanceof TopicAnswer.Granted granted) {
      wire.code(GRANTED);
      writePosition(wire, granted.position());
      wire.flag(granted.recovered());
      wire.flag(granted.more());
      wire.optional(granted.snapshot(), wire::payload);
      wire.list(granted.publications(), publication -> writePublication(wire, publication));
    } else {
      wire.code(DENIED);
      writeRefusal(wire, ((TopicAnswer.Denied) answer).refusal());
    }
  }
}
