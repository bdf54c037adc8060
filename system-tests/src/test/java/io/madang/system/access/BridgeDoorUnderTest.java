package io.madang.system.access;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** The event-bus bridge, on its raw WebSocket. */
final class BridgeDoorUnderTest implements DoorUnderTest {
  private static final int LIMIT_S = 20;

  /** What everybody may hear who is somebody. */
  private static final String LOBBY = "room:lobby";

  private final HttpClient http;
  private final String address;

  BridgeDoorUnderTest(HttpClient http, String address) {
    this.http = http;
    this.address = address.replaceFirst("^http", "ws");
  }

  @Override
  public String name() {
    return "bridge";
  }

  /** It has no streams. */
  @Override
  public boolean offers(Action action) {
    return action != Action.DOWNLOAD;
  }

  @Override
  public boolean takesCookieWithoutPage(Action action) {
    return false;
  }

  @Override
  public String attempt(Shown shown, Action action, Places places, BooleanSupplier connected) {
    Line line = new Line(shown);
    WebSocket.Builder builder = http.newWebSocketBuilder();
    shown.cookie().ifPresent(cookie -> builder.header("Cookie", cookie));
    shown.origin().ifPresent(origin -> builder.header("Origin", origin));
    try {
      line.socket =
          builder.buildAsync(URI.create(address + "/eventbus/websocket"), line).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return String.valueOf(refused.getResponse().statusCode());
      }
      throw e;
    }
    try {
      String welcome = line.hear(LOBBY);
      if (!welcome.equals(OK)) {
        return welcome;
      }
      if (connected.getAsBoolean()) {
        return Awaitility.await()
            .atMost(CUT_WITHIN)
            .until(line::stillThere, outcome -> !outcome.equals(OK));
      }
      return line.does(action, places);
    } finally {
      line.socket.abort();
    }
  }

  /** One socket, for one thread that asks and waits. */
  private static final class Line implements WebSocket.Listener {
    private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private final JsonObject headers = new JsonObject();
    private WebSocket socket;

    Line(Shown shown) {
      shown.token().ifPresent(token -> headers.put("authorization", "Bearer " + token));
    }

    String does(Action action, Places places) {
      return switch (action) {
        case CONNECT -> stillThere();
        case SUBSCRIBE_PUBLIC -> hear("room:" + places.publicRoom());
        case SUBSCRIBE_PRIVATE -> hear("room:" + places.privateRoom());
        case SUBSCRIBE_FOREIGN_INBOX -> hear("inbox:" + places.foreignInbox());
        case COMMAND ->
          send("sendToRoom", new JsonObject().put("room", places.publicRoom()).put("text", "hi"));
        case HISTORY -> send("history", new JsonObject().put("room", places.privateRoom()));
        case UPLOAD ->
          send(
              "createUpload",
              new JsonObject().put("room", places.publicRoom()).put("name", "a.txt"));
        case DOWNLOAD -> throw new IllegalArgumentException("the bridge has no streams");
      };
    }

    String hear(String topic) {
      say(new JsonObject()
          .put("type", "register")
          .put("address", topic)
          .put("headers", headers.copy().put("snapshot", "true")));
      return answer(frame -> topic.equals(frame.getString("address")));
    }

    private String send(String name, JsonObject arguments) {
      String reply = "reply-" + name;
      say(new JsonObject()
          .put("type", "send")
          .put("address", "chat")
          .put("replyAddress", reply)
          .put("headers", headers)
          .put("body", new JsonObject().put("name", name).put("args", arguments)));
      return answer(frame -> reply.equals(frame.getString("address")));
    }

    /** A ping is not answered here. */
    String stillThere() {
      return send("recentMessages", new JsonObject().put("room", "lobby"));
    }

    private void say(JsonObject frame) {
      try {
        socket.sendText(frame.encode(), true).join();
      } catch (CompletionException e) {
        // It is being closed; what it said before tells why.
      }
    }

    /** The first failure, the first end, or what is waited for. */
    private String answer(Predicate<JsonObject> isIt) {
      while (true) {
        JsonObject frame = next();
        switch (frame.getString("type")) {
          case "closed":
            return String.valueOf(frame.getInteger("code"));
          case "err":
            return frame.getString("code", frame.getString("body"));
          default:
            if (isIt.test(frame)) {
              return OK;
            }
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
        frames.add(new JsonObject(part.toString()));
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      frames.add(new JsonObject().put("type", "closed").put("code", code));
      return null;
    }
  }
}
