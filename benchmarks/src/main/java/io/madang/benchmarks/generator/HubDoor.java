package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.Mark;
import io.madang.benchmarks.hearing.Piece;
import io.madang.benchmarks.hearing.Scan;
import io.madang.benchmarks.hearing.Subscription;
import java.util.List;

/**
 * A hub of SignalR, whose clients hear one topic from the moment they are there. They say the handshake and pings, and what they
 * hear is numbered by the marks alone, as a hub tells no positions; nothing is parsed.
 */
final class HubDoor implements Door {
  /** Its clients hear the lobby. */
  static final String OF_CHAT = "/chatHub";

  /** Its clients hear the first topic of the bench service. */
  static final String OF_BENCH = "/hubs/bench";

  private static final String TOPIC = "hub";
  private static final byte[] GREETED = Scan.ascii("{}\u001e");
  private static final String PING_IN_JSON = "{\"type\":6}\u001e";

  /** What says nothing of the load: that the server lives, in either protocol. */
  private static final List<byte[]> SIGNS =
      List.of(Scan.ascii(PING_IN_JSON), new byte[] {2, (byte) 0x91, 6});

  private final String hub;
  private final boolean packed;

  private HubDoor(String hub, boolean packed) {
    this.hub = hub;
    this.packed = packed;
  }

  static HubDoor json(String hub) {
    return new HubDoor(hub, false);
  }

  /** In MessagePack. */
  static HubDoor packed(String hub) {
    return new HubDoor(hub, true);
  }

  @Override
  public String path(int client, String token) {
    return hub + " HTTP/1.1\r\nAuthorization: Bearer " + token + "\r\n";
  }

  @Override
  public boolean isBinary() {
    return packed;
  }

  @Override
  public byte[] hello(String token) {
    String protocol = packed ? "messagepack" : "json";
    return Scan.ascii("{\"protocol\":\"" + protocol + "\",\"version\":1}\u001e");
  }

  /** Nothing: it is the hub's matter what its clients hear. */
  @Override
  public String subscribe(long ref, String topic) {
    return "";
  }

  @Override
  public byte[] resume(long ref, Iterable<Subscription> subscriptions) {
    throw new UnsupportedOperationException("a hub tells no positions to resume from");
  }

  @Override
  public byte[] letter(long ref, String topic, byte[] text) {
    throw new UnsupportedOperationException("clients of hubs hear what native ones send");
  }

  @Override
  public byte[] signOfLife() {
    return packed ? SIGNS.get(1) : SIGNS.get(0);
  }

  @Override
  public boolean answers() {
    return false;
  }

  @Override
  public void onMessage(Client client, byte[] bytes, int from, int to) {
    int at = from;
    if (Scan.startsWith(bytes, from, to, GREETED)) {
      client.onReady();
      at += GREETED.length;
    }
    int mark = Mark.find(bytes, at, to);
    if (mark < 0) {
      if (at < to && !isSign(bytes, at, to)) {
        client.onRefused(Scan.text(bytes, at, to));
      }
      return;
    }
    // Several hub messages may be in one message of the WebSocket; then the others need not get the
    // same.
    boolean alone = at == from && Mark.find(bytes, mark + Mark.LENGTH, to) < 0;
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

  private static boolean isSign(byte[] bytes, int from, int to) {
    return SIGNS.stream().anyMatch(sign -> Scan.startsWith(bytes, from, to, sign));
  }
}
