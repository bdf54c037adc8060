package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.madang.system.signalr.ClientKind;
import io.madang.system.signalr.ClientKind.Protocol;
import io.madang.system.signalr.Crowd;
import io.madang.system.signalr.HubClient;
import io.madang.system.signalr.Peers;
import io.madang.testkit.Nginx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every kind of Microsoft's clients does at a hub of two gateways behind an nginx that sends each request to the next. In each
 * test all kinds do the same at the same time, each with a client of its own.
 */
@ExtendWith(SharedMesh.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
abstract class MicrosoftsClients {
  private static final List<String> GATEWAYS = List.of("gateway-1", "gateway-2");
  private static final String HUB = "/hubs/chat";
  private static final String SAID = "ReceiveMessage";
  private static final Map<String, Integer> HEARD = Map.of(SAID, 3);
  private static final String TEXT = "héllo 마당 😀 </script> \u001e \"quoted\"";

  /** Above what one message of a client may have. */
  private static final int TOO_LONG = 40_000;

  private static final String CLOSED = "Connection closed with an error.";

  /** Ends in the middle of a message. */
  private static final String GARBAGE = "{\"type\":1,\"target\":\u001e";

  /** A message of one byte, which is no array. */
  private static final String PACKED_GARBAGE = "\u0001\u0000";

  private final List<ClientKind> kinds;
  private final Peers peers = new Peers(Distribution.root().resolve("system-tests"));

  /** An access token of a guest for each kind, of the mesh that is lent at the moment. */
  private final Map<ClientKind, String> tokens = new ConcurrentHashMap<>();

  /** Whose tokens these are; null before the first test. */
  private MeshProcesses mesh;

  private Nginx balancer;
  private Crowd crowd;

  MicrosoftsClients(List<ClientKind> kinds) {
    this.kinds = kinds;
  }

  @BeforeEach
  void connect(MeshProcesses lent) throws IOException {
    if (lent != mesh) {
      tokens.clear();
      mesh = lent;
    }
    balancer = Nginx.inTurn(GATEWAYS.stream().map(mesh::address).toList(), Map.of());
    crowd = peers.crowd(kinds, this::options);
  }

  @AfterEach
  void disconnect() {
    if (crowd != null) {
      crowd.close();
    }
    balancer.close();
    assertNoTokenIsLogged();
  }

  /** Not even of those clients that carry it in the address, where they cannot do otherwise. */
  private void assertNoTokenIsLogged() {
    for (String gateway : GATEWAYS) {
      assertThat(mesh.process(gateway).lines())
          .as("what " + gateway + " has logged")
          .isNotEmpty()
          .noneMatch(line -> tokens.values().stream().anyMatch(line::contains));
    }
  }

  @AfterAll
  void end() {
    peers.strays().forEach(System.out::println);
    peers.close();
  }

  private HubClient.Options options(ClientKind kind) {
    return HubClient.Options.of(balancer.address() + HUB, token(kind), HEARD);
  }

  private String token(ClientKind kind) {
    return tokens.computeIfAbsent(kind, one -> mesh.guestToken("gateway-2", one.guest()));
  }

  /** The text of what was said. */
  private static String text(JsonArray heard) {
    return heard.get(1).getAsString();
  }

  private static void works(HubClient client) {
    assertThat(client.invoke("RecentMessages", "lobby", 1).isJsonArray()).isTrue();
  }

  /** Makes a room of that client's own and comes in. */
  private static String ownRoom(HubClient client, String why) {
    String room = why + "-" + client.kind().guest();
    client.call("JoinRoom", room);
    return room;
  }

  @Test
  void start_stop_and_start_again() {
    crowd.each(client -> {
      works(client);

      client.stop();
      assertThat(client.awaitClosed()).isEmpty();

      assertThat(client.start().getAsString()).hasSizeGreaterThan(10);
      works(client);
    });
  }

  @Test
  void are_answered_when_they_invoke_and_heard_when_they_send() {
    crowd.each(client -> {
      String room = ownRoom(client, "own");
      client.awaitEvent(SAID, heard -> text(heard).endsWith(" joined " + room));

      client.call("SendToRoom", room, "invoked " + TEXT);
      client.send("SendToRoom", room, "sent " + TEXT);

      JsonArray heard = client.awaitEvent(SAID, each -> text(each).equals("sent " + TEXT));
      assertThat(heard.get(0).getAsString()).startsWith(client.kind().guest());
      assertThat(Instant.parse(heard.get(2).getAsString()))
          .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
      List<String> kept = StreamSupport.stream(
              client.invoke("RecentMessages", room, 10).getAsJsonArray().spliterator(), false)
          .map(message -> message.getAsJsonObject().get("content").getAsString())
          .toList();
      assertThat(kept).containsExactly("invoked " + TEXT, "sent " + TEXT);
    });
  }

  @Test
  void are_told_why_an_invocation_fails_and_go_on() {
    crowd.each(client -> {
      client.send("NoSuchMethod");
      assertThat(client.failure("NoSuchMethod")).contains("Unknown hub method 'NoSuchMethod'");
      assertThat(client.failure("SendToRoom", "one"))
          .contains("Failed to invoke 'SendToRoom' due to an error on the server.");
      assertThat(client.failure("SendToRoom", "nobody-is-in-here", "hello"))
          .contains(
              "An unexpected error occurred invoking 'SendToRoom' on the server. HubException: ");
      assertThat(client.failure("StreamTime"))
          .contains(
              "The client attempted to invoke the streaming 'StreamTime' method with a non-streaming invocation.");
      works(client);
    });
  }

  @Test
  void are_streamed_to_until_they_cancel() {
    crowd.each(client -> {
      HubClient.Stream time = client.stream("StreamTime");
      List<JsonElement> ticks = time.awaitItems(2);
      assertThat(Instant.parse(ticks.get(1).getAsString()))
          .isAfter(Instant.parse(ticks.get(0).getAsString()));
      time.cancel();

      assertThat(client.stream("NoSuchStream").awaitFailure())
          .contains("Unknown hub method 'NoSuchStream'");
      assertThat(client.stream("SendMessage", "hello").awaitFailure())
          .contains(
              "The client attempted to invoke the non-streaming 'SendMessage' method with a streaming invocation.");
      works(client);
    });
  }

  @Test
  void stream_what_they_have_to_the_gateway() {
    byte[] chunk = TEXT.repeat(40).getBytes(StandardCharsets.UTF_8);
    int chunks = 40;
    crowd.each(client -> {
      HubClient.Upload upload = client.upload();
      CompletableFuture<JsonElement> answer = client.begin("UploadChunks", upload);
      for (int i = 0; i < chunks; i++) {
        upload.item(chunk);
      }
      upload.end();

      JsonObject taken = client.done(answer).getAsJsonObject();

      // A client that does not keep the order of its own requests may end before its last items are
      // there.
      if (client.kind().keepsOrder()) {
        assertThat(taken.get("chunks").getAsInt()).isEqualTo(chunks);
        assertThat(taken.get("sha256").getAsString()).isEqualTo(sha256(chunk, chunks));
      }
      works(client);
    });
  }

  private static String sha256(byte[] chunk, int times) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int i = 0; i < times; i++) {
        digest.update(chunk);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void hear_each_other_in_one_order() {
    int each = 5;
    crowd.each(client -> client.call("JoinRoom", "everyone"));

    crowd.each(client -> {
      for (int i = 0; i < each; i++) {
        client.call("SendToRoom", "everyone", "from " + client + " " + i);
      }
    });

    List<List<String>> all = new ArrayList<>();
    int total = each * crowd.clients().size();
    crowd.each(client -> {
      client.await("what everybody said", () -> said(client).size() >= total);
      synchronized (all) {
        all.add(said(client));
      }
    });
    assertThat(all.get(0)).hasSize(total).doesNotHaveDuplicates();
    assertThat(all).allSatisfy(heard -> assertThat(heard).isEqualTo(all.get(0)));
  }

  private static List<String> said(HubClient client) {
    return client.events(SAID).stream()
        .map(MicrosoftsClients::text)
        .filter(text -> text.startsWith("from "))
        .toList();
  }

  @Test
  void are_not_let_in_without_a_valid_token_and_are_with_the_next() {
    try (Crowd strangers =
        peers.crowdOf(kinds, kind -> options(kind).withTokens("not.a.token", token(kind)))) {
      strangers.each(client -> {
        assertThat(client.openFails()).containsAnyOf("401", "Unauthorized");

        assertThat(client.start().getAsString()).hasSizeGreaterThan(10);
        works(client);
      });
    }
  }

  @Test
  void are_closed_with_a_reason_when_they_send_too_much_at_once() {
    crowd.each(client -> {
      CompletableFuture<JsonElement> unused = client.begin("SendMessage", "x".repeat(TOO_LONG));

      assertThat(client.awaitClosed().orElse("")).contains(CLOSED);
      client.start();
      works(client);
    });
  }

  @Test
  void are_closed_with_a_reason_when_they_send_garbage() {
    crowd.each(client -> {
      client.sendBytes(client.kind().protocol() == Protocol.JSON ? GARBAGE : PACKED_GARBAGE);

      assertThat(client.awaitClosed().orElse("")).contains(CLOSED);
      client.start();
      works(client);
    });
  }
}
