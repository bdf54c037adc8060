package io.madang.system.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** As much of MessagePack as messages of hubs need. Bytes stand in a tree as an object of one member. */
final class Pack {
  private static final String BYTES = "\u0000bytes";

  private Pack() {}

  static JsonElement bytes(byte[] bytes) {
    JsonObject object = new JsonObject();
    object.addProperty(BYTES, Base64.getEncoder().encodeToString(bytes));
    return object;
  }

  static byte[] written(JsonElement value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(out, value);
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, JsonElement value) throws IOException {
    if (value.isJsonNull()) {
      out.writeByte(0xc0);
    } else if (value.isJsonArray()) {
      out.writeByte(0xdc);
      out.writeShort(value.getAsJsonArray().size());
      for (JsonElement each : value.getAsJsonArray()) {
        write(out, each);
      }
    } else if (value.isJsonObject()) {
      writeObject(out, value.getAsJsonObject());
    } else {
      writePrimitive(out, value.getAsJsonPrimitive());
    }
  }

  private static void writeObject(DataOutputStream out, JsonObject object) throws IOException {
    if (object.has(BYTES)) {
      byte[] bytes = Base64.getDecoder().decode(object.get(BYTES).getAsString());
      out.writeByte(0xc5);
      out.writeShort(bytes.length);
      out.write(bytes);
      return;
    }
    out.writeByte(0x80 | object.size());
    for (Map.Entry<String, JsonElement> member : object.entrySet()) {
      write(out, new JsonPrimitive(member.getKey()));
      write(out, member.getValue());
    }
  }

  private static void writePrimitive(DataOutputStream out, JsonPrimitive value) throws IOException {
    if (value.isBoolean()) {
      out.writeByte(value.getAsBoolean() ? 0xc3 : 0xc2);
    } else if (value.isString()) {
      byte[] text = value.getAsString().getBytes(StandardCharsets.UTF_8);
      out.writeByte(0xda);
      out.writeShort(text.length);
      out.write(text);
    } else {
      long number = value.getAsLong();
      if (number >= 0 && number < 128) {
        out.writeByte((int) number);
      } else {
        out.writeByte(0xd3);
        out.writeLong(number);
      }
    }
  }

  static JsonElement read(ByteBuffer from) {
    int type = from.get() & 0xff;
    if (type < 0x80) {
      return new JsonPrimitive(type);
    }
    if (type < 0x90) {
      return object(from, type & 15);
    }
    if (type < 0xa0) {
      return array(from, type & 15);
    }
    if (type < 0xc0) {
      return text(from, type & 31);
    }
    if (type >= 0xe0) {
      return new JsonPrimitive((byte) type);
    }
    return switch (type) {
      case 0xc0 -> JsonNull.INSTANCE;
      case 0xc2 -> new JsonPrimitive(false);
      case 0xc3 -> new JsonPrimitive(true);
      case 0xca -> new JsonPrimitive(from.getFloat());
      case 0xcb -> new JsonPrimitive(from.getDouble());
      case 0xcc -> new JsonPrimitive(from.get() & 0xff);
      case 0xcd -> new JsonPrimitive(from.getShort() & 0xffff);
      case 0xce -> new JsonPrimitive(from.getInt() & 0xffffffffL);
      case 0xcf, 0xd3 -> new JsonPrimitive(from.getLong());
      case 0xd0 -> new JsonPrimitive(from.get());
      case 0xd1 -> new JsonPrimitive(from.getShort());
      case 0xd2 -> new JsonPrimitive(from.getInt());
      case 0xd9 -> text(from, from.get() & 0xff);
      case 0xda -> text(from, from.getShort() & 0xffff);
      case 0xdb -> text(from, from.getInt());
      case 0xdc -> array(from, from.getShort() & 0xffff);
      case 0xdd -> array(from, from.getInt());
      case 0xde -> object(from, from.getShort() & 0xffff);
      case 0xdf -> object(from, from.getInt());
      default -> throw new AssertionError("a gateway says nothing of type " + type);
    };
  }

  private static JsonElement text(ByteBuffer from, int length) {
    byte[] text = new byte[length];
    from.get(text);
    return new JsonPrimitive(new String(text, StandardCharsets.UTF_8));
  }

  private static JsonElement array(ByteBuffer from, int size) {
    JsonArray array = new JsonArray();
    for (int i = 0; i < size; i++) {
      array.add(read(from));
    }
    return array;
  }

  private static JsonElement object(ByteBuffer from, int size) {
    JsonObject object = new JsonObject();
    for (int i = 0; i < size; i++) {
      String name = read(from).getAsString();
      object.add(name, read(from));
    }
    return object;
  }
}
