package io.madang.distribution.process;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Looks whether a port can be had before anything slow is started, so that the answer comes at once. */
public final class FreePort {
  private FreePort() {}

  /**
   * @param port 0 is always free
   * @param portKey the setting to change when the port is taken, as {@code hostKey} when there is no such interface
   * @throws CannotStartException with one sentence when nobody could listen there
   */
  public static void require(String host, int port, String hostKey, String portKey) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port), 1);
    } catch (UnknownHostException e) {
      throw new CannotStartException(
          "%s is %s, which is no host name or address known here; set it to an address of this machine."
              .formatted(hostKey, host),
          e);
    } catch (BindException e) {
      throw new CannotStartException(
          sentence(host, port, hostKey, portKey, String.valueOf(e.getMessage())), e);
    } catch (IOException e) {
      throw new CannotStartException(
          "Port %d on %s cannot be used (%s); set %s to another port."
              .formatted(port, host, e.getMessage(), portKey),
          e);
    }
  }

  private static String sentence(
      String host, int port, String hostKey, String portKey, String reason) {
    if (reason.contains("Cannot assign")) {
      return "%s is %s, which is not an address of this machine; set it to one that is, or to 0.0.0.0 for all."
          .formatted(hostKey, host);
    }
    if (reason.contains("Permission")) {
      return "Port %d on %s is for the superuser only; set %s to a port from 1024 on."
          .formatted(port, host, portKey);
    }
    return "Port %d on %s is taken by another program; stop that one, or set %s to another port."
        .formatted(port, host, portKey);
  }
}
