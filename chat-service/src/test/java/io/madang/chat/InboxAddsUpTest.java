package io.madang.chat;

import static io.madang.chat.ChatNode.get;
import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.madang.testkit.Seeds;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever begins with a snapshot of an inbox at any moment, or goes on from any position, and takes in what is published since,
 * has what a fresh reader gets; whether somebody listened all the time, now and then or never.
 */
@Tag("slow")
@DisplayNameGeneration(ReplaceUnderscores.class)
class InboxAddsUpTest extends ChatTest {
  private static final int STEPS = 160;
  private static final int MOST_UNDER_WAY = 12;

  private ChatNode other;

  @BeforeAll
  void startOther() {
    other = ChatNode.start(vertx, "chat-2", config());
  }

  @AfterAll
  void stopOther() {
    other.stop();
  }

  @Test
  void an_inbox() {
    Seeds.upTo(12, random -> new Case(random).live());
  }

  /** A reader that began while people did things, and perhaps went on from there a little later. */
  private record Reader(Caller who, Granted begun, Optional<Granted> resumed) {}

  private final class Case {
    private final Random random;

    /** Somebody listens to the first one's inbox all the time, to the second's now and then, to the last one's never. */
    private final List<Caller> people =
        List.of(user(name("ann")), user(name("bob")), user(name("cleo")));

    private final List<String> rooms = List.of(name("room"), name("room"), "lobby");
    private final List<JsonNode> sent = new ArrayList<>();
    private final Deque<Future<CommandOutcome>> underWay = new ArrayDeque<>();
    private final List<Future<Reader>> readers = new ArrayList<>();

    /** A command that was given, to be given again. */
    private Supplier<Future<CommandOutcome>> again;

    Case(Random random) {
      this.random = random;
    }

    void live() {
      listen(people.get(0), true);
      node.done(people.get(0), "createRoom", "{'room':'" + rooms.get(0) + "'}");
      for (int i = 0; i < STEPS; i++) {
        if (random.nextInt(8) == 0) {
          listen(people.get(1), random.nextBoolean());
        }
        if (random.nextInt(10) == 0) {
          read();
        } else if (again != null && random.nextInt(12) == 0) {
          underWay.add(again.get());
        } else {
          step();
        }
        while (underWay.size() > random.nextInt(MOST_UNDER_WAY)) {
          onDone(get(underWay.remove()));
        }
      }
      underWay.forEach(ChatNode::get);
      List<Reader> begun = readers.stream().map(ChatNode::get).toList();
      await("what is unread is told to who listens")
          .atMost(10, TimeUnit.SECONDS)
          .until(() -> database
              .rows("select count(*) from chat.untold('" + people.get(0).user() + "')")
              .equals(List.of("0")));
      begun.forEach(this::addsUp);
    }

    private void step() {
      String room = anyOf(rooms);
      switch (random.nextInt(13)) {
        case 0, 1, 2 ->
          give(anyone(), "sendToRoom", "'room':'%s','text':'%s'".formatted(room, words()));
        case 3 -> give(anyone(), "joinRoom", "'room':'" + room + "'");
        case 4 -> give(anyone(), "leaveRoom", "'room':'" + room + "'");
        case 5, 6 ->
          give(anyone(), "markRead", "'room':'%s','offset':%d".formatted(room, random.nextInt(60)));
        case 7, 8 ->
          give(
              anyone(),
              "sendDirect",
              "'toUser':'%s','text':'%s'".formatted(anyone().user(), words()));
        case 9 ->
          onMessage(message -> give(
              anyone(),
              "editMessage",
              "'room':%s,'messageId':%s,'text':'%s'"
                  .formatted(message.get("room"), message.get("messageId"), words())));
        case 10 ->
          onMessage(message -> give(
              anyone(),
              "deleteMessage",
              "'room':%s,'messageId':%s".formatted(message.get("room"), message.get("messageId"))));
        case 11 ->
          give(
              moderator(),
              anyOf(List.of("kickUser", "banUser", "unbanUser", "unbanUser", "inviteUser")),
              "'room':'%s','user':'%s'".formatted(room, anyone().user()));
        default ->
          give(
              moderator(),
              "setRole",
              "'room':'%s','user':'%s','role':'%s'"
                  .formatted(
                      room, anyone().user(), anyOf(List.of("owner", "moderator", "member"))));
      }
    }

    private Caller moderator() {
      return random.nextBoolean() ? ChatNode.withRole("mo", "moderator") : anyone();
    }

    private void onMessage(java.util.function.Consumer<JsonNode> then) {
      if (!sent.isEmpty()) {
        then.accept(anyOf(sent));
      }
    }

    private String words() {
      return "text " + random.nextInt(1000)
          + (random.nextInt(3) == 0 ? " @" + anyone().name() : "");
    }

    private Caller anyone() {
      return anyOf(people);
    }

    private <T> T anyOf(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }

    private ChatNode anyNode() {
      return random.nextBoolean() ? node : other;
    }

    private void listen(Caller who, boolean on) {
      Topic inbox = Topic.parse(inbox(who));
      if (on) {
        node.wanted.add(inbox);
        other.wanted.add(inbox);
      } else {
        node.wanted.remove(inbox);
        other.wanted.remove(inbox);
      }
    }

    private static String inbox(Caller who) {
      return "inbox:" + who.user();
    }

    private void give(Caller who, String name, String arguments) {
      ChatNode at = anyNode();
      String json = "{" + arguments.replace('\'', '"') + "}";
      String id = newId();
      Supplier<Future<CommandOutcome>> command = () -> at.give(who, id, name, json);
      if (again == null || random.nextInt(4) == 0) {
        again = command;
      }
      underWay.add(command.get());
    }

    private void onDone(CommandOutcome outcome) {
      if (outcome instanceof CommandOutcome.Done done) {
        JsonNode result = ChatNode.json(done.result());
        if (result.has("messageId") && result.has("room")) {
          sent.add(result);
        }
      }
    }

    private void read() {
      Caller who = anyone();
      boolean resumes = random.nextBoolean();
      ChatNode later = anyNode();
      int limit = 1 + random.nextInt(20);
      readers.add(anyNode()
          .beginSubscribe(who, inbox(who), Optional.empty(), 500)
          .compose(answer -> {
            Granted begun = (Granted) answer;
            return resumes
                ? later
                    .beginSubscribe(who, inbox(who), Optional.of(begun.position()), limit)
                    .map(resumed -> new Reader(who, begun, Optional.of((Granted) resumed)))
                : Future.succeededFuture(new Reader(who, begun, Optional.empty()));
          }));
    }

    private void addsUp(Reader reader) {
      Granted fresh = node.granted(reader.who(), inbox(reader.who()), null);
      List<String> expected = shown(fresh, List.of());
      Heard heard = heard(reader.who(), fresh.position());
      StreamPosition begun = reader.begun().position();
      List<Publication> since = heard.after(begun.offset());

      assertThat(shown(reader.begun(), since))
          .as("%s from %s", reader.who().user(), begun)
          .containsExactlyElementsOf(expected);
      assertThat(shown(reader.begun(), Heard.conflated(since)))
          .as("%s from %s, conflated", reader.who().user(), begun)
          .containsExactlyElementsOf(expected);
      reader.resumed().ifPresent(resumed -> {
        List<Publication> all = new ArrayList<>(Heard.continued(begun, resumed));
        all.addAll(heard.after(Heard.reached(begun, resumed)));
        assertThat(shown(reader.begun(), all))
            .as("%s resumed at %s", reader.who().user(), begun)
            .containsExactlyElementsOf(expected);
      });
      resumesAtTheEnd(reader, heard, fresh.position(), expected);
    }

    private Heard heard(Caller who, StreamPosition end) {
      List<Publication> published = new ArrayList<>(node.heardOf(inbox(who)));
      published.addAll(other.heardOf(inbox(who)));
      Heard heard = new Heard(end.epoch(), published);
      assertThat(heard.after(0)).as("what has an offset is told").hasSize((int) end.offset());
      return heard;
    }

    /** From any position in between, in parts of any size: every event but counts that are older than the newest. */
    private void resumesAtTheEnd(
        Reader reader, Heard heard, StreamPosition end, List<String> expected) {
      long begun = reader.begun().position().offset();
      long from = begun + random.nextInt((int) (end.offset() - begun) + 1);
      boolean asGateway = random.nextBoolean();
      List<Publication> all = new ArrayList<>();
      StreamPosition since = heard.at(from);
      boolean more = true;
      while (more) {
        int limit = 1 + random.nextInt(40);
        TopicAnswer answer = asGateway
            ? anyNode().catchUp(inbox(reader.who()), since, limit)
            : get(anyNode()
                .beginSubscribe(reader.who(), inbox(reader.who()), Optional.of(since), limit));
        all.addAll(Heard.continued(since, answer));
        assertThat(((Granted) answer).snapshot())
            .as("what is recovered needs none")
            .isEmpty();
        more = ((Granted) answer).more();
        since = heard.at(Heard.reached(since, (Granted) answer));
      }
      assertThat(since).as("everything was told").isEqualTo(end);
      assertThat(all)
          .filteredOn(publication -> publication.key().isEmpty())
          .extracting(Publication::offset, Publication::event, Publication::data)
          .isEqualTo(heard.after(from).stream()
              .filter(publication -> publication.key().isEmpty())
              .map(publication ->
                  tuple(publication.offset(), publication.event(), publication.data()))
              .toList());
      all.addAll(0, heard.between(begun, from));
      assertThat(shown(reader.begun(), all))
          .as("%s resumed at %s", reader.who().user(), from)
          .containsExactlyElementsOf(expected);
    }

    private List<String> shown(Granted begun, List<Publication> publications) {
      return new KeptInbox(begun.snapshot().orElseThrow()).with(publications).shown();
    }
  }
}
