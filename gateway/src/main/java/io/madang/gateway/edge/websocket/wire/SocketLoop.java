package io.madang.gateway.edge.websocket.wire;

import io.madang.gateway.fanout.Encoding;
import io.madang.gateway.limit.DeadlineWheel;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the sockets of one event loop share: their limits, and the flush at the end of each turn. A socket that writes is flushed
 * once, when the loop has done what it had to do when the first of them wrote, however often it writes until then; as {@link
 * FlushPace} says.
 */
public final class SocketLoop {
  /** A socket with so many bytes not flushed is flushed at once, so that what waits is what the network does not take. */
  private static final int MAX_EAGER_BYTES = 65_536;

  private final Executor toFlush;
  private final Executor here;
  private final DeadlineWheel deadlines;
  private final LongSupplier clockMs;
  private final Duration goodbye;
  private final int maxMessageBytes;
  private final int eagerBytes;
  private final WriteBufferWaterMark waterMark;
  private final WebSocketDecoderConfig decoding;
  private final WebSocketDecoderConfig decodingDeflated;
  private final Deflation deflation = new Deflation();
  private final Encoding<NativeFrames> deflatedFrames = NativeFrames.deflatedBy(deflation);
  private final Runnable atTurnsEnd;

  /** Sockets that wrote since the last flush; while it is not empty the flush is on its way. */
  private List<WireSocket> dirty = new ArrayList<>();

  /** Empty but during a flush; the two lists change places. */
  private List<WireSocket> beingFlushed = new ArrayList<>();

  /**
   * @param toFlush runs a flush behind what waits already, on the loop: in this turn or soon
   * @param here runs a task at once, as the loop's code expects to be run
   * @param laggingBytes above so many that wait a socket tells when it is drained
   * @param drainedBytes below so many it is
   * @param goodbye how long a peer has to take and answer a close
   * @param atTurnsEnd is run behind each flush
   */
  public SocketLoop(
      Executor toFlush,
      Executor here,
      DeadlineWheel deadlines,
      LongSupplier clockMs,
      int maxMessageBytes,
      int laggingBytes,
      int drainedBytes,
      Duration goodbye,
      Runnable atTurnsEnd) {
    this.toFlush = toFlush;
    this.here = here;
    this.deadlines = deadlines;
    this.clockMs = clockMs;
    this.goodbye = goodbye;
    this.maxMessageBytes = maxMessageBytes;
    this.eagerBytes = Math.min(MAX_EAGER_BYTES, drainedBytes);
    this.waterMark = new WriteBufferWaterMark(drainedBytes, laggingBytes);
    this.decoding = decoding(maxMessageBytes, false);
    this.decodingDeflated = decoding(maxMessageBytes, true);
    this.atTurnsEnd = atTurnsEnd;
  }

  private static WebSocketDecoderConfig decoding(int maxFrameBytes, boolean reservedBits) {
    return WebSocketDecoderConfig.newBuilder()
        .maxFramePayloadLength(maxFrameBytes)
        .allowExtensions(reservedBits)
        .closeOnProtocolViolation(false)
        .withUTF8Validator(false)
        .build();
  }

  /** For a loop of Vert.x. */
  public static SocketLoop of(
      Context context,
      DeadlineWheel deadlines,
      LongSupplier clockMs,
      int maxMessageBytes,
      int laggingBytes,
      int drainedBytes,
      Duration goodbye,
      Runnable atTurnsEnd) {
    ContextInternal loop = (ContextInternal) context;
    EventLoop eventLoop = loop.nettyEventLoop();
    FlushPace pace = new FlushPace(
        new FlushPace.Loop() {
          @Override
          public void later(Runnable task) {
            eventLoop.execute(task);
          }

          @Override
          @SuppressWarnings("FutureReturnValueIgnored") // What goes wrong ends the one socket.
          public void after(long nanos, Runnable task) {
            eventLoop.schedule(task, nanos, TimeUnit.NANOSECONDS);
          }
        },
        System::nanoTime);
    return new SocketLoop(
        pace,
        task -> loop.dispatch(task),
        deadlines,
        clockMs,
        maxMessageBytes,
        laggingBytes,
        drainedBytes,
        goodbye,
        atTurnsEnd);
  }

  void wrote(WireSocket socket) {
    if (dirty.isEmpty()) {
      toFlush.execute(this::flush);
    }
    dirty.add(socket);
  }

  private void flush() {
    List<WireSocket> flushing = dirty;
    dirty = beingFlushed;
    beingFlushed = flushing;
    for (int i = 0; i < flushing.size(); i++) {
      flushing.get(i).flush();
    }
    flushing.clear();
    atTurnsEnd.run();
  }

  void dispatch(Runnable task) {
    here.execute(task);
  }

  /** Runs the task when the time for a goodbye is over. */
  DeadlineWheel.Deadline afterGoodbye(Runnable task) {
    return deadlines.at(clockMs.getAsLong() + goodbye.toMillis(), task);
  }

  int maxMessageBytes() {
    return maxMessageBytes;
  }

  int eagerBytes() {
    return eagerBytes;
  }

  WriteBufferWaterMark waterMark() {
    return waterMark;
  }

  /** @param deflated whether a frame may say that its message is deflated */
  WebSocketDecoderConfig decoding(boolean deflated) {
    return deflated ? decodingDeflated : decoding;
  }

  Deflation deflation() {
    return deflation;
  }

  Encoding<NativeFrames> frames(boolean deflated) {
    return deflated ? deflatedFrames : NativeFrames.PLAIN;
  }
}
