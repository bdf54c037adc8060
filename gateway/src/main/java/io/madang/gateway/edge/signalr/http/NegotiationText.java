package io.madang.gateway.edge.signalr.http;

import io.madang.gateway.edge.signalr.negotiation.Negotiations.Invitation;
import io.madang.protocol.json.JsonText;
import java.util.Optional;

/** What a negotiation is answered with. Members that do not count are left out: some clients cannot read a null. */
final class NegotiationText {
  private static final int NEWEST = 1;

  private static final String TRANSPORTS = "\"availableTransports\":["
      + "{\"transport\":\"WebSockets\",\"transferFormats\":[\"Text\",\"Binary\"]},"
      + "{\"transport\":\"ServerSentEvents\",\"transferFormats\":[\"Text\"]},"
      + "{\"transport\":\"LongPolling\",\"transferFormats\":[\"Text\",\"Binary\"]}]}";

  /** The version that a client asks for; higher ones than there are get the newest. */
  record Version(int number) {
    boolean isTooLow() {
      return number < 0;
    }
  }

  private NegotiationText() {}

  /** @param asked null where nothing is asked, which is the first; empty when it is no number */
  static Optional<Version> version(String asked) {
    if (asked == null) {
      return Optional.of(new Version(0));
    }
    try {
      return Optional.of(new Version(Math.min(NEWEST, Integer.parseInt(asked.strip()))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  static String notAnInteger() {
    return error("The client requested a non-integer protocol version.");
  }

  static String tooLow(Version version) {
    return error("The client requested version '" + version.number()
        + "', but the server does not support this version.");
  }

  private static String error(String text) {
    return JsonText.object(out -> out.writeStringField("error", text)).toString();
  }

  /**
   * The client is to begin again at this address, whatever version it speaks. It is given no token for it, so that it shows its own.
   */
  static String redirect(String url) {
    return JsonText.object(out -> out.writeStringField("url", url)).toString();
  }

  /**
   * In the first version the id is what a client comes with, so it gets the token for one, and the public id is known to the server
   * alone.
   */
  static String invitation(Version version, Invitation invited) {
    return version.number() == 0
        ? "{\"negotiateVersion\":0,\"connectionId\":\"" + invited.token() + "\"," + resume(invited)
            + TRANSPORTS
        : "{\"negotiateVersion\":1,\"connectionId\":\"" + invited.connection()
            + "\",\"connectionToken\":\"" + invited.token() + "\"," + resume(invited) + TRANSPORTS;
  }

  /** Only those clients are told who asked: others fail on it. */
  private static String resume(Invitation invited) {
    return invited.mayResume() ? "\"useStatefulReconnect\":true," : "";
  }
}
