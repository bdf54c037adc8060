package io.madang.benchmarks.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SocketFramesTest {
  private final SocketFrames frames = new SocketFrames();
  private final List<String> heard = new ArrayList<>();

  private void take(byte[] bytes) throws IOException {
    frames.take(
        ByteBuffer.wrap(bytes),
        (buffer, from, to) ->
            heard.add(new String(buffer, from, to - from, StandardCharsets.UTF_8)));
  }

  private static byte[] frame(int opcode, String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x80 | opcode);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else if (payload.length < 65_536) {
      frame.write(126);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      frame.write(127);
      frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  @Test
  void messages_of_all_three_lengths_are_cut_out() throws IOException {
    String medium = "m".repeat(300);
    String large = "l".repeat(70_000);

    take(frame(1, "small"));
    take(frame(1, medium));
    take(frame(1, large));

    assertThat(heard).containsExactly("small", medium, large);
  }

  @Test
  void bytes_may_come_in_any_pieces_and_pings_between_them() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(frame(1, "a"));
    all.writeBytes(frame(9, "ping"));
    all.writeBytes(frame(1, "b".repeat(200)));

    for (byte one : all.toByteArray()) {
      take(new byte[] {one});
    }

    assertThat(heard).containsExactly("a", "b".repeat(200));
  }

  @Test
  void a_close_ends_the_run_with_its_code() {
    assertThatThrownBy(() -> take(new byte[] {(byte) 0x88, 2, 0x0F, (byte) 0xA0}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("4000");
  }
}
