package io.madang.gateway.simulation;

import io.madang.gateway.connection.Connection;
import io.madang.gateway.connection.FrameSink;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What lies between one client and the gateway it is connected to: nothing is lost or overtaken until it ends, and what a client
 * does not read stays with the gateway.
 */
final class Link {
  /** What the network itself holds for a client that does not read. */
  private static final int IN_THE_NETWORK = 4_096;

  private static final int ENVELOPE_BYTES = 200;

  /** Who is at the client's end. */
  interface End {
    void heard(ServerFrame frame);

    void lost();
  }

  private final VirtualTime time;
  private final End client;
  private final Deque<ClientFrame> early = new ArrayDeque<>();

  /** What the client has not read; the last may be the end. */
  private final Deque<ServerFrame> down = new ArrayDeque<>();

  private SimProcess gateway;
  private SimLoop loop;
  private Connection connection;
  private long downBytes;

  /** What the gateway ever sent. */
  private long handedBytes;

  private long lastUp;
  private long lastDown;
  private boolean reading = true;
  private boolean closing;

  /** Whether something waits for the client to read. */
  private boolean held;

  private boolean over;

  Link(VirtualTime time, End client) {
    this.time = time;
    this.client = client;
  }

  /** On the gateway's loop. */
  void accepted(SimProcess at, SimLoop on, Connection accepted) {
    gateway = at;
    loop = on;
    connection = accepted;
    if (over) {
      connection.onTransportClosed();
      return;
    }
    early.forEach(connection::onFrame);
    early.clear();
  }

  // The client's end.

  void say(ClientFrame frame) {
    lastUp = Math.max(lastUp, time.nanos() + time.micros(50, 1_000));
    time.after(lastUp - time.nanos(), () -> {
      if (connection == null) {
        early.add(frame);
      } else {
        loop.run(() -> {
          if (!over) {
            connection.onFrame(frame);
          }
        });
      }
    });
  }

  void read(boolean on) {
    reading = on;
    pass();
  }

  /** The client is gone without a word. */
  void drop() {
    end(false);
  }

  /** The gateway's process is over. */
  void gatewayDied() {
    end(true);
  }

  boolean isAt(SimProcess process) {
    return gateway == process;
  }

  private void end(boolean told) {
    if (over) {
      return;
    }
    over = true;
    down.clear();
    downBytes = 0;
    if (connection != null) {
      time.after(time.micros(50, 2_000), () -> loop.run(connection::onTransportClosed));
    }
    if (told) {
      time.after(time.micros(50, 20_000), client::lost);
    }
  }

  // The gateway's end.

  FrameSink sink() {
    return new FrameSink() {
      @Override
      public void send(ServerFrame frame) {
        put(frame, ENVELOPE_BYTES);
      }

      @Override
      public void send(SharedPublication publication) {
        put(
            SharedPublication.frameOf(publication.publication()),
            ENVELOPE_BYTES + publication.publication().data().bytes());
      }

      @Override
      public boolean sendTogether(Bundle bundle) {
        bundle.publications().forEach(this::send);
        return true;
      }

      @Override
      public long queuedBytes() {
        return Math.max(0, downBytes - IN_THE_NETWORK);
      }

      @Override
      public long takenBytes() {
        return handedBytes - queuedBytes();
      }

      @Override
      public void probe() {}

      @Override
      public void close(CloseCode code) {
        closing = true;
        pass();
      }

      @Override
      public void cut() {
        end(true);
      }
    };
  }

  private void put(ServerFrame frame, int bytes) {
    if (over || closing) {
      return;
    }
    down.add(frame);
    downBytes += bytes;
    handedBytes += bytes;
    held = !reading;
    pass();
  }

  private void pass() {
    if (over || !reading) {
      return;
    }
    boolean waited = held;
    held = false;
    downBytes = 0;
    if (waited && connection != null) {
      loop.run(() -> {
        if (!over) {
          connection.onWritten();
        }
      });
    }
    while (!down.isEmpty()) {
      ServerFrame frame = down.remove();
      lastDown = Math.max(lastDown, time.nanos() + time.micros(50, 1_000));
      time.after(lastDown - time.nanos(), () -> {
        if (!over) {
          client.heard(frame);
        }
      });
    }
    if (closing) {
      lastDown = Math.max(lastDown, time.nanos());
      time.after(lastDown - time.nanos(), () -> end(true));
    }
  }
}
