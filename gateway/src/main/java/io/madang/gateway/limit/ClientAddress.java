package io.madang.gateway.limit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Whose address a request counts for: the peer's, or behind a proxy we trust the last address in X-Forwarded-For that is
 * not itself one of those proxies. What stands before that is the client's own claim and is not believed. Immutable.
 */
public final class ClientAddress {
  private final List<AddressRange> trusted;

  /** Believes the proxies in these ranges, and nobody else. */
  public ClientAddress(List<AddressRange> trusted) {
    this.trusted = List.copyOf(trusted);
  }

  /**
   * @param peer the address the connection comes from
   * @param forwarded the values of X-Forwarded-For in the order of the headers
   */
  public String of(String peer, Collection<String> forwarded) {
    if (!isTrusted(peer)) {
      return peer;
    }
    List<String> hops = new ArrayList<>();
    for (String header : forwarded) {
      for (String hop : header.split(",", -1)) {
        hops.add(hop.strip());
      }
    }
    for (int i = hops.size() - 1; i >= 0; i--) {
      String hop = hops.get(i);
      if (!hop.isEmpty() && !isTrusted(hop)) {
        return hop;
      }
    }
    return peer;
  }

  /** Whether what comes from this address says truly who sent it. */
  public boolean isTrusted(String address) {
    return trusted.stream().anyMatch(range -> range.contains(address));
  }
}
