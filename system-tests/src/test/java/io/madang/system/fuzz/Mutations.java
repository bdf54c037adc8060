package io.madang.system.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Inputs that are nearly right: made of right ones by a few wrong steps, the same for the same seed. For one thread. */
public final class Mutations {
  private static final int MOST_STEPS = 4;
  private static final int MOST_BYTES = 4_000;

  /** What has broken parsers before. */
  private static final List<byte[]> TOKENS = List.of(
          "\u0000",
          "\"",
          "\\",
          "\\ud800",
          "{",
          "}",
          "[[[[[[[[[[[[[[[[",
          "]",
          ":",
          ",",
          "null",
          "true",
          "-1",
          "1e999",
          "99999999999999999999",
          "0.1",
          "\r\n",
          "\r\n\r\n",
          "\n",
          " ",
          "\t",
          "%",
          "%00",
          "%zz",
          "%2e%2e/",
          "&",
          "=",
          "?",
          "#",
          ";",
          "../",
          "__proto__",
          "type",
          "\u00e9",
          "\ud55c\uae00",
          "\ud83d\udc4b",
          "\ufeff",
          "\u202e",
          "Content-Length: 5",
          "Transfer-Encoding: chunked",
          "Upgrade: websocket",
          "HTTP/1.0",
          "room:",
          "room:lobby",
          "'; drop table chat.room; --",
          "<script>",
          "${jndi:x}",
          "*".repeat(500))
      .stream()
      .map(token -> token.getBytes(StandardCharsets.UTF_8))
      .toList();

  private final SplittableRandom random;
  private final List<byte[]> examples;

  /** @param examples of what is right */
  public Mutations(long seed, List<byte[]> examples) {
    this.random = new SplittableRandom(seed);
    this.examples = List.copyOf(examples);
  }

  /** The next input, never longer than {@value #MOST_BYTES} bytes. */
  public byte[] next() {
    byte[] input = example();
    for (int steps = 1 + random.nextInt(MOST_STEPS); steps > 0; steps--) {
      input = step(input);
    }
    return input.length <= MOST_BYTES ? input : Arrays.copyOf(input, MOST_BYTES);
  }

  /** Whether something is to happen that happens once in so many times. */
  public boolean isOneIn(int times) {
    return random.nextInt(times) == 0;
  }

  private byte[] example() {
    return examples.get(random.nextInt(examples.size()));
  }

  private byte[] step(byte[] input) {
    int from = random.nextInt(input.length + 1);
    int to = Math.min(input.length, from + random.nextInt(24));
    return switch (random.nextInt(7)) {
      case 0 -> flipped(input);
      case 1 -> joined(input, from, randomBytes(), from);
      case 2 -> joined(input, from, TOKENS.get(random.nextInt(TOKENS.size())), from);
      case 3 -> joined(input, from, TOKENS.get(random.nextInt(TOKENS.size())), to);
      case 4 -> joined(input, from, new byte[0], to);
      case 5 -> joined(input, to, Arrays.copyOfRange(input, from, to), to);
      default -> spliced(input, from);
    };
  }

  private byte[] flipped(byte[] input) {
    byte[] flipped = input.clone();
    if (flipped.length > 0) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private byte[] randomBytes() {
    byte[] bytes = new byte[1 + random.nextInt(8)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The beginning of one and the end of another. */
  private byte[] spliced(byte[] input, int upTo) {
    byte[] other = example();
    return joined(
        Arrays.copyOf(input, upTo),
        upTo,
        Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length),
        upTo);
  }

  private static byte[] joined(byte[] input, int upTo, byte[] middle, int from) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(input, 0, upTo);
    joined.writeBytes(middle);
    joined.write(input, from, input.length - from);
    return joined.toByteArray();
  }
}
