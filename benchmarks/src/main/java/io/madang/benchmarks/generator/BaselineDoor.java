package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.Piece;
import io.madang.benchmarks.hearing.Scan;
import io.madang.benchmarks.hearing.Mark;
import io.madang.benchmarks.hearing.Subscription;
import io.madang.benchmarks.hearing.Piece;

/**
 * A server without positions: the bridge of Vert.x, or one that sends every socket each text it gets. What is heard is numbered
 * by the marks alone, of one sender and one topic; it begins with the first that is heard.
 */
final class BaselineDoor implements Door {
  static final String TOPIC = "bench";
  private static final byte[] PONG = Scan.ascii("{\"type\":\"pong\"");
  private static final byte[] NOTHING = {};

  private final boolean bridge;

  private BaselineDoor(boolean bridge) {
    this.bridge = bridge;
  }

  /** Raw WebSockets of the bridge's SockJS endpoint. */
  static BaselineDoor bridge() {
    return new BaselineDoor(true);
  }

  static BaselineDoor writeEach() {
    return new BaselineDoor(false);
  }

  @Override
  public String path() {
    return bridge ? "/eventbus/websocket HTTP/1.1\r\n" : "/ HTTP/1.1\r\n";
  }

  @Override
  public byte[] hello(String token) {
    return NOTHING;
  }

  @Override
  public String subscribe(long ref, String topic) {
    // The bridge answers no registration, but what follows it in order.
    return bridge
        ? "{\"type\":\"register\",\"address\":\"" + topic + "\"}"
        : "";
  }

  @Override
  public byte[] resume(long ref, Iterable<Subscription> subscriptions) {
    throw new UnsupportedOperationException("a server without positions resumes nothing");
  }

  @Override
  public byte[] letter(long ref, String topic, byte[] text) {
    return bridge
        ? Scan.ascii("{\"type\":\"publish\",\"address\":\"" + topic + "\",\"body\":\""
            + Scan.text(text, 0, text.length) + "\"}")
        : text;
  }

  @Override
  public String signOfLife() {
    return bridge ? "{\"type\":\"ping\"}" : "";
  }

  @Override
  public boolean answers() {
    return false;
  }

  @Override
  public void onMessage(Client client, byte[] bytes, int from, int to) {
    int mark = Mark.find(bytes, from, to);
    if (mark >= 0) {
      long number = Mark.number(bytes, mark);
      client.onPublication(
          client.onlyOrBegin(TOPIC, number),
          number + 1,
          number,
          new Piece(bytes, from, to, true));
    } else if (!Scan.startsWith(bytes, from, to, PONG)) {
      client.onRefused(Scan.text(bytes, from, to));
    }
  }
}
