package io.madang.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.command.Caller;
import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.Standing;
import io.madang.runtime.metrics.MeterNames;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What operators see of the topics of a gateway. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubInspectionTest {
  private static final Topic LOG = Topic.parse("log:a");
  private static final Topic WATCHED = Topic.parse("watch:a");

  private final VirtualMesh mesh = new VirtualMesh();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final SubscriptionHub hub = new SubscriptionHub(
      mesh, mesh, new Random(1), new HubLimits(Duration.ofSeconds(30), 100_000, 100_000), metrics);
  private final Fanout fanout = hub.newFanout(mesh.loop());

  private static final class Client implements Subscriber {
    @Override
    public String connection() {
      return "c";
    }

    @Override
    public Caller caller() {
      return Caller.person("mina", "mina", Set.of(), false, Optional.of("c"));
    }

    @Override
    public int deliver(Topic topic, List<SharedPublication> brought) {
      return brought.size();
    }

    @Override
    public boolean isLagging() {
      return false;
    }

    @Override
    public void gap(Topic topic, StreamPosition from, StreamPosition to) {}

    @Override
    public void ended(Topic topic, String reason) {}
  }

  @BeforeEach
  void start() {
    hub.start();
    mesh.settle();
  }

  private void subscribe(Topic topic) {
    Client client = new Client();
    fanout.connected(client);
    fanout.subscribe(client, topic, Optional.empty(), outcome -> {});
    mesh.settle();
  }

  private List<Standing> standings() {
    return hub.inspect(Inspection.ofTop(10)).shown();
  }

  private static Standing standing(Topic topic, int holds, long last, int waiting) {
    return new Standing(topic, "logs", holds, Optional.of(new StreamPosition("e1", last)), waiting);
  }

  @Test
  void a_topic_stands_where_it_was_delivered_last() {
    subscribe(LOG);
    mesh.put(LOG, 3);
    mesh.settle();

    assertThat(standings()).containsExactly(standing(LOG, 1, 3, 0));
  }

  @Test
  void a_guard_is_held_by_what_it_guards() {
    subscribe(WATCHED);
    assertThat(standings()).extracting(Standing::topic).containsExactly(LOG, WATCHED);
    assertThat(standings()).extracting(Standing::holds).containsOnly(1);
  }

  @Test
  void a_hole_is_told_until_it_is_filled() {
    subscribe(LOG);
    mesh.put(LOG, 3);
    mesh.settle();
    mesh.isAway = true;
    mesh.commit(LOG);
    mesh.put(LOG, 2);
    mesh.pass(2_000);

    assertThat(standings()).containsExactly(standing(LOG, 1, 3, 2));
    assertThat(metrics.get(MeterNames.TOPICS_WAITING).gauge().value()).isEqualTo(1);
    assertThat(metrics.get(MeterNames.LAG).gauge().value()).isEqualTo(3);

    mesh.isAway = false;
    mesh.pass(10_000);

    assertThat(standings()).containsExactly(standing(LOG, 1, 6, 0));
    assertThat(metrics.get(MeterNames.TOPICS_WAITING).gauge().value()).isZero();
    assertThat(metrics.get(MeterNames.LAG).gauge().value()).isZero();
  }
}
