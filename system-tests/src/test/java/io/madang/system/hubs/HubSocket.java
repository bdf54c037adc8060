package io.madang.system.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** One connection to a hub over a WebSocket without negotiation. Blocking, for one thread. */
public final class HubSocket implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final HubFormat format;
  private final WebSocket socket;
  private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();

  /** What the client was told and nobody has asked for, in order. */
  private final List<JsonObject> told = new ArrayList<>();

  /** Answers and items that came while something else was waited for. */
  private final List<JsonObject> answers = new ArrayList<>();

  private int lastId;

  private HubSocket(HttpClient http, String address, String path, String token, HubFormat format) {
    this.format = format;
    URI door = URI.create(address.replace("http:", "ws:") + path);
    this.socket = http.newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .buildAsync(door, new Frames())
        .join();
  }

  public static HubSocket open(
      HttpClient http, String address, String path, String token, HubFormat format) {
    HubSocket opened = new HubSocket(http, address, path, token, format);
    String handshake = "{\"protocol\":\"" + format.word() + "\",\"version\":1}" + HubFormat.END;
    opened.write(handshake.getBytes(StandardCharsets.UTF_8));
    opened.readHandshake();
    return opened;
  }

  private void readHandshake() {
    byte[] frame = nextFrame("the answer to the handshake");
    int end = 0;
    while (frame[end] != HubFormat.END.charAt(0)) {
      end++;
    }
    String answer = new String(frame, 0, end, StandardCharsets.UTF_8);
    if (!answer.equals("{}")) {
      throw new AssertionError("the handshake was answered with " + answer);
    }
    if (end + 1 < frame.length) {
      sort(Arrays.copyOfRange(frame, end + 1, frame.length));
    }
  }

  /** Calls a method and gives its result, null as JSON where it has none. */
  public JsonElement invoke(String method, JsonElement... arguments) {
    JsonObject answer = call(HubFormat.INVOCATION, method, List.of(arguments), new JsonArray());
    if (answer.has("error")) {
      throw new AssertionError(method + " failed: " + answer.get("error").getAsString());
    }
    return answer.has("result") ? answer.get("result") : JsonNull.INSTANCE;
  }

  /** Calls a method that must fail, and gives the error's text. */
  public String refused(String method, JsonElement... arguments) {
    JsonObject answer = call(HubFormat.INVOCATION, method, List.of(arguments), new JsonArray());
    if (!answer.has("error")) {
      throw new AssertionError(method + " did not fail: " + answer);
    }
    return answer.get("error").getAsString();
  }

  private JsonObject call(
      int type, String method, List<JsonElement> arguments, JsonArray streamIds) {
    return answerTo(send(type, method, arguments, streamIds));
  }

  private String send(int type, String method, List<JsonElement> arguments, JsonArray streamIds) {
    String id = String.valueOf(++lastId);
    JsonArray given = new JsonArray();
    arguments.forEach(given::add);
    JsonObject message = message(type, id);
    message.addProperty("target", method);
    message.add("arguments", given);
    if (!streamIds.isEmpty()) {
      message.add("streamIds", streamIds);
    }
    write(format.written(message));
    return id;
  }

  private static JsonObject message(int type, String id) {
    JsonObject message = new JsonObject();
    message.addProperty("type", type);
    message.addProperty("invocationId", id);
    return message;
  }

  private JsonObject answerTo(String id) {
    return await(
        "the answer to " + id,
        answers,
        each -> isOf(each, id) && each.get("type").getAsInt() == HubFormat.COMPLETION);
  }

  private static boolean isOf(JsonObject message, String id) {
    return message.get("invocationId").getAsString().equals(id);
  }

  /** The first items of a stream, which is cancelled then and must complete well. */
  public List<JsonElement> stream(String method, int count, JsonElement... arguments) {
    String id = send(HubFormat.STREAM_INVOCATION, method, List.of(arguments), new JsonArray());
    List<JsonElement> items = new ArrayList<>();
    while (items.size() < count) {
      JsonObject next = await("an item of " + method, answers, each -> isOf(each, id));
      if (next.get("type").getAsInt() != HubFormat.STREAM_ITEM) {
        throw new AssertionError(method + " ended: " + next);
      }
      items.add(next.get("item"));
    }
    write(format.written(message(HubFormat.CANCEL, id)));
    JsonObject end = answerTo(id);
    if (end.has("error")) {
      throw new AssertionError(method + " did not end well: " + end);
    }
    return items;
  }

  /** Calls a method that takes a stream. */
  public JsonElement upload(String method, List<JsonElement> items) {
    String stream = "s" + ++lastId;
    JsonArray streamIds = new JsonArray();
    streamIds.add(stream);
    String id = send(HubFormat.INVOCATION, method, List.of(), streamIds);
    for (JsonElement item : items) {
      JsonObject message = message(HubFormat.STREAM_ITEM, stream);
      message.add("item", item);
      write(format.written(message));
    }
    write(format.written(message(HubFormat.COMPLETION, stream)));
    JsonObject answer = answerTo(id);
    if (answer.has("error")) {
      throw new AssertionError(method + " failed: " + answer);
    }
    return answer.get("result");
  }

  /** Bytes as an item of a stream. */
  public JsonElement bytes(byte[] bytes) {
    return format.bytes(bytes);
  }

  /** The arguments of the next time, or an earlier one not asked for yet, that this listener is told something of that kind. */
  public JsonArray hears(String target, Predicate<JsonArray> kind) {
    return await(
            target,
            told,
            each -> each.get("target").getAsString().equals(target)
                && kind.test(each.get("arguments").getAsJsonArray()))
        .get("arguments")
        .getAsJsonArray();
  }

  /** The same of any kind. */
  public JsonArray hears(String target) {
    return hears(target, arguments -> true);
  }

  /** Whether this listener was told something and nobody has asked for it, as far as has come. */
  public boolean hasHeard(String target, Predicate<JsonArray> kind) {
    return told.stream()
        .anyMatch(each -> each.get("target").getAsString().equals(target)
            && kind.test(each.get("arguments").getAsJsonArray()));
  }

  private JsonObject await(String what, List<JsonObject> among, Predicate<JsonObject> wanted) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      for (JsonObject each : among) {
        if (wanted.test(each)) {
          among.remove(each);
          return each;
        }
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(what + " was not heard in " + LIMIT + ", but " + told + answers);
      }
      sort(nextFrame(what));
    }
  }

  private byte[] nextFrame(String what) {
    try {
      byte[] frame = frames.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (frame == null) {
        throw new AssertionError(what + " was not heard in " + LIMIT + ", but " + told + answers);
      }
      return frame;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void sort(byte[] frame) {
    for (JsonObject message : format.read(frame)) {
      switch (message.get("type").getAsInt()) {
        case HubFormat.INVOCATION -> told.add(message);
        case HubFormat.STREAM_ITEM, HubFormat.COMPLETION -> answers.add(message);
        case HubFormat.PING -> {}
        default -> throw new AssertionError("the gateway said " + message);
      }
    }
  }

  private void write(byte[] bytes) {
    WebSocket unused = format == HubFormat.JSON
        ? socket.sendText(new String(bytes, StandardCharsets.UTF_8), true).join()
        : socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  @Override
  public void close() {
    socket.abort();
  }

  /** Takes whole messages, text or not. */
  private final class Frames implements WebSocket.Listener {
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.writeBytes(data.toString().getBytes(StandardCharsets.UTF_8));
      return taken(from, last);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      part.writeBytes(bytes);
      return taken(from, last);
    }

    private CompletionStage<?> taken(WebSocket from, boolean last) {
      if (last) {
        frames.add(part.toByteArray());
        part.reset();
      }
      from.request(1);
      return null;
    }
  }
}
