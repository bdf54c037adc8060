package io.madang.protocol.json;

/**
 * How much structure one JSON text may have. The number of bytes is bounded by whoever received it.
 *
 * @param maxDepth objects and arrays inside one another, the outermost counting as one; a text that
 *     goes deeper is refused
 * @param maxNumberLength characters of one number; a longer one is refused, whatever its value
 */
public record JsonLimits(int maxDepth, int maxNumberLength) {
  private static final JsonLimits FROM_CLIENTS = new JsonLimits(32, 64);
  private static final JsonLimits FROM_GATEWAYS = new JsonLimits(256, 1_000);

  public JsonLimits {
    if (maxDepth < 1 || maxNumberLength < 1) {
      throw new IllegalArgumentException("JSON limits must be at least 1");
    }
  }

  /** For texts from the outside, which are not trusted. */
  public static JsonLimits fromClients() {
    return FROM_CLIENTS;
  }

  /** For texts a client library reads from its gateway: wider, since history may be nested in them. */
  public static JsonLimits fromGateways() {
    return FROM_GATEWAYS;
  }
}
