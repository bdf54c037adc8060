package io.madang.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.command.Caller;
import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What a topic brings in a turn goes to its subscribers in one piece, but for those to whom it cannot. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BundledDeliveryTest {
  private static final Topic LOG = Topic.parse("log:a");

  private final VirtualMesh mesh = new VirtualMesh();
  private final SubscriptionHub hub = new SubscriptionHub(
      mesh,
      mesh,
      new Random(1),
      new HubLimits(Duration.ofSeconds(30), 1 << 20, 1 << 20),
      new SimpleMeterRegistry());
  private final Fanout fanout = hub.newFanout(mesh.loop());
  private final List<FakeForm> made = new ArrayList<>();
  private final Encoding<FakeForm> encoding = publications -> {
    FakeForm form = new FakeForm(publications.size());
    made.add(form);
    return form;
  };

  @BeforeEach
  void start() {
    hub.start();
    mesh.settle();
  }

  private static final class FakeForm implements Encoded {
    private final int publications;
    private int releases;

    FakeForm(int publications) {
      this.publications = publications;
    }

    @Override
    public void release() {
      releases++;
    }
  }

  private class Client implements Subscriber {
    private final String name;
    private final List<String> heard = new ArrayList<>();

    Client(String name) {
      this.name = name;
      fanout.connected(this);
      fanout.subscribe(this, LOG, Optional.empty(), outcome -> {});
      mesh.settle();
    }

    @Override
    public String connection() {
      return "c-" + name;
    }

    @Override
    public Caller caller() {
      return Caller.person("u-" + name, name, Set.of(), false, Optional.of(connection()));
    }

    @Override
    public boolean takes(Bundle bundle) {
      heard.add("together " + bundle.in(encoding).publications);
      return true;
    }

    @Override
    public int deliver(Topic topic, List<SharedPublication> publications) {
      publications.forEach(shared -> {
        Publication each = shared.publication();
        heard.add(each.eventClass() == EventClass.EPHEMERAL ? each.event() : "" + each.offset());
      });
      return publications.size();
    }

    @Override
    public boolean isLagging() {
      return false;
    }

    @Override
    public void gap(Topic topic, StreamPosition from, StreamPosition to) {
      heard.add("gap");
    }

    @Override
    public void ended(Topic topic, String reason) {
      heard.add(reason);
    }
  }

  private static Publication typing(String except) {
    return Publication.ephemeral(LOG, "typing", 0, Payload.NULL).except(except);
  }

  @Test
  void is_encoded_once_and_given_back_once() {
    List<Client> clients =
        IntStream.range(0, 100).mapToObj(i -> new Client("n" + i)).toList();
    mesh.put(LOG, 1);
    mesh.settle();
    mesh.put(LOG, 1);
    mesh.settle();

    assertThat(clients)
        .allSatisfy(client -> assertThat(client.heard).containsExactly("together 1", "together 1"));
    assertThat(made).hasSize(2).allMatch(form -> form.releases == 1);
  }

  @Test
  void leaves_out_only_who_is_excepted() {
    Client mina = new Client("mina");
    Client jun = new Client("jun");
    Publication log = mesh.commit(LOG);
    hub.onBatch(List.of(log, typing("c-jun")));
    mesh.settle();

    assertThat(mina.heard).containsExactly("together 2");
    assertThat(jun.heard).containsExactly("1");
    mesh.put(LOG, 1);
    mesh.settle();
    assertThat(jun.heard).containsExactly("1", "together 1");
  }

  @Test
  void goes_on_when_one_ends_others_in_the_middle() {
    List<Client> clients = new ArrayList<>();
    Client first = new Client("first");
    clients.add(new Client("ending") {
      @Override
      public boolean takes(Bundle bundle) {
        fanout.disconnected(clients.get(1));
        fanout.unsubscribe(this, LOG);
        return super.takes(bundle);
      }
    });
    clients.add(new Client("ended"));
    Client last = new Client("last");
    mesh.put(LOG, 1);
    mesh.settle();
    mesh.put(LOG, 1);
    mesh.settle();

    assertThat(first.heard).hasSize(2);
    assertThat(clients.get(0).heard).hasSize(1);
    assertThat(clients.get(1).heard).isEmpty();
    assertThat(last.heard).hasSize(2);
    assertThat(made).allMatch(form -> form.releases == 1);
  }

  @Test
  void is_given_back_when_a_subscriber_meets_a_bug() {
    new Client("buggy") {
      @Override
      public boolean takes(Bundle bundle) {
        super.takes(bundle);
        throw new IllegalStateException("a bug");
      }
    };
    mesh.put(LOG, 1);
    try {
      mesh.settle();
    } catch (IllegalStateException e) {
      // Connections let none out; whatever gets here costs no memory.
    }

    assertThat(made).hasSize(1).allMatch(form -> form.releases == 1);
  }
}
