package io.madang.gateway.edge.websocket;

import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
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
  private final int maxMessageBytes;
  private final Duration silence;
  private final DeadlineWheel deadlines;
  private final LongSupplier clockMs;

  /** @param silence after which a peer that says nothing is closed */
  public EchoEdge(
      Doorman doorman,
      int maxMessageBytes,
      Duration silence,
      DeadlineWheel deadlines,
      LongSupplier clockMs) {
    this.doorman = doorman;
    this.maxMessageBytes = maxMessageBytes;
    this.silence = silence;
    this.deadlines = deadlines;
    this.clockMs = clockMs;
  }

  public void mount(Router router) {
    router.route("/ws/echo").handler(context -> doorman.open(context.request(), Echo::new));
  }

  private final class Echo {
    private final ServerWebSocket socket;
    private final MessageAssembly assembly = new MessageAssembly(maxMessageBytes);
    private long heardMs = clockMs.getAsLong();
    private boolean isOver;

    Echo(ServerWebSocket socket, Runnable closed) {
      this.socket = socket;
      socket.frameHandler(this::onFrame);
      socket.closeHandler(ended -> {
        isOver = true;
        closed.run();
      });
      Sockets.alwaysCloseWith(socket, CloseCode.NORMAL.code(), CLOSING);
      watch();
    }

    private void watch() {
      deadlines.at(heardMs + silence.toMillis(), this::onQuiet);
    }

    private void onQuiet() {
      if (isOver) {
        return;
      }
      if (clockMs.getAsLong() - heardMs >= silence.toMillis()) {
        Sockets.cut(socket);
      } else {
        watch();
      }
    }

    private void onFrame(WebSocketFrame frame) {
      heardMs = clockMs.getAsLong();
      if (isOver) {
        return;
      }
      if (frame.isText() || frame.isBinary()) {
        onAssembled(assembly.begin(frame.isText(), frame.binaryData().getBytes(), frame.isFinal()));
      } else if (frame.isContinuation()) {
        onAssembled(assembly.proceed(frame.binaryData().getBytes(), frame.isFinal()));
      }
    }

    private void onAssembled(MessageAssembly.Outcome outcome) {
      if (outcome instanceof MessageAssembly.Complete complete && complete.isText()) {
        answer(complete.bytes());
      } else if (outcome instanceof MessageAssembly.Violation) {
        isOver = true;
        socket.close();
      }
    }

    private void answer(byte[] text) {
      byte[] answer = new byte[ECHO.length + text.length];
      System.arraycopy(ECHO, 0, answer, 0, ECHO.length);
      System.arraycopy(text, 0, answer, ECHO.length, text.length);
      Sockets.writeText(socket, answer);
      if (socket.writeQueueFull()) {
        // A peer that does not read is not read from either.
        socket.pause();
        socket.drainHandler(drained -> socket.resume());
      }
    }
  }
}
