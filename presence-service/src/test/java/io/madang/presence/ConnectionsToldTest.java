package io.madang.presence;

import static io.madang.presence.PresenceNode.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.command.Caller;
import io.madang.runtime.config.Secret;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectionsToldTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int TOLD_PER_SECOND = 2;

  private final TestTime time = new TestTime();
  private final FakeGateway east = new FakeGateway("east.a1");
  private TestKeyspace keyspace;
  private Vertx vertx;
  private PresenceNode node;

  @BeforeEach
  void start() {
    keyspace = TestStores.createKeyspace();
    vertx = Vertx.vertx();
    PresenceConfig config = new PresenceConfig(
        new Secret(keyspace.url()),
        Duration.ofSeconds(80),
        Duration.ofSeconds(60),
        Duration.ofSeconds(20),
        Duration.ofMillis(20),
        20,
        TOLD_PER_SECOND);
    node = new PresenceNode(vertx, config, time, Set.of());
    node.hearsConnections = true;
  }

  @AfterEach
  void stop() {
    node.stop();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    keyspace.close();
  }

  private List<String> told(String topic) {
    return node.publications(topic).stream()
        .map(publication -> publication.event() + " " + publication.data())
        .toList();
  }

  private void awaitTold(String topic, int count) {
    await().atMost(SOON).until(() -> told(topic).size() >= count);
  }

  @Nested
  class A_connection {
    @Test
    void is_told_to_everyone_but_itself_when_it_comes_and_when_it_goes() {
      east.connect("c1", "ann", "Ann").tell(node);
      east.connect("c2", "bob", "Bob").enter("c2", "dev").tell(node);
      east.disconnect("c1").tell(node);
      awaitTold("connections", 3);

      assertThat(told("connections"))
          .containsExactly(
              "connected {\"connection\":\"c1\",\"user\":{\"id\":\"ann\",\"name\":\"Ann\",\"guest\":false}}",
              "connected {\"connection\":\"c2\",\"user\":{\"id\":\"bob\",\"name\":\"Bob\",\"guest\":false}}",
              "disconnected {\"connection\":\"c1\",\"user\":{\"id\":\"ann\",\"name\":\"Ann\",\"guest\":false}}");
      assertThat(node.publications("connections").get(1).except()).contains("c2");
      assertThat(node.publications("connections"))
          .extracting(Publication::eventClass)
          .containsOnly(EventClass.EPHEMERAL);
    }

    @Test
    void is_told_to_the_other_devices_of_its_user() {
      east.connect("c1", "ann").tell(node);
      east.connect("c2", "ann").tell(node);

      assertThat(node.publications("devices:ann"))
          .extracting(publication -> publication.except().orElseThrow())
          .containsExactly("c1", "c2");
      assertThat(told("devices:ann").get(1)).startsWith("connected {\"connection\":\"c2\"");
      assertThat(told("devices:bob")).isEmpty();
    }

    @Test
    void is_not_told_again_when_its_gateway_tells_everything_again() {
      east.connect("c1", "ann").tell(node);
      awaitTold("connections", 1);
      FakeGateway again = new FakeGateway(east.id());
      again.connect("c1", "ann", "ANN").connect("c2", "bob").tell(node);
      awaitTold("connections", 2);

      assertThat(node.publications("connections"))
          .extracting(publication -> publication.except().orElseThrow())
          .containsExactly("c1", "c2");
    }

    @Test
    void that_went_while_its_gateway_was_not_heard_is_told_when_it_tells_everything_again() {
      east.connect("c1", "ann", "Ann").connect("c2", "bob").tell(node);
      awaitTold("connections", 2);
      FakeGateway again = new FakeGateway(east.id());
      again.connect("c2", "bob").tell(node);
      awaitTold("connections", 3);

      assertThat(told("connections").get(2))
          .isEqualTo(
              "disconnected {\"connection\":\"c1\",\"user\":{\"id\":\"ann\",\"name\":\"Ann\",\"guest\":false}}");
    }

    @Test
    void of_who_is_invisible_is_told_to_nobody_else() {
      node.done(person("ann"), "setStatus", "{\"status\":\"invisible\"}");
      east.connect("c1", "ann").connect("c2", "bob").tell(node);
      awaitTold("connections", 1);

      assertThat(node.publications("connections"))
          .extracting(publication -> publication.except().orElseThrow())
          .containsExactly("c2");
      assertThat(told("devices:ann")).hasSize(1);
    }

    @Test
    void is_one_of_a_few_that_are_told_when_very_many_come() {
      for (int i = 0; i < 100; i++) {
        east.connect("c" + i, "user" + i);
      }
      east.tell(node);
      awaitTold("connections", 5 * TOLD_PER_SECOND);

      assertThat(told("connections").size()).isLessThan(50);
      assertThat(node.users("online")).hasSize(100);
    }

    @Test
    void is_told_to_nobody_where_nobody_listens() {
      node.hearsConnections = false;
      east.connect("c1", "ann").tell(node);

      assertThat(told("connections")).isEmpty();
      assertThat(told("devices:ann")).isEmpty();
    }
  }

  @Nested
  class The_topics_of_connections {
    private TopicAnswer subscribe(String topic, Caller caller) {
      return node.await(() -> node.service()
          .subscribe(new TopicRead.Subscribe(Topic.parse(topic), caller, Optional.empty(), 10)));
    }

    @Test
    void stand_where_they_always_stood() {
      TopicAnswer.Granted first = node.subscribe("connections");
      east.connect("c1", "ann").tell(node);
      awaitTold("connections", 1);

      StreamPosition position = first.position();
      assertThat(node.subscribe("connections", position).position()).isEqualTo(position);
      assertThat(node.subscribe("connections", position).recovered()).isTrue();
      assertThat(node.catchUp("connections", position, 10).publications()).isEmpty();
      assertThat(node.catchUp("connections", new StreamPosition("other", 3), 10).recovered())
          .isFalse();
    }

    @Test
    void of_devices_are_for_their_user_alone() {
      assertThat(subscribe("devices:ann", person("ann"))).isInstanceOf(TopicAnswer.Granted.class);
      assertThat(subscribe("devices:ann", person("bob", "admin")))
          .isInstanceOf(TopicAnswer.Denied.class);
    }
  }

  @Nested
  class Somebody_who_asks {
    @Test
    void who_is_online_is_among_them_before_presence_has_heard() {
      east.connect("c1", "bob", "bob").connect("c2", "Cid", "Cid").tell(node);
      await().atMost(SOON).until(() -> node.users("online").size() == 2);

      assertThat(node.done(person("ann"), "onlineList", "{}"))
          .isEqualTo("[{\"id\":\"ann\",\"name\":\"ANN\",\"guest\":false},"
              + "{\"id\":\"bob\",\"name\":\"bob\",\"guest\":false},"
              + "{\"id\":\"Cid\",\"name\":\"Cid\",\"guest\":false}]");
    }

    @Test
    void who_he_is_hears_it_with_his_connection() {
      Caller ann = Caller.person("u1", "Ann", Set.of(), true, Optional.of("c1"));

      assertThat(node.done(ann, "whoAmI", "{}"))
          .isEqualTo(
              "{\"connection\":\"c1\",\"user\":{\"id\":\"u1\",\"name\":\"Ann\",\"guest\":true}}");
      assertThat(node.done(person("bob"), "whoAmI", "{}"))
          .isEqualTo("{\"user\":{\"id\":\"bob\",\"name\":\"BOB\",\"guest\":false}}");
    }
  }
}
