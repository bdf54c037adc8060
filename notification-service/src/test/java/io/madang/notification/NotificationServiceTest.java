package io.madang.notification;

import static io.madang.notification.NotificationNode.await;
import static io.madang.notification.NotificationNode.json;
import static io.madang.notification.NotificationNode.person;
import static io.madang.notification.NotificationNode.topicOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NotificationServiceTest {
  private static final Caller CHAT = Caller.service("chat");
  private static final Duration SOON = Duration.ofSeconds(10);

  private static TestDatabase database;
  private static NotificationNode one;
  private static NotificationNode two;

  @BeforeAll
  static void start() {
    database = TestStores.createDatabase();
    one = new NotificationNode(database.url(), "one");
    two = new NotificationNode(database.url(), "two");
  }

  @AfterAll
  static void stop() {
    one.close();
    two.close();
  }

  /** A user nobody else in this class has. */
  private static String newUser() {
    return "u-" + UUID.randomUUID();
  }

  private static String newId() {
    return UUID.randomUUID().toString();
  }

  private static String mention(String user) {
    return mention(user, "Ada mentioned you");
  }

  private static String mention(String user, String title) {
    return "{\"userId\":\"%s\",\"title\":\"%s\",\"message\":\"in dev\",\"type\":\"mention\"}".formatted(user, title);
  }

  private static List<Long> offsets(List<Publication> publications) {
    return publications.stream().map(Publication::offset).toList();
  }

  private static List<String> texts(JsonNode array, String member) {
    return StreamSupport.stream(array.spliterator(), false).map(item -> item.path(member).asText()).toList();
  }

  private static List<Publication> heardBy(NotificationNode node, String user) {
    return node.heard().stream().filter(publication -> publication.topic().equals(topicOf(user))).toList();
  }

  @Nested
  class A_notification {
    @Test
    void reaches_its_user_live_and_is_what_the_sender_is_told() {
      String user = newUser();
      one.hear(user);

      JsonNode sent =
          one.done(
              CHAT,
              "send",
              "outbox:17",
              "{\"userId\":\"%s\",\"title\":\"마당\",\"message\":\"hi\",\"type\":\"Mention\",\"data\":{\"room\":\"dev\",\"n\":1.5}}"
                  .formatted(user));

      await().atMost(SOON).until(() -> !heardBy(one, user).isEmpty());
      Publication heard = heardBy(one, user).get(0);
      assertThat(heard.event()).isEqualTo("notification");
      assertThat(heard.eventClass()).isEqualTo(EventClass.LOG);
      assertThat(heard.offset()).isEqualTo(1);
      assertThat(heard.previous()).isZero();
      assertThat(heard.command()).contains("outbox:17");
      JsonNode data = json(heard.data());
      assertThat(data.path("userId").asText()).isEqualTo(user);
      assertThat(data.path("title").asText()).isEqualTo("마당");
      assertThat(data.path("type").asText()).isEqualTo("mention");
      assertThat(data.path("isRead").asBoolean(true)).isFalse();
      assertThat(data.path("unread").asInt()).isEqualTo(1);
      assertThat(data.path("data").toString()).isEqualTo("{\"room\":\"dev\",\"n\":1.5}");
      assertThat(data.path("createdAt").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
      assertThat(sent.path("notification").path("id")).isEqualTo(data.path("id"));
      assertThat(sent.path("muted").asBoolean(true)).isFalse();
    }

    @Test
    void is_there_for_a_user_who_comes_later() {
      String user = newUser();
      one.done(CHAT, "send", mention(user, "first"));
      two.done(CHAT, "send", mention(user, "second"));

      TopicAnswer.Granted answer = one.subscribe(user);

      assertThat(answer.recovered()).isFalse();
      assertThat(answer.position().offset()).isEqualTo(2);
      JsonNode snapshot = json(answer.snapshot().orElseThrow());
      assertThat(snapshot.path("unread").asInt()).isEqualTo(2);
      assertThat(texts(snapshot.path("notifications"), "title")).containsExactly("second", "first");
    }

    @Test
    void is_sent_by_services_and_admins_alone() {
      String user = newUser();

      assertThat(one.refused(person("eve"), "send", mention(user))).isEqualTo("forbidden");
      assertThat(one.refused(person("eve"), "sendBulk", "{\"userIds\":[\"a\"],\"title\":\"t\",\"message\":\"m\"}"))
          .isEqualTo("forbidden");
      one.done(person("root", "admin"), "send", mention(user));

      assertThat(one.subscribe(user).position().offset()).isEqualTo(1);
    }
  }

  @Nested
  class The_same_command_again {
    @Test
    void gives_and_publishes_the_first_result_on_any_node() {
      String user = newUser();
      String id = newId();
      JsonNode first = one.done(CHAT, "send", id, mention(user));
      two.hear(user);

      JsonNode again = two.done(CHAT, "send", id, mention(user));

      assertThat(again).isEqualTo(first);
      await().atMost(SOON).until(() -> !heardBy(two, user).isEmpty());
      assertThat(offsets(heardBy(two, user))).containsExactly(1L);
      assertThat(one.subscribe(user).position().offset()).isEqualTo(1);
    }

    @Test
    void with_other_arguments_is_a_conflict_and_leaves_no_trace() {
      String user = newUser();
      String id = newId();
      one.done(CHAT, "send", id, mention(user, "one"));

      assertThat(two.refused(CHAT, "send", id, mention(user, "other"))).isEqualTo("conflict");
      assertThat(two.refused(CHAT, "send", id, mention(newUser(), "one"))).isEqualTo("conflict");

      assertThat(one.subscribe(user).position().offset()).isEqualTo(1);
    }

    @Test
    void with_its_members_in_another_order_is_the_same() {
      String user = newUser();
      String id = newId();
      one.done(CHAT, "send", id, mention(user));

      JsonNode again =
          two.done(
              CHAT,
              "send",
              id,
              "{\"type\":\"mention\",\"message\":\"in dev\",\"title\":\"Ada mentioned you\",\"userId\":\"%s\"}"
                  .formatted(user));

      assertThat(again.path("notification").path("offset").asLong()).isEqualTo(1);
    }

    @Test
    void by_another_sender_is_another_command() {
      String user = newUser();
      String id = newId();

      one.done(CHAT, "send", id, mention(user));
      one.done(person("root", "admin"), "send", id, mention(user));

      assertThat(one.subscribe(user).position().offset()).isEqualTo(2);
    }

    @Test
    void racing_on_two_nodes_is_done_once() throws SQLException {
      String user = newUser();
      List<String> ids = IntStream.range(0, 40).mapToObj(i -> newId()).toList();

      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (String id : ids) {
        for (NotificationNode node : List.of(one, two, one, two)) {
          given.add(node.give(CHAT, "send", id, mention(user, id)));
        }
      }
      await(Future.all(given));

      for (int i = 0; i < ids.size(); i++) {
        List<String> results =
            given.subList(4 * i, 4 * i + 4).stream()
                .map(future -> ((CommandOutcome.Done) future.result()).result().toString())
                .distinct()
                .toList();
        assertThat(results).hasSize(1);
      }
      assertThat(
              database.rows(
                  "SELECT count(*), min(at_offset), max(at_offset) FROM notification.notification WHERE user_id = '%s'"
                      .formatted(user)))
          .containsExactly("40|1|40");
      assertThat(json(one.subscribe(user).snapshot().orElseThrow()).path("unread").asInt()).isEqualTo(40);
    }
  }

  @Nested
  class Offsets {
    @Test
    void have_no_gaps_whoever_writes_and_each_publication_names_the_one_before() {
      String user = newUser();
      one.hear(user);
      two.hear(user);
      StreamPosition start = one.subscribe(user).position();

      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        NotificationNode node = i % 2 == 0 ? one : two;
        given.add(node.give(CHAT, "send", newId(), mention(user)));
        if (i % 7 == 0) {
          given.add(node.give(person(user), "markAllAsRead", newId(), "{}"));
        }
      }
      await(Future.all(given));

      TopicAnswer.Granted all = two.resume(user, start, 500);
      assertThat(all.recovered()).isTrue();
      assertThat(all.more()).isFalse();
      assertThat(offsets(all.publications()))
          .isEqualTo(LongStream.rangeClosed(1, all.position().offset()).boxed().toList());
      assertThat(all.publications()).allMatch(publication -> publication.previous() == publication.offset() - 1);
      await().atMost(SOON).until(() -> heardBy(one, user).size() + heardBy(two, user).size() >= all.position().offset());
      List<Publication> live = new ArrayList<>(heardBy(one, user));
      live.addAll(heardBy(two, user));
      assertThat(live.stream().distinct().toList()).containsExactlyInAnyOrderElementsOf(all.publications());
    }

    @Test
    void are_published_in_order_by_one_node() {
      String user = newUser();
      one.hear(user);

      List<Future<CommandOutcome>> given =
          IntStream.range(0, 50).mapToObj(i -> one.give(CHAT, "send", newId(), mention(user))).toList();
      await(Future.all(given));

      await().atMost(SOON).until(() -> heardBy(one, user).size() == 50);
      assertThat(offsets(heardBy(one, user))).isEqualTo(LongStream.rangeClosed(1, 50).boxed().toList());
    }

    @Test
    void let_a_reader_go_on_where_it_was_in_parts() {
      String user = newUser();
      StreamPosition start = one.subscribe(user).position();
      for (int i = 0; i < 5; i++) {
        one.done(CHAT, "send", mention(user));
      }

      TopicAnswer.Granted part = two.resume(user, start, 3);
      TopicAnswer.Granted rest =
          (TopicAnswer.Granted)
              two.read(new TopicRead.CatchUp(topicOf(user), new StreamPosition(start.epoch(), 3), 3));
      TopicAnswer.Granted nothing = two.resume(user, rest.position(), 3);

      assertThat(offsets(part.publications())).containsExactly(1L, 2L, 3L);
      assertThat(part.more()).isTrue();
      assertThat(offsets(rest.publications())).containsExactly(4L, 5L);
      assertThat(rest.more()).isFalse();
      assertThat(nothing.recovered()).isTrue();
      assertThat(nothing.publications()).isEmpty();
    }

    @Test
    void of_another_life_or_of_the_future_are_not_gone_on_from() {
      String user = newUser();
      StreamPosition now = one.subscribe(user).position();
      one.done(CHAT, "send", mention(user));

      TopicAnswer.Granted otherLife = one.resume(user, new StreamPosition("another", 0), 10);
      TopicAnswer.Granted future = one.resume(user, new StreamPosition(now.epoch(), 2), 10);

      assertThat(otherLife.recovered()).isFalse();
      assertThat(otherLife.snapshot()).isPresent();
      assertThat(future.recovered()).isFalse();
      assertThat(future.snapshot()).isPresent();
    }

    @Test
    void can_be_paged_both_ways() {
      String user = newUser();
      for (int i = 0; i < 5; i++) {
        one.done(CHAT, "send", mention(user));
      }

      TopicAnswer.Granted newest = history(user, Optional.empty(), Optional.empty());
      TopicAnswer.Granted older = history(user, Optional.empty(), Optional.of(4L));
      TopicAnswer.Granted oldest = history(user, Optional.empty(), Optional.of(2L));
      TopicAnswer.Granted after = history(user, Optional.of(3L), Optional.empty());

      assertThat(offsets(newest.publications())).containsExactly(4L, 5L);
      assertThat(newest.more()).isTrue();
      assertThat(offsets(older.publications())).containsExactly(2L, 3L);
      assertThat(older.more()).isTrue();
      assertThat(offsets(oldest.publications())).containsExactly(1L);
      assertThat(oldest.more()).isFalse();
      assertThat(offsets(after.publications())).containsExactly(4L, 5L);
      assertThat(after.more()).isFalse();
    }

    private TopicAnswer.Granted history(String user, Optional<Long> after, Optional<Long> before) {
      return (TopicAnswer.Granted)
          one.read(new TopicRead.History(topicOf(user), person(user), after, before, 2));
    }
  }

  @Nested
  class Marking_one_as_read {
    @Test
    void is_heard_by_every_device_and_counts_once() {
      String user = newUser();
      String id = one.done(CHAT, "send", mention(user)).path("notification").path("id").asText();
      one.done(CHAT, "send", mention(user));
      two.hear(user);

      JsonNode first = two.done(person(user), "markAsRead", "{\"notificationId\":\"%s\"}".formatted(id));
      JsonNode again = one.done(person(user), "markAsRead", "{\"notificationId\":\"%s\"}".formatted(id));

      assertThat(first.path("unread").asInt()).isEqualTo(1);
      assertThat(again.path("unread").asInt()).isEqualTo(1);
      await().atMost(SOON).until(() -> !heardBy(two, user).isEmpty());
      Publication heard = heardBy(two, user).get(0);
      assertThat(heard.event()).isEqualTo("read");
      assertThat(heard.offset()).isEqualTo(3);
      assertThat(json(heard.data()).toString()).isEqualTo("{\"ids\":[\"%s\"],\"unread\":1}".formatted(id));
      assertThat(one.subscribe(user).position().offset()).isEqualTo(3);
    }

    @Test
    void publishes_the_same_event_again_when_the_command_is_repeated() {
      String user = newUser();
      String notification = one.done(CHAT, "send", mention(user)).path("notification").path("id").asText();
      String id = newId();
      one.done(person(user), "markAsRead", id, "{\"notificationId\":\"%s\"}".formatted(notification));
      two.hear(user);

      two.done(person(user), "markAsRead", id, "{\"notificationId\":\"%s\"}".formatted(notification));

      await().atMost(SOON).until(() -> !heardBy(two, user).isEmpty());
      assertThat(offsets(heardBy(two, user))).containsExactly(2L);
    }

    @Test
    void of_another_user_or_of_nobody_is_not_found() {
      String user = newUser();
      String id = one.done(CHAT, "send", mention(user)).path("notification").path("id").asText();

      assertThat(one.refused(person("eve"), "markAsRead", "{\"notificationId\":\"%s\"}".formatted(id)))
          .isEqualTo("not-found");
      assertThat(one.refused(person(user), "markAsRead", "{\"notificationId\":\"%s\"}".formatted(newId())))
          .isEqualTo("not-found");
      assertThat(one.refused(person(user), "markAsRead", "{\"notificationId\":\"' OR 1=1 --\"}"))
          .isEqualTo("not-found");

      assertThat(one.done(person(user), "unread", "{}").path("unread").asInt()).isEqualTo(1);
    }
  }

  @Nested
  class Marking_all_as_read {
    @Test
    void never_reaches_what_comes_later_even_when_repeated() {
      String user = newUser();
      one.done(CHAT, "send", mention(user));
      String id = newId();
      JsonNode first = one.done(person(user), "markAllAsRead", id, "{}");
      one.done(CHAT, "send", mention(user));

      JsonNode again = two.done(person(user), "markAllAsRead", id, "{}");

      assertThat(first.toString()).isEqualTo("{\"upTo\":1,\"unread\":0}");
      assertThat(again).isEqualTo(first);
      assertThat(one.done(person(user), "unread", "{}").path("unread").asInt()).isEqualTo(1);
    }

    @Test
    void that_found_nothing_to_read_never_reaches_what_comes_later_either() {
      String user = newUser();
      String id = newId();
      one.done(person(user), "markAllAsRead", id, "{}");
      one.done(CHAT, "send", mention(user));

      two.done(person(user), "markAllAsRead", id, "{}");

      assertThat(one.done(person(user), "unread", "{}").path("unread").asInt()).isEqualTo(1);
      assertThat(one.subscribe(user).position().offset()).isEqualTo(1);
    }

    @Test
    void stops_at_the_position_that_is_named() {
      String user = newUser();
      List<String> ids =
          IntStream.range(0, 4)
              .mapToObj(i -> one.done(CHAT, "send", mention(user)).path("notification").path("id").asText())
              .toList();

      JsonNode byOffset = one.done(person(user), "markAllAsRead", "{\"upTo\":2}");
      JsonNode byId = one.done(person(user), "markAllAsRead", "{\"upToId\":\"%s\"}".formatted(ids.get(2)));
      JsonNode beyond = one.done(person(user), "markAllAsRead", "{\"upTo\":9007199254740991}");

      assertThat(byOffset.path("unread").asInt()).isEqualTo(2);
      assertThat(byId.path("unread").asInt()).isEqualTo(1);
      assertThat(byId.path("upTo").asLong()).isEqualTo(3);
      assertThat(beyond.path("unread").asInt()).isZero();
      one.done(CHAT, "send", mention(user));
      assertThat(one.done(person(user), "unread", "{}").path("unread").asInt()).isEqualTo(1);
    }

    @Test
    void counts_those_that_were_read_one_by_one_before() {
      String user = newUser();
      List<String> ids =
          IntStream.range(0, 3)
              .mapToObj(i -> one.done(CHAT, "send", mention(user)).path("notification").path("id").asText())
              .toList();
      one.done(person(user), "markAsRead", "{\"notificationId\":\"%s\"}".formatted(ids.get(2)));

      JsonNode marked = one.done(person(user), "markAllAsRead", "{\"upTo\":1}");
      JsonNode marksOld = one.done(person(user), "markAsRead", "{\"notificationId\":\"%s\"}".formatted(ids.get(0)));

      assertThat(marked.path("unread").asInt()).isEqualTo(1);
      assertThat(marksOld.path("unread").asInt()).isEqualTo(1);
      assertThat(texts(one.done(person(user), "unread", "{}").path("notifications"), "id"))
          .containsExactly(ids.get(1));
    }

    @Test
    void while_new_ones_arrive_keeps_the_counts_true() {
      String user = newUser();
      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        NotificationNode node = i % 2 == 0 ? one : two;
        NotificationNode other = i % 2 == 0 ? two : one;
        given.add(node.give(CHAT, "send", newId(), mention(user)));
        given.add(other.give(person(user), "markAllAsRead", newId(), "{}"));
      }
      await(Future.all(given));

      TopicAnswer.Granted all =
          two.resume(user, new StreamPosition(one.subscribe(user).position().epoch(), 0), 500);

      long unread = 0;
      List<Long> open = new ArrayList<>();
      for (Publication publication : all.publications()) {
        JsonNode data = json(publication.data());
        if (publication.event().equals("notification")) {
          open.add(publication.offset());
        } else {
          open.removeIf(offset -> offset <= data.path("upTo").asLong());
        }
        unread = open.size();
        assertThat(data.path("unread").asLong()).as("at %d", publication.offset()).isEqualTo(unread);
      }
      JsonNode now = one.done(person(user), "unread", "{\"take\":200}");
      assertThat(now.path("unread").asLong()).isEqualTo(unread);
      assertThat(now.path("notifications").size()).isEqualTo(unread);
    }

    @Test
    void with_the_id_of_another_is_a_conflict() {
      String user = newUser();
      one.done(CHAT, "send", mention(user));
      String id = newId();
      one.done(person(user), "markAllAsRead", id, "{\"upTo\":0}");

      assertThat(one.refused(person(user), "markAllAsRead", id, "{\"upTo\":1}")).isEqualTo("conflict");
    }

    @Test
    void names_one_place_at_most_and_one_that_is_there() {
      String user = newUser();

      assertThat(one.refused(person(user), "markAllAsRead", "{\"upTo\":1,\"upToId\":\"%s\"}".formatted(newId())))
          .isEqualTo("bad-request");
      assertThat(one.refused(person(user), "markAllAsRead", "{\"upToId\":\"%s\"}".formatted(newId())))
          .isEqualTo("not-found");
    }
  }

  @Nested
  class A_bulk {
    @Test
    void tells_everyone_once_and_is_done_once() {
      List<String> users = IntStream.range(0, 20).mapToObj(i -> newUser()).toList();
      String quoted = users.stream().map(user -> '"' + user + '"').collect(Collectors.joining(","));
      String arguments =
          "{\"userIds\":[%s,\"%s\"],\"title\":\"maintenance\",\"message\":\"at 5\"}".formatted(quoted, users.get(0));
      String id = newId();
      one.hear(users.get(19));

      JsonNode first = one.done(person("root", "admin"), "sendBulk", id, arguments);
      JsonNode again = two.done(person("root", "admin"), "sendBulk", id, arguments);

      assertThat(first.toString()).isEqualTo("{\"sent\":20,\"muted\":0}");
      assertThat(again).isEqualTo(first);
      assertThat(one.subscribe(users.get(0)).position().offset()).isEqualTo(1);
      await().atMost(SOON).until(() -> heardBy(one, users.get(19)).size() == 1);
      assertThat(json(heardBy(one, users.get(19)).get(0).data()).path("type").asText()).isEqualTo("system");
    }

    @Test
    void of_a_thousand_is_the_most() {
      String most = IntStream.range(0, 1_000).mapToObj(i -> "\"b" + i + "\"").collect(Collectors.joining(","));

      JsonNode sent = one.done(CHAT, "sendBulk", "{\"userIds\":[%s],\"title\":\"t\",\"message\":\"m\"}".formatted(most));

      assertThat(sent.path("sent").asInt()).isEqualTo(1_000);
      assertThat(
              one.refused(
                  CHAT,
                  "sendBulk",
                  "{\"userIds\":[%s,\"one more\"],\"title\":\"t\",\"message\":\"m\"}".formatted(most)))
          .isEqualTo("bad-request");
    }

    @Test
    void crossing_another_in_the_other_order_ends_well() {
      List<String> users = IntStream.range(0, 100).mapToObj(i -> newUser()).toList();
      List<String> backwards = new ArrayList<>(users);
      Collections.reverse(backwards);

      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        given.add(one.give(CHAT, "sendBulk", newId(), bulk(users)));
        given.add(two.give(CHAT, "sendBulk", newId(), bulk(backwards)));
      }
      await(Future.all(given));

      assertThat(one.subscribe(users.get(50)).position().offset()).isEqualTo(20);
    }

    private String bulk(List<String> users) {
      return "{\"userIds\":[%s],\"title\":\"t\",\"message\":\"m\"}"
          .formatted(users.stream().map(user -> '"' + user + '"').collect(Collectors.joining(",")));
    }
  }

  @Nested
  class A_muted_type {
    @Test
    void is_not_stored_and_the_sender_is_told() {
      String user = newUser();
      one.done(person(user), "setPreference", "{\"type\":\"Mention\",\"enabled\":false}");
      String id = newId();

      JsonNode sent = two.done(CHAT, "send", id, mention(user));
      two.done(CHAT, "send", "{\"userId\":\"%s\",\"title\":\"t\",\"message\":\"m\",\"type\":\"direct\"}".formatted(user));
      one.done(person(user), "setPreference", "{\"type\":\"mention\",\"enabled\":true}");
      JsonNode again = one.done(CHAT, "send", id, mention(user));

      assertThat(sent.toString()).isEqualTo("{\"muted\":true}");
      assertThat(again).isEqualTo(sent);
      assertThat(texts(one.done(person(user), "list", "{}").path("notifications"), "type")).containsExactly("direct");
      assertThat(one.done(person(user), "preferences", "{}").toString())
          .isEqualTo("{\"preferences\":[{\"type\":\"mention\",\"enabled\":true}]}");
    }

    @Test
    void is_one_of_a_limited_number() {
      String user = newUser();
      for (int i = 0; i < Commands.MAX_PREFERENCES; i++) {
        one.done(person(user), "setPreference", "{\"type\":\"t%d\",\"enabled\":false}".formatted(i));
      }

      assertThat(one.refused(person(user), "setPreference", "{\"type\":\"more\",\"enabled\":false}"))
          .isEqualTo("too-many-preferences");
      one.done(person(user), "setPreference", "{\"type\":\"t7\",\"enabled\":true}");
    }
  }

  @Nested
  class A_list {
    @Test
    void goes_back_page_by_page_and_tells_what_is_read() {
      String user = newUser();
      for (int i = 1; i <= 5; i++) {
        one.done(CHAT, "send", mention(user, "n" + i));
      }
      one.done(person(user), "markAllAsRead", "{\"upTo\":2}");

      JsonNode newest = one.done(person(user), "list", "{\"take\":2}");
      long before = newest.path("notifications").get(1).path("offset").asLong();
      JsonNode older = one.done(person(user), "list", "{\"before\":%d,\"take\":2}".formatted(before));
      JsonNode oldest = one.done(person(user), "list", "{\"before\":2}");

      assertThat(texts(newest.path("notifications"), "title")).containsExactly("n5", "n4");
      assertThat(newest.path("more").asBoolean()).isTrue();
      assertThat(newest.path("unread").asInt()).isEqualTo(3);
      assertThat(texts(older.path("notifications"), "title")).containsExactly("n3", "n2");
      assertThat(texts(older.path("notifications"), "isRead")).containsExactly("false", "true");
      assertThat(texts(oldest.path("notifications"), "title")).containsExactly("n1");
      assertThat(oldest.path("more").asBoolean()).isFalse();
    }

    @Test
    void of_unread_ones_has_at_most_what_was_asked_for() {
      String user = newUser();
      for (int i = 1; i <= 3; i++) {
        one.done(CHAT, "send", mention(user, "n" + i));
      }

      JsonNode unread = one.done(person(user), "unread", "{\"take\":2}");

      assertThat(unread.path("unread").asInt()).isEqualTo(3);
      assertThat(texts(unread.path("notifications"), "title")).containsExactly("n3", "n2");
      assertThat(unread.path("more").asBoolean()).isTrue();
    }

    @Test
    void of_long_messages_is_cut_and_says_so() {
      String user = newUser();
      String longText = "가".repeat(2_000);
      for (int i = 0; i < 80; i++) {
        one.done(
            CHAT,
            "send",
            "{\"userId\":\"%s\",\"title\":\"t\",\"message\":\"%s\",\"type\":\"mention\"}".formatted(user, longText));
      }

      JsonNode list = one.done(person(user), "list", "{\"take\":200}");
      TopicAnswer.Granted part =
          one.resume(user, new StreamPosition(one.subscribe(user).position().epoch(), 0), 100);

      assertThat(list.path("notifications").size()).isBetween(1, 79);
      assertThat(list.path("more").asBoolean()).isTrue();
      assertThat(part.publications().size()).isBetween(1, 79);
      assertThat(part.more()).isTrue();
    }

    @Test
    void of_a_user_nobody_has_told_anything_is_empty() {
      assertThat(one.done(person(newUser()), "unread", "{}").toString())
          .isEqualTo("{\"unread\":0,\"notifications\":[],\"more\":false}");
    }
  }

  @Nested
  class A_foreign_topic {
    @Test
    void is_denied_alike_whether_it_is_there_or_not() {
      String user = newUser();
      one.done(CHAT, "send", mention(user));

      TopicAnswer there =
          one.read(new TopicRead.Subscribe(topicOf(user), person("eve"), Optional.empty(), 10));
      TopicAnswer notThere =
          one.read(new TopicRead.Subscribe(topicOf(newUser()), person("eve", "admin"), Optional.empty(), 10));
      TopicAnswer past =
          one.read(new TopicRead.History(topicOf(user), person("eve"), Optional.empty(), Optional.empty(), 10));
      TopicAnswer guarded = one.read(new TopicRead.Authorise(topicOf(user), person("eve")));

      assertThat(there).isInstanceOf(TopicAnswer.Denied.class).isEqualTo(notThere).isEqualTo(past);
      assertThat(guarded).isInstanceOf(TopicAnswer.Denied.class);
    }

    @Test
    void makes_no_row() throws SQLException {
      String user = newUser();

      one.read(new TopicRead.Subscribe(topicOf(user), person("eve"), Optional.empty(), 10));

      assertThat(database.rows("SELECT * FROM notification.topic WHERE user_id = '%s'".formatted(user))).isEmpty();
    }
  }

  @Nested
  class A_position {
    @Test
    void lasts_from_before_the_first_notification() {
      String user = newUser();
      StreamPosition before = one.subscribe(user).position();
      two.done(CHAT, "send", mention(user));

      TopicAnswer.Granted answer = two.resume(user, before, 10);

      assertThat(before.offset()).isZero();
      assertThat(answer.recovered()).isTrue();
      assertThat(offsets(answer.publications())).containsExactly(1L);
    }

    @Test
    void has_another_epoch_when_the_topic_was_made_again() throws SQLException {
      String user = newUser();
      StreamPosition before = one.subscribe(user).position();
      database.execute("DELETE FROM notification.topic WHERE user_id = '%s'".formatted(user));

      TopicAnswer.Granted answer = one.resume(user, before, 10);

      assertThat(answer.recovered()).isFalse();
      assertThat(answer.position().epoch()).isNotEqualTo(before.epoch());
    }
  }

  @Nested
  class Garbage {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '\u0001',
        textBlock =
            """
            send          | {}
            send          | {"userId":7,"title":"t","message":"m"}
            send          | {"userId":"","title":"t","message":"m"}
            send          | {"userId":"a","title":"","message":"m"}
            send          | {"userId":"a\\u0007b","title":"t","message":"m"}
            send          | {"userId":"a","title":"t","message":"m\\u0000"}
            send          | {"userId":"a","title":"t","message":"\\ud800"}
            send          | {"userId":"a","title":"t","message":"m","type":"no spaces"}
            send          | {"userId":"a","title":"t","message":"m","type":"-x"}
            send          | {"userId":"a","title":"t","message":"m","data":[1]}
            send          | {"userId":"a","title":"t","message":"m","data":{"x":"\\u0000"}}
            send          | {"userId":"a","title":"t","message":"m","more":1}
            send          | nonsense
            sendBulk      | {"userIds":"a","title":"t","message":"m"}
            sendBulk      | {"userIds":["a",null],"title":"t","message":"m"}
            markAsRead    | {"notificationId":{}}
            markAllAsRead | {"upTo":"3"}
            markAllAsRead | {"upTo":-1}
            markAllAsRead | {"upTo":1e400}
            list          | {"before":1.5}
            setPreference | {"type":"mention","enabled":"yes"}
            setPreference | {"type":"a b","enabled":true}
            unread        | [1,2,3]
            """)
    void is_refused_and_leaves_no_trace(String command, String arguments) throws SQLException {
      List<String> before = state();

      assertThat(one.refused(person("root", "admin"), command, arguments)).isEqualTo("bad-request");

      assertThat(state()).isEqualTo(before);
    }

    @Test
    void in_the_place_of_a_command_id_is_refused() throws SQLException {
      List<String> before = state();

      for (String id : List.of("", "x".repeat(201), "a\u0000b")) {
        assertThat(one.refused(CHAT, "send", id, mention("a"))).isEqualTo("bad-request");
      }

      assertThat(state()).isEqualTo(before);
    }

    @Test
    void more_text_than_allowed_is_refused_and_all_that_is_allowed_is_kept() {
      String user = newUser();
      String most = "😀".repeat(2_000);

      JsonNode sent = one.done(CHAT, "send", "{\"userId\":\"%s\",\"title\":\"t\",\"message\":\"%s\"}".formatted(user, most));
      String code =
          one.refused(CHAT, "send", "{\"userId\":\"%s\",\"title\":\"t\",\"message\":\"%sx\"}".formatted(user, most));

      assertThat(sent.path("notification").path("message").asText()).isEqualTo(most);
      assertThat(code).isEqualTo("bad-request");
    }

    private List<String> state() throws SQLException {
      return database.rows(
          """
          SELECT (SELECT count(*) FROM notification.notification), (SELECT count(*) FROM notification.reading),
                 (SELECT count(*) FROM notification.sending), (SELECT count(*) FROM notification.marked_all),
                 (SELECT count(*) FROM notification.preference), (SELECT sum(last_offset) FROM notification.topic)
          """);
    }
  }

  @Nested
  class Marks_of_many {
    @Test
    void are_forgotten_after_seven_days() throws SQLException {
      String user = newUser();
      one.done(person(user), "markAllAsRead", "old", "{}");
      one.done(person(user), "markAllAsRead", "young", "{}");
      database.execute(
          "UPDATE notification.marked_all SET recorded_at = now() - interval '8 days' WHERE user_id = '%s' AND command_id = 'old'"
              .formatted(user));

      database.execute("SELECT notification.forget_marked_all(100)");

      assertThat(database.rows("SELECT command_id FROM notification.marked_all WHERE user_id = '%s'".formatted(user)))
          .containsExactly("young");
    }
  }
}
