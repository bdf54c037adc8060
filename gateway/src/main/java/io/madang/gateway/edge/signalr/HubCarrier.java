package io.madang.gateway.edge.signalr;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.http.HubPermit;
import io.madang.gateway.edge.signalr.replay.CarrierEnd;
import io.madang.gateway.edge.websocket.wire.WireListener;
import io.madang.gateway.edge.websocket.wire.WireSocket;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.protocol.code.CloseCode;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiFunction;

/**
 * A WebSocket that carries a hub connection which lives elsewhere and may outlive it: passes on what comes, one piece after the
 * other, and what is said. On the socket's loop.
 */
public final class HubCarrier implements WireListener, Taker {
  /** With so much on its way to the connection nothing more is read. */
  private static final int MAX_ON_ITS_WAY = 64 * 1024;

  /** So often it is seen what the network took, while something is to be taken. */
  private static final Duration LOOKED_AFTER = Duration.ofMillis(250);

  /** Until no loop of a gateway that stops takes a WebSocket any more: some clients try only once to come back. */
  private static final Duration UNBOUND_AFTER = Duration.ofMillis(300);

  /**
   * When it looks after its client.
   *
   * @param lifeSign so often a client that is there is told of, and asked when it is silent
   */
  public record Times(BiFunction<Duration, Runnable, Deadline> after, Duration lifeSign) {}

  private final WireSocket socket;
  private final HubPermit permit;
  private final Times times;
  private final HubCarriers all;
  private final Waiting connection;

  /** What the socket is closed with. */
  private CloseCode closing = CloseCode.NORMAL;

  private boolean speaksBytes;

  /** What came and is not on its way to the connection yet. */
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  /** Whether something is on its way there. */
  private boolean isPassingOn;

  private boolean isReading = true;

  /** Frames that the network has not taken, as far as is known. */
  private final Deque<Frame> untaken = new ArrayDeque<>();

  /** The next look at them; null while there are none. */
  private Deadline nextLook;

  /** The next look after the client. */
  private Deadline nextSign;

  /** When the socket is cut of a gateway that stops; null before. */
  private Deadline shutdown;

  /** When the socket is closed whose client broke a rule; null while none did. */
  private Deadline goodbye;

  /** Whether the client was heard since the last look after it, and since then told of. */
  private boolean wasHeard;

  private boolean wasToldOf;

  /** Whether the client said goodbye. */
  private boolean isGoodbye;

  private boolean isClosed;

  /** @param position what the socket will have taken in all when it has taken the frame */
  private record Frame(long position, int bytes) {}

  public HubCarrier(WireSocket socket, HubPermit permit, Times times, HubCarriers all) {
    this.socket = socket;
    this.all = all;
    all.opened(this);
    this.permit = permit;
    this.times = times;
    this.connection = permit.receive(this);
    lookAfterClient();
  }

  // What the socket tells.

  @Override
  public void onMessage(byte[] message, boolean isText) {
    heard.writeBytes(message);
    passOn();
    if (heard.size() > MAX_ON_ITS_WAY && isReading) {
      isReading = false;
      socket.setReading(false);
    }
  }

  private void passOn() {
    if (isPassingOn || heard.size() == 0) {
      return;
    }
    byte[] piece = heard.toByteArray();
    heard.reset();
    isPassingOn = true;
    wasToldOf = true;
    permit.carried(piece, this::onPassedOn);
  }

  private void onPassedOn(int status) {
    isPassingOn = false;
    if (status != Home.TAKEN) {
      heard.reset();
      socket.cut();
    }
    passOn();
    if (!isPassingOn && isClosed) {
      permit.ended(CarrierEnd.GOODBYE);
    } else if (!isReading && !isClosed) {
      isReading = true;
      socket.setReading(true);
    }
  }

  @Override
  public void onHeard() {
    wasHeard = true;
    if (!wasToldOf) {
      wasToldOf = true;
      permit.carried(new byte[0], status -> {});
    }
  }

  private void lookAfterClient() {
    nextSign = times.after().apply(times.lifeSign(), () -> {
      if (!wasHeard) {
        socket.ping();
      }
      wasHeard = false;
      wasToldOf = false;
      lookAfterClient();
    });
  }

  @Override
  public int goodbyeTo(int code) {
    isGoodbye = true;
    return code;
  }

  @Override
  public void onViolation(CloseCode code) {
    closing = code;
    permit.violated(code.code());
    // Whoever says goodbye first: there may be nobody any more who does.
    goodbye = times.after().apply(Connection.GOODBYE, () -> socket.close(code.code(), ""));
  }

  @Override
  public void onDrained() {
    tellTaken();
  }

  /** Whether the connection lives at this gateway, and says itself how it goes on when that stops. */
  boolean isOfThisGateway() {
    return permit.isHere();
  }

  void cut() {
    socket.cut();
  }

  /** The client finds its connection again where it lives, by another gateway. */
  @Override
  public void onShutdown() {
    shutdown = times.after().apply(UNBOUND_AFTER, socket::cut);
  }

  @Override
  public void onClosed() {
    isClosed = true;
    all.gone(this);
    nextSign.cancel();
    if (nextLook != null) {
      nextLook.cancel();
    }
    if (goodbye != null) {
      goodbye.cancel();
    }
    if (shutdown != null) {
      shutdown.cancel();
    }
    if (!isGoodbye) {
      permit.ended(CarrierEnd.LOST);
      connection.gone();
    } else if (!isPassingOn) {
      permit.ended(CarrierEnd.GOODBYE);
      connection.gone();
    }
  }

  // What the connection says.

  /** Without a byte it says that what follows is no text. */
  @Override
  public void frame(byte[] frame) {
    if (frame.length == 0) {
      speaksBytes = true;
      return;
    }
    if (speaksBytes) {
      socket.bytes(frame);
    } else {
      socket.text(frame);
    }
    untaken.add(new Frame(socket.takenBytes() + socket.queuedBytes(), frame.length));
    if (nextLook == null) {
      look();
    }
  }

  private void look() {
    nextLook = times.after().apply(LOOKED_AFTER, () -> {
      nextLook = null;
      tellTaken();
      if (!untaken.isEmpty() && !isClosed) {
        look();
      }
    });
  }

  private void tellTaken() {
    boolean isAllTaken = socket.queuedBytes() == 0;
    long position = socket.takenBytes();
    int bytes = 0;
    while (!untaken.isEmpty() && (isAllTaken || untaken.element().position() <= position)) {
      bytes += untaken.remove().bytes();
    }
    if (bytes > 0) {
      connection.taken(bytes);
    }
  }

  @Override
  public void end(int status) {
    if (status == Home.TAKEN) {
      socket.close(closing.code(), "");
    } else {
      socket.cut();
    }
  }

  @Override
  public void lost() {
    socket.cut();
  }
}
