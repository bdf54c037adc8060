package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.client.TopicListener;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.json.RawJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is there, told by a mesh of processes of which one may die without a word. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class PresenceSurvivesDeadGatewaysTest {
  private static final Duration OFFLINE_WITHIN = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"([^\"]+)\"");

  private static MeshProcesses mesh;

  @BeforeAll
  static void startTheMesh() {
    Map<String, String> roles = new LinkedHashMap<>();
    roles.put("chat-1", "chat");
    roles.put("presence-1", "presence");
    roles.put("gateway-1", "gateway");
    roles.put("gateway-2", "gateway");
    roles.put("gateway-3", "gateway");
    mesh = MeshProcesses.start(roles, Map.of());
  }

  @AfterAll
  static void stopTheMesh() {
    if (mesh != null) {
      mesh.close();
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void users_of_a_killed_gateway_are_offline_within_ten_seconds_and_others_stay() throws Exception {
    try (MadangClient mina = mesh.client("gateway-1", "mina");
        MadangClient jun = mesh.client("gateway-3", "jun")) {
      People seen = People.in("yard", mina);
      enter("yard", jun);
      seen.await("arrived jun");
      assertThat(online(mina)).contains("mina", "jun");

      long killed = System.nanoTime();
      mesh.process("gateway-3").kill();

      seen.await("departed jun");
      Awaitility.await("jun is not online any more")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> !online(mina).contains("jun"));
      assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(OFFLINE_WITHIN);
      assertThat(online(mina)).contains("mina");
      assertThat(seen.heard).doesNotContain("departed mina");
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void who_reloads_or_changes_the_gateway_does_not_flicker() throws Exception {
    String jun = mesh.guestToken("gateway-2", "reloader");
    try (MadangClient mina = mesh.client("gateway-1", "witness")) {
      People seen = People.in("court", mina);
      try (MadangClient first = mesh.clientOf("gateway-2", jun)) {
        enter("court", first);
        seen.await("arrived reloader");
      }
      try (MadangClient second = mesh.clientOf("gateway-2", jun)) {
        enter("court", second);
      }
      try (MadangClient third = mesh.clientOf("gateway-1", jun)) {
        enter("court", third);
        try (MadangClient passer = mesh.client("gateway-2", "passer")) {
          enter("court", passer);
          seen.await("arrived passer");
        }
        // Whoever leaves after the reloads is told of after them.
        seen.await("departed passer");
        assertThat(seen.heard)
            .filteredOn(told -> told.endsWith(" reloader"))
            .containsExactly("arrived reloader");
        assertThat(online(mina)).contains("reloader");
      }
      seen.await("departed reloader");
    }
  }

  private static void enter(String room, MadangClient client) throws Exception {
    client.command("chat", "joinRoom", json(room)).get(20, TimeUnit.SECONDS);
    client
        .subscribe("room:" + room, new TopicListener() {
          @Override
          public void publication(Publication publication) {}
        })
        .get(20, TimeUnit.SECONDS);
  }

  private static RawJson json(String room) {
    return RawJson.trusted("{\"room\":\"" + room + "\"}");
  }

  private static String online(MadangClient client) throws Exception {
    return client
        .command("presence", "onlineUsers", RawJson.trusted("{}"))
        .get(20, TimeUnit.SECONDS)
        .toString();
  }

  /** What a client hears of who comes and goes in a room, as {@code <event> <name>}. */
  private record People(List<String> heard) {
    static People in(String room, MadangClient client) throws Exception {
      List<String> heard = new CopyOnWriteArrayList<>();
      enter(room, client);
      client
          .subscribe("presence:" + room, new TopicListener() {
            @Override
            public void publication(Publication publication) {
              Matcher name = NAME.matcher(publication.data().toString());
              heard.add(publication.event() + " " + (name.find() ? name.group(1) : "?"));
            }
          })
          .get(20, TimeUnit.SECONDS);
      return new People(heard);
    }

    void await(String told) {
      Awaitility.await(told).atMost(LIMIT).untilAsserted(() -> assertThat(heard).contains(told));
    }
  }
}
