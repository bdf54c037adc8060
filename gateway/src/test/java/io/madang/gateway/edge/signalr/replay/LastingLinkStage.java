package io.madang.gateway.edge.signalr.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.signalr.session.HubConversation;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.topic.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A hub connection that may outlive its WebSocket, all that is around it, and a clock that only the test moves. */
abstract class LastingLinkStage {
  static final int MAX_BYTES = 100;
  static final Duration WINDOW = Duration.ofSeconds(15);

  final ReplayBudget budget = new ReplayBudget(250);
  final DeadlineWheel deadlines = new DeadlineWheel(0);
  final List<Runnable> later = new ArrayList<>();
  final Told told = new Told();
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

  final LastingLink link = link();
  long nowMs;

  LastingLink link() {
    return link(Optional.empty());
  }

  LastingLink link(Optional<Kept> kept) {
    ResumeRules rules = new ResumeRules(WINDOW, MAX_BYTES, budget);
    LastingLink.Times times = new LastingLink.Times(
        (wait, task) -> deadlines.at(nowMs + wait.toMillis(), task), later::add);
    LastingLink made = kept.map(left -> new LastingLink(rules, times, its, left))
        .orElseGet(() -> new LastingLink(rules, times, its));
    made.speaks(told);
    return made;
  }

  void pass(Duration time) {
    long until = nowMs + time.toMillis();
    while (nowMs < until) {
      nowMs = Math.min(until, nowMs + DeadlineWheel.TICK_MS);
      deadlines.advance(nowMs);
    }
  }

  void turn() {
    List<Runnable> now = List.copyOf(later);
    later.clear();
    now.forEach(Runnable::run);
  }

  /** What the conversation is told. */
  static final class Told implements HubConversation {
    final List<String> said = new ArrayList<>();
    int written;
    int heard;

    @Override
    public boolean isOf(Credential credential) {
      return false;
    }

    @Override
    public void onNewer(Credential credential) {
      said.add("[newer]");
    }

    @Override
    public void onBytes(byte[] bytes) {
      said.add(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void onHeard() {
      heard++;
    }

    @Override
    public void onWritten() {
      written++;
    }

    @Override
    public void onOtherTransport() {
      said.add("[other transport]");
    }

    @Override
    public void onNoPlace(Failure failure) {
      said.add("[no place]");
    }

    @Override
    public void onViolation(CloseCode code) {
      said.add("[violation " + code.code() + "]");
    }

    @Override
    public void onShutdown() {}

    @Override
    public void onClosed() {
      said.add("[closed]");
    }
  }

  /** A WebSocket: what it is told, without the ends of messages. */
  static final class Socket implements Taker {
    final List<String> frames = new ArrayList<>();
    int end;

    @Override
    public void frame(byte[] frame) {
      frames.add(new String(frame, StandardCharsets.UTF_8).replace("\u001e", ""));
    }

    @Override
    public void end(int status) {
      end = status;
    }

    @Override
    public void lost() {
      end = -1;
    }
  }

  Socket carriedBy(long number) {
    Socket socket = new Socket();
    assertThat(link.claim(number)).isTrue();
    link.receive(number, socket);
    return socket;
  }

  Socket numbered() {
    Socket socket = carriedBy(1);
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

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
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
