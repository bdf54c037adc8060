package io.madang.client;

import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.json.RawJson;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The gateway's end of one connection: a WebSocket (RFC 6455) on a plain socket, so that a test can also break it as networks
 * do. What the client says is kept in order; pings are kept apart, as they come when they come.
 */
final class Peer {
  static final ServerFrame.Limits LIMITS = new ServerFrame.Limits(32_768, 1_000, 256, 200, 400);

  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final String ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final Socket socket;
  private final FrameCodec codec = new FrameCodec();
  private final BlockingQueue<ClientFrame> said = new LinkedBlockingQueue<>();
  private final BlockingQueue<ClientFrame.Ping> pings = new LinkedBlockingQueue<>();

  /** Close codes the client sent; 1006 when the transport just ended. */
  private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();

  Peer(Socket socket) {
    this.socket = socket;
  }

  void start(Runnable whenOpen) {
    Thread reader = new Thread(() -> read(whenOpen), "fake-gateway-peer");
    reader.setDaemon(true);
    reader.start();
  }

  // What the client says.

  /** The next frame, pings left out. */
  <F extends ClientFrame> F next(Class<F> type) {
    ClientFrame frame = poll(said, type.getSimpleName());
    if (!type.isInstance(frame)) {
      throw new AssertionError("the client said " + frame + " and not " + type.getSimpleName());
    }
    return type.cast(frame);
  }

  ClientFrame.Ping nextPing() {
    return poll(pings, "ping");
  }

  /** How the client ended it. */
  int nextEnd() {
    return poll(ended, "end");
  }

  /** Frames that came and were not asked for by the test. */
  int waiting() {
    return said.size();
  }

  private static <T> T poll(BlockingQueue<T> queue, String what) {
    try {
      T next = queue.poll(FakeGateway.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        throw new AssertionError("no " + what + " came within " + FakeGateway.LIMIT);
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // What the gateway says.

  void signIn() {
    signIn(25_000, LIMITS, Optional.empty());
  }

  void signIn(long heartbeatMs, ServerFrame.Limits limits, Optional<Instant> expiresAt) {
    ClientFrame.Connect connect = next(ClientFrame.Connect.class);
    send(new ServerFrame.Connected(
        connect.ref(),
        "connection",
        "node",
        new ServerFrame.User("u1", "mina", List.of()),
        heartbeatMs,
        expiresAt,
        limits));
  }

  void reply(ClientFrame.Command command, String result) {
    send(new ServerFrame.Reply(command.ref(), RawJson.trusted(result)));
  }

  synchronized void send(ServerFrame frame) {
    write(TEXT, codec.encode(frame));
  }

  void sendText(String text) {
    write(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A close frame; the client's answer ends the transport. */
  void close(int code, String reason) {
    byte[] words = reason.getBytes(StandardCharsets.UTF_8);
    write(
        CLOSE,
        ByteBuffer.allocate(2 + words.length).putShort((short) code).put(words).array());
  }

  /** The network breaks: the client gets a reset. */
  void cut() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // The client was faster.
      ended.add(Link.ABNORMAL);
    }
  }

  private synchronized void write(int opcode, byte[] payload) {
    try {
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      frame.write(0x80 | opcode);
      if (payload.length < 126) {
        frame.write(payload.length);
      } else if (payload.length < 65_536) {
        frame.write(126);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
      } else {
        frame.write(127);
        frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
      }
      frame.writeBytes(payload);
      OutputStream out = socket.getOutputStream();
      out.write(frame.toByteArray());
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Reading.

  private void read(Runnable whenOpen) {
    try (Socket open = socket) {
      DataInputStream in = new DataInputStream(open.getInputStream());
      shakeHands(in);
      whenOpen.run();
      while (readFrame(in)) {
        // Until the close frame.
      }
    } catch (IOException e) {
      ended.add(Link.ABNORMAL);
    } catch (BadFrameException e) {
      throw new IllegalStateException("the client sent a frame that is none", e);
    }
  }

  private boolean readFrame(DataInputStream in) throws IOException, BadFrameException {
    int opcode = in.readUnsignedByte() & 0x0F;
    long length = in.readUnsignedByte() & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes((int) length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    if (opcode == CLOSE) {
      ended.add((int) ByteBuffer.wrap(payload).getShort());
      return false;
    }
    if (opcode == TEXT) {
      keep(codec.decodeClientFrame(payload));
    }
    return true;
  }

  private void keep(ClientFrame frame) {
    if (frame instanceof ClientFrame.Ping ping) {
      pings.add(ping);
    } else {
      said.add(frame);
    }
  }

  private void shakeHands(DataInputStream in) throws IOException {
    String key = "";
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
        key = line.substring(18).strip();
      }
    }
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Protocol: madang.v1\r\nSec-WebSocket-Accept: " + accept(key)
            + "\r\n\r\n";
    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String readLine(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static String accept(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1")
          .digest((key + ACCEPT_SALT).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
