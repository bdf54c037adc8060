package io.madang.runtime.launch;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes a node's settings definite: its own address for a name, and for what is not set ports that nobody uses at this moment.
 * They lie below those that systems give to outgoing connections (RFC 6335 section 6, and 32,768 on for Linux), so that none of
 * these takes the port before it is listened on.
 */
final class FreePorts {
  private static final int FROM = 20_000;
  private static final int TO = 32_000;
  private static final int TRIES = 100;

  private FreePorts() {}

  static NodeConfig fill(NodeConfig config) {
    String host = OwnAddress.of(config.clusterHost());
    return new NodeConfig(
        config.name(),
        config.healthHost(),
        config.healthPort(),
        config.clusterName(),
        host,
        config.clusterPort() == 0 ? free(host) : config.clusterPort(),
        config.busPort() == 0 ? free(host) : config.busPort(),
        config.clusterPublicPort(),
        config.busPublicPort(),
        config.clusterMembers(),
        config.clusterDns(),
        config.clusterSecret(),
        config.adminSecret(),
        config.stopWithin(),
        config.settling(),
        config.faults(),
        config.batches());
  }

  static int free(String host) {
    BindException taken = null;
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FROM, TO);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
        return socket.getLocalPort();
      } catch (BindException e) {
        taken = e;
      } catch (IOException e) {
        throw notHere(host, e);
      }
    }
    throw notHere(host, taken);
  }

  private static ProcessStartException notHere(String host, IOException reason) {
    return new ProcessStartException(
        "MADANG_CLUSTER_HOST is " + host + ", which is not an address of this machine: "
            + reason.getMessage(),
        reason);
  }
}
