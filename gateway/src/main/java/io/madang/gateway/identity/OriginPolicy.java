package io.madang.gateway.identity;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which web pages may act with a visitor's cookie: those of the very host that was asked, and those listed exactly.
 *
 * <p>A browser says with Origin which page asks, and no page can lie about it. What is not exactly allowed is refused:
 * no wildcard, no suffix, no {@code null}. Immutable; may be used on any thread.
 */
public final class OriginPolicy {
  /** What a request may do when its cookie counts. */
  public enum Asking {
    /** A plain GET: the answer stays unreadable for foreign pages, so an absent Origin is let through. */
    READ,
    /** A POST, or an upgrade to a socket: browsers always send Origin with these. */
    WRITE_OR_UPGRADE
  }

  private final Set<String> allowed;

  private OriginPolicy(Set<String> allowed) {
    this.allowed = allowed;
  }

  /**
   * The policy that allows these beside the host that is asked.
   *
   * @param origins each {@code scheme://host} or {@code scheme://host:port}, without path
   * @throws IllegalArgumentException "must be …" when one is not an origin
   */
  public static OriginPolicy of(Collection<String> origins) {
    return new OriginPolicy(
        origins.stream().map(OriginPolicy::requireOrigin).collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Whether a page of this origin may act here at all.
   *
   * @param origin the Origin header, null when absent (then false)
   * @param host the Host header or HTTP/2 authority of the same request, null when absent
   */
  public boolean allows(String origin, String host) {
    String asking = normal(origin);
    return asking != null && (allowed.contains(asking) || isSame(asking, host));
  }

  /** Whether the cookies of a request count; parameters as for {@link #allows}. */
  public boolean trustsCookie(String origin, String host, Asking asking) {
    return origin == null ? asking == Asking.READ : allows(origin, host);
  }

  /**
   * The scheme is left out of the comparison: behind a proxy that ends TLS we do not see it, and the cookie's own prefix
   * binds it to https.
   */
  private static boolean isSame(String origin, String host) {
    if (host == null) {
      return false;
    }
    int authority = origin.indexOf("://");
    return origin.equals(normal(origin.substring(0, authority) + "://" + host));
  }

  private static String requireOrigin(String text) {
    String origin = normal(text);
    if (origin == null) {
      throw new IllegalArgumentException(
          "must list origins such as https://app.example.org, without path or wildcard; not so: "
              + text);
    }
    return origin;
  }

  /** Lower case and without a default port, or null when the text is not an http origin. */
  private static String normal(String text) {
    if (text == null) {
      return null;
    }
    URI uri;
    try {
      uri = new URI(text.toLowerCase(Locale.ROOT));
    } catch (URISyntaxException e) {
      return null;
    }
    if (uri.getScheme() == null
        || uri.getHost() == null
        || uri.getUserInfo() != null
        || !uri.getRawPath().isEmpty()
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      return null;
    }
    return switch (uri.getScheme()) {
      case "http" -> withPort(uri, 80);
      case "https" -> withPort(uri, 443);
      default -> null;
    };
  }

  private static String withPort(URI uri, int defaultPort) {
    int port = uri.getPort() == defaultPort ? -1 : uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + (port < 0 ? "" : ":" + port);
  }

  /** The list as used: those allowed beside the host that is asked. */
  public Set<String> listed() {
    return allowed;
  }

  /** The list as used, for the log. */
  @Override
  public String toString() {
    return allowed.stream().sorted().collect(Collectors.joining(","));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OriginPolicy policy && policy.allowed.equals(allowed);
  }

  @Override
  public int hashCode() {
    return allowed.hashCode();
  }
}
