package io.madang.runtime.admin;

import io.madang.runtime.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Who may look into the mesh: who is on this machine itself, or knows the secret. The health port often listens to a whole network,
 * as probes and collectors come from there, and a topic's name may tell who talks to whom; so nothing else is a reason.
 *
 * <p>A connection from this machine counts only when it shows no sign of being somebody else's: neither of a proxy, nor of a page
 * in a browser here, whose request may go wherever a name of its own leads.
 */
final class AdminGate {
  private static final String BEARER = "Bearer ";

  /** What proxies add, and what browsers send for pages. */
  private static final List<String> SIGNS_OF_OTHERS = List.of(
      "Forwarded", "X-Forwarded-For", "X-Real-IP", "Via", "Origin", "Referer", "Sec-Fetch-Site");

  private final Secret secret;

  /** @param secret empty when there is none, and nobody else is let in */
  AdminGate(Secret secret) {
    this.secret = secret;
  }

  /**
   * @param onThisMachine whether the other end of the connection is a loopback address
   * @param host the name by which the process was asked, without a port; null when none was said
   * @param header the value of a header, null when it is not there
   * @return why not, one sentence; empty when it may pass
   */
  Optional<String> refusal(boolean onThisMachine, String host, UnaryOperator<String> header) {
    String authorization = header.apply("Authorization");
    if (authorization != null) {
      return isSecret(authorization)
          ? Optional.empty()
          : Optional.of("The secret is not that of MADANG_ADMIN_SECRET.");
    }
    boolean asItself = onThisMachine
        && SIGNS_OF_OTHERS.stream().allMatch(sign -> header.apply(sign) == null)
        && isLoopbackName(host);
    return asItself
        ? Optional.empty()
        : Optional.of(
            "Ask from the machine of the process itself, without a proxy, or with MADANG_ADMIN_SECRET as a bearer token.");
  }

  private boolean isSecret(String authorization) {
    if (secret.value().isEmpty()
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return false;
    }
    byte[] given = authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8);
    // Takes as long for a good beginning as for a bad one.
    return MessageDigest.isEqual(secret.value().getBytes(StandardCharsets.UTF_8), given);
  }

  /** A name that leads here is not enough: anybody may own one. */
  private static boolean isLoopbackName(String host) {
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("::1")
        || name.equals("[::1]")
        || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
