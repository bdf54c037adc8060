package io.madang.distribution.process;

import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import java.util.List;

/** Where clients reach the gateway of this process. */
public record HttpAddress(String host, int port) {
  static final Setting<String> HOST =
      Setting.text("MADANG_HTTP_HOST", "127.0.0.1", "Interface that clients reach");
  static final Setting<Integer> PORT = Setting.whole(
      "MADANG_HTTP_PORT", 8080, 0, 65_535, "port, 0 for any free one", "Port that clients reach");

  static final List<Setting<?>> SETTINGS = List.of(
      HOST,
      PORT,
      Setting.flag("MADANG_AUTH_GUESTS", false, "People may come in with a name alone"));

  public static HttpAddress from(Settings settings) {
    return new HttpAddress(settings.read(HOST), settings.read(PORT));
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
    FreePort.require(host, port, HOST.key(), PORT.key());
  }
}
