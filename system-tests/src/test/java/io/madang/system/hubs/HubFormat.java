package io.madang.system.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** How messages of hubs are written: the same message, an object with the members that JSON has, in one of two formats. */
public enum HubFormat {
  JSON("json") {
    @Override
    byte[] written(JsonObject message) {
      return (message.toString() + END).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    JsonElement bytes(byte[] bytes) {
      return new JsonPrimitive(Base64.getEncoder().encodeToString(bytes));
    }

    @Override
    List<JsonObject> read(byte[] bytes) {
      List<JsonObject> messages = new ArrayList<>();
      for (String text : new String(bytes, StandardCharsets.UTF_8).split(END, -1)) {
        if (!text.isEmpty()) {
          messages.add(JsonParser.parseString(text).getAsJsonObject());
        }
      }
      return messages;
    }
  },

  MESSAGE_PACK("messagepack") {
    @Override
    byte[] written(JsonObject message) {
      byte[] body = Pack.written(arrayOf(message));
      ByteBuffer framed = ByteBuffer.allocate(body.length + 5);
      int length = body.length;
      do {
        framed.put((byte) (length > 127 ? (length & 127) | 128 : length));
        length >>= 7;
      } while (length > 0);
      framed.put(body);
      return Arrays.copyOf(framed.array(), framed.position());
    }

    @Override
    JsonElement bytes(byte[] bytes) {
      return Pack.bytes(bytes);
    }

    @Override
    List<JsonObject> read(byte[] bytes) {
      List<JsonObject> messages = new ArrayList<>();
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        int length = 0;
        int shift = 0;
        byte part;
        do {
          part = left.get();
          length |= (part & 127) << shift;
          shift += 7;
        } while (part < 0);
        ByteBuffer body = left.slice().limit(length);
        left.position(left.position() + length);
        messages.add(objectOf(Pack.read(body).getAsJsonArray()));
      }
      return messages;
    }

    private JsonArray arrayOf(JsonObject message) {
      JsonArray array = new JsonArray();
      int type = message.get("type").getAsInt();
      array.add(type);
      if (type == PING || type == CLOSE) {
        return array;
      }
      array.add(new JsonObject());
      array.add(message.has("invocationId") ? message.get("invocationId") : JsonNull.INSTANCE);
      switch (type) {
        case INVOCATION, STREAM_INVOCATION -> {
          array.add(message.get("target"));
          array.add(message.get("arguments"));
          array.add(message.has("streamIds") ? message.get("streamIds") : new JsonArray());
        }
        case STREAM_ITEM -> array.add(message.get("item"));
        case COMPLETION -> array.add(VOID);
        default -> {}
      }
      return array;
    }

    private JsonObject objectOf(JsonArray array) {
      JsonObject message = new JsonObject();
      int type = array.get(0).getAsInt();
      message.addProperty("type", type);
      switch (type) {
        case INVOCATION -> {
          message.add("target", array.get(3));
          message.add("arguments", array.get(4));
        }
        case STREAM_ITEM -> {
          message.add("invocationId", array.get(2));
          message.add("item", array.get(3));
        }
        case COMPLETION -> {
          message.add("invocationId", array.get(2));
          int kind = array.get(3).getAsInt();
          if (kind != VOID) {
            message.add(kind == ERROR ? "error" : "result", array.get(4));
          }
        }
        case CLOSE -> message.add("error", array.get(1));
        default -> {}
      }
      return message;
    }
  };

  static final int INVOCATION = 1;
  static final int STREAM_ITEM = 2;
  static final int COMPLETION = 3;
  static final int STREAM_INVOCATION = 4;
  static final int CANCEL = 5;
  static final int PING = 6;
  static final int CLOSE = 7;

  /** Ends each message of JSON, and each handshake. */
  static final String END = "\u001e";

  private static final int ERROR = 1;
  private static final int VOID = 2;

  private final String word;

  HubFormat(String word) {
    this.word = word;
  }

  /** As the handshake names it. */
  String word() {
    return word;
  }

  abstract byte[] written(JsonObject message);

  /** Bytes as an argument or item. */
  abstract JsonElement bytes(byte[] bytes);

  abstract List<JsonObject> read(byte[] bytes);
}
