package io.madang.benchmarks.run;

import io.madang.benchmarks.product.Children;
import io.vertx.core.json.JsonArray;
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
import java.util.stream.Stream;

/** The process that loads and hears, told what to do. Each call returns when that is done. */
public final class Generator {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Small and soon warm; deliveries leave no garbage. */
  private static final List<String> JVM =
      List.of("-Xms192m", "-Xmx1g", "-Xmn64m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xss512k");

  private final Children children;
  private final Process process;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private Generator(Children children, Process process) {
    this.children = children;
    this.process = process;
    Thread reader = new Thread(this::read, "answers");
    reader.setDaemon(true);
    reader.start();
  }

  /** @param people as {@link io.madang.benchmarks.product.Mesh#people} writes them */
  public static Generator start(Children children, Path people) throws IOException {
    List<String> command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.addAll(JVM);
    command.addAll(List.of(
        "-cp",
        System.getProperty("java.class.path"),
        "io.madang.benchmarks.generator.GeneratorMain",
        people.toString()));
    return new Generator(children, children.startTalking("generator", command));
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

  public long pid() {
    return process.pid();
  }

  /** As {@link #ask}, telling who waits how long it took. */
  private JsonObject step(JsonObject order, String what) throws IOException {
    long begin = System.nanoTime();
    JsonObject answer = ask(order);
    System.out.printf("  %s: %.1f s%n", what, (System.nanoTime() - begin) / 1e9);
    return answer;
  }

  private JsonObject ask(JsonObject order) throws IOException {
    try {
      process.getOutputStream().write((order.encode() + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new IOException("the generator ended before " + order + "\n" + children.lastWords(), e);
    }
    try {
      String line = answers.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (line == null) {
        throw new IOException(
            "the generator does not answer " + order + "\n" + children.lastWords());
      }
      JsonObject answer = new JsonObject(line);
      if (answer.containsKey("failed")) {
        throw new IOException(
            answer.getString("failed") + " at " + order + "\n" + children.lastWords());
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Clients that are alike.
   *
   * @param door how they speak: room, bench, direct, bridge or write-each
   * @param returns whether they come back, to the next port, when their connection ends
   * @param receiveBuffer bytes the kernel keeps for one that does not read; 0 leaves that to the kernel
   */
  public record Crowd(
      String group,
      String door,
      int count,
      List<Integer> ports,
      boolean returns,
      int receiveBuffer,
      int perSecond) {
    private static final int GENTLY = 1_000;

    public static Crowd of(String group, String door, int count, int port) {
      return new Crowd(group, door, count, List.of(port), false, 0, GENTLY);
    }

    public Crowd returningTo(List<Integer> others) {
      List<Integer> all = Stream.concat(ports.stream(), others.stream()).toList();
      return new Crowd(group, door, count, all, true, receiveBuffer, perSecond);
    }

    public Crowd withReceiveBuffer(int bytes) {
      return new Crowd(group, door, count, ports, returns, bytes, perSecond);
    }
  }

  /** Opens and signs in, from many addresses of loopback. */
  public void open(Crowd crowd) throws IOException {
    JsonObject order = new JsonObject()
        .put("do", "open")
        .put("group", crowd.group())
        .put("door", crowd.door())
        .put("count", crowd.count())
        .put("ports", new JsonArray(crowd.ports()))
        .put("returns", crowd.returns())
        .put("receiveBuffer", crowd.receiveBuffer())
        .put("addresses", 50)
        .put("perSecond", crowd.perSecond());
    JsonObject answer = step(order, crowd.count() + " connections " + crowd.group());
    if (answer.getInteger("ready") != crowd.count()) {
      throw new IOException("%d of %d connections opened: %s\n%s"
          .formatted(
              answer.getInteger("ready"),
              crowd.count(),
              answer.getJsonArray("complaints"),
              children.lastWords()));
    }
  }

  /** Each topic has one client join it; where there are more clients than topics, each client joins one. */
  public void join(String group, String room, int rooms) throws IOException {
    JsonObject order = new JsonObject()
        .put("do", "ask")
        .put("group", group)
        .put("topics", rooms)
        .put(
            "text",
            "{\"type\":\"command\",\"ref\":{ref},\"service\":\"chat\",\"name\":\"joinRoom\","
                + "\"args\":{\"room\":\"" + room + "\"}}");
    step(order, rooms + " rooms joined");
  }

  /** Has each client of a group give a command, so that the service has met its user. */
  public void command(String group, int clients, String service, String name, String arguments)
      throws IOException {
    ask(new JsonObject()
        .put("do", "ask")
        .put("group", group)
        .put("topics", clients)
        .put(
            "text",
            "{\"type\":\"command\",\"ref\":{ref},\"service\":\"%s\",\"name\":\"%s\",\"args\":%s}"
                .formatted(service, name, arguments)));
  }

  /** Subscribes each client to so many of the topics, in turn. */
  public void subscribe(String group, String topic, int topics, int each) throws IOException {
    JsonObject order = new JsonObject()
        .put("do", "subscribe")
        .put("group", group)
        .put("topic", topic)
        .put("topics", topics)
        .put("each", each);
    step(order, group + " subscribed to " + topic);
  }

  /** Begins to send; returns at once. */
  public void send(String group, String topic, int topics, LoadOptions load, int seconds)
      throws IOException {
    ask(new JsonObject()
        .put("do", "send")
        .put("group", group)
        .put("topic", topic)
        .put("topics", topics)
        .put("rate", load.rate())
        .put("window", load.window())
        .put("bytes", load.bytes())
        .put("seconds", seconds));
  }

  /** Sends nothing that is not due yet. */
  public void stop() throws IOException {
    ask(new JsonObject().put("do", "stop"));
  }

  /** What is due from now on belongs to this phase. */
  public void phase(String name) throws IOException {
    ask(new JsonObject().put("do", "phase").put("name", name));
  }

  public void reading(String group, boolean on) throws IOException {
    ask(new JsonObject().put("do", "reading").put("group", group).put("on", on));
  }

  /** Waits until all is heard, or nothing was for so long. */
  public void settle(Duration quiet) throws IOException {
    ask(new JsonObject().put("do", "settle").put("quietMs", quiet.toMillis()));
  }

  /** Who lost the connection and came back. */
  public JsonObject returned() throws IOException {
    return ask(new JsonObject().put("do", "returned"));
  }

  public GeneratorReport report() throws IOException {
    return GeneratorReport.of(ask(new JsonObject().put("do", "report")));
  }
}
