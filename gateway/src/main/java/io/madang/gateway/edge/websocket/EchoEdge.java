package io.madang.gateway.edge.websocket;

import io.madang.gateway.edge.websocket.wire.WireListener;
import io.madang.gateway.edge.websocket.wire.WireSocket;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * {@code GET /ws/echo}: answers every text {@code x} with {@code Echo: x}, and a close with 1000 "Closing". For trying out a
 * path to the gateway, without signing in. For one event loop.
 */
public final class EchoEdge {
  private static final byte[] ECHO = "Echo: ".getBytes(StandardCharsets.UTF_8);
  private static final String CLOSING = "Closing";

  private final Doorman doorman;
  private final Duration silence;
  private final DeadlineWheel deadlines;
  private final LongSupplier clockMs;

  /** @param silence after which a peer that says nothing is closed */
  public EchoEdge(
      Doorman doorman, Duration silence, DeadlineWheel deadlines, LongSupplier clockMs) {
    this.doorman = doorman;
    this.silence = silence;
    this.deadlines = deadlines;
    this.clockMs = clockMs;
  }

  public void mount(Router router) {
    router.route("/ws/echo").handler(context -> doorman.open(context.request(), Echo::new));
  }

  private final class Echo implements WireListener {
    private final WireSocket socket;
    private long heardMs = clockMs.getAsLong();
    private DeadlineWheel.Deadline nextLook;

    Echo(WireSocket socket) {
      this.socket = socket;
      watch();
    }

    private void watch() {
      nextLook = deadlines.at(heardMs + silence.toMillis(), this::onQuiet);
    }

    private void onQuiet() {
      if (clockMs.getAsLong() - heardMs >= silence.toMillis()) {
        socket.cut();
      } else {
        watch();
      }
    }

    @Override
    public void onMessage(byte[] message, boolean isText) {
      if (!isText) {
        return;
      }
      byte[] answer = new byte[ECHO.length + message.length];
      System.arraycopy(ECHO, 0, answer, 0, ECHO.length);
      System.arraycopy(message, 0, answer, ECHO.length, message.length);
      socket.text(answer);
      if (!socket.isWritable()) {
        // A peer that does not read is not read from either.
        socket.setReading(false);
      }
    }

    @Override
    public void onHeard() {
      heardMs = clockMs.getAsLong();
    }

    @Override
    public void onViolation(CloseCode code) {
      socket.close(code.code(), code.reason());
    }

    @Override
    public void onDrained() {
      socket.setReading(true);
    }

    @Override
    public void onShutdown() {
      socket.close(CloseCode.NORMAL.code(), CLOSING);
    }

    @Override
    public void onClosed() {
      nextLook.cancel();
    }

    @Override
    public int goodbyeTo(int code) {
      return CloseCode.NORMAL.code();
    }

    @Override
    public String reasonOfGoodbye() {
      return CLOSING;
    }
  }
}
