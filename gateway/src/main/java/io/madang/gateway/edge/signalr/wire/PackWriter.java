package io.madang.gateway.edge.signalr.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.madang.protocol.json.RawJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Writes MessagePack into memory, each value in its shortest form. */
final class PackWriter {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private byte[] bytes = new byte[128];
  private int length;

  /** What was written, behind its length. */
  byte[] framed() {
    int groups = 1;
    for (int rest = length >>> 7; rest > 0; rest >>>= 7) {
      groups++;
    }
    byte[] framed = new byte[groups + length];
    int rest = length;
    for (int i = 0; i < groups; i++) {
      framed[i] = (byte) ((rest & 0x7F) | (i < groups - 1 ? 0x80 : 0));
      rest >>>= 7;
    }
    System.arraycopy(bytes, 0, framed, groups, length);
    return framed;
  }

  PackWriter nil() {
    return put(0xC0);
  }

  PackWriter flag(boolean value) {
    return put(value ? 0xC3 : 0xC2);
  }

  PackWriter array(int elements) {
    return elements < 16
        ? put(0x90 | elements)
        : elements < 0x10000 ? put(0xDC).big(elements, 2) : put(0xDD).big(elements, 4);
  }

  PackWriter map(int members) {
    return members < 16
        ? put(0x80 | members)
        : members < 0x10000 ? put(0xDE).big(members, 2) : put(0xDF).big(members, 4);
  }

  PackWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length < 32) {
      put(0xA0 | utf8.length);
    } else if (utf8.length < 0x100) {
      put(0xD9).put(utf8.length);
    } else if (utf8.length < 0x10000) {
      put(0xDA).big(utf8.length, 2);
    } else {
      put(0xDB).big(utf8.length, 4);
    }
    reserve(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
    return this;
  }

  PackWriter integer(long value) {
    if (value >= 0) {
      return value < 0x80
          ? put((int) value)
          : value < 0x100
              ? put(0xCC).put((int) value)
              : value < 0x10000
                  ? put(0xCD).big(value, 2)
                  : value < 0x100000000L ? put(0xCE).big(value, 4) : put(0xCF).big(value, 8);
    }
    return value >= -32
        ? put((int) value)
        : value >= Byte.MIN_VALUE
            ? put(0xD0).put((int) value)
            : value >= Short.MIN_VALUE
                ? put(0xD1).big(value, 2)
                : value >= Integer.MIN_VALUE
                    ? put(0xD2).big(value, 4)
                    : put(0xD3).big(value, 8);
  }

  private PackWriter decimal(double value) {
    return put(0xCB).big(Double.doubleToLongBits(value), 8);
  }

  /** A JSON value as what it is here. */
  PackWriter json(RawJson json) {
    try {
      node(JSON.readTree(json.utf8()));
      return this;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what is sent is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  private void node(JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        map(node.size());
        for (Map.Entry<String, JsonNode> member : node.properties()) {
          text(member.getKey());
          node(member.getValue());
        }
      }
      case ARRAY -> {
        array(node.size());
        node.forEach(this::node);
      }
      case STRING -> text(node.textValue());
      case NUMBER -> number(node);
      case BOOLEAN -> flag(node.booleanValue());
      default -> nil();
    }
  }

  private void number(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      integer(node.longValue());
    } else if (node.isBigInteger()
        && node.bigIntegerValue().signum() > 0
        && node.bigIntegerValue().bitLength() <= Long.SIZE) {
      put(0xCF).big(node.bigIntegerValue().longValue(), 8);
    } else {
      decimal(node.doubleValue());
    }
  }

  private PackWriter big(long value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
      put((int) (value >> shift));
    }
    return this;
  }

  private PackWriter put(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
    return this;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
  }
}
