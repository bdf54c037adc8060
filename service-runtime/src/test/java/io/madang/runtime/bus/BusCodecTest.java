package io.madang.runtime.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.bus.BusMessage.Answer;
import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.bus.BusMessage.BatchTaken;
import io.madang.runtime.bus.BusMessage.Beat;
import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.bus.BusMessage.InterestDigest;
import io.madang.runtime.bus.BusMessage.InterestTaken;
import io.madang.runtime.bus.BusMessage.InterestWanted;
import io.madang.runtime.bus.BusMessage.Note;
import io.madang.runtime.bus.BusMessage.Relayed;
import io.madang.runtime.bus.BusMessage.StreamControl;
import io.madang.runtime.bus.BusMessage.StreamEnd;
import io.madang.runtime.bus.BusMessage.StreamItem;
import io.madang.runtime.bus.BusMessage.StreamOpen;
import io.madang.runtime.bus.BusMessage.UploadCredit;
import io.madang.runtime.bus.BusMessage.UploadDone;
import io.madang.runtime.bus.BusMessage.UploadEnd;
import io.madang.runtime.bus.BusMessage.UploadItem;
import io.madang.runtime.bus.BusMessage.UploadOpen;
import io.madang.runtime.bus.BusMessage.UploadProgress;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Effects;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.NodeReport;
import io.madang.runtime.inspect.NodeReport.Hosted;
import io.madang.runtime.inspect.NodeReport.Peer;
import io.madang.runtime.inspect.NodeReport.Reader;
import io.madang.runtime.inspect.NodeReport.Wanted;
import io.madang.runtime.inspect.NodeReport.Window;
import io.madang.runtime.inspect.Standing;
import io.madang.runtime.inspect.Standings;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.service.Observation;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Revocation;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BusCodecTest {
  private static final Topic ROOM = Topic.parse("room:방 1");
  private static final StreamPosition AT = new StreamPosition("e", 7);
  private static final Payload DATA = Payload.ofJson("{\"text\":\"안녕\"}");
  private static final Caller MINA =
      Caller.person("u_1", "민아", Set.of("admin"), true, Optional.of("c1"));
  private static final Refusal REFUSAL =
      Refusal.later("rate-limited", "Wait.", 250).withDetails(DATA);
  private static final Publication LOG = Publication.log(
          ROOM, "message", AT, 6, 1_700_000_000_123L, DATA)
      .causedBy("id-1")
      .revoking(new Revocation("u_2", "kicked"));

  private final BusCodec codec = new BusCodec(true);

  static Stream<BusMessage> messages() {
    Publication state = Publication.state(ROOM, "unread", "k", AT, 0, 1, DATA);
    Publication ephemeral = Publication.ephemeral(ROOM, "typing", 2, DATA).except("c9");
    Observed observed = new Observed("c1", "u_1", "민아", true, "room:a");
    Stream<Question> questions = Stream.of(
        new Question.Command(new CommandCall(MINA, "say", "id", DATA)),
        new Question.Read(new TopicRead.Subscribe(ROOM, MINA, Optional.of(AT), 5)),
        new Question.Read(
            new TopicRead.Subscribe(ROOM, Caller.service("chat"), Optional.empty(), 5)),
        new Question.Read(new TopicRead.CatchUp(ROOM, AT, 500)),
        new Question.Read(new TopicRead.Authorise(ROOM, MINA)),
        new Question.Read(new TopicRead.History(ROOM, MINA, Optional.of(3L), Optional.empty(), 10)),
        new Question.Observe(new Observation("g1", 3, 4, List.of(observed), List.of(observed))),
        new Question.Recent(ROOM, AT),
        new Question.Moved(Map.of(ROOM, AT)),
        new Question.Describe(),
        new Question.Count(),
        new Question.Inspect(new Inspection(List.of(ROOM), Optional.of("room"), 7)),
        new Question.OfClient(
            new ClientQuestion("c1", "Guess", List.of(DATA, Payload.NULL), Duration.ofMillis(7))),
        new Question.Inspect(Inspection.ofTop(20)));
    Stream<Reply> replies = Stream.of(
        new Reply.Outcome(CommandOutcome.done(DATA, new Effects(Map.of(ROOM, AT), List.of(ROOM)))),
        new Reply.Outcome(CommandOutcome.refused(REFUSAL)),
        new Reply.OfTopic(
            new TopicAnswer.Granted(AT, true, true, Optional.of(DATA), List.of(LOG, state))),
        new Reply.OfTopic(new TopicAnswer.Denied(REFUSAL)),
        new Reply.Recent(List.of(LOG, state)),
        new Reply.Recent(List.of()),
        new Reply.Moved(List.of(ROOM)),
        new Reply.Observed(true),
        new Reply.Described(List.of(DATA)),
        new Reply.Counted(DATA),
        new Reply.Ahead(3),
        new Reply.Inspected(report()),
        new Reply.OfClient(new ClientAnswer.Told(DATA)),
        new Reply.OfClient(new ClientAnswer.Untold(ClientAnswer.Reason.GONE, "It is gone.")),
        new Reply.Failed(Reply.Kind.FAULT, "away"));
    Stream<BusMessage> others = Stream.of(
        new Beat(
            new NodeInfo("n.1", "n", Set.of("chat")),
            -7,
            List.of("chat"),
            List.of(new InterestDigest("chat", 3, -9))),
        new Interest("g1", "chat", 1, 2, List.of(ROOM), List.of(Topic.parse("dashboard"))),
        new InterestTaken("n.1", "chat", 2),
        new InterestWanted("n.1", "chat"),
        new Batch("n.1", "chat", 9, 3, 2, List.of(LOG, state, ephemeral), Map.of(ROOM, AT), true),
        new Batch("n.1", "chat", 9, 4, 4, List.of(), Map.of(), false),
        new BatchTaken("g1", "chat", 9, List.of(3L, 4L)),
        new StreamOpen("n.1", 4, "chat", new StreamCall(MINA, "count", DATA), 64),
        new StreamControl("n.1", 4, "chat", 0),
        new StreamItem(4, DATA),
        new StreamEnd(4, Optional.of(REFUSAL)),
        new StreamEnd(4, Optional.empty()),
        new UploadOpen("n.1", 5, "chat", new UploadCall(MINA, "put", DATA)),
        new UploadItem("n.1", 5, "chat", 1, DATA),
        new UploadEnd("n.1", 5, "chat", true, 1),
        new UploadCredit(5, 16),
        new UploadProgress(5, DATA),
        new Note("n.1", "news", DATA),
        new UploadDone(5, CommandOutcome.done(DATA)),
        new UploadDone(5, CommandOutcome.refused(REFUSAL)),
        new Relayed("g1", DATA));
    return Stream.of(
            questions.flatMap(question -> Stream.<BusMessage>of(
                new Ask(1, "n.1", "chat", 2_000, -5, Optional.of(new Place(7, 9, 2)), question),
                new Ask(1, "n.1", "", 2_000, Ask.NO_LIMIT, Optional.empty(), question))),
            replies.map(reply -> (BusMessage) new Answer(1, reply)),
            others)
        .flatMap(each -> each);
  }

  private static NodeReport report() {
    NodeInfo node = new NodeInfo("n.1", "n", Set.of("chat"));
    return new NodeReport(
        node,
        1_700_000_000_123L,
        List.of(new Peer(node, true, 2_345, List.of("chat"))),
        List.of(new Wanted("chat", 8, 3, Map.of("n.1", 7L))),
        List.of(new Hosted(
            "chat", true, List.of(new Reader("g1", 7, 2, new Window(3, 1L << 40, 1, true))))),
        new Standings(
            List.of(
                new Standing(ROOM, "chat", 4, Optional.of(AT), 5),
                new Standing(Topic.parse("dashboard"), "dashboard", 0, Optional.empty(), 0)),
            9),
        Map.of("holesRepaired", 6L));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void a_message_is_the_same_after_the_wire(BusMessage message) {
    Buffer buffer = Buffer.buffer("before");
    codec.encodeToWire(buffer, message);
    assertThat(codec.decodeFromWire("before".length(), buffer)).isEqualTo(message);
  }

  @Test
  void every_kind_of_message_is_tried() {
    Set<Class<?>> tried = messages().map(Object::getClass).collect(Collectors.toSet());
    assertThat(Arrays.asList(BusMessage.class.getPermittedSubclasses())).allMatch(tried::contains);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void a_message_that_is_cut_short_is_refused(BusMessage message) {
    Buffer buffer = Buffer.buffer();
    codec.encodeToWire(buffer, message);
    Buffer cut = buffer.getBuffer(0, buffer.length() - 1);
    assertThatThrownBy(() -> codec.decodeFromWire(0, cut)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void within_the_process_the_message_itself_is_handed_over_unless_tests_ask_for_the_wire() {
    BusMessage message = new InterestWanted("n.1", "chat");
    assertThat(new BusCodec(false).transform(message)).isSameAs(message);
    assertThat(new BusCodec(true).transform(message)).isNotSameAs(message).isEqualTo(message);
  }
}
