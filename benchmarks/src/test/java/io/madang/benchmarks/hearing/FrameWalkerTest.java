package io.madang.benchmarks.hearing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FrameWalkerTest {
  private static final String SHORT = "a";
  private static final String LONGER = "b".repeat(200);
  private static final String LONGEST = "c".repeat(70_000);

  private final List<String> heard = new ArrayList<>();
  private final FrameWalker.Frames frames = new FrameWalker.Frames() {
    @Override
    public void message(byte[] bytes, int from, int to) {
      heard.add(Scan.text(bytes, from, to));
    }

    @Override
    public void fragment(byte[] bytes, int from, int to, boolean last) {
      heard.add(Scan.text(bytes, from, to) + (last ? "." : "…"));
    }

    @Override
    public void control(int opcode, byte[] bytes, int from, int to) {
      heard.add(opcode + " " + Scan.text(bytes, from, to));
    }
  };

  private static byte[] frame(int first, String text) {
    byte[] payload = Scan.ascii(text);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first);
    if (payload.length < 126) {
      out.write(payload.length);
    } else if (payload.length < 65_536) {
      out.write(126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    } else {
      out.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) ((long) payload.length >> shift));
      }
    }
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private static byte[] stream() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(frame(0x81, SHORT));
    out.writeBytes(frame(0x81, LONGER));
    out.writeBytes(frame(0x89, "ping"));
    out.writeBytes(frame(0x01, "piece"));
    out.writeBytes(frame(0x00, "middle"));
    out.writeBytes(frame(0x80, "end"));
    out.writeBytes(frame(0x82, "bytes"));
    return out.toByteArray();
  }

  private static final List<String> ALL =
      List.of(SHORT, LONGER, "9 ping", "piece…", "middle…", "end.", "bytes");

  @Test
  void hands_on_all_that_is_whole() {
    byte[] bytes = stream();

    int end = FrameWalker.walk(bytes, 0, bytes.length, frames);

    assertThat(end).isEqualTo(bytes.length);
    assertThat(heard).isEqualTo(ALL);
  }

  @Test
  void hears_the_same_wherever_the_bytes_are_cut() {
    byte[] bytes = stream();

    for (int cut = 0; cut <= bytes.length; cut++) {
      heard.clear();
      byte[] begin = Arrays.copyOf(bytes, cut);
      int rest = FrameWalker.walk(begin, 0, cut, frames);
      byte[] again = Arrays.copyOfRange(bytes, rest, bytes.length);
      FrameWalker.walk(again, 0, again.length, frames);

      assertThat(heard).as("cut at %d", cut).isEqualTo(ALL);
    }
  }

  @Test
  void hears_the_same_when_every_byte_comes_alone() {
    byte[] bytes = stream();
    byte[] kept = {};

    for (byte each : bytes) {
      kept = Arrays.copyOf(kept, kept.length + 1);
      kept[kept.length - 1] = each;
      int rest = FrameWalker.walk(kept, 0, kept.length, frames);
      kept = Arrays.copyOfRange(kept, rest, kept.length);
    }

    assertThat(heard).isEqualTo(ALL);
    assertThat(kept).isEmpty();
  }

  @Test
  void knows_lengths_of_eight_bytes() {
    byte[] bytes = frame(0x81, LONGEST);

    assertThat(FrameWalker.walk(bytes, 0, bytes.length - 1, frames)).isZero();
    FrameWalker.walk(bytes, 0, bytes.length, frames);

    assertThat(heard).containsExactly(LONGEST);
  }

  @Test
  void does_not_take_what_no_server_may_send() {
    byte[] bytes = frame(0x83, "x");

    assertThatThrownBy(() -> FrameWalker.walk(bytes, 0, bytes.length, frames))
        .isInstanceOf(FrameWalker.BadServerException.class);
  }
}
