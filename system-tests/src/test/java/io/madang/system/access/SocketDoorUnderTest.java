package io.madang.system.access;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** A door through which native frames go: WebSocket itself, or SockJS over one. */
final class SocketDoorUnderTest implements DoorUnderTest {
  private static final int LIMIT_S = 20;

  private final HttpClient http;
  private final String address;
  private final boolean overSockJs;

  SocketDoorUnderTest(HttpClient http, String address, boolean overSockJs) {
    this.http = http;
    this.address = address.replaceFirst("^http", "ws");
    this.overSockJs = overSockJs;
  }

  @Override
  public String name() {
    return overSockJs ? "SockJS" : "WebSocket";
  }

  /** A socket tells a page everything, so it wants to know which. */
  @Override
  public boolean takesCookieWithoutPage(Action action) {
    return false;
  }

  @Override
  public String attempt(Shown shown, Action action, Places places, BooleanSupplier connected) {
    Line line;
    try {
      line = open(shown);
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return String.valueOf(refused.getResponse().statusCode());
      }
      throw e;
    }
    try {
      JsonObject connect = new JsonObject().put("type", "connect");
      shown.token().ifPresent(token -> connect.put("token", token));
      String welcome = line.ask(connect);
      if (!welcome.equals(OK)) {
        return welcome;
      }
      if (connected.getAsBoolean()) {
        // On a socket that is closed nothing can be asked.
        return Awaitility.await()
            .atMost(CUT_WITHIN)
            .until(line::stillThere, outcome -> !outcome.equals(OK));
      }
      return action == Action.CONNECT ? line.stillThere() : line.ask(frame(action, places));
    } finally {
      line.socket.abort();
    }
  }

  private Line open(Shown shown) {
    String path = overSockJs ? "/sockjs/000/" + UUID.randomUUID() + "/websocket" : "/ws";
    path += shown.ticket().map(ticket -> "?ticket=" + ticket).orElse("");
    WebSocket.Builder builder = http.newWebSocketBuilder();
    shown.cookie().ifPresent(cookie -> builder.header("Cookie", cookie));
    shown.origin().ifPresent(origin -> builder.header("Origin", origin));
    Line line = new Line();
    line.socket = builder.buildAsync(URI.create(address + path), line).join();
    return line;
  }

  private static JsonObject frame(Action action, Places places) {
    return switch (action) {
      case CONNECT -> throw new IllegalArgumentException("connected already");
      case SUBSCRIBE_PUBLIC -> subscribe("room:" + places.publicRoom());
      case SUBSCRIBE_PRIVATE -> subscribe("room:" + places.privateRoom());
      case SUBSCRIBE_FOREIGN_INBOX -> subscribe("inbox:" + places.foreignInbox());
      case COMMAND ->
        chat("command", "sendToRoom")
            .put("args", new JsonObject().put("room", places.publicRoom()).put("text", "hi"));
      case HISTORY ->
        chat("command", "history").put("args", new JsonObject().put("room", places.privateRoom()));
      case UPLOAD ->
        chat("command", "createUpload")
            .put(
                "args",
                new JsonObject()
                    .put("room", places.publicRoom())
                    .put("name", "a.txt")
                    .put("type", "text/plain"));
      case DOWNLOAD ->
        chat("stream", "readUpload").put("args", new JsonObject().put("upload", places.file()));
    };
  }

  private static JsonObject subscribe(String topic) {
    return new JsonObject().put("type", "subscribe").put("topic", topic);
  }

  private static JsonObject chat(String type, String name) {
    return new JsonObject().put("type", type).put("service", "chat").put("name", name);
  }

  /** One socket, for one thread that asks and waits. */
  private final class Line implements WebSocket.Listener {
    private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private WebSocket socket;
    private int ref;

    String ask(JsonObject frame) {
      String text = frame.put("ref", ++ref).encode();
      try {
        socket
            .sendText(overSockJs ? new JsonArray().add(text).encode() : text, true)
            .join();
      } catch (CompletionException e) {
        // It is being closed; what it said before tells why.
      }
      return answer();
    }

    String stillThere() {
      return ask(new JsonObject().put("type", "ping"));
    }

    /** The first word on the last request; publications may come between. */
    private String answer() {
      while (true) {
        JsonObject frame = next();
        String type = frame.getString("type");
        if (type.equals("disconnect")) {
          return String.valueOf(frame.getInteger("code"));
        }
        if (frame.getInteger("ref", 0) == ref) {
          return type.equals("error") ? frame.getString("code") : OK;
        }
      }
    }

    private JsonObject next() {
      try {
        JsonObject frame = frames.poll(LIMIT_S, TimeUnit.SECONDS);
        if (frame == null) {
          throw new AssertionError("no answer within %d s".formatted(LIMIT_S));
        }
        return frame;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        heard(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void heard(String message) {
      if (!overSockJs) {
        frames.add(new JsonObject(message));
      } else if (message.startsWith("a")) {
        new JsonArray(message.substring(1))
            .forEach(each -> frames.add(new JsonObject((String) each)));
      } else if (message.startsWith("c")) {
        int code = new JsonArray(message.substring(1)).getInteger(0);
        frames.add(new JsonObject().put("type", "disconnect").put("code", code));
      }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      frames.add(new JsonObject().put("type", "disconnect").put("code", code));
      return null;
    }
  }
}
