package io.madang.system.signalr;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * One of Microsoft's clients. What is asked of it waits for its answer, {@value #LIMIT_SECONDS} seconds at most. May be used from any
 * thread.
 */
public final class HubClient {
  private static final int LIMIT_SECONDS = 20;
  private static final Gson GSON = new Gson();

  /**
   * How a client connects.
   *
   * @param tokens given to the gateway one after the other as the client asks for one, the last for ever; none, no token
   * @param guests if not empty, where new guests of its name sign in, {@code http://host:port}; their token is renewed after some
   *     seconds when the client asks for one; in Node only
   * @param on the events it listens to, with how many arguments each has
   * @param reconnect how long it waits before each try to come back; none, it does not
   * @param pings how often it pings; zero, as often as it does by itself
   * @param patience how long it waits for a word of the gateway; zero, as long as it does by itself
   * @param isStateful whether its connection goes on over another WebSocket when one is lost; for those that can
   * @param handsRefusalsOn whether its HTTP client hands an answer of 401 on, and does not throw it; in Node only
   */
  public record Options(
      String url,
      List<String> tokens,
      String guests,
      Map<String, Integer> on,
      List<Integer> reconnect,
      boolean skipsNegotiation,
      Duration pings,
      Duration patience,
      boolean isStateful,
      boolean handsRefusalsOn) {
    private static Options of(
        String url, List<String> tokens, String guests, Map<String, Integer> on) {
      return new Options(
          url, tokens, guests, on, List.of(), false, Duration.ZERO, Duration.ZERO, false, false);
    }

    public static Options of(String url, String token, Map<String, Integer> on) {
      return of(url, List.of(token), "", on);
    }

    /** As a new guest, whose token is renewed. */
    public static Options ofGuests(String url, String guests, Map<String, Integer> on) {
      return of(url, List.of(), guests, on);
    }

    public Options withTokens(String... given) {
      return new Options(
          url,
          List.of(given),
          guests,
          on,
          reconnect,
          skipsNegotiation,
          pings,
          patience,
          isStateful,
          handsRefusalsOn);
    }

    /** Pings so often, and gives a gateway up that says nothing for so long. */
    public Options watching(Duration often, Duration silence) {
      return new Options(
          url,
          tokens,
          guests,
          on,
          reconnect,
          skipsNegotiation,
          often,
          silence,
          isStateful,
          handsRefusalsOn);
    }

    /** Comes back when its connection is lost. */
    public Options reconnecting() {
      List<Integer> waits = new ArrayList<>(List.of(0));
      for (int i = 0; i < 60; i++) {
        waits.add(300);
      }
      return new Options(
          url,
          tokens,
          guests,
          on,
          waits,
          skipsNegotiation,
          pings,
          patience,
          isStateful,
          handsRefusalsOn);
    }

    /** Goes on over another WebSocket when one is lost. */
    public Options resuming() {
      return new Options(
          url,
          tokens,
          guests,
          on,
          reconnect,
          skipsNegotiation,
          pings,
          patience,
          true,
          handsRefusalsOn);
    }

    /** Its HTTP client hands an answer of 401 on. */
    public Options handingRefusalsOn() {
      return new Options(
          url, tokens, guests, on, reconnect, skipsNegotiation, pings, patience, isStateful, true);
    }

    public Options skippingNegotiation() {
      return new Options(
          url, tokens, guests, on, reconnect, true, pings, patience, isStateful, handsRefusalsOn);
    }
  }

  private final PeerProcess process;
  private final String name;
  private final ClientKind kind;
  private final Options options;
  private final AtomicInteger parts = new AtomicInteger();

  /** What of that which it listens to is answered; written before it opens. */
  private List<String> answers = List.of();

  /** Everything that was told of it, in order. Guarded by itself. */
  private final List<JsonObject> told = new ArrayList<>();

  HubClient(PeerProcess process, String name, ClientKind kind, Options options) {
    this.process = process;
    this.name = name;
    this.kind = kind;
    this.options = options;
    process.add(this);
  }

  String name() {
    return name;
  }

  public ClientKind kind() {
    return kind;
  }

  void hear(JsonObject line) {
    synchronized (told) {
      told.add(line);
      told.notifyAll();
    }
  }

  private JsonObject request(String deed) {
    JsonObject request = new JsonObject();
    request.addProperty("do", deed);
    request.addProperty("client", name);
    return request;
  }

  /**
   * When it is asked so, it answers {@code {"heard": …}} with its one argument; asked {@code fail}, it fails with {@code I will not.}
   * To be said before it opens.
   */
  public HubClient answering(String target) {
    answers = List.of(target);
    return this;
  }

  /** Connects; its connection's id, or null when it skipped negotiation. */
  public JsonElement open() {
    JsonObject open = request("open");
    open.addProperty("version", kind.version());
    open.addProperty("transport", kind.transport().told);
    open.addProperty("protocol", kind.protocol().told());
    open.addProperty("url", options.url());
    if (!options.tokens().isEmpty()) {
      open.add("tokens", GSON.toJsonTree(options.tokens()));
    }
    if (!options.guests().isEmpty()) {
      open.addProperty("guest", kind.guest());
      open.addProperty("guests", options.guests());
    }
    if (!options.pings().isZero()) {
      open.addProperty("pingMs", options.pings().toMillis());
    }
    if (!options.patience().isZero()) {
      open.addProperty("silenceMs", options.patience().toMillis());
    }
    open.add("on", GSON.toJsonTree(options.on()));
    if (!options.reconnect().isEmpty()) {
      open.add("reconnect", GSON.toJsonTree(options.reconnect()));
    }
    open.addProperty("skipNegotiation", options.skipsNegotiation());
    open.add("answers", GSON.toJsonTree(answers));
    open.addProperty("stateful", options.isStateful());
    open.addProperty("handsRefusalsOn", options.handsRefusalsOn());
    return done(open);
  }

  /** The id of its connection, as it tells now; in Node only. */
  public String connectionId() {
    return done(request("name")).getAsString();
  }

  /** Why it cannot connect. */
  public String openFails() {
    return failureOf(this::open);
  }

  /** Connects again after it was closed, or after it could not. */
  public JsonElement start() {
    return done(request("start"));
  }

  public void stop() {
    JsonElement unused = done(request("stop"));
  }

  /** Tells it to stop and does not wait. */
  void forget() {
    CompletableFuture<JsonElement> unused = process.ask(request("stop"));
  }

  /** Invokes and waits for a result. */
  public JsonElement invoke(String target, Object... arguments) {
    JsonObject invoke = call("invoke", target, arguments);
    invoke.addProperty("hasResult", true);
    return done(invoke);
  }

  /** Invokes what has no result and waits until it is done. */
  public void call(String target, Object... arguments) {
    JsonElement unused = done(call("invoke", target, arguments));
  }

  /** Invokes and does not wait. */
  public CompletableFuture<JsonElement> begin(String target, Object... arguments) {
    JsonObject invoke = call("invoke", target, arguments);
    invoke.addProperty("hasResult", true);
    return process.ask(invoke);
  }

  /** As what the invocation fails. */
  public String failure(String target, Object... arguments) {
    return failureOf(() -> done(call("invoke", target, arguments)));
  }

  private interface Asking {
    JsonElement ask();
  }

  private String failureOf(Asking asking) {
    JsonElement result;
    try {
      result = asking.ask();
    } catch (PeerProcess.FailedException e) {
      return e.getMessage();
    }
    throw new AssertionError(name + " was not refused but answered " + result);
  }

  /** Sends, and hears no answer. */
  public void send(String target, Object... arguments) {
    JsonElement unused = done(call("send", target, arguments));
  }

  /** Sends these bytes past the client's protocol. */
  public void sendBytes(String text) {
    JsonObject bytes = request("bytes");
    bytes.addProperty("text", text);
    JsonElement unused = done(bytes);
  }

  private JsonObject call(String deed, String target, Object... arguments) {
    JsonObject call = request(deed);
    call.addProperty("target", target);
    JsonArray all = new JsonArray();
    for (Object each : arguments) {
      all.add(written(each));
    }
    call.add("arguments", all);
    return call;
  }

  private static JsonElement written(Object argument) {
    if (argument instanceof byte[] bytes) {
      return named("$bytes", Base64.getEncoder().encodeToString(bytes));
    }
    if (argument instanceof Upload upload) {
      return named("$upload", upload.name);
    }
    return GSON.toJsonTree(argument);
  }

  private static JsonObject named(String name, String value) {
    JsonObject object = new JsonObject();
    object.addProperty(name, value);
    return object;
  }

  private JsonElement done(JsonObject request) {
    return done(process.ask(request));
  }

  /** What an invocation that was begun answers. */
  public JsonElement done(CompletableFuture<JsonElement> answer) {
    try {
      return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PeerProcess.FailedException failed) {
        throw failed;
      }
      throw new AssertionError(name, e);
    } catch (TimeoutException e) {
      throw new AssertionError(name + " has no answer; it was told " + tail(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(name, e);
    }
  }

  /** A stream that was asked for. */
  public final class Stream {
    private final String stream;

    private Stream(String stream) {
      this.stream = stream;
    }

    /** Its items so far. */
    public List<JsonElement> items() {
      return told("item");
    }

    private List<JsonElement> told(String what) {
      return all(line -> isMine(line) && line.has(what)).stream()
          .map(line -> line.get(what))
          .toList();
    }

    private boolean isMine(JsonObject line) {
      return line.has("stream") && line.get("stream").getAsString().equals(stream);
    }

    public List<JsonElement> awaitItems(int count) {
      await(count + " items of " + stream, () -> items().size() >= count);
      return items();
    }

    /** As what it fails. */
    public String awaitFailure() {
      await("the end of " + stream, () -> !told("error").isEmpty() || isComplete());
      if (isComplete()) {
        throw new AssertionError(name + "'s stream is complete and did not fail");
      }
      return told("error").get(0).getAsString();
    }

    public boolean isComplete() {
      return !told("completed").isEmpty();
    }

    /** Wants no more of it. */
    public void cancel() {
      JsonObject cancel = request("cancel");
      cancel.addProperty("stream", stream);
      JsonElement unused = done(cancel);
    }
  }

  public Stream stream(String target, Object... arguments) {
    String stream = name + " stream " + parts.incrementAndGet();
    JsonObject call = call("stream", target, arguments);
    call.addProperty("stream", stream);
    JsonElement unused = done(call);
    return new Stream(stream);
  }

  /** What it streams to the gateway: given as an argument first, then fed. */
  public final class Upload {
    private final String name;

    private Upload(String name) {
      this.name = name;
    }

    public void item(Object item) {
      JsonObject request = part("item");
      request.add("item", written(item));
      JsonElement unused = done(request);
    }

    public void end() {
      JsonElement unused = done(part("end"));
    }

    private JsonObject part(String deed) {
      JsonObject part = request(deed);
      part.addProperty("upload", name);
      return part;
    }
  }

  public Upload upload() {
    return new Upload(name + " upload " + parts.incrementAndGet());
  }

  /** The arguments of all events of that name so far, in order. */
  public List<JsonArray> events(String target) {
    return all(line -> line.has("event") && line.get("event").getAsString().equals(target)).stream()
        .map(line -> line.getAsJsonArray("arguments"))
        .toList();
  }

  /**
   * What it heard.
   *
   * @param target name of the event
   */
  public record Event(String target, JsonArray arguments) {}

  /** All events so far, in order. */
  public List<Event> events() {
    return all(line -> line.has("event")).stream()
        .map(line -> new Event(line.get("event").getAsString(), line.getAsJsonArray("arguments")))
        .toList();
  }

  /** The arguments of the first event of that name that is so. */
  public JsonArray awaitEvent(String target, Predicate<JsonArray> wanted) {
    await(target, () -> events(target).stream().anyMatch(wanted));
    return events(target).stream().filter(wanted).findFirst().orElseThrow();
  }

  /** How often it came back. */
  public int comebacks() {
    return all(line -> line.has("reconnected")).size();
  }

  /** How often it was asked for another token of its guest's sign-in. */
  public int renewals() {
    return all(line -> line.has("renewed")).size();
  }

  /** Why it set out to come back, each time that it did; empty where it was not told. */
  public List<String> losses() {
    return all(line -> line.has("reconnecting")).stream()
        .map(line -> line.get("reconnecting"))
        .map(why -> why.isJsonNull() ? "" : why.getAsString())
        .toList();
  }

  /** Whether it is closed for good, until it is started again. */
  public boolean isClosed() {
    return !all(line -> line.has("closed")).isEmpty();
  }

  /** Waits until it is closed; why, if it was told. */
  public Optional<String> awaitClosed() {
    await("its end", this::isClosed);
    JsonElement why = all(line -> line.has("closed")).get(0).get("closed");
    return why.isJsonNull() ? Optional.empty() : Optional.of(why.getAsString());
  }

  private List<JsonObject> all(Predicate<JsonObject> wanted) {
    synchronized (told) {
      return told.stream().filter(wanted).toList();
    }
  }

  private String tail() {
    synchronized (told) {
      return told.subList(Math.max(0, told.size() - 5), told.size()).toString();
    }
  }

  /** A question that what it was told answers. */
  public interface Condition {
    boolean holds();
  }

  /** Waits until that holds; looks whenever something is told of this client. */
  public void await(String what, Condition condition) {
    await(what, Duration.ofSeconds(LIMIT_SECONDS), condition);
  }

  /** As the other, with a limit of its own. */
  public void await(String what, Duration limit, Condition condition) {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (told) {
      while (!condition.holds()) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (leftMs <= 0) {
          throw new AssertionError(
              "%s does not see %s within %s; it was told %s".formatted(name, what, limit, tail()));
        }
        try {
          told.wait(leftMs);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError(name, e);
        }
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
