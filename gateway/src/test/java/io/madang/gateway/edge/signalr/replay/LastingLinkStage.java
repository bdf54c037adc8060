package io.madang.gateway.edge.signalr.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.relay.FakeTaker;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.session.LinkStage;
import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.topic.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A hub connection that may outlive its WebSocket, and who keeps it. */
abstract class LastingLinkStage extends LinkStage {
  static final int MAX_BYTES = 100;
  static final Duration WINDOW = Duration.ofSeconds(15);

  final ReplayBudget budget = new ReplayBudget(250);
  final List<String> owner = new ArrayList<>();
  final List<Kept> moved = new ArrayList<>();
  final LastingLink.Owner its = new LastingLink.Owner() {
    @Override
    public void isAway() {
      owner.add("away");
    }

    @Override
    public void isBack() {
      owner.add("back");
    }

    @Override
    public void isOver() {
      owner.add("over");
    }

    @Override
    public boolean mayMove() {
      return mayMove;
    }

    @Override
    public void moves(Kept kept, HubMemory memory, Consumer<Boolean> outcome) {
      moved.add(kept);
      outcome.accept(true);
    }
  };

  /** Whether its owner lets it. */
  boolean mayMove = true;

  /** Deadlines that nobody cancelled before their time came. */
  int met;

  final LastingTimes times = new LastingTimes(
      (wait, task) -> deadlines.at(nowMs + wait.toMillis(), () -> {
        met++;
        task.run();
      }),
      later::add);

  final LastingLink link = link();

  LastingLink link() {
    return link(Optional.empty());
  }

  LastingLink link(Optional<Kept> kept) {
    ResumeRules rules = new ResumeRules(WINDOW, MAX_BYTES, budget);
    LastingLink made = kept.map(left -> new LastingLink(rules, times, its, left))
        .orElseGet(() -> new LastingLink(rules, times, its));
    made.speaks(conversation);
    return made;
  }

  FakeTaker carriedBy(long number) {
    FakeTaker socket = new FakeTaker();
    assertThat(link.claim(number)).isTrue();
    link.receive(number, socket);
    return socket;
  }

  FakeTaker numbered() {
    FakeTaker socket = carriedBy(1);
    link.send(bytes("{}"));
    link.numbered(HubFormat.JSON);
    ping();
    socket.frames.clear();
    return socket;
  }

  /** As clients do as soon as they count. */
  void ping() {
    try {
      link.takes(new HubMessage.Ping());
    } catch (BadHubMessageException e) {
      throw new AssertionError(e);
    }
  }

  void say(String text) {
    link.send(bytes(text), 1);
  }

  int deliver(long from, String text) {
    int[] outcome = {0};
    link.deliver(from, Payload.wrap(bytes(text)), status -> outcome[0] = status);
    return outcome[0];
  }

  static HubMessage call() {
    return HubMessage.Invocation.of("x", RawJson.trusted("[]"));
  }

  static String sequence(long number) {
    return "{\"type\":9,\"sequenceId\":" + number + "}";
  }

  static String ack(long number) {
    return "{\"type\":8,\"sequenceId\":" + number + "}";
  }
}
