package io.madang.runtime.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Chooses ports that nobody uses at this moment for what is not set. */
final class FreePorts {
  private FreePorts() {}

  static NodeConfig fill(NodeConfig config) {
    return new NodeConfig(
        config.name(),
        config.healthHost(),
        config.healthPort(),
        config.clusterName(),
        config.clusterHost(),
        config.clusterPort() == 0 ? free(config.clusterHost()) : config.clusterPort(),
        config.busPort() == 0 ? free(config.clusterHost()) : config.busPort(),
        config.clusterMembers(),
        config.clusterDns(),
        config.stopWithin());
  }

  static int free(String host) {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new ProcessStartException(
          "MADANG_CLUSTER_HOST is " + host + ", which is not an address of this machine: "
              + e.getMessage(),
          e);
    }
  }
}
