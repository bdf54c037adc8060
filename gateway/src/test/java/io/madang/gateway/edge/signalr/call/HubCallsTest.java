package io.madang.gateway.edge.signalr.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.gateway.edge.signalr.meaning.HubScope;
import io.madang.gateway.edge.signalr.meaning.HubValues;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.Effects;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ParameterType;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.StreamDescriptor;
import io.madang.runtime.descriptor.UploadDescriptor;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubMethod;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.hub.Hubs;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientAnswer.Reason;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubCallsTest {
  private static final int MAX_ASKS = 2;
  private static final int MAX_ASK_BYTES = 100;
  private static final ParameterType TEXT = ParameterType.text(0, 100);
  private static final Failure LATER =
      Failure.of(ErrorCode.UNAVAILABLE, "Not just now.").after(Duration.ofMillis(50));

  private static final Hub HUB = Hubs.NONE
      .with(List.of(new ServiceDescriptor(
              "s",
              "1",
              List.of(),
              List.of(
                  CommandDescriptor.of("do", IdKind.REPEATABLE, Parameter.optional("room", TEXT))),
              List.of(StreamDescriptor.of("many")),
              List.of())
          .taking(UploadDescriptor.of("put", 10, 100))
          .shownAt(HubDescriptor.of("h")
              .calling(
                  HubMethod.command("Do", "do", "room")
                      .telling(CallerEvent.of("Told"))
                      .subscribing("x:{room}"),
                  HubMethod.stream("Many", "many"),
                  HubMethod.upload("Put", "put").answering()))))
      .at("/hubs/h")
      .orElseThrow();

  /** A connection that keeps what is asked of it, and answers when the test says so. */
  private static final class FakeVoice implements HubVoice {
    private final List<String> said = new ArrayList<>();
    private final List<String> held = new ArrayList<>();
    private final List<ClientFrame> asked = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final List<ClientFrame> about = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private boolean isBusy;
    private boolean isReading = true;
    private long nowMs;

    @Override
    public void say(HubMessage message) {
      String text = new String(HubFormat.JSON.write(message), StandardCharsets.UTF_8);
      said.add(text.substring(0, text.length() - 1).replace('"', '\''));
    }

    @Override
    public void tell(List<CallerEvent> events, RawJson data, ObjectNode arguments) {
      events.forEach(event -> said.add("tell " + event.target() + " " + data));
    }

    @Override
    public void ask(LongFunction<ClientFrame> frame, Answer answer) {
      ClientFrame made = frame.apply(asked.size() + 1L);
      asked.add(made);
      answers.add(answer);
    }

    @Override
    public boolean mayAsk(Answer answer) {
      return true;
    }

    @Override
    public void about(ClientFrame frame) {
      about.add(frame);
    }

    @Override
    public void hold(String topic) {
      held.add(topic);
    }

    @Override
    public void release(Collection<String> topics) {
      topics.forEach(held::remove);
      said.add("released " + topics);
    }

    @Override
    public Hub hub() {
      return HUB;
    }

    @Override
    public Caller caller() {
      return Caller.person("u", "mina", Set.of(), false, Optional.empty());
    }

    @Override
    public HubScope scope(RawJson data, ObjectNode arguments) {
      return HubScope.of(
          HubValues.read(data.utf8()), Instant.EPOCH, new HubScope.Told(caller(), "c", arguments));
    }

    @Override
    public Runnable later(Duration wait, Runnable task) {
      later.add(task);
      return () -> later.remove(task);
    }

    @Override
    public boolean isBusy() {
      return isBusy;
    }

    @Override
    public void setReading(boolean reads) {
      isReading = reads;
    }

    @Override
    public long nowMs() {
      return nowMs;
    }

    Answer last() {
      return answers.get(answers.size() - 1);
    }
  }

  private final FakeVoice voice = new FakeVoice();
  private final HubCalls calls = new HubCalls(
      voice, new HubTopics(voice, state -> {}), new HubCalls.Limits(256, MAX_ASKS, MAX_ASK_BYTES));

  private void invoke(String target, String arguments, String... streams) {
    calls.invoke(new HubMessage.Invocation(
        Optional.of("1"), target, RawJson.trusted(arguments), List.of(streams)));
  }

  private void stream(String id) {
    calls.stream(new HubMessage.StreamInvocation(id, "Many", RawJson.EMPTY_ARRAY, List.of()));
  }

  private void item(String json) {
    calls.item(new HubMessage.StreamItem("up", RawJson.trusted(json)));
  }

  private static ServerFrame.TopicState heard() {
    return new ServerFrame.TopicState(
        "x:tea",
        new io.madang.protocol.frame.StreamPosition("e", 1),
        false,
        Optional.empty(),
        List.of());
  }

  @Nested
  class Commands {
    @Test
    void that_come_faster_than_they_are_done_wait_with_the_client() {
      for (int i = 1; i < HubCalls.MAX_COMMANDS; i++) {
        invoke("Do", "[\"tea\"]");
      }
      assertThat(voice.isReading).isTrue();
      invoke("Do", "[\"tea\"]");
      assertThat(voice.isReading).isFalse();

      voice.answers.get(0).onError(Failure.of(ErrorCode.CONFLICT, "Not now."));
      assertThat(voice.isReading).isTrue();
      invoke("Do", "[\"tea\"]");
      assertThat(voice.isReading).isFalse();
      voice.answers.get(1).onReply(RawJson.NULL, Effects.NONE);
      assertThat(voice.isReading).isTrue();
    }
  }

  @Nested
  class A_call_that_joins_topics {
    @Test
    void is_told_of_and_completed_when_all_are_heard_or_left() {
      invoke("Do", "[\"tea\"]");
      voice
          .last()
          .onReply(
              RawJson.trusted("7"),
              new Effects(
                  Map.of(new Topic("y", "1"), new StreamPosition("e", 5)),
                  List.of(new Topic("z", "1"))));

      assertThat(voice.asked.subList(1, 4))
          .containsExactly(
              new ClientFrame.Subscribe(
                  2, "y:1", Optional.of(new io.madang.protocol.frame.StreamPosition("e", 5))),
              new ClientFrame.Subscribe(3, "x:tea", Optional.empty()),
              new ClientFrame.Unsubscribe(4, "z:1"));
      voice.answers.get(1).onSubscribed(heard());
      voice.answers.get(2).onError(Failure.of(ErrorCode.CONFLICT, "Already."));
      assertThat(voice.said).isEmpty();
      assertThat(voice.held).containsExactly("y:1", "x:tea");
      voice.answers.get(3).onDone();
      assertThat(voice.said)
          .containsExactly(
              "tell Told 7",
              "{'type':3,'invocationId':'1','result':null}",
              "released [y:1, x:tea]");
      assertThat(voice.held).isEmpty();
    }

    @Test
    void tries_again_what_may_be_heard_later_and_fails_in_the_end() {
      invoke("Do", "[\"tea\"]");
      voice.last().onReply(RawJson.NULL, Effects.NONE);
      for (int tried = 1; tried < HubTopics.MAX_TRIES; tried++) {
        voice.last().onError(LATER);
        assertThat(voice.later).hasSize(tried);
        voice.later.get(tried - 1).run();
      }
      assertThat(voice.said).isEmpty();
      voice.last().onError(LATER);

      assertThat(voice.later).hasSize(HubTopics.MAX_TRIES - 1);
      assertThat(voice.said)
          .containsExactly(
              "{'type':3,'invocationId':'1','error':'An unexpected error occurred invoking 'Do' on the server. HubException: Not just now.'}",
              "released [x:tea]");
    }

    @Test
    void that_an_argument_does_not_name_joins_none() {
      invoke("Do", "[]");
      voice.last().onReply(RawJson.NULL, Effects.NONE);

      assertThat(voice.asked).hasSize(1);
      assertThat(voice.said).contains("{'type':3,'invocationId':'1','result':null}");
    }
  }

  @Nested
  class A_stream {
    @Test
    void asks_for_more_only_while_the_client_reads() {
      stream("s");
      voice.isBusy = true;
      for (int i = 0; i < 40; i++) {
        voice.last().onItem(RawJson.trusted("1"));
      }
      assertThat(voice.about).isEmpty();
      voice.isBusy = false;
      calls.onWritten();

      assertThat(voice.about).containsExactly(new ClientFrame.More(1, 40));
    }

    @Test
    void is_cancelled_at_the_gateway_and_completed_by_it() {
      stream("s");
      calls.cancel(new HubMessage.CancelInvocation("s"));
      assertThat(voice.about).containsExactly(new ClientFrame.Cancel(1));
      assertThat(voice.said).isEmpty();
      voice.last().onComplete();

      assertThat(voice.said).containsExactly("{'type':3,'invocationId':'s'}");
    }

    @Test
    void with_an_id_in_use_is_refused() {
      stream("s");
      stream("s");

      assertThat(voice.said)
          .containsExactly(
              "{'type':3,'invocationId':'s','error':'Invocation ID 's' is already in use.'}");
    }

    @Test
    void that_fails_behind_an_item_says_so() {
      stream("s");
      voice.last().onItem(RawJson.trusted("1"));
      voice.last().onError(Failure.of(ErrorCode.INTERNAL, "inside"));

      assertThat(voice.said.get(1))
          .isEqualTo(
              "{'type':3,'invocationId':'s','error':'An error occurred on the server while streaming results.'}");
    }
  }

  @Nested
  class A_cancel_that_comes_early {
    private void cancel(String id) {
      calls.cancel(new HubMessage.CancelInvocation(id));
    }

    @Test
    void counts_for_a_few_seconds() {
      cancel("a");
      cancel("b");
      voice.nowMs = HubDownloads.EARLY_CANCEL.toMillis();
      stream("a");
      assertThat(voice.asked).isEmpty();
      voice.nowMs++;
      stream("b");

      assertThat(voice.asked).hasSize(1);
    }

    @Test
    void is_forgotten_when_too_many_come() {
      for (int i = 0; i <= HubDownloads.MAX_EARLY_CANCELS; i++) {
        cancel("c" + i);
      }
      stream("c1");
      assertThat(voice.asked).isEmpty();
      stream("c0");

      assertThat(voice.asked).hasSize(1);
    }
  }

  @Nested
  class A_stream_of_the_clients {
    @Test
    void waits_for_credit_and_keeps_its_order() {
      invoke("Put", "[]", "up");
      item("1");
      item("2");
      assertThat(voice.about).isEmpty();
      voice.last().onMore(1);
      calls.complete(HubMessage.Completion.of("up"));
      item("3");
      voice.last().onMore(5);

      assertThat(voice.about)
          .containsExactly(
              new ClientFrame.UploadItem(1, RawJson.trusted("1")),
              new ClientFrame.UploadItem(1, RawJson.trusted("2")),
              new ClientFrame.UploadEnd(1));
      voice.last().onReply(RawJson.trusted("9"), Effects.NONE);
      assertThat(voice.said).containsExactly("{'type':3,'invocationId':'1','result':9}");
    }

    @Test
    void has_the_client_wait_when_more_wait_than_may() {
      invoke("Put", "[]", "up");
      for (int i = 0; i < HubUploads.MAX_WAITING_ITEMS; i++) {
        item("1");
      }
      assertThat(voice.isReading).isTrue();
      item("1");
      assertThat(voice.isReading).isFalse();
      voice.last().onMore(1);

      assertThat(voice.isReading).isTrue();
    }

    @Test
    void is_given_up_where_the_client_does_not_wait() {
      invoke("Put", "[]", "up");
      String half = "\"" + "x".repeat(HubUploads.MAX_WAITING_BYTES / 2 - 2) + "\"";
      item(half);
      item(half);
      assertThat(voice.said).isEmpty();
      item("1");

      assertThat(voice.said.get(0)).contains("The stream comes faster than it is taken.");
      assertThat(voice.about).containsExactly(new ClientFrame.Cancel(1));
      assertThat(voice.isReading).isTrue();
    }

    @Test
    void that_was_answered_early_is_read_no_more_and_its_id_is_free() {
      invoke("Put", "[]", "up");
      voice.last().onReply(RawJson.trusted("1"), Effects.NONE);
      item("1");
      assertThat(voice.about).isEmpty();
      invoke("Put", "[]", "up");

      assertThat(voice.asked).hasSize(2);
    }
  }

  @Nested
  class A_question_for_the_client {
    private final List<ClientAnswer> told = new ArrayList<>();

    private void ask() {
      ask(Duration.ofSeconds(5));
    }

    private void ask(Duration within) {
      calls.ask(
          new ClientQuestion("c", "Guess", List.of(Payload.ofJson("1"), Payload.NULL), within),
          told::add);
    }

    private void answer(String id) {
      calls.complete(HubMessage.Completion.of(id, RawJson.trusted("[7]")));
    }

    private Reason reason() {
      return ((ClientAnswer.Untold) told.get(told.size() - 1)).reason();
    }

    private void pauseReading() {
      for (int i = 0; i < HubCalls.MAX_COMMANDS; i++) {
        invoke("Do", "[]");
      }
      assertThat(voice.isReading).isFalse();
    }

    @Test
    void is_a_call_that_the_client_completes_once() {
      ask();
      assertThat(voice.said)
          .containsExactly(
              "{'type':1,'invocationId':'ask-1','target':'Guess','arguments':[1,null]}");
      answer("ask-1");
      answer("ask-1");

      assertThat(told).containsExactly(new ClientAnswer.Told(Payload.ofJson("[7]")));
      assertThat(voice.later).isEmpty();
    }

    @Test
    void ends_in_time() {
      ask(Duration.ofMillis(70));
      voice.later.get(0).run();

      assertThat(told)
          .containsExactly(
              new ClientAnswer.Untold(Reason.LATE, "The client did not answer within 70 ms."));
    }

    @Test
    void ends_with_the_connection() {
      ask();
      calls.end();
      assertThat(reason()).isEqualTo(Reason.GONE);
      ask();

      assertThat(told).hasSize(2);
      assertThat(reason()).isEqualTo(Reason.GONE);
      assertThat(voice.later).isEmpty();
    }

    @Test
    void is_one_of_few() {
      for (int i = 0; i < MAX_ASKS; i++) {
        ask();
      }
      assertThat(told).isEmpty();
      ask();

      assertThat(told).hasSize(1);
      assertThat(reason()).isEqualTo(Reason.BUSY);
    }

    @Test
    void that_the_client_could_not_answer_has_its_words_and_not_too_many() {
      ask();
      calls.complete(
          HubMessage.Completion.failed("ask-1", "x".repeat(HubAsks.MAX_ERROR_CHARS + 1)));

      assertThat(told)
          .containsExactly(
              new ClientAnswer.Untold(Reason.FAILED, "x".repeat(HubAsks.MAX_ERROR_CHARS)));
    }

    @Test
    void has_its_answer_read_while_so_many_calls_wait_that_no_more_begin() {
      pauseReading();
      ask();
      assertThat(voice.isReading).isTrue();
      invoke("Do", "[\"behind\"]");
      assertThat(voice.asked).hasSize(HubCalls.MAX_COMMANDS);
      answer("ask-1");
      assertThat(told).hasSize(1);
      assertThat(voice.isReading).isFalse();

      voice.answers.get(0).onError(Failure.of(ErrorCode.CONFLICT, "Not now."));
      assertThat(voice.asked).hasSize(HubCalls.MAX_COMMANDS + 1);
      assertThat(voice.isReading).isFalse();
      voice.answers.get(1).onError(Failure.of(ErrorCode.CONFLICT, "Not now."));
      assertThat(voice.isReading).isTrue();
    }

    @Test
    void leaves_what_waits_behind_a_stream_of_the_clients_in_order() {
      invoke("Put", "[]", "up");
      for (int i = 0; i <= HubUploads.MAX_WAITING_ITEMS; i++) {
        item("" + i);
      }
      assertThat(voice.isReading).isFalse();
      ask();
      item("11");
      calls.complete(HubMessage.Completion.of("up"));
      answer("ask-1");
      assertThat(told).hasSize(1);
      voice.answers.get(0).onMore(100);

      assertThat(voice.about).hasSize(13);
      assertThat(voice.about.get(11))
          .isEqualTo(new ClientFrame.UploadItem(1, RawJson.trusted("11")));
      assertThat(voice.about.get(12)).isEqualTo(new ClientFrame.UploadEnd(1));
    }

    @Test
    void keeps_no_more_aside_than_may_be() {
      pauseReading();
      ask();
      for (int i = 1; i < HubReading.MAX_ASIDE; i++) {
        invoke("Do", "[]");
      }
      assertThat(voice.isReading).isTrue();
      invoke("Do", "[]");
      assertThat(voice.isReading).isFalse();
    }

    @Test
    void keeps_no_more_bytes_aside_than_may_be() {
      pauseReading();
      ask();
      invoke("Do", "[\"" + "x".repeat(HubReading.MAX_ASIDE_BYTES - 200) + "\"]");
      assertThat(voice.isReading).isTrue();
      invoke("Do", "[]");
      assertThat(voice.isReading).isFalse();
    }
  }
}
