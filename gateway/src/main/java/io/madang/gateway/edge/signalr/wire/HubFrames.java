package io.madang.gateway.edge.signalr.wire;

import java.util.Arrays;
import java.util.Optional;

/**
 * Takes the frames off what one connection sends, in whatever pieces it comes. Holds no more than one message of the longest kind
 * and what came with it. Of one loop.
 */
public abstract class HubFrames {
  private final int maxMessageBytes;

  /** What came and was not taken yet, from {@link #start} to {@link #end}. */
  private byte[] bytes = new byte[0];

  private int start;
  private int end;

  HubFrames(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  /** More came. */
  public final void add(byte[] more) {
    if (start == end) {
      bytes = more;
      start = 0;
      end = more.length;
      return;
    }
    int left = end - start;
    byte[] all = Arrays.copyOfRange(bytes, start, start + left + more.length);
    System.arraycopy(more, 0, all, left, more.length);
    bytes = all;
    start = 0;
    end = all.length;
  }

  /** The next whole message; empty when the rest of it is still to come. */
  public final Optional<byte[]> next() throws BadHubMessageException {
    if (start == end) {
      return Optional.empty();
    }
    Frame frame = find(bytes, start, end);
    int length = frame.isWhole() ? frame.to() - frame.from() : frame.atLeast();
    if (length > maxMessageBytes) {
      throw new BadHubMessageException(
          "a message may have " + maxMessageBytes + " bytes and has " + length);
    }
    if (!frame.isWhole()) {
      return Optional.empty();
    }
    byte[] message = Arrays.copyOfRange(bytes, frame.from(), frame.to());
    start = frame.next();
    if (start == end) {
      bytes = new byte[0];
      start = 0;
      end = 0;
    }
    return Optional.of(message);
  }

  /** Gives away what came and was not taken, for whoever reads on. */
  public final byte[] rest() {
    byte[] rest = Arrays.copyOfRange(bytes, start, end);
    start = end;
    return rest;
  }

  /** How many bytes came and were not taken. */
  public final int waiting() {
    return end - start;
  }

  /**
   * Where the first message is.
   *
   * @param next where the one behind it begins; 0 while it is not whole
   * @param atLeast how long a message is that is not whole
   */
  record Frame(int from, int to, int next, int atLeast) {
    static Frame whole(int from, int to, int next) {
      return new Frame(from, to, next, to - from);
    }

    static Frame partial(int atLeast) {
      return new Frame(0, 0, 0, atLeast);
    }

    boolean isWhole() {
      return next > 0;
    }
  }

  abstract Frame find(byte[] in, int from, int to) throws BadHubMessageException;
}
