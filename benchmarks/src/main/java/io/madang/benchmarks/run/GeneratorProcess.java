package io.madang.benchmarks.run;

import io.madang.benchmarks.product.Children;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One process of a generator: orders go in, a line each, answers come out in the same order. */
final class GeneratorProcess {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Small and soon warm; deliveries leave no garbage. */
  private static final List<String> JVM =
      List.of("-Xms192m", "-Xmx1g", "-Xmn64m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xss512k");

  private final Children children;
  private final Process process;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private GeneratorProcess(Children children, Process process) {
    this.children = children;
    this.process = process;
    Thread reader = new Thread(this::read, "answers");
    reader.setDaemon(true);
    reader.start();
  }

  static GeneratorProcess start(Children children, Path people, String name) throws IOException {
    List<String> command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.addAll(JVM);
    command.addAll(List.of(
        "-cp",
        System.getProperty("java.class.path"),
        "io.madang.benchmarks.generator.GeneratorMain",
        people.toString()));
    return new GeneratorProcess(children, children.startTalking(name, command));
  }

  private void read() {
    try (BufferedReader input = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        answers.add(line);
      }
    } catch (IOException e) {
      answers.add("{\"failed\":\"" + e.getMessage() + "\"}");
    }
    answers.add("{\"failed\":\"the generator ended\"}");
  }

  long pid() {
    return process.pid();
  }

  /** Gives an order; {@link #answer} waits for what comes of it. */
  void tell(JsonObject order) throws IOException {
    try {
      process.getOutputStream().write((order.encode() + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new IOException("the generator ended before " + order + "\n" + children.lastWords(), e);
    }
  }

  /** The answer to the oldest order that has none yet. */
  JsonObject answer() throws IOException {
    try {
      String line = answers.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (line == null) {
        throw new IOException("the generator does not answer\n" + children.lastWords());
      }
      JsonObject answer = new JsonObject(line);
      if (answer.containsKey("failed")) {
        throw new IOException(answer.getString("failed") + "\n" + children.lastWords());
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
