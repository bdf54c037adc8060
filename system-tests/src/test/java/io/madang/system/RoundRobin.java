package io.madang.system;

import io.madang.testkit.FreePorts;
import io.madang.testkit.RunningProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The nginx of this machine in front of gateways: each request goes to the next, whoever sends it. */
final class RoundRobin implements AutoCloseable {
  private static final List<String> PLACES =
      List.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx");

  private final RunningProcess process;
  private final int port;

  private RoundRobin(RunningProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * @param gateways each as {@code http://host:port}
   * @param pages files that it serves itself below {@code /test/}, by name
   */
  static RoundRobin before(List<String> gateways, Map<String, String> pages) throws IOException {
    Path nginx = PLACES.stream()
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError(
            "This test needs nginx and none is there; install it (Debian: sudo apt-get install nginx), or run"
                + " ./madang test --fast, which needs none."));
    Path directory = Files.createTempDirectory("madang-nginx");
    int port = FreePorts.take(1).iterator().next();
    Path test = Files.createDirectory(directory.resolve("test"));
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Files.writeString(test.resolve(page.getKey()), page.getValue());
    }
    Path configuration = directory.resolve("nginx.conf");
    Files.writeString(configuration, configuration(directory, port, gateways));
    RunningProcess process = RunningProcess.start(
        "nginx",
        List.of(nginx.toString(), "-p", directory.toString(), "-c", configuration.toString()),
        Map.of(),
        directory);
    RoundRobin balancer = new RoundRobin(process, port);
    Awaitility.await("nginx listens").atMost(Duration.ofSeconds(10)).until(() -> isListening(port));
    return balancer;
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** What its documents say of WebSockets, and else as little as possible. */
  private static String configuration(Path directory, int port, List<String> gateways) {
    String servers = gateways.stream()
        .map(gateway -> "server " + gateway.substring("http://".length()) + ";")
        .collect(Collectors.joining(" "));
    String temporary = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        .map(kind -> kind + "_temp_path " + directory.resolve(kind) + ";")
        .collect(Collectors.joining("\n  "));
    return """
        daemon off;
        master_process off;
        pid %s/pid;
        error_log stderr error;
        events { worker_connections 1024; }
        http {
          access_log off;
          %s
          upstream gateways { %s }
          map $http_upgrade $connection_to_gateway { default upgrade; "" ""; }
          server {
            listen 127.0.0.1:%d;
            location /test/ {
              types { text/html html; text/javascript js; }
              root %s;
            }
            location / {
              proxy_pass http://gateways;
              proxy_http_version 1.1;
              proxy_set_header Host $http_host;
              proxy_set_header Upgrade $http_upgrade;
              proxy_set_header Connection $connection_to_gateway;
            }
          }
        }
        """.formatted(directory, temporary, servers, port, directory);
  }

  String address() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.close();
  }
}
