package io.madang.gateway.edge.signalr.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where clients of hubs are sent when they negotiate: they begin again there, with their own token, at the same hub. Clients follow
 * a hundred of these, so that two gateways which send them to each other lose them.
 *
 * @param base without a slash at its end
 */
public record HubRedirect(String base) {
  /** What belongs to a negotiation, or is for nobody else to read; the client sends the latter again by itself. */
  private static final List<String> NOT_PASSED_ON =
      List.of("negotiateversion", "usestatefulreconnect", "access_token");

  /**
   * Takes an address.
   *
   * @throws IllegalArgumentException when clients cannot be sent there
   */
  public static HubRedirect parse(String address) {
    try {
      URI uri = new URI(address.strip());
      boolean isWeb =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (!isWeb || uri.getHost() == null) {
        throw new IllegalArgumentException("must begin with http:// or https:// and name a host");
      }
      if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getFragment() != null) {
        throw new IllegalArgumentException(
            "must have no user, query or fragment: every client is told it");
      }
      return new HubRedirect(uri.toString().replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is no address: " + e.getReason(), e);
    }
  }

  /**
   * The same hub there.
   *
   * @param path of the hub, as the client asked for it
   * @param query of the negotiation, raw; null where there is none
   */
  String to(String path, String query) {
    String kept = query == null
        ? ""
        : Stream.of(query.split("&"))
            .filter(each -> !each.isEmpty() && !NOT_PASSED_ON.contains(name(each)))
            .collect(Collectors.joining("&"));
    return base + path + (kept.isEmpty() ? "" : "?" + kept);
  }

  private static String name(String parameter) {
    return parameter.split("=", 2)[0].toLowerCase(Locale.ROOT);
  }
}
