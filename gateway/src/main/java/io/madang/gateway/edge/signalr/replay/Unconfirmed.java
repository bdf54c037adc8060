package io.madang.gateway.edge.signalr.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Messages that a client was told and has not confirmed, in order, each piece with the number of its last message. Numbers begin
 * with 1. A plain object.
 */
final class Unconfirmed {
  private final int maxBytes;
  private final Deque<Piece> kept = new ArrayDeque<>();

  /** Of the newest message that was said; 0 before the first. */
  private long last;

  private long bytes;

  /** @param maxBytes with so many it is full */
  Unconfirmed(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** As it was left by another one. */
  static Unconfirmed restored(int maxBytes, long last, List<Piece> kept) {
    Unconfirmed restored = new Unconfirmed(maxBytes);
    restored.last = last - kept.stream().mapToLong(Piece::count).sum();
    kept.forEach(restored::add);
    return restored;
  }

  /** Full once the bytes are there; the piece that fills it may go beyond. */
  boolean isFull() {
    return bytes >= maxBytes;
  }

  void add(Piece piece) {
    kept.add(piece);
    last += piece.count();
    bytes += piece.messages().length;
  }

  /** All up to this number have come; answers how many bytes are kept no more. A piece is kept until all of it has come. */
  long confirmed(long number) {
    long before = bytes;
    long first = first();
    while (!kept.isEmpty() && first + kept.element().count() - 1 <= number) {
      Piece piece = kept.remove();
      first += piece.count();
      bytes -= piece.messages().length;
    }
    return before - bytes;
  }

  /** The number of the first message that is kept, or of the next if none is. */
  long first() {
    long first = last + 1;
    for (Piece piece : kept) {
      first -= piece.count();
    }
    return first;
  }

  long last() {
    return last;
  }

  long bytes() {
    return bytes;
  }

  List<Piece> pieces() {
    return List.copyOf(kept);
  }

  void each(Consumer<byte[]> say) {
    kept.forEach(piece -> say.accept(piece.messages()));
  }

  /** Nothing is kept any more; answers how many bytes were. */
  long forget() {
    long before = bytes;
    kept.clear();
    bytes = 0;
    return before;
  }
}
