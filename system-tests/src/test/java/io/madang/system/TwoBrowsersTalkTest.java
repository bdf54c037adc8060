package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.testkit.FreePorts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two people at the page, each in a browser of their own at a gateway of their own, of a mesh of separate processes. One mesh
 * for all tests, as each start costs seven JVMs; each test has people and a room of its own.
 */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class TwoBrowsersTalkTest {
  /** Sent one after the other until the numbers show it, at most. */
  private static final int MESSAGES = 80;

  private static final Pattern NUMBER = Pattern.compile("-?\\d[\\d,]*(?:\\.\\d+)?");

  private Launched cluster;
  private Chromium chromium;
  private String room;
  private String title;
  private String mina;
  private String joon;

  /** Of the live numbers, by title, as seen last. */
  private Map<String, List<String>> cards = Map.of();

  private PageUser atMinas;
  private PageUser atJoons;

  @BeforeAll
  void start(@TempDir Path temp) {
    chromium = Chromium.launch();
    cluster = Launched.start("cluster", temp.resolve("data"), FreePorts.pair(), Map.of())
        .awaitReady();
  }

  @AfterAll
  void stop() {
    if (chromium != null) {
      chromium.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Names that no other test of this mesh has. */
  @BeforeEach
  void come(TestInfo test) {
    String own = Integer.toString(test.getDisplayName().hashCode() & 0xffff, 36);
    room = "room-" + own;
    title = "Room " + own;
    mina = "mina-" + own;
    joon = "joon-" + own;
    atMinas = chromium.user(gateway(0)).comesInAsGuest(mina);
    atJoons = chromium.user(gateway(1)).comesInAsGuest(joon);
    atMinas.makesRoom(room, title);
    atJoons.joinsRoom(room, title);
  }

  private String gateway(int number) {
    return "http://127.0.0.1:" + (cluster.port() + number) + "/";
  }

  @AfterEach
  void nothing_was_wrong_behind_the_pages() {
    try {
      assertThat(atMinas.complaints()).isEmpty();
      assertThat(atJoons.complaints()).isEmpty();
    } finally {
      atMinas.close();
      atJoons.close();
    }
  }

  @Test
  void in_both_directions_seeing_each_other_type() {
    atMinas.seesHere(joon);
    atJoons.seesHere(mina);

    atJoons.types("I am just");
    atMinas.readsSomething(joon + " is typing…");
    atJoons.says("I am just here.");
    atMinas.reads("I am just here.");
    atMinas.readsNoMore(joon + " is typing…");
    atMinas.says("Me too! 안녕 <b>👋</b>");
    atJoons.reads("Me too! 안녕 <b>👋</b>");

    atMinas.reloads();
    atMinas.reads("I am just here.");
    atMinas.reads("Me too! 안녕 <b>👋</b>");
  }

  @Test
  void and_who_is_mentioned_elsewhere_is_notified() {
    atMinas.opens("Lobby");

    atJoons.says("Where are you, @" + mina + "?");

    String notification = joon + " mentioned you";
    atMinas.isNotified(1, notification);
    atMinas.follows(notification);
    atMinas.seesRoom(title);
    atMinas.readsSomething("Where are you, ");
    atMinas.hasNothingUnread();
  }

  @Test
  void and_a_reload_of_one_is_nothing_to_the_other_while_a_closed_tab_is() {
    atMinas.seesHere(joon);

    atJoons.reloads();
    atJoons.says("There I am again.");
    atMinas.reads("There I am again.");
    atJoons.leaves();
    atMinas.seesNotHere(joon);

    // The grace of the reload ended before that of the closed tab.
    assertThat(presenceOf(joon, atMinas)).containsExactly("arrived", "departed");
  }

  /** What a page heard of somebody's presence in the room, in order. */
  private List<String> presenceOf(String person, PageUser page) {
    Pattern event = Pattern.compile("\"event\":\"([a-z]+)\"");
    return page.frames().stream()
        .filter(frame ->
            frame.startsWith("{\"type\":\"publication\",\"topic\":\"presence:" + room + "\""))
        .filter(frame -> frame.contains("\"name\":\"" + person + "\""))
        .map(event::matcher)
        .filter(Matcher::find)
        .map(match -> match.group(1))
        .toList();
  }

  @Test
  void and_see_in_the_live_numbers_what_they_do() {
    atMinas.opensNumbers();
    for (int i = 0; i < MESSAGES && !allNumbersAreThere(); i++) {
      atJoons.says("number " + i);
      atJoons.reads("number " + i);
      cards = atMinas.cards();
    }

    assertThat(value("Connections")).isGreaterThanOrEqualTo(2);
    assertThat(part("Connections", "gateway-1")).isGreaterThanOrEqualTo(1);
    assertThat(part("Connections", "gateway-2")).isGreaterThanOrEqualTo(1);
    assertThat(value("Messages per second")).isPositive();
    assertThat(part("Messages per second", "gateway-2")).isPositive();
    assertThat(value("Average message size")).isBetween(20.0, 400.0);
    assertThat(value("Deliveries per second")).isPositive();
    assertThat(part("Deliveries per second", "gateway-1")).isPositive();
    assertThat(value("Error rate")).isZero();
    assertThat(part("Command latency", "chat")).isPositive();
    assertThat(value("Processes")).isEqualTo(7);
    assertThat(value("Processor time")).isPositive();
    assertThat(part("Heap in use", "chat-1")).isPositive();
  }

  /** A second in which something happened, as the metrics of one second are published together. */
  private boolean allNumbersAreThere() {
    return Stream.of(
                "Connections",
                "Messages per second",
                "Average message size",
                "Deliveries per second")
            .allMatch(card -> numberIn(cards.getOrDefault(card, List.of()), 2).orElse(0) > 0)
        && numberIn(cards.getOrDefault("Messages per second", List.of()), "gateway-2")
                .orElse(0)
            > 0
        && numberIn(cards.getOrDefault("Command latency", List.of()), "chat").orElse(0) > 0
        && cards.containsKey("Heap in use");
  }

  /** The great number of a card. */
  private double value(String card) {
    return numberIn(cards.get(card), 2).orElseThrow(() -> noNumber(card));
  }

  /** The number beside the name of a node or service. */
  private double part(String card, String name) {
    return numberIn(cards.get(card), name).orElseThrow(() -> noNumber(card));
  }

  private AssertionError noNumber(String card) {
    return new AssertionError("no number in " + cards.get(card) + " of " + cards.keySet());
  }

  private static OptionalDouble numberIn(List<String> lines, String name) {
    int line = lines.indexOf(name);
    return line < 0 ? OptionalDouble.empty() : numberIn(lines, line + 1);
  }

  private static OptionalDouble numberIn(List<String> lines, int line) {
    Matcher number = NUMBER.matcher(line < lines.size() ? lines.get(line) : "");
    return number.find()
        ? OptionalDouble.of(Double.parseDouble(number.group().replace(",", "")))
        : OptionalDouble.empty();
  }

  @Test
  void with_an_account_that_has_a_password() {
    String sora = "sora" + room.substring(4);
    try (PageUser atSoras = chromium.user(gateway(1)).makesAccount(sora, "a long, dry summer")) {
      atSoras.joinsRoom(room, title);
      atSoras.says("I have come to stay.");
      atMinas.reads("I have come to stay.");
      atSoras.signsOut();

      atSoras.signsIn(sora, "a long, dry summer");
      atSoras.opens(title);
      atSoras.reads("I have come to stay.");
      assertThat(atSoras.complaints()).isEmpty();
    }
  }

  @Test
  void and_find_everything_again_after_all_processes_were_stopped_and_started() {
    atMinas.says("Before the night.");
    atJoons.reads("Before the night.");

    cluster.process().interrupt();
    assertThat(cluster.awaitExit()).isZero();
    atMinas.seesTheConnectionLost();
    atJoons.seesTheConnectionLost();
    cluster = cluster.again("cluster", Map.of()).awaitReady();

    atMinas.seesLive();
    atJoons.seesLive();
    atJoons.says("After the night.");
    atMinas.reads("After the night.");
    atMinas.forgetComplaints();
    atJoons.forgetComplaints();
    atMinas.reloads();
    atMinas.reads("Before the night.");
    atMinas.reads("After the night.");
  }
}
