package io.madang.gateway.connection.measure;

/** What one event loop has sent in its turn; told to the meters, which all loops share, once for the turn. */
public final class LoopCounts {
  private final ConnectionMeters meters;

  /** Of this turn. */
  private long publications;

  /** Of this turn. */
  private long bytes;

  public LoopCounts(ConnectionMeters meters) {
    this.meters = meters;
  }

  /** So many publications were sent to one client, in frames of so many bytes together. */
  public void publicationsOut(int count, int frameBytes) {
    publications += count;
    bytes += frameBytes;
  }

  /** The turn is over. */
  public void tell() {
    if (publications > 0) {
      meters.publicationsOut(publications, bytes);
      publications = 0;
      bytes = 0;
    }
  }
}
