package io.madang.gateway.edge.sse;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.FrameSink;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.connection.measure.LoopCounts;
import io.madang.gateway.edge.sse.wire.Positions;
import io.madang.gateway.edge.sse.wire.StreamListener;
import io.madang.gateway.edge.sse.wire.StreamSocket;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.Credential;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One event stream: asks for its topics one after the other, as a client of the native protocol would, and says what comes as
 * events. On one event loop.
 *
 * <pre>
 *         a topic is granted              closed, or the channel ended
 *  ASKING -----------------> STREAMING ----------------------------------> OVER
 *    |                                                                      ^
 *    +---- all are refused, or nobody is signed in: answered as a problem --+
 * </pre>
 *
 * <p>What is refused for good is told in an event, and the other topics are heard. What is refused for now ends the stream, as it
 * is the client's coming back that asks again.
 */
final class EventStream implements FrameSink, StreamListener {
  private static final Duration SOON = Duration.ofSeconds(1);

  private enum Phase {
    ASKING,
    STREAMING,
    OVER
  }

  /** How the request is answered: as a stream, or as a problem. Called once, one of the two. */
  interface Answer {
    /** Begins the stream, unless the peer is gone; nothing is told to the listener within the call. */
    Optional<StreamSocket> begin(Positions positions, StreamListener listener);

    /** What was held back while the stream began may be heard. */
    void listen();

    void refuse(Failure failure);
  }

  private final Answer answer;
  private final Positions positions;
  private final Surroundings around;
  private final FrameCodec codec;
  private final LoopCounts counts;
  private final Duration comeAgain;
  private final List<Topic> topics;
  private final Connection connection;
  private final ServerFrame.Handler<Boolean> frames = new Frames();

  private Phase phase = Phase.ASKING;

  /** Null before the stream begins. */
  private StreamSocket socket;

  /** Null before the stream begins. */
  private Events events;

  /** How many topics were asked for; the ref of each is its number, from 1. */
  private int asked;

  /** How many of those are answered. */
  private int answered;

  /** Whether the next topic is not asked for yet, as that was too fast. */
  private boolean isToWait;

  /** Topics that are heard. */
  private int heard;

  /** What was refused before the stream began, in order. */
  private final List<ServerFrame.Error> refused = new ArrayList<>(0);

  /** What befell the connection, which is closed for it in the same call; empty while nothing has. */
  private Optional<Failure> whyClosed = Optional.empty();

  /** How long the client is to wait that is sent away; set by the last frame. */
  private Duration after = Duration.ZERO;

  /** @param comeAgain how long a client waits whose stream breaks without a word */
  EventStream(
      Answer answer,
      Positions positions,
      Optional<Credential> offered,
      Surroundings around,
      LoopCounts counts,
      FrameCodec codec,
      Duration comeAgain) {
    this.answer = answer;
    this.positions = positions;
    this.around = around;
    this.codec = codec;
    this.counts = counts;
    this.comeAgain = comeAgain;
    this.topics = positions.topics();
    this.connection = new Connection(around.connections().nextId(), this, offered, around);
  }

  /** Asks for the first topic. */
  void start() {
    ask();
  }

  private void ask() {
    Topic topic = topics.get(asked++);
    connection.onFrame(
        new ClientFrame.Subscribe(asked, topic.name(), positions.of(topic).map(Events::wire)));
  }

  /** Coming back for it would begin with the first topic again. */
  private void askAgainAfter(long waitMs) {
    asked--;
    isToWait = true;
    around.deadlines().at(around.time().nowMs() + waitMs, () -> {
      isToWait = false;
      askOn();
    });
  }

  /** One topic after the other, as what each brings is bounded and what all bring is not. */
  private void askOn() {
    if (phase == Phase.OVER || isToWait || answered < asked) {
      return;
    }
    if (asked < topics.size()) {
      if (phase == Phase.ASKING || socket.isWritable()) {
        ask();
      }
    } else if (phase == Phase.ASKING) {
      refuse(refused.get(0).failure());
    } else if (heard == 0) {
      connection.close(CloseCode.NORMAL, Duration.ZERO);
    }
  }

  private void begin() {
    Optional<StreamSocket> begun = answer.begin(positions, this);
    if (begun.isEmpty()) {
      onClosed();
      return;
    }
    phase = Phase.STREAMING;
    socket = begun.get();
    events = new Events(socket, positions, codec, around.meters());
    socket.retryAfter(comeAgain);
    refused.forEach(events::problem);
    answer.listen();
  }

  /** Ends an asking that led to nothing. */
  private void refuse(Failure failure) {
    phase = Phase.OVER;
    answer.refuse(failure);
    connection.onTransportClosed();
  }

  // What the connection says.

  @Override
  public void send(ServerFrame frame) {
    if (phase != Phase.OVER) {
      frame.dispatch(frames);
    }
  }

  @Override
  public void send(SharedPublication publication) {
    if (phase == Phase.STREAMING) {
      events.publication(publication);
    }
  }

  @Override
  public boolean sendTogether(Bundle bundle) {
    if (phase == Phase.STREAMING) {
      counts.publicationsOut(bundle.size(), socket.bundle(bundle));
    }
    return true;
  }

  @Override
  public long queuedBytes() {
    return socket == null ? 0 : socket.queuedBytes();
  }

  @Override
  public long takenBytes() {
    return socket == null ? 0 : socket.takenBytes();
  }

  /** A client says nothing; that the network takes something more is all there is of it. */
  @Override
  public void probe() {
    if (phase == Phase.STREAMING) {
      socket.heartbeat(connection::onHeard);
    }
  }

  @Override
  public void close(CloseCode code) {
    if (phase == Phase.ASKING) {
      refuse(whyClosed.orElseGet(() -> failure(code)));
    } else if (phase == Phase.STREAMING) {
      phase = Phase.OVER;
      events.disconnect(
          ServerFrame.Disconnect.because(code, after),
          after.compareTo(SOON) < 0 ? comeAgain : after);
    }
  }

  private static Failure failure(CloseCode code) {
    return code.mayReconnect()
        ? Failure.of(ErrorCode.UNAVAILABLE, "Try again: " + code.reason() + ".").after(SOON)
        : Failure.of(ErrorCode.UNAUTHENTICATED, "Sign in: " + code.reason() + ".");
  }

  @Override
  public void cut() {
    if (socket != null) {
      socket.cut();
    } else if (phase == Phase.ASKING) {
      refuse(failure(CloseCode.RESTARTING));
    }
  }

  // What the socket tells.

  @Override
  public void onDrained() {
    connection.onWritten();
    askOn();
  }

  @Override
  public void onShutdown() {
    connection.close(CloseCode.RESTARTING, Duration.ZERO);
  }

  @Override
  public void onClosed() {
    phase = Phase.OVER;
    connection.onTransportClosed();
  }

  /** What each frame is as an event. */
  private final class Frames implements ServerFrame.Handler<Boolean> {
    @Override
    public Boolean on(ServerFrame.Subscribed frame) {
      answered++;
      heard++;
      if (phase == Phase.ASKING) {
        begin();
      }
      if (phase == Phase.STREAMING) {
        events.subscribed(frame);
        askOn();
      }
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Publication frame) {
      events.publication(frame);
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Gap frame) {
      events.gap(frame);
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Unsubscribed frame) {
      heard--;
      events.unsubscribed(frame);
      askOn();
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Error frame) {
      if (frame.ref() == ClientFrame.NO_REF) {
        whyClosed = Optional.of(frame.failure());
        return true;
      }
      if (frame.failure().code().equals(ErrorCode.RATE_LIMITED.wire())) {
        askAgainAfter(frame.failure().retryAfterMs());
        return true;
      }
      answered++;
      if (frame.failure().retry() == Retry.LATER) {
        onRefusedForNow(frame);
      } else {
        onRefused(frame);
        askOn();
      }
      return true;
    }

    private void onRefusedForNow(ServerFrame.Error refusal) {
      if (phase == Phase.ASKING) {
        refuse(refusal.failure());
      } else {
        events.problem(refusal);
        connection.close(
            CloseCode.TRY_AGAIN_LATER, Duration.ofMillis(refusal.failure().retryAfterMs()));
      }
    }

    private void onRefused(ServerFrame.Error refusal) {
      if (phase == Phase.ASKING) {
        refused.add(refusal);
      } else {
        events.problem(refusal);
      }
    }

    /** It is said with the close that follows it. */
    @Override
    public Boolean on(ServerFrame.Disconnect frame) {
      after = Duration.ofMillis(frame.afterMs());
      return true;
    }

    // Answers to what a stream never asks.

    @Override
    public Boolean on(ServerFrame.Connected frame) {
      return false;
    }

    @Override
    public Boolean on(ServerFrame.Resumed frame) {
      return false;
    }

    @Override
    public Boolean on(ServerFrame.Reply frame) {
      return false;
    }

    @Override
    public Boolean on(ServerFrame.Item frame) {
      return false;
    }

    @Override
    public Boolean on(ServerFrame.More frame) {
      return false;
    }

    @Override
    public Boolean on(ServerFrame.Complete frame) {
      return false;
    }

    @Override
    public Boolean on(ServerFrame.Refreshed frame) {
      return false;
    }

    @Override
    public Boolean on(ServerFrame.Pong frame) {
      return false;
    }
  }
}
