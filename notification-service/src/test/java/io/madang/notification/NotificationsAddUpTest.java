package io.madang.notification;

import static io.madang.notification.NotificationNode.await;
import static io.madang.notification.NotificationNode.json;
import static io.madang.notification.NotificationNode.person;
import static io.madang.notification.NotificationNode.topicOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.testkit.Seeds;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever begins with a snapshot of their notifications at any moment, or goes on from any position, and takes in what is
 * published since, has what a fresh reader gets; whatever is sent and read meanwhile, on two nodes and several things at a time.
 */
@Tag("slow")
@DisplayNameGeneration(ReplaceUnderscores.class)
class NotificationsAddUpTest {
  private static final int STEPS = 160;
  private static final int MOST_UNDER_WAY = 12;
  private static final int NEWEST = 50;
  private static final Caller SENDER = person("admin", "admin");

  private static List<NotificationNode> nodes;

  /** For users that no other case has. */
  private int cases;

  @BeforeAll
  static void start() {
    TestDatabase database = TestStores.createDatabase();
    nodes = List.of(
        new NotificationNode(database.url(), "one"), new NotificationNode(database.url(), "two"));
  }

  @AfterAll
  static void stop() {
    nodes.forEach(NotificationNode::close);
  }

  @Test
  void the_notifications_of_a_user() {
    Seeds.upTo(8, random -> {
      cases++;
      new Case(random, List.of("ann" + cases, "bob" + cases)).live();
    });
  }

  /** A reader that began while things happened, and perhaps went on from there a little later. */
  private record Reader(String user, Granted begun, Optional<Granted> resumed) {}

  private final class Case {
    private final Random random;
    private final List<String> users;
    private final List<JsonNode> sent = new ArrayList<>();
    private final Deque<Future<CommandOutcome>> underWay = new ArrayDeque<>();
    private final List<Future<Reader>> readers = new ArrayList<>();

    /** A command that was given, to be given again. */
    private Supplier<Future<CommandOutcome>> again;

    Case(Random random, List<String> users) {
      this.random = random;
      this.users = users;
    }

    void live() {
      users.forEach(user -> nodes.forEach(node -> node.hear(user)));
      for (int i = 0; i < STEPS; i++) {
        if (random.nextInt(10) == 0) {
          read();
        } else if (again != null && random.nextInt(8) == 0) {
          underWay.add(again.get());
        } else {
          step();
        }
        while (underWay.size() > random.nextInt(MOST_UNDER_WAY)) {
          onDone(await(underWay.remove()));
        }
      }
      underWay.forEach(NotificationNode::await);
      readers.forEach(reader -> addsUp(await(reader)));
    }

    private void step() {
      String user = anyOf(users);
      switch (random.nextInt(11)) {
        case 0, 1, 2, 3 ->
          give(
              SENDER,
              "send",
              "'userId':'%s','title':'t','message':'%d','type':'%s'"
                  .formatted(user, random.nextInt(1000), anyType()));
        case 4 ->
          give(
              SENDER,
              "sendBulk",
              "'userIds':['%s','%s'],'title':'t','message':'all','type':'%s'"
                  .formatted(users.get(0), users.get(1), anyType()));
        case 5, 6, 7 -> {
          if (!sent.isEmpty()) {
            JsonNode one = anyOf(sent);
            give(
                person(one.get("userId").asText()),
                "markAsRead",
                "'notificationId':" + one.get("id"));
          }
        }
        case 8 -> give(person(user), "markAllAsRead", "'upTo':" + random.nextInt(80));
        case 9 -> give(person(user), "markAllAsRead", "");
        default ->
          give(person(user), "setPreference", "'type':'b','enabled':" + random.nextBoolean());
      }
    }

    private String anyType() {
      return anyOf(List.of("a", "a", "b"));
    }

    private <T> T anyOf(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }

    private void give(Caller who, String name, String arguments) {
      NotificationNode at = anyOf(nodes);
      String json = "{" + arguments.replace('\'', '"') + "}";
      String id = UUID.randomUUID().toString();
      Supplier<Future<CommandOutcome>> command = () -> at.give(who, name, id, json);
      if (again == null || random.nextInt(3) == 0) {
        again = command;
      }
      underWay.add(command.get());
    }

    private void onDone(CommandOutcome outcome) {
      if (outcome instanceof CommandOutcome.Done done) {
        JsonNode result = json(done.result());
        if (result.has("notification")) {
          sent.add(result.get("notification"));
        }
      }
    }

    private void read() {
      String user = anyOf(users);
      boolean resumes = random.nextBoolean();
      NotificationNode later = anyOf(nodes);
      int limit = 1 + random.nextInt(20);
      readers.add(anyOf(nodes).begin(subscribe(user, Optional.empty(), 500)).compose(answer -> {
        Granted begun = (Granted) answer;
        return resumes
            ? later
                .begin(subscribe(user, Optional.of(begun.position()), limit))
                .map(resumed -> new Reader(user, begun, Optional.of((Granted) resumed)))
            : Future.succeededFuture(new Reader(user, begun, Optional.empty()));
      }));
    }

    private TopicRead subscribe(String user, Optional<StreamPosition> since, int limit) {
      return new TopicRead.Subscribe(topicOf(user), person(user), since, limit);
    }

    private void addsUp(Reader reader) {
      Granted fresh = nodes.get(0).subscribe(reader.user());
      List<String> expected = new Kept(fresh).shown();
      NavigableMap<Long, Publication> heard = heard(reader.user(), fresh.position());
      StreamPosition begun = reader.begun().position();
      List<Publication> since = List.copyOf(heard.tailMap(begun.offset(), false).values());
      assertThat(new Kept(reader.begun()).with(since).shown())
          .as("%s from %s", reader.user(), begun)
          .containsExactlyElementsOf(expected);
      reader.resumed().ifPresent(resumed -> {
        assertThat(resumed.recovered()).isTrue();
        List<Publication> all = new ArrayList<>(resumed.publications());
        all.addAll(heard.tailMap(begun.offset() + all.size(), false).values());
        assertThat(all).as("%s resumed at %s", reader.user(), begun).isEqualTo(since);
      });
      resumesAtTheEnd(reader.user(), heard, fresh.position());
    }

    /** What was published, in its order, when all of it has come. */
    private NavigableMap<Long, Publication> heard(String user, StreamPosition end) {
      NavigableMap<Long, Publication> heard = new TreeMap<>();
      await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
        heard.clear();
        for (NotificationNode node : nodes) {
          for (Publication publication : node.heard()) {
            if (publication.topic().equals(topicOf(user))) {
              Publication before = heard.put(publication.offset(), publication);
              assertThat(before).as("told again").isIn(null, publication);
            }
          }
        }
        assertThat(heard).hasSize((int) end.offset());
      });
      return heard;
    }

    /** From any position, in parts of any size. */
    private void resumesAtTheEnd(
        String user, NavigableMap<Long, Publication> heard, StreamPosition end) {
      long from = random.nextInt((int) end.offset() + 1);
      List<Publication> told = new ArrayList<>();
      boolean more = true;
      while (more) {
        StreamPosition since = new StreamPosition(end.epoch(), from + told.size());
        int limit = 1 + random.nextInt(40);
        TopicRead read = random.nextBoolean()
            ? new TopicRead.CatchUp(topicOf(user), since, limit)
            : subscribe(user, Optional.of(since), limit);
        Granted answer = (Granted) anyOf(nodes).read(read);
        assertThat(answer.recovered()).isTrue();
        assertThat(answer.publications()).hasSizeLessThanOrEqualTo(limit);
        told.addAll(answer.publications());
        more = answer.more();
      }
      assertThat(told).isEqualTo(List.copyOf(heard.tailMap(from, false).values()));
      TopicAnswer ahead = nodes
          .get(0)
          .read(subscribe(user, Optional.of(new StreamPosition(end.epoch(), end.offset() + 1)), 1));
      assertThat(((Granted) ahead).recovered()).as("ahead of the owner").isFalse();
    }
  }

  /** Notifications as a client keeps them by the rules of PROTOCOL.md. */
  private static final class Kept {
    private final TreeMap<Long, ObjectNode> notifications = new TreeMap<>();
    private final boolean more;
    private long unread;

    Kept(Granted begun) {
      JsonNode snapshot = json(begun.snapshot().orElseThrow());
      snapshot.get("notifications").forEach(this::put);
      more = snapshot.get("more").asBoolean();
      unread = snapshot.get("unread").asLong();
    }

    private void put(JsonNode notification) {
      notifications.put(notification.get("offset").asLong(), (ObjectNode) notification);
    }

    Kept with(List<Publication> publications) {
      publications.forEach(this::take);
      return this;
    }

    private void take(Publication publication) {
      ObjectNode data = (ObjectNode) json(publication.data());
      unread = data.get("unread").asLong();
      if (publication.event().equals("notification")) {
        data.remove("unread");
        put(data);
      } else if (data.has("upTo")) {
        notifications.headMap(data.get("upTo").asLong(), true).values().forEach(this::read);
      } else {
        data.get("ids")
            .forEach(id -> notifications.values().stream()
                .filter(notification -> notification.get("id").equals(id))
                .forEach(this::read));
      }
    }

    private void read(ObjectNode notification) {
      notification.put("isRead", true);
    }

    /** What a snapshot would say, as one text for each thing, since what differs shall be seen. */
    List<String> shown() {
      List<String> shown = new ArrayList<>();
      shown.add("unread " + unread);
      shown.add("more " + (more || notifications.size() > NEWEST));
      notifications.descendingMap().values().stream()
          .limit(NEWEST)
          .forEach(notification -> shown.add(notification.toString()));
      return shown;
    }
  }
}
