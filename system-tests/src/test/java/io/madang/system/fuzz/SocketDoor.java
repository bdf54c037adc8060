package io.madang.system.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** WebSockets that speak {@code madang.v1}. */
public final class SocketDoor implements FuzzedDoor {
  private static final List<String> FRAMES = List.of(
      "{\"type\":\"subscribe\",\"ref\":2,\"topic\":\"room:lobby\",\"since\":{\"epoch\":\"a\",\"offset\":3}}",
      "{\"type\":\"unsubscribe\",\"ref\":3,\"topic\":\"room:lobby\"}",
      "{\"type\":\"resume\",\"ref\":4,\"topics\":[{\"topic\":\"room:lobby\",\"epoch\":\"a\",\"offset\":3}]}",
      "{\"type\":\"command\",\"ref\":5,\"service\":\"chat\",\"name\":\"sendToRoom\",\"id\":\"x\",\"args\":{\"room\":\"fuzz\",\"text\":\"hi\"}}",
      "{\"type\":\"stream\",\"ref\":6,\"service\":\"dashboard\",\"name\":\"streamTime\"}",
      "{\"type\":\"more\",\"ref\":6,\"items\":3}",
      "{\"type\":\"cancel\",\"ref\":6}",
      "{\"type\":\"upload\",\"ref\":7,\"service\":\"chat\",\"name\":\"x\",\"args\":[]}",
      "{\"type\":\"uploadItem\",\"ref\":7,\"item\":\"aGk=\"}",
      "{\"type\":\"refresh\",\"ref\":8,\"token\":\"a.b.c\"}",
      "{\"type\":\"ping\",\"ref\":9}");

  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x8;
  private static final int MASKED = 0x80;

  private final int port;
  private final String token;

  public SocketDoor(int port, String token) {
    this.port = port;
    this.token = token;
  }

  @Override
  public List<String> examples() {
    return FRAMES;
  }

  @Override
  public Feeder open() throws IOException {
    return new Frames();
  }

  private RawLine upgraded() throws IOException {
    RawLine line = new RawLine(port);
    line.write("GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + port
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
        + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " + token
        + "\r\n\r\n");
    RawLine.Head head = line.head();
    if (head.status() != 101) {
      throw new EOFException(head.text());
    }
    return line;
  }

  /** One text message, masked with zeros. */
  private static byte[] text(byte[] utf8) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(utf8.length + 8);
    frame.write(TEXT);
    if (utf8.length < 126) {
      frame.write(MASKED | utf8.length);
    } else {
      frame.write(MASKED | 126);
      frame.write(utf8.length >> 8);
      frame.write(utf8.length);
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(utf8);
    return frame.toByteArray();
  }

  private final class Frames implements Feeder {
    private RawLine line = upgraded();

    /** Of the pings by which this knows what was taken in. */
    private long settled;

    Frames() throws IOException {}

    /** Always UTF-8, as anything else closes the connection with what comes behind it. */
    @Override
    public void message(byte[] input) throws IOException {
      line.write(text(new String(input, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8)));
    }

    /** A frame of which the first bytes, which say what it is, or the text are not right. */
    @Override
    public void bytes(byte[] input) throws IOException {
      byte[] frame = text(input);
      int wrong = Math.floorMod(Arrays.hashCode(input), Math.min(12, frame.length));
      frame[wrong] ^= (byte) (1 + Math.floorMod(Arrays.hashCode(input) >> 8, 255));
      try (RawLine own = upgraded()) {
        own.write(frame);
        own.awaitReaction();
      } catch (IOException e) {
        // Ended while it was written.
      }
    }

    @Override
    public void settle() throws IOException {
      String pong = "\"pong\",\"ref\":" + (1_000_000 + ++settled) + ",";
      try {
        line.write(text(("{\"type\":\"ping\",\"ref\":" + (1_000_000 + settled) + "}")
            .getBytes(StandardCharsets.UTF_8)));
        while (!next().contains(pong)) {
          // Answers to what was fed, and what topics bring.
        }
      } catch (IOException e) {
        throw new AssertionError("closed by a message that is only wrong inside", e);
      }
    }

    private String next() throws IOException {
      DataInputStream in = line.in();
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = (int) in.readLong();
      }
      String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      if ((first & 0xF) == CLOSE) {
        throw new EOFException(text);
      }
      return text;
    }

    @Override
    public void close() throws IOException {
      line.close();
    }
  }
}
