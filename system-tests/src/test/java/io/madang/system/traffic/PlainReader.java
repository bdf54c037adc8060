package io.madang.system.traffic;

import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.StreamPosition;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A reader of one connection that drops and mends nothing: it notes what a gateway sends as it comes, reads as slowly as the test
 * likes, and goes on from its last position on a new connection, to the next gateway, when the old one ends. It has a thread of
 * its own.
 */
public final class PlainReader implements AutoCloseable {
  /**
   * Small, so that what is not read waits at the gateway and not in the kernel; but far above one segment of loopback, or the
   * kernel drops what it has no room for, and the sender tries again seconds later.
   */
  private static final int RECEIVE_BUFFER_BYTES = 65_536;

  /** Longer than a gateway is silent towards a client that answers its pings, even if it stands still for a while. */
  private static final int SILENCE_LIMIT_MS = 40_000;

  private static final int CONNECT_LIMIT_MS = 5_000;
  private static final int BACKOFF_MS = 200;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final List<URI> gateways;
  private final String token;
  private final FrameCodec codec = new FrameCodec();
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> ends = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this::run, "plain-reader");

  /** Guarded by this. */
  private boolean paused;

  private volatile boolean closed;
  private volatile Socket socket = new Socket();

  private PlainReader(List<URI> gateways, String token) {
    this.gateways = List.copyOf(gateways);
    this.token = token;
  }

  /**
   * Begins to hear topics; returns at once.
   *
   * @param gateways tried in turn, beginning with the first
   */
  public static PlainReader start(
      String name, List<URI> gateways, String token, List<String> topics) {
    return start(
        gateways, token, topics.stream().map(topic -> new Account(name, topic)).toList());
  }

  /** As the other form, into given accounts of one topic each. */
  public static PlainReader start(List<URI> gateways, String token, List<Account> accounts) {
    PlainReader reader = new PlainReader(gateways, token);
    accounts.forEach(account -> reader.accounts.put(account.topic(), account));
    reader.thread.setDaemon(true);
    reader.thread.start();
    return reader;
  }

  /** Whether every topic was answered. */
  public boolean hears() {
    return accounts.values().stream().allMatch(account -> account.last().isPresent());
  }

  public List<Account> accounts() {
    return List.copyOf(accounts.values());
  }

  /** Why connections ended so far: the number of the close frame, or what the transport said. */
  public List<String> ends() {
    return List.copyOf(ends);
  }

  /** Reads nothing any more, after the frame it is at. */
  public synchronized void pause() {
    paused = true;
  }

  public synchronized void proceed() {
    paused = false;
    notifyAll();
  }

  private synchronized void awaitLeave() throws InterruptedException {
    while (paused) {
      wait();
    }
  }

  private synchronized void awaitNextAttempt() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BACKOFF_MS);
    for (long left = BACKOFF_MS; !closed && left > 0; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
  }

  private void run() {
    try {
      for (int attempt = 0; !closed; attempt++) {
        try {
          connect(gateways.get(attempt % gateways.size()));
        } catch (IOException | BadFrameException e) {
          ends.add(e.toString());
          awaitNextAttempt();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void connect(URI gateway) throws IOException, BadFrameException, InterruptedException {
    try (Socket fresh = new Socket()) {
      socket = fresh;
      fresh.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
      fresh.setSoTimeout(CONNECT_LIMIT_MS);
      fresh.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()), CONNECT_LIMIT_MS);
      DataInputStream in = new DataInputStream(
          new BufferedInputStream(fresh.getInputStream(), RECEIVE_BUFFER_BYTES));
      OutputStream out = fresh.getOutputStream();
      out.write(handshake(gateway));
      readHeaders(in);
      fresh.setSoTimeout(SILENCE_LIMIT_MS);
      long ref = 0;
      for (Account account : accounts.values()) {
        send(
            out,
            TEXT,
            codec.encode(new ClientFrame.Subscribe(++ref, account.topic(), account.last())));
      }
      while (!closed && readFrame(in, out)) {
        awaitLeave();
      }
    }
  }

  private byte[] handshake(URI gateway) {
    return String.join(
            "\r\n",
            "GET " + gateway.getPath() + " HTTP/1.1",
            "Host: " + gateway.getAuthority(),
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Authorization: Bearer " + token,
            "",
            "")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void readHeaders(DataInputStream in) throws IOException {
    StringBuilder headers = new StringBuilder();
    while (headers.indexOf("\r\n\r\n") < 0) {
      headers.append((char) in.readUnsignedByte());
    }
    if (!headers.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("not upgraded: " + headers);
    }
  }

  /** False when the gateway said goodbye. */
  private boolean readFrame(DataInputStream in, OutputStream out)
      throws IOException, BadFrameException {
    int opcode = in.readUnsignedByte() & 0x0F;
    long length = in.readUnsignedByte() & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = in.readNBytes(Math.toIntExact(length));
    if (opcode == TEXT) {
      note(codec.decodeServerFrame(payload));
    } else if (opcode == PING) {
      send(out, PONG, payload);
    } else if (opcode == CLOSE) {
      int code = payload.length < 2 ? 1005 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
      ends.add(Integer.toString(code));
      return false;
    }
    return true;
  }

  private static void send(OutputStream out, int opcode, byte[] payload) throws IOException {
    if (payload.length >= 126) {
      out.write(new byte[] {
        (byte) (0x80 | opcode),
        (byte) (0x80 | 126),
        (byte) (payload.length >> 8),
        (byte) payload.length
      });
    } else {
      out.write(new byte[] {(byte) (0x80 | opcode), (byte) (0x80 | payload.length)});
    }
    out.write(new byte[4]);
    out.write(payload);
    out.flush();
  }

  private void note(ServerFrame frame) throws IOException {
    if (frame instanceof ServerFrame.Publication publication) {
      accounts.get(publication.topic()).publication(publication);
    } else if (frame instanceof ServerFrame.Gap gap) {
      // A snapshot of the same place stands for the state that the client would read anew.
      Account account = accounts.get(gap.topic());
      account.gap(gap.from(), gap.to());
      account.snapshot(gap.to(), Optional.empty());
    } else if (frame instanceof ServerFrame.Subscribed subscribed) {
      note(subscribed.topic());
    } else if (frame instanceof ServerFrame.Unsubscribed unsubscribed) {
      accounts.get(unsubscribed.topic()).ended(unsubscribed.reason().orElse("-"));
    } else if (frame instanceof ServerFrame.Error error) {
      throw new IOException("refused: " + error.failure());
    }
  }

  private void note(ServerFrame.TopicState state) {
    Account account = accounts.get(state.topic());
    Optional<StreamPosition> before = account.last();
    if (!state.recovered()) {
      before.ifPresent(from -> account.gap(from, state.position()));
      account.snapshot(state.position(), state.snapshot());
    }
    state.publications().forEach(account::publication);
  }

  @Override
  public void close() {
    closed = true;
    proceed();
    try {
      socket.close();
    } catch (IOException e) {
      ends.add(e.toString());
    }
    thread.interrupt();
  }
}
