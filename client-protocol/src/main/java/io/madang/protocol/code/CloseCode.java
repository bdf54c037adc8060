package io.madang.protocol.code;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a connection was closed. 4000 to 4499 may reconnect, 4500 to 4999 must not, so that an old client understands a
 * new code. Append, never renumber.
 */
public enum CloseCode {
  /** The client said goodbye, or what it asked for is done. */
  NORMAL(1000, "closing"),
  /** The peer broke RFC 6455. */
  PROTOCOL_ERROR(1002, "protocol error"),
  /** A text message was not UTF-8. */
  INVALID_UTF8(1007, "invalid UTF-8"),
  /** A message over the limit. */
  MESSAGE_TOO_BIG(1009, "message too big"),
  /** A bug of ours met this connection. */
  INTERNAL_ERROR(1011, "internal error"),
  /** The gateway stops or moves; resume at another. */
  RESTARTING(1012, "restarting"),
  /** Too many connections just now. */
  TRY_AGAIN_LATER(1013, "try again later"),

  /** The client read too slowly for what it subscribed to; resume from its positions. */
  SLOW_CONSUMER(4000, "too slow, resume"),
  /** Nothing was heard from the client for too long. */
  CLIENT_SILENT(4001, "client silent"),
  /** Nobody signed in within the time allowed. */
  CONNECT_TIMEOUT(4002, "connect timeout"),

  /** The token is not one we accept. */
  BAD_TOKEN(4500, "bad token"),
  /** The token expired and was not refreshed. */
  TOKEN_EXPIRED(4501, "token expired"),
  /** A person with the right to do so closed this connection. */
  KICKED(4502, "kicked"),
  /** The user is banned. */
  BANNED(4503, "banned"),
  /** The client speaks something that is not our protocol, again and again. */
  NOT_OUR_PROTOCOL(4504, "not the madang.v1 protocol"),
  /** The same session was opened elsewhere. */
  TAKEN_OVER(4505, "taken over"),
  /** The sign-in behind this connection was ended; a new one may connect. */
  REVOKED(4506, "sign-in ended");

  private final int code;
  private final String reason;

  CloseCode(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** A few words for people, short enough for a close frame. */
  public String reason() {
    return reason;
  }

  public boolean mayReconnect() {
    return mayReconnect(code);
  }

  /** The label in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Empty for a number that is not ours; {@link #mayReconnect(int)} still knows what to do. */
  public static Optional<CloseCode> of(int code) {
    return Arrays.stream(values()).filter(known -> known.code == code).findFirst();
  }

  /**
   * Whether a client may connect again after this number, known or not: not after our 4500 to 4999, nor after those
   * of RFC 6455 which the same client would only earn again.
   */
  public static boolean mayReconnect(int code) {
    return switch (code) {
      case 1000, 1002, 1003, 1007, 1008, 1009, 1010 -> false;
      default -> code < 4500 || code > 4999;
    };
  }
}
