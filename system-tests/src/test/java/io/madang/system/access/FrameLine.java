package io.madang.system.access;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One client that speaks native frames, for one thread that asks and waits. */
abstract class FrameLine {
  private static final int LIMIT_S = 20;

  private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
  private int ref;

  /** Sends it, if that can be done still: when not, what was said before tells why. */
  abstract void say(String frame);

  abstract void leave();

  final String ask(JsonObject frame) {
    say(frame.put("ref", ++ref).encode());
    return answer();
  }

  final String stillThere() {
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
        return type.equals("error") ? frame.getString("code") : DoorUnderTest.OK;
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

  final void heard(String frame) {
    frames.add(new JsonObject(frame));
  }

  final void heardClose(int code) {
    frames.add(new JsonObject().put("type", "disconnect").put("code", code));
  }

  /** What SockJS put around frames. */
  final void heardOfSockJs(String message) {
    if (message.startsWith("a")) {
      new JsonArray(message.substring(1)).forEach(each -> heard((String) each));
    } else if (message.startsWith("c")) {
      heardClose(new JsonArray(message.substring(1)).getInteger(0));
    }
  }

  /** What SockJS wants around a frame. */
  static String forSockJs(String frame) {
    return new JsonArray().add(frame).encode();
  }
}
