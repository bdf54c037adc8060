package io.madang.system.access;

import io.vertx.core.json.JsonObject;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** A door through which native frames go, whatever carries them. */
final class FrameDoorUnderTest implements DoorUnderTest {
  private final String name;
  private final Function<Shown, FrameLine> opening;

  /** @param opening throws {@link RefusedException} where nobody is let in */
  FrameDoorUnderTest(String name, Function<Shown, FrameLine> opening) {
    this.name = name;
    this.opening = opening;
  }

  @Override
  public String name() {
    return name;
  }

  /** Such a door tells a page everything, so it wants to know which. */
  @Override
  public boolean takesCookieWithoutPage(Action action) {
    return false;
  }

  @Override
  public String attempt(Shown shown, Action action, Places places, BooleanSupplier connected) {
    FrameLine line;
    try {
      line = opening.apply(shown);
    } catch (RefusedException refused) {
      return refused.why();
    }
    try {
      JsonObject connect = new JsonObject().put("type", "connect");
      shown.token().ifPresent(token -> connect.put("token", token));
      String welcome = line.ask(connect);
      if (!welcome.equals(OK)) {
        return welcome;
      }
      if (connected.getAsBoolean()) {
        // Where it is closed nothing can be asked.
        return Awaitility.await()
            .atMost(CUT_WITHIN)
            .until(line::stillThere, outcome -> !outcome.equals(OK));
      }
      return action == Action.CONNECT ? line.stillThere() : line.ask(frame(action, places));
    } finally {
      line.leave();
    }
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
}
