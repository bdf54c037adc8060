package io.madang.gateway.edge.relay;

/**
 * A conversation that a response tells what becomes of it before it is known, and that learns it then. Owns what it is to learn. On
 * the loop of the request, or the one on which the request is judged.
 */
public final class LateWaiting implements Waiting {
  /** Null until it is known. */
  private Waiting known;

  /** Bytes that the network took before. */
  private int takenEarly;

  private boolean isGone;

  /** The conversation is known now. */
  public void waitsFor(Waiting conversation) {
    known = conversation;
    if (takenEarly > 0) {
      known.taken(takenEarly);
    }
    if (isGone) {
      known.gone();
    }
  }

  /** Counts no more behind {@link #gone}. */
  @Override
  public void taken(int bytes) {
    if (known == null) {
      takenEarly += bytes;
    } else if (!isGone) {
      known.taken(bytes);
    }
  }

  /** Told on once, however often it is said. */
  @Override
  public void gone() {
    if (!isGone) {
      isGone = true;
      if (known != null) {
        known.gone();
      }
    }
  }

  public boolean isGone() {
    return isGone;
  }
}
