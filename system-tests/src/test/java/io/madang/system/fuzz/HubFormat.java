package io.madang.system.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The two formats of what is said at hubs, as bytes that may be wrong. */
enum HubFormat {
  JSON("json") {
    @Override
    List<byte[]> examples() {
      return JSON_EXAMPLES;
    }

    @Override
    byte[] framed(byte[] message) {
      return joined(message, END);
    }

    @Override
    byte[] asking(String id) {
      return framed("{\"type\":1,\"invocationId\":\"%s\",\"target\":\"Nobody\",\"arguments\":[]}"
          .formatted(id)
          .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    byte[] badlyFramed(byte[] input, int how) {
      return switch (how % 3) {
        case 0 -> input;
        case 1 -> joined(END, END, input, END);
        default -> joined(input, new byte[] {0}, END);
      };
    }
  },

  MESSAGE_PACK("messagepack") {
    @Override
    List<byte[]> examples() {
      return PACKED_EXAMPLES;
    }

    @Override
    byte[] framed(byte[] message) {
      int length = message.length;
      return length < 128
          ? joined(bytes(length), message)
          : joined(bytes((length & 127) | 128, length >> 7), message);
    }

    @Override
    byte[] asking(String id) {
      return framed(packed(0x95, 1, 0x80, id, "Nobody", 0x90));
    }

    /** Behind lengths that are too long, in more bytes than they need, in more than there may be, or negative. */
    @Override
    byte[] badlyFramed(byte[] input, int how) {
      return switch (how % 6) {
        case 0 -> input;
        case 1 -> joined(bytes(0xFF, 0xFF, 0xFF, 0xFF, 0x07), input);
        case 2 -> joined(bytes(0xFF, 0xFF, 0xFF, 0xFF, 0x7F), input);
        case 3 ->
          joined(bytes((input.length & 127) | 128, (input.length >> 7) | 128, 128, 128, 0), input);
        case 4 -> joined(bytes(0x80, 0x80, 0x80, 0x80, 0x80, 0x00), input);
        default -> joined(framed(joined(input, new byte[1])), bytes(0));
      };
    }
  };

  private static final byte[] END = {0x1E};

  /** Right, or wrong in a way that is wrong of hubs alone. */
  private static final List<byte[]> JSON_EXAMPLES = FuzzedDoor.utf8(
      "{\"type\":1,\"invocationId\":\"1\",\"target\":\"JoinRoom\",\"arguments\":[\"fuzz\"]}",
      "{\"type\":1,\"target\":\"SendMessageToRoom\",\"arguments\":[\"fuzz\",\"hi\"]}",
      "{\"arguments\":[\"fuzz\"],\"headers\":{\"a\":\"b\"},\"target\":\"leaveroom\",\"invocationId\":\"1\",\"type\":1}",
      "{\"type\":4,\"invocationId\":\"2\",\"target\":\"StreamTime\",\"arguments\":[]}",
      "{\"type\":4,\"invocationId\":\"2\",\"target\":\"StreamStockPrices\",\"arguments\":[\"MDG\"],\"streamIds\":[]}",
      "{\"type\":5,\"invocationId\":\"2\"}",
      "{\"type\":1,\"invocationId\":\"3\",\"target\":\"UploadChunks\",\"arguments\":[],\"streamIds\":[\"4\"]}",
      "{\"type\":2,\"invocationId\":\"4\",\"item\":\"aGk=\"}",
      "{\"type\":3,\"invocationId\":\"4\"}",
      "{\"type\":3,\"invocationId\":\"ask-1\",\"result\":{\"a\":null}}",
      "{\"type\":3,\"invocationId\":\"ask-1\",\"error\":\"no\"}",
      "{\"type\":6}",
      "{\"type\":8,\"sequenceId\":9007199254740993}",
      "{\"type\":9,\"sequenceId\":-1}",
      "{\"type\":77,\"of\":\"tomorrow\"}",
      "{\"type\":7,\"error\":\"bye\",\"allowReconnect\":true}",
      "{\"type\":6}\u001e{\"type\":1,\"target\":\"Nobody\",\"arguments\":[]}\u001e{\"type\":6}",
      "{\"type\":1,\"invocationId\":\"5\",\"target\":\"UploadChunks\",\"arguments\":[],\"streamIds\":["
          + "\"x\",".repeat(600) + "\"x\"]}",
      "{\"type\":1,\"invocationId\":\"6\",\"target\":\"JoinRoom\",\"arguments\":" + "[".repeat(900)
          + "]".repeat(900) + "}",
      "{\"type\":1,\"invocationId\":\"" + "7".repeat(2_000)
          + "\",\"target\":\"JoinRoom\",\"arguments\":[]}");

  private static final List<byte[]> PACKED_EXAMPLES = List.of(
      packed(0x96, 1, 0x80, "1", "JoinRoom", 0x91, "fuzz", 0x90),
      packed(0x95, 1, 0x80, 0xC0, "SendMessageToRoom", 0x92, "fuzz", "hi"),
      packed(0x96, 1, 0x81, "a", "b", "1", "leaveroom", 0x91, 0xD9, 4, "fuzz", 0x90),
      packed(0x96, 4, 0x80, "2", "StreamTime", 0x90, 0x90),
      packed(0x95, 4, 0x80, "2", "StreamStockPrices", 0x91, "MDG"),
      packed(0x93, 5, 0x80, "2"),
      packed(0x96, 1, 0x80, "3", "UploadChunks", 0x90, 0x91, "4"),
      packed(0x94, 2, 0x80, "4", 0xC4, 2, 1, 2),
      packed(0x94, 3, 0x80, "4", 2),
      packed(0x95, 3, 0x80, "ask-1", 3, 0x81, "a", 0xC0),
      packed(0x95, 3, 0x80, "ask-1", 1, "no"),
      packed(0x91, 6),
      packed(0x92, 8, 0xCF, 255, 255, 255, 255, 255, 255, 255, 255),
      packed(0x92, 9, 0xD0, 0xFF),
      packed(0x92, 77, "tomorrow"),
      packed(0x93, 7, "bye", 0xC3),
      packed(0x96, 1, 0x80, "5", "UploadChunks", 0x90, 0xDD, 0x7F, 255, 255, 255, "x", "x"),
      packed(0x95, 1, 0x80, "6", "JoinRoom", 0xDC, 255, 255, "fuzz"),
      packed(0x95, 1, 0x80, "6", "JoinRoom", 0x91, 0xDB, 0x7F, 255, 255, 255, "fuzz"),
      packed(0x95, 1, 0x80, "6", "JoinRoom", 0x91, 0xC7, 3, 5, 1, 2, 3),
      packed(0x95, 1, 0x80, "6", "JoinRoom", 0x91, 0xD6, 0xFF, 1, 2, 3, 4),
      packed(0x95, 1, 0xDF, 255, 255, 255, 255, "1", "JoinRoom", 0x90),
      joined(
          packed(0x95, 1, 0x80, "6", "JoinRoom"),
          "\u0091".repeat(900).getBytes(StandardCharsets.ISO_8859_1)));

  private final String word;

  HubFormat(String word) {
    this.word = word;
  }

  abstract List<byte[]> examples();

  /** With what shows where it ends. */
  abstract byte[] framed(byte[] message);

  /** Wrong from the first byte on. */
  abstract byte[] badlyFramed(byte[] input, int how);

  /** A call whose answer holds its id, unless the connection ends. */
  abstract byte[] asking(String id);

  byte[] handshake() {
    return "{\"protocol\":\"%s\",\"version\":1}\u001e"
        .formatted(word)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Whether that is a connection's end which tells why, in either format. */
  static boolean isEnd(String heard) {
    return heard.contains("Connection closed with an error.");
  }

  /** Whether that may mean a goodbye, which needs no answer. */
  static boolean mayBeGoodbye(byte[] input) {
    for (byte each : input) {
      if (each == 7 || each == '7') {
        return true;
      }
    }
    return false;
  }

  /** Numbers are bytes, and texts are short ones. */
  private static byte[] packed(Object... parts) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof Integer number) {
        packed.write(number);
      } else {
        byte[] text = part.toString().getBytes(StandardCharsets.UTF_8);
        packed.write(0xA0 | text.length);
        packed.writeBytes(text);
      }
    }
    return packed.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
