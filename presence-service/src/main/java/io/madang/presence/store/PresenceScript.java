package io.madang.presence.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The scripts, each a file of {@code redis/} with the shared part before it. */
public enum PresenceScript {
  OBSERVE("observe"),
  RETELL("retell"),
  SWEEP("sweep"),
  FLUSH("flush"),
  STATUS("status"),
  DEVICES("devices"),
  READ("read");

  private static final String SHARED = "presence";

  private final String file;

  PresenceScript(String file) {
    this.file = file;
  }

  /** What Redis runs. */
  String text() {
    return resource(SHARED) + resource(file);
  }

  private static String resource(String name) {
    String path = "/redis/" + name + ".lua";
    try (InputStream in = PresenceScript.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the script " + path + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }
}
