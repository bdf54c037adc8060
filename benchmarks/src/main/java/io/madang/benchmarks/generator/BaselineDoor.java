package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.Mark;
import io.madang.benchmarks.hearing.Piece;
import io.madang.benchmarks.hearing.Scan;
import io.madang.benchmarks.hearing.Subscription;
import java.util.List;

/**
 * A server without positions: the bridge of Vert.x, or one that sends every socket each text it gets. What is heard is numbered
 * by the marks alone, of one sender and one topic; it begins with the first that is heard.
 */
final class BaselineDoor implements Door {
  static final String TOPIC = "bench";

  /** What says nothing of the load: that a session is open, that it lives, that a ping was heard. */
  private static final List<byte[]> SIGNS =
      List.of(Scan.ascii("o"), Scan.ascii("h"), Scan.ascii("a[\"{\\\"type\\\":\\\"pong\\\""));

  private static final byte[] NOTHING = {};

  private final boolean bridge;

  private BaselineDoor(boolean bridge) {
    this.bridge = bridge;
  }

  /** SockJS over WebSocket, as the bridge's own client has it. */
  static BaselineDoor bridge() {
    return new BaselineDoor(true);
  }

  static BaselineDoor writeEach() {
    return new BaselineDoor(false);
  }

  @Override
  public String path(int client, String token) {
    return bridge
        ? "/eventbus/000/client%05d/websocket HTTP/1.1\r\n".formatted(client)
        : "/ HTTP/1.1\r\n";
  }

  /** A message as SockJS carries it: in a list of texts. */
  private static String inSockJs(String message) {
    return "[\"" + message.replace("\"", "\\\"") + "\"]";
  }

  @Override
  public byte[] hello(String token) {
    return NOTHING;
  }

  @Override
  public String subscribe(long ref, String topic) {
    // The bridge answers no registration, but what follows it in order.
    return bridge ? inSockJs("{\"type\":\"register\",\"address\":\"" + topic + "\"}") : "";
  }

  @Override
  public byte[] resume(long ref, Iterable<Subscription> subscriptions) {
    throw new UnsupportedOperationException("a server without positions resumes nothing");
  }

  @Override
  public byte[] letter(long ref, String topic, byte[] text) {
    return bridge
        ? Scan.ascii(inSockJs("{\"type\":\"publish\",\"address\":\"" + topic + "\",\"body\":\""
            + Scan.text(text, 0, text.length) + "\"}"))
        : text;
  }

  @Override
  public byte[] signOfLife() {
    return bridge ? Scan.ascii(inSockJs("{\"type\":\"ping\"}")) : NOTHING;
  }

  @Override
  public boolean answers() {
    return false;
  }

  @Override
  public void onMessage(Client client, byte[] bytes, int from, int to) {
    int mark = Mark.find(bytes, from, to);
    if (mark < 0) {
      if (SIGNS.stream().noneMatch(sign -> Scan.startsWith(bytes, from, to, sign))) {
        client.onRefused(Scan.text(bytes, from, to));
      }
      return;
    }
    // SockJS may carry several messages in one frame; then the others need not get the same frame.
    boolean alone = Mark.find(bytes, mark + Mark.LENGTH, to) < 0;
    while (mark >= 0) {
      int end = mark + Mark.LENGTH;
      long number = Mark.number(bytes, mark);
      client.onPublication(
          client.onlyOrBegin(TOPIC, number),
          number + 1,
          number,
          alone ? new Piece(bytes, from, to, true) : new Piece(bytes, mark, end, false));
      mark = Mark.find(bytes, end, to);
    }
  }
}
