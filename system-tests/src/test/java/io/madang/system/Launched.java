package io.madang.system;

import io.madang.testkit.FreePorts;
import io.madang.testkit.RunningProcess;
import io.madang.testkit.TestStores;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The distribution started by its launcher as a person starts it, with a data directory and ports of its own. Closing it kills
 * it, and ends the stores it leaves behind.
 */
public final class Launched implements AutoCloseable {
  static final Duration START_LIMIT = Duration.ofMinutes(2);
  static final Duration STOP_LIMIT = Duration.ofMinutes(1);
  static final String READY = "Stop it with Ctrl-C.";

  /** A JVM that lives for seconds is best compiled once and lightly. */
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final Pattern TOKEN = Pattern.compile("\"accessToken\"\\s*:\\s*\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path data;
  private final int port;
  private final RunningProcess process;

  private Launched(Path data, int port, RunningProcess process) {
    this.data = data;
    this.port = port;
    this.process = process;
  }

  /** Starts a verb on a data directory; returns at once. */
  public static Launched start(String verb, Path data, Map<String, String> settings) {
    return start(verb, data, FreePorts.one(), settings);
  }

  static Launched start(String verb, Path data, int port, Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>();
    environment.put("MADANG_DATA_DIR", data.toString());
    environment.put("MADANG_HTTP_PORT", String.valueOf(port));
    environment.put("MADANG_JAVA_OPTS", SHORT_LIVED);
    environment.putAll(settings);
    return new Launched(
        data, port, RunningProcess.start(verb, command(verb), environment, Distribution.root()));
  }

  /** The same again, as after a fall. */
  Launched again(String verb, Map<String, String> settings) {
    return start(verb, data, port, settings);
  }

  /** Whoever runs the tests in the background has Ctrl-C ignored, and a child would take that over. */
  private static List<String> command(String verb) {
    Path launcher = Distribution.lib().resolveSibling("bin").resolve("madang");
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/env"))
        && System.getProperty("os.name").equals("Linux")) {
      command.addAll(List.of("/usr/bin/env", "--default-signal=INT"));
    }
    command.addAll(List.of(launcher.toString(), verb));
    return command;
  }

  public RunningProcess process() {
    return process;
  }

  Path data() {
    return data;
  }

  public int port() {
    return port;
  }

  public Launched awaitReady() {
    process.awaitLine(READY, START_LIMIT);
    return this;
  }

  int awaitExit() {
    return process.awaitExit(STOP_LIMIT);
  }

  /** Lines of the launcher, without those of the log. */
  List<String> spoken() {
    return process.lines().stream()
        .filter(line -> !line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} .*"))
        .toList();
  }

  /** Whether PostgreSQL itself says that it was stopped and not killed. */
  boolean stoppedItsStores() {
    try {
      List<String> log = Files.readAllLines(data.resolve("run").resolve("postgres.log"));
      return log.get(log.size() - 1).contains("database system is shut down");
    } catch (IOException e) {
      throw new AssertionError("PostgreSQL has no log", e);
    }
  }

  /** An access token of a new guest. */
  public String guest(String name) {
    String body = post("/api/auth/guest", "", "{\"name\":\"" + name + "\"}");
    Matcher token = TOKEN.matcher(body);
    if (!token.find()) {
      throw new AssertionError("no token for " + name + ": " + body);
    }
    return token.group(1);
  }

  /** A command as a guest; its answer must be a success. */
  String command(String token, String name, String arguments) {
    return post("/api/chat/" + name, token, arguments);
  }

  private String post(String path, String token, String json) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new AssertionError(
            path + " answers " + response.statusCode() + " " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new AssertionError(path + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.close();
    TestStores.endLeftovers(data);
  }
}
