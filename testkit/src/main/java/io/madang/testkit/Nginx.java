package io.madang.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The nginx of this machine in front of gateways. Close it. */
public final class Nginx implements AutoCloseable {
  private static final List<String> PLACES =
      List.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx");

  private final RunningProcess process;
  private final int port;

  private Nginx(RunningProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Each request goes to the next gateway, whoever sends it.
   *
   * @param gateways each as {@code http://host:port}
   * @param pages files that it serves itself below {@code /test/}, by name
   */
  public static Nginx inTurn(List<String> gateways, Map<String, String> pages) throws IOException {
    Path directory = Files.createTempDirectory("madang-nginx");
    Path test = Files.createDirectory(directory.resolve("test"));
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Files.writeString(test.resolve(page.getKey()), page.getValue());
    }
    int port = FreePorts.one();
    return start(directory, port, inTurn(directory, port, gateways));
  }

  /**
   * As this says, which runs in the foreground as one process, listens on {@code port} and logs notices to {@code stderr}.
   *
   * @param directory of its own, for what it keeps
   */
  public static Nginx start(Path directory, int port, String configuration) throws IOException {
    Path nginx = PLACES.stream()
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError(
            "This test needs nginx and none is there; install it (Debian: sudo apt-get install nginx), or run"
                + " ./madang test --fast, which needs none."));
    Path file = directory.resolve("nginx.conf");
    Files.writeString(file, configuration);
    RunningProcess process = RunningProcess.start(
        "nginx",
        List.of(nginx.toString(), "-p", directory.toString(), "-c", file.toString()),
        Map.of(),
        directory);
    // Which it says when it listens already.
    process.awaitLine("event method", Duration.ofSeconds(10));
    return new Nginx(process, port);
  }

  /** Where it keeps what is under way, instead of directories that only root may write. */
  public static String temporaryPaths(Path directory) {
    return Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        .map(kind -> kind + "_temp_path " + directory.resolve(kind) + ";")
        .collect(Collectors.joining("\n  "));
  }

  /** What its documents say of WebSockets, and else as little as possible. */
  private static String inTurn(Path directory, int port, List<String> gateways) {
    String servers = gateways.stream()
        // One that was not there a moment ago is asked again: gateways restart faster than nginx
        // forgets.
        .map(gateway -> "server " + gateway.substring("http://".length()) + " max_fails=0;")
        .collect(Collectors.joining(" "));
    return """
        daemon off;
        master_process off;
        pid %s/pid;
        error_log stderr notice;
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
        """.formatted(directory, temporaryPaths(directory), servers, port, directory);
  }

  public String address() {
    return "http://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.close();
  }
}
