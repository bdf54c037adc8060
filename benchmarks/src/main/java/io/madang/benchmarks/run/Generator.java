package io.madang.benchmarks.run;

import io.madang.benchmarks.product.Children;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What loads and hears, told what to do; each call returns when that is done. It is one process, and one more each time the
 * clients are more than a process can hold sockets.
 */
public final class Generator {
  /** Sockets of one process: of 20,000 file descriptors, most. */
  private static final int SOCKETS = 18_000;

  /** Longer than a generator under load takes to hear of a phase. */
  private static final Duration PHASE_AHEAD = Duration.ofMillis(300);

  private final Children children;
  private final Path people;
  private final int socketsOfEach;
  private final List<GeneratorProcess> processes = new ArrayList<>();

  /** By group, how many clients of it each process has. */
  private final Map<String, Map<GeneratorProcess, Integer>> groups = new LinkedHashMap<>();

  /** Of all groups and processes. */
  private int clients;

  private Generator(Children children, Path people, int socketsOfEach) {
    this.children = children;
    this.people = people;
    this.socketsOfEach = socketsOfEach;
  }

  /** @param people as {@link io.madang.benchmarks.product.Mesh#people} writes them */
  public static Generator start(Children children, Path people) throws IOException {
    return start(children, people, SOCKETS);
  }

  static Generator start(Children children, Path people, int socketsOfEach) throws IOException {
    Generator generator = new Generator(children, people, socketsOfEach);
    generator.addProcess();
    return generator;
  }

  private GeneratorProcess addProcess() throws IOException {
    String name = "generator-" + (processes.size() + 1);
    GeneratorProcess process = GeneratorProcess.start(children, people, name);
    processes.add(process);
    return process;
  }

  public List<Long> pids() {
    return processes.stream().map(GeneratorProcess::pid).toList();
  }

  private static List<JsonObject> ask(Iterable<GeneratorProcess> those, JsonObject order)
      throws IOException {
    List<JsonObject> answers = new ArrayList<>();
    for (GeneratorProcess each : those) {
      each.tell(order);
    }
    for (GeneratorProcess each : those) {
      answers.add(each.answer());
    }
    return answers;
  }

  /** Asks all processes that have clients of a group. */
  private void all(String group, JsonObject order) throws IOException {
    ask(groups.get(group).keySet(), order);
  }

  /** As {@link #all}, telling who waits how long it took. */
  private void step(String group, JsonObject order, String what) throws IOException {
    long begin = System.nanoTime();
    all(group, order);
    took(what, begin);
  }

  private static void took(String what, long begin) {
    System.out.printf("  %s: %.1f s%n", what, (System.nanoTime() - begin) / 1e9);
  }

  /**
   * Clients that are alike.
   *
   * @param door how they speak, as {@code Orders} names it: room, bench, direct, room-at-hub, bridge, …
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
    long begin = System.nanoTime();
    Map<GeneratorProcess, Integer> shares =
        groups.computeIfAbsent(crowd.group(), name -> new LinkedHashMap<>());
    int left = crowd.count();
    while (left > 0) {
      int room = processes.size() * socketsOfEach - clients;
      GeneratorProcess process = room > 0 ? processes.get(processes.size() - 1) : addProcess();
      int share = Math.min(left, room > 0 ? room : socketsOfEach);
      int before = shares.values().stream().mapToInt(Integer::intValue).sum();
      openShare(process, crowd, share, before);
      shares.merge(process, share, Integer::sum);
      left -= share;
    }
    took(crowd.count() + " connections " + crowd.group(), begin);
  }

  /** @param before clients of the group in other processes */
  private void openShare(GeneratorProcess process, Crowd crowd, int share, int before)
      throws IOException {
    JsonObject order = new JsonObject()
        .put("do", "open")
        .put("group", crowd.group())
        .put("door", crowd.door())
        .put("count", share)
        .put("firstNumber", clients)
        .put("before", before)
        .put("ports", new JsonArray(crowd.ports()))
        .put("returns", crowd.returns())
        .put("receiveBuffer", crowd.receiveBuffer())
        .put("addresses", 50)
        .put("perSecond", crowd.perSecond());
    clients += share;
    JsonObject answer = ask(List.of(process), order).get(0);
    if (answer.getInteger("ready") != share) {
      throw new IOException("%d of %d connections opened: %s\n%s"
          .formatted(
              answer.getInteger("ready"),
              share,
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
    step(group, order, rooms + " rooms joined");
  }

  /** Has each client of a group give a command, so that the service has met its user. */
  public void command(String group, int clients, String service, String name, String arguments)
      throws IOException {
    all(
        group,
        new JsonObject()
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
    step(group, order, group + " subscribed to " + topic);
  }

  /** Begins to send; returns at once. The senders are in one process, so that they take turns. */
  public void send(String group, String topic, int topics, LoadOptions load, int seconds)
      throws IOException {
    if (groups.get(group).size() > 1) {
      throw new IllegalArgumentException("so many senders do not fit into one process");
    }
    all(
        group,
        new JsonObject()
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
    ask(processes, new JsonObject().put("do", "stop"));
  }

  /** What is due from now on, when this returns, belongs to this phase. Announced ahead, so that all count each message alike. */
  public void phase(String name) throws IOException {
    long at = System.nanoTime() + PHASE_AHEAD.toNanos();
    ask(processes, new JsonObject().put("do", "phase").put("name", name).put("at", at));
    Stage.pause(Duration.ofNanos(Math.max(0, at - System.nanoTime())));
  }

  public void reading(String group, boolean on) throws IOException {
    all(group, new JsonObject().put("do", "reading").put("group", group).put("on", on));
  }

  /** Waits until all is heard, or nothing was for so long. */
  public void settle(Duration quiet) throws IOException {
    ask(processes, new JsonObject().put("do", "settle").put("quietMs", quiet.toMillis()));
  }

  /** Who lost the connection and came back. */
  public Returned returned() throws IOException {
    return Returned.of(ask(processes, new JsonObject().put("do", "returned")));
  }

  public GeneratorReport report() throws IOException {
    return GeneratorReport.of(ask(processes, new JsonObject().put("do", "report")));
  }
}
