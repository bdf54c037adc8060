package io.madang.benchmarks.generator;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Takes {@link Orders} from its input, a line each, and prints their answers, a line each. Ends with its input, and so with the
 * process that started it.
 */
public final class GeneratorMain {
  private GeneratorMain() {}

  public static void main(String[] arguments) throws IOException {
    ClientLoop loop = new ClientLoop();
    Orders orders = Orders.of(loop, Path.of(arguments[0]));
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    Thread reader = new Thread(() -> read(lines, loop), "orders");
    reader.setDaemon(true);
    reader.start();
    while (true) {
      for (String line = lines.poll(); line != null; line = lines.poll()) {
        orders.take(new JsonObject(line), answer -> {
          System.out.println(answer.encode());
          System.out.flush();
        });
      }
      loop.turn();
    }
  }

  private static void read(Queue<String> lines, ClientLoop loop) {
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        lines.add(line);
        loop.wakeUp();
      }
    } catch (IOException e) {
      System.err.println("no more orders: " + e.getMessage());
    }
    Runtime.getRuntime().halt(0);
  }
}
