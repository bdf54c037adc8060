package io.madang.system.signalr;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.madang.testkit.RunningProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A process of many clients, steered by the lines that {@code clients/signalr-peer.mjs} describes. May be used from any thread. */
final class PeerProcess implements AutoCloseable {
  /** An invocation that the client says has failed. */
  static final class FailedException extends RuntimeException {
    FailedException(String text) {
      super(text);
    }
  }

  private final Gson gson = new Gson().newBuilder().serializeNulls().create();
  private final AtomicLong ids = new AtomicLong();

  /** Requests without an answer, by id. */
  private final Map<Long, CompletableFuture<JsonElement>> asked = new ConcurrentHashMap<>();

  private final Map<String, HubClient> clients = new ConcurrentHashMap<>();

  /** What failed in the process and was nobody's. */
  private final List<String> strays = new CopyOnWriteArrayList<>();

  private final RunningProcess process;

  PeerProcess(String name, List<String> command, Path directory) {
    this.process = RunningProcess.startHeard(name, command, Map.of(), directory, this::onLine);
  }

  private void onLine(String line) {
    if (!line.startsWith("{")) {
      System.out.println(line);
      return;
    }
    JsonObject told = JsonParser.parseString(line).getAsJsonObject();
    if (told.has("id")) {
      CompletableFuture<JsonElement> answer = asked.remove(told.get("id").getAsLong());
      if (told.has("error")) {
        answer.completeExceptionally(new FailedException(told.get("error").getAsString()));
      } else {
        answer.complete(told.has("result") ? told.get("result") : JsonNull.INSTANCE);
      }
    } else if (told.has("stray")) {
      strays.add(told.get("stray").toString());
    } else {
      clients.get(told.get("client").getAsString()).hear(told);
    }
  }

  /** Completes with the result, or fails with {@link FailedException}. */
  CompletableFuture<JsonElement> ask(JsonObject request) {
    long id = ids.incrementAndGet();
    CompletableFuture<JsonElement> answer = new CompletableFuture<>();
    asked.put(id, answer);
    request.addProperty("id", id);
    process.writeLine(gson.toJson(request));
    return answer;
  }

  void add(HubClient client) {
    clients.put(client.name(), client);
  }

  List<String> strays() {
    return List.copyOf(strays);
  }

  @Override
  public void close() {
    process.close();
  }
}
