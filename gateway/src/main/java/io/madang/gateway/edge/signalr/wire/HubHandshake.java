package io.madang.gateway.edge.signalr.wire;

import io.madang.protocol.json.JsonText;
import io.madang.protocol.json.JsonValue;
import io.madang.protocol.json.JsonValue.Kind;
import io.madang.protocol.json.MalformedJsonException;
import io.madang.protocol.json.StrictJson;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The first thing a client says: always JSON, whatever follows.
 *
 * @param format of the messages that follow
 * @param version 1, or 2 where a lost transport may be taken up again
 */
public record HubHandshake(HubFormat format, int version) {
  private static final byte[] ACCEPTED = {'{', '}', JsonFormat.END};

  /** What was wrong with a handshake, as the client is told it. */
  public static final String MALFORMED =
      "An unexpected error occurred during connection handshake.";

  /** No handshake came in time, or too much of one. */
  public static final String CANCELED = "Handshake was canceled.";

  /** The version in which both sides number their messages. */
  public static final int NUMBERED = 2;

  /** A handshake that is not accepted; the message is what the client is told. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message, null, false, false);
    }
  }

  /** Takes the handshake off what comes first; what follows it is a hub message's. */
  public static HubFrames frames(int maxBytes) {
    return HubFormat.JSON.frames(maxBytes);
  }

  /**
   * @param handshake without its end
   * @param takesBytes whether the transport carries more than text
   */
  public static HubHandshake read(byte[] handshake, boolean takesBytes) throws RefusedException {
    Map<String, JsonValue> members = new HashMap<>();
    try {
      StrictJson.fromClients().object(handshake, members::put);
    } catch (MalformedJsonException e) {
      throw new RefusedException(MALFORMED);
    }
    String name = of(members, "protocol", Kind.STRING).text();
    String version = of(members, "version", Kind.INTEGER).text();
    String shown = name.length() > 40 ? name.substring(0, 40) : name;
    HubFormat format = HubFormat.named(name)
        .orElseThrow(() -> new RefusedException("The protocol '" + shown + "' is not supported."));
    if (!version.equals("1") && !version.equals(Integer.toString(NUMBERED))) {
      throw new RefusedException(
          "The server does not support version " + version + " of the '" + name + "' protocol.");
    }
    if (format.isBinary() && !takesBytes) {
      throw new RefusedException(
          "Cannot use the '" + name
              + "' protocol on the current transport. The transport does not support 'Binary' transfer format.");
    }
    return new HubHandshake(format, Integer.parseInt(version));
  }

  private static JsonValue of(Map<String, JsonValue> members, String name, Kind kind)
      throws RefusedException {
    return Optional.ofNullable(members.get(name))
        .filter(value -> value.kind() == kind)
        .orElseThrow(() -> new RefusedException(MALFORMED));
  }

  /** What the client waits for. */
  public static byte[] accepted() {
    return ACCEPTED.clone();
  }

  /** What a client hears that is not let in. */
  public static byte[] refused(String error) {
    byte[] text = JsonText.object(out -> out.writeStringField("error", error)).utf8();
    byte[] framed = Arrays.copyOf(text, text.length + 1);
    framed[text.length] = JsonFormat.END;
    return framed;
  }
}
