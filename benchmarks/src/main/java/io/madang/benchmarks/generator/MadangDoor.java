package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.Piece;
import io.madang.benchmarks.hearing.Scan;
import io.madang.benchmarks.hearing.Subscription;
import java.nio.charset.StandardCharsets;

/** The native protocol, {@code madang.v1}. */
final class MadangDoor implements Door {
  private static final byte[] TYPE = Scan.ascii("{\"type\":\"");
  private static final byte[] PUBLICATION = Scan.ascii("{\"type\":\"publication\",\"topic\":\"");
  private static final byte[] TOPIC = Scan.ascii("\"topic\":\"");
  private static final byte[] POSITION = Scan.ascii("\"position\":{\"epoch\":\"");
  private static final byte[] EPOCH = Scan.ascii("\"epoch\":\"");
  private static final byte[] ERROR = Scan.ascii("\"error\":{");
  private static final byte[] OFFSET = Scan.ascii("\"offset\":");
  private static final byte[] PREV = Scan.ascii(",\"prev\":");
  private static final byte[] RECOVERED = Scan.ascii("\"recovered\":true");
  private static final byte[] REF = Scan.ascii("\"ref\":");
  private static final byte[] AFTER = Scan.ascii("\"afterMs\":");

  private static final byte[] NOTHING = {};

  private final Letters letters;

  /** What a message of the load is. */
  enum Letters {
    /** A message in the topic's room, committed by chat-service. */
    ROOM,
    /** A text on the topic, which its service keeps in memory. */
    BENCH,
    /** A direct message to the user whose inbox the topic is. */
    DIRECT
  }

  MadangDoor(Letters letters) {
    this.letters = letters;
  }

  @Override
  public String path(int client, String token) {
    return "/ws HTTP/1.1\r\nSec-WebSocket-Protocol: madang.v1\r\n";
  }

  @Override
  public byte[] hello(String token) {
    return Scan.ascii("{\"type\":\"connect\",\"ref\":1,\"token\":\"" + token + "\"}");
  }

  @Override
  public String subscribe(long ref, String topic) {
    return "{\"type\":\"subscribe\",\"ref\":" + ref + ",\"topic\":\"" + topic + "\"}";
  }

  @Override
  public byte[] resume(long ref, Iterable<Subscription> subscriptions) {
    StringBuilder text = new StringBuilder("{\"type\":\"resume\",\"ref\":").append(ref);
    String before = ",\"topics\":[";
    for (Subscription each : subscriptions) {
      text.append(before)
          .append("{\"topic\":\"")
          .append(each.log().name())
          .append("\",\"epoch\":\"")
          .append(each.log().epoch())
          .append("\",\"offset\":")
          .append(each.check().last())
          .append('}');
      before = ",";
    }
    return text.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] letter(long ref, String topic, byte[] text) {
    String id = topic.substring(topic.indexOf(':') + 1);
    String body = Scan.text(text, 0, text.length);
    String command = switch (letters) {
      case ROOM -> "\"service\":\"chat\",\"name\":\"sendToRoom\",\"args\":{\"room\":\"" + id + "\"";
      case BENCH -> "\"service\":\"bench\",\"name\":\"publish\",\"args\":{\"topic\":" + id;
      case DIRECT ->
        "\"service\":\"chat\",\"name\":\"sendDirect\",\"args\":{\"toUser\":\"" + id + "\"";
    };
    return Scan.ascii(
        "{\"type\":\"command\",\"ref\":" + ref + "," + command + ",\"text\":\"" + body + "\"}}");
  }

  /** Nothing: it answers the gateway's pings. */
  @Override
  public byte[] signOfLife() {
    return NOTHING;
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public void onMessage(Client client, byte[] bytes, int from, int to) {
    if (Scan.startsWith(bytes, from, to, PUBLICATION)) {
      onPublication(client, bytes, from, to);
      return;
    }
    if (!Scan.startsWith(bytes, from, to, TYPE)) {
      client.onRefused(Scan.text(bytes, from, to));
      return;
    }
    int type = from + TYPE.length;
    switch (Scan.text(bytes, type, Scan.findByte(bytes, type, to, '"'))) {
      case "reply" -> client.onAnswer(ref(bytes, type, to), true);
      case "connected" -> client.onReady();
      case "subscribed", "resumed" -> onPositions(client, bytes, type, to);
      case "error" -> {
        client.onRefused(Scan.text(bytes, from, to));
        client.onAnswer(ref(bytes, type, to), false);
      }
      case "gap" -> onGap(client, bytes, type, to);
      case "disconnect" -> client.onDisconnect(afterMs(bytes, type, to));
      case "unsubscribed" -> client.onRefused(Scan.text(bytes, from, to));
      default -> {
        // Pongs and what later versions may say.
      }
    }
  }

  private static long ref(byte[] bytes, int from, int to) {
    int at = Scan.findEnd(bytes, from, to, REF);
    return at < 0 ? 0 : Scan.digits(bytes, at, Scan.endOfDigits(bytes, at, to));
  }

  private static int afterMs(byte[] bytes, int from, int to) {
    int at = Scan.findEnd(bytes, from, to, AFTER);
    return at < 0 ? 0 : (int) Scan.digits(bytes, at, Scan.endOfDigits(bytes, at, to));
  }

  private static void onPublication(Client client, byte[] bytes, int from, int to) {
    int topic = from + PUBLICATION.length;
    int topicEnd = Scan.findByte(bytes, topic, to, '"');
    Subscription subscription = client.subscription(bytes, topic, topicEnd);
    if (subscription != null) {
      place(client, subscription, bytes, topicEnd, new Piece(bytes, from, to, true));
    }
  }

  /**
   * Reads offset and prev behind a publication's topic; nothing when it has none, as typing.
   *
   * @param at where to look from, behind the topic
   */
  private static void place(
      Client client, Subscription subscription, byte[] bytes, int at, Piece piece) {
    int to = piece.to();
    int offset = Scan.findEnd(bytes, at, to, OFFSET);
    if (offset < 0) {
      return;
    }
    int offsetEnd = Scan.endOfDigits(bytes, offset, to);
    if (!Scan.startsWith(bytes, offsetEnd, to, PREV)) {
      return;
    }
    int prev = offsetEnd + PREV.length;
    client.onPublication(
        subscription,
        Scan.digits(bytes, offset, offsetEnd),
        Scan.digits(bytes, prev, Scan.endOfDigits(bytes, prev, to)),
        piece);
  }

  /** Positions and publications of the topics in an answer, in the order they stand there. */
  private static void onPositions(Client client, byte[] bytes, int from, int to) {
    Subscription current = null;
    boolean ok = true;
    int at = Scan.findEnd(bytes, from, to, TOPIC);
    while (at >= 0) {
      int end = Scan.findByte(bytes, at, to, '"');
      int behind = end + 2;
      int nextTopic = Scan.findEnd(bytes, end, to, TOPIC);
      int until = nextTopic < 0 ? to : nextTopic;
      if (Scan.startsWith(bytes, behind, to, POSITION)) {
        int epochEnd = Scan.findByte(bytes, behind + POSITION.length, to, '"');
        String epoch = Scan.text(bytes, behind + POSITION.length, epochEnd);
        int offset = Scan.findEnd(bytes, epochEnd, to, OFFSET);
        int offsetEnd = Scan.endOfDigits(bytes, offset, to);
        current = client.onPosition(
            Scan.text(bytes, at, end),
            epoch,
            Scan.digits(bytes, offset, offsetEnd),
            Scan.find(bytes, offsetEnd, until, RECOVERED) >= 0);
      } else if (Scan.startsWith(bytes, behind, to, ERROR)) {
        ok = false;
        client.onRefused(Scan.text(bytes, at, until));
      } else if (current != null && Scan.startsWith(bytes, behind, to, EPOCH)) {
        place(client, current, bytes, behind, new Piece(bytes, at, until, false));
      }
      at = nextTopic;
    }
    client.onAnswer(ref(bytes, from, to), ok);
  }

  private static void onGap(Client client, byte[] bytes, int from, int to) {
    int topic = Scan.findEnd(bytes, from, to, TOPIC);
    Subscription subscription =
        client.subscription(bytes, topic, Scan.findByte(bytes, topic, to, '"'));
    int first = Scan.findEnd(bytes, topic, to, OFFSET);
    int second = Scan.findEnd(bytes, first, to, OFFSET);
    if (subscription != null) {
      client.onGap(subscription, Scan.digits(bytes, second, Scan.endOfDigits(bytes, second, to)));
    }
  }
}
