package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Page;
import io.madang.system.traffic.Committed;
import io.madang.testkit.Nginx;
import io.madang.testkit.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The official clients of SockJS and of the event-bus bridge, in Chromium and in Node, each forced to one transport, and the
 * browser's EventSource beside requests, in one room over two gateways behind an nginx that sends each request to the next. In the middle one gateway dies.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EveryTransportTalksAcrossGatewaysTest {
  private static final List<String> IN_CHROMIUM = List.of(
      "websocket",
      "xhr-streaming",
      "xhr-polling",
      "eventsource",
      "htmlfile",
      "iframe-eventsource",
      "iframe-xhr-polling",
      "jsonp-polling");
  private static final List<String> IN_NODE =
      List.of("websocket", "xhr-streaming", "xhr-polling", "eventsource");
  private static final List<String> BRIDGES = List.of("websocket", "xhr-streaming", "xhr-polling");

  private static final int EACH = 90;
  private static final int IN_FLIGHT = 8;
  private static final int AT_LEAST = 1_000;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Path CLIENTS = Distribution.root().resolve("system-tests/clients");
  private static final String BRIDGE_CLIENT =
      "node_modules/@vertx/eventbus-bridge-client.js/vertx-eventbus.js";
  private static final String PAGE = """
      <!DOCTYPE html><meta charset="UTF-8"><title>members</title>
      <script src="/sockjs/sockjs-1.6.1.min.js"></script>
      <script src="/test/vertx-eventbus.js"></script>
      <script src="/test/member.js"></script>
      """;

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void and_goes_on_when_a_gateway_dies(MeshProcesses mesh) throws Exception {
    String room = "every-transport";
    // From the balancer itself: a browser lets no page that a test made up open sockets of this
    // machine.
    Map<String, String> pages = Map.of(
        "page.html", PAGE,
        "member.js", Files.readString(CLIENTS.resolve("member.js")),
        "vertx-eventbus.js", Files.readString(CLIENTS.resolve(BRIDGE_CLIENT)));
    try (Nginx balancer =
            Nginx.inTurn(List.of(mesh.address("gateway-1"), mesh.address("gateway-2")), pages);
        Chromium chromium = Chromium.launch();
        Members members = new Members(mesh, balancer, chromium, room)) {
      IN_CHROMIUM.forEach(each -> members.addPage("page-" + each, each, Door.SOCKJS));
      IN_NODE.forEach(each -> members.addNode("node-" + each, each, Door.SOCKJS));
      BRIDGES.forEach(each -> members.addNode("bus-" + each, each, Door.BRIDGE));
      members.addPage("page-bus-websocket", "websocket", Door.BRIDGE);
      members.addPage("page-stream", "", Door.STREAM);
      members.await("all are there", stands -> stands.get("ready").getAsBoolean());

      members.go();
      members.await("a third is heard", stands -> stands.get("heard").getAsInt() > AT_LEAST / 3);
      mesh.process("gateway-1").kill();

      members.await("all is answered", stands -> stands.get("answered").getAsInt() == EACH);
      Committed committed = Committed.read(mesh.database(), List.of("room:" + room));
      long head = committed.head("room:" + room).orElseThrow().offset();
      members.await(
          "all is heard",
          stands -> stands.getAsJsonObject("position").get("offset").getAsLong() == head);
      Map<String, JsonObject> all = members.stand();
      all.forEach((name, stands) -> System.out.println(name + " " + stands));
      all.forEach((name, stands) -> {
        assertThat(stands.getAsJsonArray("problems")).as(name).isEmpty();
        assertThat(stands.get("heard").getAsInt()).as(name).isGreaterThanOrEqualTo(AT_LEAST);
      });
      assertThat(committed.commands("room:" + room).stream().filter(id -> !id.endsWith("-join")))
          .as("each message once")
          .hasSize(EACH * all.size())
          .doesNotHaveDuplicates();
    }
  }

  /** As {@code member.js} names it, and where it is. */
  private enum Door {
    SOCKJS("/sockjs"),
    BRIDGE("/eventbus"),
    STREAM("");

    private final String path;

    Door(String path) {
      this.path = path;
    }
  }

  /** Those in pages, and those in one process of Node. */
  private static final class Members implements AutoCloseable {
    private final MeshProcesses mesh;
    private final Nginx balancer;
    private final Chromium chromium;
    private final String room;
    private final Map<String, Page> pages = new LinkedHashMap<>();
    private final RunningProcess node;
    private int questions;

    Members(MeshProcesses mesh, Nginx balancer, Chromium chromium, String room) {
      this.mesh = mesh;
      this.balancer = balancer;
      this.chromium = chromium;
      this.room = room;
      this.node =
          RunningProcess.startUnseen("members", List.of("node", "member.mjs"), Map.of(), CLIENTS);
    }

    private Map<String, Object> options(String name, String transport, Door door) {
      return Map.of(
          "address", balancer.address() + door.path,
          "transport", transport,
          "token", mesh.guestToken("gateway-2", name),
          "room", room,
          "name", name,
          "howMany", EACH,
          "inFlight", IN_FLIGHT,
          "door", door.name().toLowerCase(Locale.ROOT));
    }

    void addNode(String name, String transport, Door door) {
      node.writeLine(new Gson().toJson(options(name, transport, door)));
    }

    void addPage(String name, String transport, Door door) {
      Page page = chromium.visitor().newPage();
      page.navigate(balancer.address() + "/test/page.html");
      page.evaluate(
          "options => { window.member = startMember({ ...options, SockJS, EventBus: window.EventBus }); }",
          options(name, transport, door));
      pages.put(name, page);
    }

    void go() {
      node.writeLine("go");
      pages.values().forEach(page -> page.evaluate("() => window.member.go()"));
    }

    Map<String, JsonObject> stand() {
      Map<String, JsonObject> all = new LinkedHashMap<>();
      String question = "q" + ++questions;
      node.writeLine(question);
      pages.forEach((name, page) -> all.put(
          name,
          JsonParser.parseString(
                  (String) page.evaluate("() => JSON.stringify(window.member.stands())"))
              .getAsJsonObject()));
      String begin = "STANDS " + question + " ";
      String answer = node.awaitLine(begin, Duration.ofSeconds(10));
      JsonParser.parseString(answer.substring(begin.length()))
          .getAsJsonObject()
          .entrySet()
          .forEach(each -> all.put(each.getKey(), each.getValue().getAsJsonObject()));
      return all;
    }

    void await(String what, Predicate<JsonObject> condition) {
      long end = System.nanoTime() + LIMIT.toNanos();
      Map<String, JsonObject> all = stand();
      while (!all.values().stream().allMatch(condition)) {
        if (System.nanoTime() > end) {
          StringBuilder late = new StringBuilder(what + " is not so within " + LIMIT + " of:\n");
          all.forEach((name, stands) -> late.append(condition.test(stands) ? "   " : " ! ")
              .append(name)
              .append(' ')
              .append(stands)
              .append('\n'));
          throw new AssertionError(late.toString());
        }
        Pause.of(Duration.ofMillis(200));
        all = stand();
      }
    }

    @Override
    public void close() throws IOException {
      pages.values().forEach(page -> page.context().close());
      node.close();
    }
  }
}
