package io.madang.benchmarks.run;

/**
 * How much is put on the product. What a scenario does not speak of, it does not use.
 *
 * @param through {@code chat} commits each message, {@code bench} keeps it in memory
 * @param clients connections that hear
 * @param door how they hear: {@code native}, {@code signalr}, or {@code signalr-messagepack}
 * @param rate messages a second; 0 sends the next when one is answered
 * @param bytes of a message's text
 * @param seconds that are measured
 * @param warmUpSeconds of the same load before that
 * @param topics rooms the load is spread over
 * @param window without a rate, messages of one sender without answer
 */
public record LoadOptions(
    String through,
    String door,
    int clients,
    int rate,
    int bytes,
    int seconds,
    int warmUpSeconds,
    int topics,
    int window) {
  private static final int USUAL_BYTES = 150;

  /** 1,000 clients, one room, 150 bytes, 30 s after 15 s. */
  public static LoadOptions usual() {
    return new LoadOptions("chat", "native", 1_000, 50, USUAL_BYTES, 30, 15, 1, 32);
  }

  public LoadOptions withThrough(String value) {
    return new LoadOptions(
        value, door, clients, rate, bytes, seconds, warmUpSeconds, topics, window);
  }

  public LoadOptions withDoor(String value) {
    return new LoadOptions(
        through, value, clients, rate, bytes, seconds, warmUpSeconds, topics, window);
  }

  public LoadOptions withClients(int value) {
    return new LoadOptions(
        through, door, value, rate, bytes, seconds, warmUpSeconds, topics, window);
  }

  public LoadOptions withRate(int value) {
    return new LoadOptions(
        through, door, clients, value, bytes, seconds, warmUpSeconds, topics, window);
  }

  public LoadOptions withBytes(int value) {
    return new LoadOptions(
        through, door, clients, rate, value, seconds, warmUpSeconds, topics, window);
  }

  public LoadOptions withSeconds(int value) {
    return new LoadOptions(
        through, door, clients, rate, bytes, value, warmUpSeconds, topics, window);
  }

  public LoadOptions withWarmUpSeconds(int value) {
    return new LoadOptions(through, door, clients, rate, bytes, seconds, value, topics, window);
  }

  public LoadOptions withTopics(int value) {
    return new LoadOptions(
        through, door, clients, rate, bytes, seconds, warmUpSeconds, value, window);
  }

  public LoadOptions withWindow(int value) {
    return new LoadOptions(
        through, door, clients, rate, bytes, seconds, warmUpSeconds, topics, value);
  }
}
