package io.madang.runtime.launch;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The address at which other nodes reach this one, from what an operator wrote. Where machines get their addresses by themselves,
 * as containers do, only a name is known beforehand; it may be one that all members share.
 */
public final class OwnAddress {
  private static final String KEY = "MADANG_CLUSTER_HOST";

  private OwnAddress() {}

  /**
   * @param host an address, taken as it is, or a name: then the first of its addresses that is this machine's. Blocks while it is
   *     looked up
   * @throws ProcessStartException with one sentence when there is none that others could reach
   */
  public static String of(String host) {
    try {
      return choose(host, InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      throw new ProcessStartException(
          "%s is %s, which is no host name or address known here; set it to an address of this machine"
              .formatted(KEY, host),
          e);
    }
  }

  static String choose(String host, InetAddress[] addresses) {
    for (InetAddress address : addresses) {
      if (address.isAnyLocalAddress()) {
        throw new ProcessStartException(
            "%s is %s, at which no other node can reach this one; set it to one address of this machine"
                .formatted(KEY, host),
            null);
      }
      if (isOurs(address)) {
        return address.getHostAddress();
      }
    }
    throw new ProcessStartException(
        "%s is %s, which is not an address of this machine%s; set it to one that is"
            .formatted(KEY, host, asFound(host, addresses)),
        null);
  }

  private static boolean isOurs(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  /** What a name came to; nothing where the address itself was written. */
  private static String asFound(String host, InetAddress[] addresses) {
    String found =
        Arrays.stream(addresses).map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    return found.equals(host) ? "" : " (" + found + ")";
  }
}
