package io.madang.gateway.edge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A response, or a WebSocket: what it was given, as text without the ends of hub messages. */
public final class FakeTaker implements Taker {
  public final List<String> frames = new ArrayList<>();

  /** How it ended; 0 before the end. */
  public int status;

  @Override
  public void frame(byte[] frame) {
    frames.add(new String(frame, StandardCharsets.UTF_8).replace("\u001e", ""));
  }

  @Override
  public void end(int how) {
    assertThat(status).as("it ends once").isZero();
    status = how;
  }

  @Override
  public void lost() {
    throw new AssertionError("what it waits for is here, and cannot be lost");
  }

  /** All that it was given. */
  public String said() {
    return String.join("", frames);
  }
}
