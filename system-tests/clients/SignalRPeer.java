import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.microsoft.signalr.HubConnection;
import com.microsoft.signalr.HubConnectionBuilder;
import com.microsoft.signalr.TransportEnum;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.subjects.ReplaySubject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Microsoft's client for Java, in the version of the class path, many clients in one process, steered by the lines of {@code
 * signalr-peer.mjs} and telling by them. An {@code invoke} that wants a result says so by {@code "hasResult"}, and {@code on} tells
 * how many arguments a target has, as this client has to know both.
 */
public final class SignalRPeer {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();
  private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

  private static final Map<String, SignalRPeer> CLIENTS = new ConcurrentHashMap<>();
  private static final Map<String, Disposable> STREAMS = new ConcurrentHashMap<>();
  private static final Map<String, ReplaySubject<JsonElement>> UPLOADS = new ConcurrentHashMap<>();

  private final String name;
  private final HubConnection connection;

  private SignalRPeer(JsonObject asked) {
    this.name = asked.get("client").getAsString();
    Iterator<String> tokens = texts(asked.get("tokens")).iterator();
    String[] token = {""};
    this.connection = HubConnectionBuilder.create(asked.get("url").getAsString())
        .withTransport(
            asked.get("transport").getAsString().equals("longPolling")
                ? TransportEnum.LONG_POLLING
                : TransportEnum.WEBSOCKETS)
        .withAccessTokenProvider(Single.defer(() -> {
          if (tokens.hasNext()) {
            token[0] = tokens.next();
          }
          return Single.just(token[0]);
        }))
        .shouldSkipNegotiate(
            asked.has("skipNegotiation") && asked.get("skipNegotiation").getAsBoolean())
        .build();
    if (asked.has("pingMs")) {
      connection.setKeepAliveInterval(asked.get("pingMs").getAsLong());
    }
    if (asked.has("silenceMs")) {
      connection.setServerTimeout(asked.get("silenceMs").getAsLong());
    }
    List<String> answers = texts(asked.get("answers"));
    asked.getAsJsonObject("on").entrySet().stream()
        .filter(on -> !answers.contains(on.getKey()))
        .forEach(on -> listen(on.getKey(), on.getValue().getAsInt()));
    answers.forEach(this::answer);
    connection.onClosed(reason -> {
      JsonObject told = told();
      told.addProperty("closed", reason == null ? null : String.valueOf(reason.getMessage()));
      say(told);
    });
  }

  private static List<String> texts(JsonElement array) {
    List<String> texts = new ArrayList<>();
    if (array != null) {
      array.getAsJsonArray().forEach(each -> texts.add(each.getAsString()));
    }
    return texts;
  }

  private void listen(String target, int arguments) {
    Class<JsonElement> any = JsonElement.class;
    switch (arguments) {
      case 0 -> connection.on(target, () -> hear(target));
      case 1 -> connection.on(target, a -> hear(target, a), any);
      case 2 -> connection.on(target, (a, b) -> hear(target, a, b), any, any);
      case 3 -> connection.on(target, (a, b, c) -> hear(target, a, b, c), any, any, any);
      default -> throw new IllegalArgumentException(target + " with " + arguments);
    }
  }

  /** By reflection, as clients before version 7 know of no questions, and this peer is compiled against the oldest. */
  private void answer(String target) {
    Method on = Stream.of(HubConnection.class.getMethods())
        .filter(method -> method.getName().equals("onWithResult")
            && method.getParameterCount() == 3
            && method.getParameterTypes()[2] == Class.class)
        .findFirst()
        .orElseThrow();
    Class<?> function = on.getParameterTypes()[1];
    Object answering = Proxy.newProxyInstance(
        function.getClassLoader(), new Class<?>[] {function}, (proxy, method, given) -> {
          JsonElement asked = (JsonElement) given[0];
          hear(target, asked);
          JsonObject heard = new JsonObject();
          heard.add("heard", asked);
          return asked.getAsString().equals("fail")
              ? Single.error(new IllegalStateException("I will not."))
              : Single.just(heard);
        });
    try {
      on.invoke(connection, target, answering, JsonElement.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void hear(String target, JsonElement... arguments) {
    JsonArray all = new JsonArray();
    for (JsonElement each : arguments) {
      all.add(each == null ? JsonNull.INSTANCE : each);
    }
    JsonObject told = told();
    told.addProperty("event", target);
    told.add("arguments", all);
    say(told);
  }

  private JsonObject told() {
    JsonObject told = new JsonObject();
    told.addProperty("client", name);
    return told;
  }

  private static synchronized void say(JsonObject line) {
    OUT.println(GSON.toJson(line));
    OUT.flush();
  }

  private static Object[] arguments(JsonObject asked) {
    List<Object> given = new ArrayList<>();
    for (JsonElement each : asked.getAsJsonArray("arguments")) {
      if (each.isJsonObject() && each.getAsJsonObject().has("$upload")) {
        ReplaySubject<JsonElement> upload = ReplaySubject.create();
        UPLOADS.put(each.getAsJsonObject().get("$upload").getAsString(), upload);
        given.add(upload);
      } else {
        given.add(read(each));
      }
    }
    return given.toArray();
  }

  /** Bytes are text in JSON, the only protocol of this peer. */
  private static JsonElement read(JsonElement value) {
    if (value.isJsonObject() && value.getAsJsonObject().has("$bytes")) {
      return value.getAsJsonObject().get("$bytes");
    }
    return value;
  }

  private void stream(JsonObject asked) {
    String stream = asked.get("stream").getAsString();
    STREAMS.put(
        stream,
        connection
            .stream(JsonElement.class, asked.get("target").getAsString(), arguments(asked))
            .subscribe(
                item -> tellOf(stream, "item", item),
                failure -> tellOf(stream, "error", new JsonPrimitive(textOf(failure))),
                () -> tellOf(stream, "completed", new JsonPrimitive(true))));
  }

  private void tellOf(String stream, String what, JsonElement value) {
    JsonObject told = told();
    told.addProperty("stream", stream);
    told.add(what, value);
    say(told);
  }

  private static String textOf(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private static void answer(JsonObject asked, JsonElement result) {
    JsonObject answer = new JsonObject();
    answer.add("id", asked.get("id"));
    if (result != null) {
      answer.add("result", result);
    }
    say(answer);
  }

  private static void refuse(JsonObject asked, Throwable failure) {
    JsonObject answer = new JsonObject();
    answer.add("id", asked.get("id"));
    answer.addProperty("error", textOf(failure));
    say(answer);
  }

  private void start(JsonObject asked) {
    Disposable unused = connection
        .start()
        .subscribe(
            () -> answer(
                asked,
                connection.getConnectionId() == null
                    ? JsonNull.INSTANCE
                    : new JsonPrimitive(connection.getConnectionId())),
            failure -> refuse(asked, failure));
  }

  private void stop(JsonObject asked) {
    Disposable unused =
        connection.stop().subscribe(() -> answer(asked, null), failure -> refuse(asked, failure));
  }

  private void invoke(JsonObject asked) {
    String target = asked.get("target").getAsString();
    if (asked.has("hasResult") && asked.get("hasResult").getAsBoolean()) {
      Disposable unused = connection
          .invoke(JsonElement.class, target, arguments(asked))
          .subscribe(result -> answer(asked, result), failure -> refuse(asked, failure));
    } else {
      Disposable unused = connection
          .invoke(target, arguments(asked))
          .subscribe(() -> answer(asked, null), failure -> refuse(asked, failure));
    }
  }

  private void send(JsonObject asked) {
    connection.send(asked.get("target").getAsString(), arguments(asked));
    answer(asked, null);
  }

  /** Past the client's own protocol, by the transport that every version has and none shows. */
  private void bytes(JsonObject asked) {
    try {
      Method transport = HubConnection.class.getDeclaredMethod("getTransport");
      transport.setAccessible(true);
      Method send = transport.getReturnType().getMethod("send", ByteBuffer.class);
      send.setAccessible(true);
      byte[] bytes = asked.get("text").getAsString().getBytes(StandardCharsets.UTF_8);
      Completable sent =
          (Completable) send.invoke(transport.invoke(connection), ByteBuffer.wrap(bytes));
      Disposable unused = sent.subscribe(() -> answer(asked, null), failure -> refuse(asked, failure));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void take(JsonObject asked) {
    String deed = asked.get("do").getAsString();
    switch (deed) {
      case "open" -> {
        SignalRPeer client = new SignalRPeer(asked);
        CLIENTS.put(client.name, client);
        client.start(asked);
      }
      case "item" -> {
        UPLOADS.get(asked.get("upload").getAsString()).onNext(read(asked.get("item")));
        answer(asked, null);
      }
      case "end" -> {
        UPLOADS.get(asked.get("upload").getAsString()).onComplete();
        answer(asked, null);
      }
      case "fail" -> {
        UPLOADS
            .get(asked.get("upload").getAsString())
            .onError(new IllegalStateException(asked.get("text").getAsString()));
        answer(asked, null);
      }
      case "cancel" -> {
        STREAMS.get(asked.get("stream").getAsString()).dispose();
        answer(asked, null);
      }
      default -> CLIENTS.get(asked.get("client").getAsString()).take(deed, asked);
    }
  }

  private void take(String deed, JsonObject asked) {
    switch (deed) {
      case "start" -> start(asked);
      case "stop" -> stop(asked);
      case "invoke" -> invoke(asked);
      case "send" -> send(asked);
      case "bytes" -> bytes(asked);
      case "stream" -> {
        stream(asked);
        answer(asked, null);
      }
      default -> throw new IllegalArgumentException(deed);
    }
  }

  public static void main(String[] arguments) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      // The oldest gson of the four has no parseString.
      @SuppressWarnings("deprecation")
      JsonObject asked = new JsonParser().parse(line).getAsJsonObject();
      try {
        take(asked);
      } catch (RuntimeException e) {
        refuse(asked, e);
      }
    }
    System.exit(0);
  }
}
