package io.madang.benchmarks.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.benchmarks.hearing.Mark;
import io.madang.benchmarks.hearing.Scan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Two clients of a hub, told messages as a gateway sends them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubHeardByManyTest {
  private static final String GREETED = "{}\u001e";
  private static final String PING = "{\"type\":6}\u001e";

  private final ClientLoop loop;
  private final List<Client> clients = new ArrayList<>();

  HubHeardByManyTest() throws IOException {
    loop = new ClientLoop();
    loop.ledger().begin("measured", 0);
  }

  private void open(HubDoor door) {
    Group group = new Group(0, "hearing", door, List.of(), false, 0, 0, new ArrayList<>());
    for (int number = 0; number < 2; number++) {
      Client client = new Client(loop, group, number, "", new InetSocketAddress(0));
      clients.add(client);
      tell(client, Scan.ascii(GREETED));
    }
  }

  private static void tell(Client client, byte[] message) {
    byte[] bytes = Scan.ascii("..." + "x".repeat(message.length) + "...");
    System.arraycopy(message, 0, bytes, 3, message.length);
    client.message(bytes, 3, bytes.length - 3);
  }

  private static String text(long number) {
    return Scan.text(Mark.text(60, number, 3, 1_000 * number), 0, 60);
  }

  private static byte[] json(long number) {
    return Scan.ascii(
        "{\"type\":1,\"target\":\"Heard\",\"arguments\":[\"" + text(number) + "\"]}\u001e");
  }

  /** A length, an array of six with a string of 60 characters in its arguments, and no streams. */
  private static byte[] packed(long number) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {73, (byte) 0x96, 1, (byte) 0x80, (byte) 0xC0, (byte) 0xA5});
    bytes.writeBytes(Scan.ascii("Heard"));
    bytes.writeBytes(new byte[] {(byte) 0x91, (byte) 0xD9, 60});
    bytes.writeBytes(Scan.ascii(text(number)));
    bytes.write(0x90);
    return bytes.toByteArray();
  }

  private long heard(int client) {
    return clients.get(client).subscriptions().iterator().next().check().last();
  }

  @Test
  void is_open_once_the_handshake_is_answered() {
    open(HubDoor.json(HubDoor.OF_CHAT));

    assertThat(clients).allMatch(Client::isReady);
  }

  @Test
  void each_delivery_counts_in_json() {
    open(HubDoor.json(HubDoor.OF_CHAT));

    clients.forEach(each -> {
      tell(each, json(4));
      tell(each, Scan.ascii(PING));
      tell(each, json(5));
    });

    assertThat(loop.ledger().deliveries()).isEqualTo(4);
    assertThat(loop.ledger().refusals()).isZero();
    assertThat(heard(1)).isEqualTo(6);
  }

  @Test
  void each_delivery_counts_in_messagepack() {
    open(HubDoor.packed(HubDoor.OF_BENCH));

    clients.forEach(each -> {
      tell(each, packed(4));
      tell(each, new byte[] {2, (byte) 0x91, 6});
      tell(each, packed(5));
    });

    assertThat(loop.ledger().deliveries()).isEqualTo(4);
    assertThat(loop.ledger().refusals()).isZero();
    assertThat(heard(1)).isEqualTo(6);
  }

  @Test
  void several_in_one_message_count_each() {
    open(HubDoor.json(HubDoor.OF_CHAT));

    tell(clients.get(0), json(4));
    tell(clients.get(0), json(5));
    tell(
        clients.get(1),
        Scan.ascii(Scan.text(json(4), 0, json(4).length) + Scan.text(json(5), 0, json(5).length)));

    assertThat(loop.ledger().deliveries()).isEqualTo(4);
    assertThat(loop.ledger().differing()).isZero();
  }

  @Test
  void one_that_is_left_out_is_lost() {
    open(HubDoor.packed(HubDoor.OF_BENCH));

    tell(clients.get(0), packed(4));
    tell(clients.get(0), packed(6));

    assertThat(clients.get(0).subscriptions().iterator().next().check().lost(7)).isEqualTo(1);
  }

  @Test
  void what_closes_is_told() {
    open(HubDoor.json(HubDoor.OF_CHAT));

    tell(clients.get(0), Scan.ascii("{\"type\":7,\"error\":\"no\"}\u001e"));

    assertThat(loop.ledger().complaints()).hasSize(1);
  }
}
