package io.madang.distribution.process;

import io.madang.gateway.GatewayConfig;
import io.madang.runtime.config.Settings;

/** Where clients reach the gateway of this process. */
public record HttpAddress(String host, int port) {
  public static HttpAddress from(Settings settings) {
    GatewayConfig gateway = GatewayConfig.from(settings);
    return new HttpAddress(gateway.host(), gateway.port());
  }

  public HttpAddress withPort(int other) {
    return new HttpAddress(host, other);
  }

  /** As a person on this machine types it. */
  public String page() {
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    String name = everywhere ? "127.0.0.1" : host;
    return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port + "/";
  }

  /** @throws CannotStartException when nobody could listen there */
  public void requireFree() {
    FreePort.require(host, port, "MADANG_HTTP_HOST", "MADANG_HTTP_PORT");
  }
}
