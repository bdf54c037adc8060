package io.madang.gateway.edge.websocket.wire;

import io.madang.protocol.code.CloseCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * What RFC 7692 makes of messages, without a memory from one to the next in either direction: so all sockets of a loop share one
 * of each, and what is sent to many is deflated once. Belongs to one loop.
 */
final class Deflation {
  /** What the client is answered that offers it. */
  static final String ANSWER =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  private static final String NAME = "permessage-deflate";

  /** Shorter texts get no shorter. */
  private static final int WORTH_IT_BYTES = 96;

  /** How each deflated message ends, which is not sent. */
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  private static final int FIRST_GUESS = 4;

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final Inflater inflater = new Inflater(true);

  /** Why a message cannot be inflated. */
  static final class BadDeflationException extends Exception {
    private static final long serialVersionUID = 1;

    private final CloseCode code;

    BadDeflationException(CloseCode code) {
      super(code.reason(), null, false, false);
      this.code = code;
    }

    CloseCode code() {
      return code;
    }
  }

  /**
   * Whether a client that offers these extensions can be answered with {@link #ANSWER}: it knows all that we would say, and asks
   * for nothing that we cannot keep, which is a smaller window of ours.
   */
  static boolean isOffered(List<String> headers) {
    for (String header : headers) {
      for (String offer : header.split(",", -1)) {
        if (isAcceptable(offer)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isAcceptable(String offer) {
    String[] parts = offer.split(";", -1);
    if (!parts[0].strip().equalsIgnoreCase(NAME)) {
      return false;
    }
    List<String> seen = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].strip().split("=", 2);
      String name = parameter[0].strip();
      Optional<String> value = parameter.length == 1
          ? Optional.empty()
          : Optional.of(parameter[1].strip().replace("\"", ""));
      if (seen.contains(name) || !isAcceptable(name, value)) {
        return false;
      }
      seen.add(name);
    }
    return true;
  }

  private static boolean isAcceptable(String name, Optional<String> value) {
    return switch (name) {
      case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
      case "server_max_window_bits" -> value.filter("15"::equals).isPresent();
      case "client_max_window_bits" -> value.isEmpty() || value.get().matches("[89]|1[0-5]");
      default -> false;
    };
  }

  /** The text deflated; empty if that is not worth it. */
  Optional<byte[]> deflated(byte[] utf8) {
    if (utf8.length < WORTH_IT_BYTES) {
      return Optional.empty();
    }
    deflater.reset();
    deflater.setInput(utf8);
    byte[] out = new byte[utf8.length + TAIL.length];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    boolean isWhole = length < out.length;
    return isWhole && length - TAIL.length < utf8.length
        ? Optional.of(Arrays.copyOf(out, length - TAIL.length))
        : Optional.empty();
  }

  /** What was deflated; never more than so many bytes, whatever the input claims to be. */
  byte[] inflated(byte[] deflated, int maxBytes) throws BadDeflationException {
    inflater.reset();
    byte[] out = new byte[Math.min(maxBytes, Math.max(TAIL.length, FIRST_GUESS * deflated.length))];
    int length = 0;
    try {
      for (byte[] input : new byte[][] {deflated, TAIL}) {
        inflater.setInput(input);
        int more;
        do {
          if (length == maxBytes) {
            requireNoMore();
            break;
          }
          if (length == out.length) {
            out = Arrays.copyOf(out, Math.min(maxBytes, 2 * length));
          }
          more = inflater.inflate(out, length, out.length - length);
          length += more;
        } while (more > 0);
      }
    } catch (DataFormatException e) {
      throw new BadDeflationException(CloseCode.PROTOCOL_ERROR);
    }
    return Arrays.copyOf(out, length);
  }

  private void requireNoMore() throws DataFormatException, BadDeflationException {
    if (inflater.inflate(new byte[1]) > 0) {
      throw new BadDeflationException(CloseCode.MESSAGE_TOO_BIG);
    }
  }
}
