package io.madang.gateway.edge.bridge;

import io.madang.protocol.json.JsonValue;
import io.madang.protocol.json.MalformedJsonException;
import io.madang.protocol.json.StrictJson;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a client of the bridge says.
 *
 * @param headers those whose value is a text or number, names in lower case; others say nothing to us
 * @param body empty where there is none
 * @param replyAddress where the client waits for an answer
 */
record BridgeMessage(
    Type type,
    String address,
    Map<String, String> headers,
    Optional<JsonValue> body,
    Optional<String> replyAddress) {
  enum Type {
    PING,
    REGISTER,
    UNREGISTER,
    SEND,
    PUBLISH
  }

  /** Clients make addresses of this length for themselves. */
  private static final int MAX_REPLY_ADDRESS_CHARS = 36;

  private static final int MAX_ADDRESS_CHARS = 200;
  private static final String BEARER = "bearer ";

  /** No message of the bridge; the text is the one that Vert.x's own bridge answers with. No stack. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String text) {
      super(text, null, false, false);
    }
  }

  static BridgeMessage read(byte[] utf8) throws UnreadableException {
    Map<String, JsonValue> members = members(utf8);
    Type type = type(members);
    if (type == Type.PING) {
      return new BridgeMessage(type, "", Map.of(), Optional.empty(), Optional.empty());
    }
    String address = text(members, "address");
    if (address.isEmpty()) {
      throw new UnreadableException("missing_address");
    }
    if (address.length() > MAX_ADDRESS_CHARS) {
      throw new UnreadableException("max_address_length_reached");
    }
    String reply = text(members, "replyAddress");
    if (reply.length() > MAX_REPLY_ADDRESS_CHARS) {
      throw new UnreadableException("invalid_reply_address");
    }
    return new BridgeMessage(
        type,
        address,
        headers(members.get("headers")),
        Optional.ofNullable(members.get("body")),
        reply.isEmpty() ? Optional.empty() : Optional.of(reply));
  }

  private static Map<String, JsonValue> members(byte[] utf8) throws UnreadableException {
    Map<String, JsonValue> members = new HashMap<>();
    try {
      StrictJson.fromClients().object(utf8, members::put);
    } catch (MalformedJsonException e) {
      throw new UnreadableException("invalid_json");
    }
    return members;
  }

  private static Type type(Map<String, JsonValue> members) throws UnreadableException {
    String type = text(members, "type");
    return switch (type) {
      case "ping" -> Type.PING;
      case "register" -> Type.REGISTER;
      case "unregister" -> Type.UNREGISTER;
      case "send" -> Type.SEND;
      case "publish" -> Type.PUBLISH;
      case "" -> throw new UnreadableException("missing_type");
      default -> throw new UnreadableException("invalid_type");
    };
  }

  private static String text(Map<String, JsonValue> members, String name) {
    JsonValue value = members.get(name);
    return value == null || value.kind() != JsonValue.Kind.STRING ? "" : value.text();
  }

  private static Map<String, String> headers(JsonValue value) throws UnreadableException {
    Map<String, String> headers = new HashMap<>();
    if (value != null && value.kind() == JsonValue.Kind.OBJECT) {
      try {
        StrictJson.fromClients().object(value, (name, each) -> {
          if (!each.text().isEmpty()) {
            headers.put(name.toLowerCase(Locale.ROOT), each.text());
          }
        });
      } catch (MalformedJsonException e) {
        throw new UnreadableException("invalid_json");
      }
    }
    return headers;
  }

  /** The access token that the message brings. */
  Optional<String> token() {
    return Optional.ofNullable(headers.get("authorization"))
        .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(BEARER))
        .map(header -> header.substring(BEARER.length()).strip())
        .filter(token -> !token.isEmpty());
  }

  /** Leaves out what may hold a token or somebody's words, since messages get into logs. */
  @Override
  public String toString() {
    return "BridgeMessage[" + type + " " + address + "]";
  }
}
