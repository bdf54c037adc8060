package io.madang.chat;

import static io.madang.chat.ChatNode.get;
import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.testkit.Seeds;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever begins with a snapshot of a room at any moment, or goes on from any position, and takes in what is published since,
 * has what a fresh reader gets; whatever people do meanwhile, on two nodes and several things at a time.
 */
@Tag("slow")
@DisplayNameGeneration(ReplaceUnderscores.class)
class RoomAddsUpTest extends ChatTest {
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
  void a_room_that_stays() {
    Seeds.upTo(12, random -> {
      String room = name("room");
      node.done(user("owner"), "createRoom", "{'room':'" + room + "'}");
      new Case(random, room, user("owner"), user("mo"), user("ann"), user("bob"), user("cleo"))
          .live(180, true);
    });
  }

  @Test
  void a_room_that_goes_and_comes_again() {
    Seeds.upTo(6, random -> {
      String room = name("room");
      node.done(user("ann"), "joinRoom", "{'room':'" + room + "'}");
      new Case(random, room, user("ann"), user("bob")).live(80, false);
    });
  }

  /** A reader that began while people did things. */
  private record Reader(Caller who, Granted begun, Optional<Granted> resumed) {}

  private final class Case {
    private final Random random;
    private final String room;
    private final String topic;
    private final Caller[] people;
    private final Caller stranger = user("stranger");

    /** Offsets of messages, which an edit, a deletion or a reaction may be about. */
    private final List<JsonNode> sent = new ArrayList<>();

    private final Deque<Future<CommandOutcome>> underWay = new ArrayDeque<>();
    private final List<Future<Reader>> readers = new ArrayList<>();

    /** A command that was given, to be given again. */
    private Supplier<Future<CommandOutcome>> again;

    Case(Random random, String room, Caller... people) {
      this.random = random;
      this.room = room;
      this.topic = "room:" + room;
      this.people = people;
    }

    void live(int steps, boolean all) {
      for (int i = 0; i < steps; i++) {
        if (random.nextInt(10) == 0) {
          read();
        } else if (again != null && random.nextInt(12) == 0) {
          begin(again);
        } else {
          step(all);
        }
        while (underWay.size() > random.nextInt(MOST_UNDER_WAY)) {
          onDone(get(underWay.remove()));
        }
      }
      underWay.forEach(ChatNode::get);
      TopicAnswer fresh = node.subscribe(stranger, topic, null);
      List<Reader> begun =
          readers.stream().map(ChatNode::get).filter(reader -> reader != null).toList();
      if (fresh instanceof Granted granted) {
        Heard heard = heard(granted.position());
        begun.forEach(reader -> addsUp(reader, heard, granted.position()));
      } else {
        begun.forEach(reader -> assertThat(
                node.subscribe(reader.who(), topic, reader.begun().position()))
            .isInstanceOf(TopicAnswer.Denied.class));
      }
    }

    private Heard heard(StreamPosition end) {
      List<Publication> published = new ArrayList<>(node.heardOf(topic));
      published.addAll(other.heardOf(topic));
      Heard heard = new Heard(end.epoch(), published);
      assertThat(heard.last()).isEqualTo(end.offset());
      assertThat(heard.after(0)).as("a room's offsets have no holes").hasSize((int) end.offset());
      return heard;
    }

    private void step(boolean all) {
      switch (random.nextInt(all ? 16 : 5)) {
        case 0, 1, 2 -> give("sendToRoom", "'text':'" + words() + "'");
        case 3 -> give("joinRoom", "");
        case 4 -> give("leaveRoom", "");
        case 5, 6 -> give("sendToRoom", "'text':'" + words() + "'");
        case 7, 8, 9 ->
          onMessage(message -> give(
              "react",
              "'offset':%s,'emoji':'%s','on':%b"
                  .formatted(
                      message.get("offset"), anyOf("👍", "👎", "x"), random.nextInt(3) > 0)));
        case 10, 11 ->
          onMessage(message -> give(
              "editMessage",
              "'messageId':" + message.get("messageId") + ",'text':'" + words() + "'"));
        case 12 ->
          onMessage(message -> give("deleteMessage", "'messageId':" + message.get("messageId")));
        case 13 -> give(anyOf("kickUser", "banUser"), "'user':'" + anyone().user() + "'");
        case 14 ->
          give(
              anyOf("unbanUser", "muteUser", "inviteUser"),
              "'user':'" + anyone().user() + "'");
        default ->
          give(
              "setRole",
              "'user':'%s','role':'%s'"
                  .formatted(anyone().user(), anyOf("owner", "moderator", "member")));
      }
    }

    private void onMessage(java.util.function.Consumer<JsonNode> then) {
      if (!sent.isEmpty()) {
        then.accept(sent.get(random.nextInt(sent.size())));
      }
    }

    private String words() {
      return "text " + random.nextInt(1000)
          + (random.nextInt(4) == 0 ? " @" + anyone().name() : "");
    }

    private Caller anyone() {
      return anyOf(people);
    }

    @SafeVarargs
    private <T> T anyOf(T... choices) {
      return choices[random.nextInt(choices.length)];
    }

    private ChatNode anyNode() {
      return random.nextBoolean() ? node : other;
    }

    private void give(String name, String arguments) {
      ChatNode at = anyNode();
      // Somebody with power over all rooms is always there, or bans and mutes would end every case.
      Caller who = random.nextInt(8) == 0 ? ChatNode.withRole("mo", "moderator") : anyone();
      String json = "{'room':'%s'%s%s}"
          .formatted(room, arguments.isEmpty() ? "" : ",", arguments)
          .replace('\'', '"');
      String id = newId();
      Supplier<Future<CommandOutcome>> command = () -> at.give(who, id, name, json);
      if (again == null || random.nextInt(4) == 0) {
        again = command;
      }
      begin(command);
    }

    private void begin(Supplier<Future<CommandOutcome>> command) {
      underWay.add(command.get());
    }

    private void onDone(CommandOutcome outcome) {
      if (outcome instanceof CommandOutcome.Done done) {
        JsonNode result = ChatNode.json(done.result());
        if (result.has("messageId")) {
          sent.add(result);
        }
      }
    }

    /** Begins to read, and perhaps goes on from there on another node a little later. */
    private void read() {
      Caller who = random.nextInt(6) == 0 ? stranger : anyone();
      boolean resumes = random.nextBoolean();
      ChatNode later = anyNode();
      int limit = 1 + random.nextInt(20);
      readers.add(anyNode().beginSubscribe(who, topic, Optional.empty(), 500).compose(answer -> {
        if (!(answer instanceof Granted begun)) {
          return Future.succeededFuture();
        }
        if (!resumes) {
          return Future.succeededFuture(new Reader(who, begun, Optional.empty()));
        }
        return later
            .beginSubscribe(who, topic, Optional.of(begun.position()), limit)
            .map(resumed -> new Reader(
                who,
                begun,
                resumed instanceof Granted granted && granted.recovered()
                    ? Optional.of(granted)
                    : Optional.empty()));
      }));
    }

    private void addsUp(Reader reader, Heard heard, StreamPosition end) {
      StreamPosition begun = reader.begun().position();
      Optional<List<String>> fresh = fresh(reader.who());
      if (!heard.has(begun)) {
        if (node.subscribe(reader.who(), topic, begun) instanceof Granted anew) {
          assertThat(anew.recovered()).as("another life").isFalse();
          assertThat(shown(reader.who(), anew, List.of()))
              .containsExactlyElementsOf(fresh.orElseThrow());
        }
        return;
      }
      if (fresh.isEmpty()) {
        return;
      }
      assertThat(shown(reader.who(), reader.begun(), heard.after(begun.offset())))
          .as("%s from %s", reader.who().user(), begun)
          .containsExactlyElementsOf(fresh.get());
      reader.resumed().ifPresent(resumed -> {
        List<Publication> all = new ArrayList<>(Heard.continued(begun, resumed));
        long reached = Heard.reached(begun, resumed);
        assertThat(reached < resumed.position().offset()).isEqualTo(resumed.more());
        all.addAll(heard.after(reached));
        assertThat(shown(reader.who(), reader.begun(), all))
            .as("%s resumed at %s", reader.who().user(), begun)
            .containsExactlyElementsOf(fresh.get());
      });
      resumesAtTheEnd(reader, heard, end, fresh.get());
    }

    /** From any position in between, in parts of any size. */
    private void resumesAtTheEnd(
        Reader reader, Heard heard, StreamPosition end, List<String> fresh) {
      long begun = reader.begun().position().offset();
      long from = begun + random.nextInt((int) (end.offset() - begun) + 1);
      boolean asGateway = random.nextBoolean();
      List<Publication> all = new ArrayList<>(heard.between(begun, from));
      StreamPosition since = heard.at(from);
      boolean more = true;
      while (more) {
        int limit = 1 + random.nextInt(40);
        TopicAnswer answer = asGateway
            ? anyNode().catchUp(topic, since, limit)
            : get(anyNode().beginSubscribe(reader.who(), topic, Optional.of(since), limit));
        List<Publication> part = Heard.continued(since, answer);
        assertThat(part).hasSizeLessThanOrEqualTo(limit);
        all.addAll(part);
        more = ((Granted) answer).more();
        since = heard.at(since.offset() + part.size());
      }
      assertThat(since).as("everything was told").isEqualTo(end);
      assertThat(shown(reader.who(), reader.begun(), all))
          .as("%s resumed at %s", reader.who().user(), from)
          .containsExactlyElementsOf(fresh);
      TopicAnswer ahead = get(
          node.beginSubscribe(reader.who(), topic, Optional.of(heard.at(end.offset() + 1)), 10));
      assertThat(((Granted) ahead).recovered()).as("ahead of the owner").isFalse();
    }

    private Optional<List<String>> fresh(Caller who) {
      return anyNode().subscribe(who, topic, null) instanceof Granted granted
          ? Optional.of(shown(who, granted, List.of()))
          : Optional.empty();
    }

    private List<String> shown(Caller who, Granted begun, List<Publication> publications) {
      return new KeptRoom(who.user(), begun.snapshot().orElseThrow())
          .with(publications)
          .shown();
    }
  }
}
