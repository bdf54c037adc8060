package io.madang.runtime.host;

import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a hosted service may have on its way to one gateway, keep for one that takes nothing, and keep for those that missed
 * something.
 *
 * @param inFlight batches sent to one gateway and not acknowledged; at so many it is sent nothing more;
 *     {@code MADANG_BATCHES_IN_FLIGHT}, default 1024
 * @param bytesInFlight about how many bytes these batches may have; the last one may go above, by at most
 *     {@value GatewayWindow#MAX_BYTES} and one publication; {@code MADANG_BATCH_BYTES_IN_FLIGHT}, default 16 MiB
 * @param topicsLeftOut of so many topics at most is remembered where they stood while a gateway was sent nothing; beyond, it
 *     compares all of the service's; {@code MADANG_BATCH_TOPICS_LEFT_OUT}, default 10000
 * @param resendAfter a batch that is not acknowledged is sent again after this time, and then after twice as long each time;
 *     {@code MADANG_BATCH_RESEND_MS}, default 200
 * @param recentBytes about how many bytes of what it published last the service keeps on this node, all topics together, so
 *     that a gateway which missed some of it is served from here; beyond, the oldest go and are read from the owner's history;
 *     0 keeps none; {@code MADANG_BATCH_RECENT_BYTES}, default 8 MiB
 */
public record BatchLimits(
    int inFlight, int bytesInFlight, int topicsLeftOut, Duration resendAfter, int recentBytes) {
  private static final Setting<Integer> IN_FLIGHT = Setting.whole(
      "MADANG_BATCHES_IN_FLIGHT",
      1_024,
      16,
      65_536,
      "batches",
      "How many batches of a service may be on their way to one gateway");
  private static final Setting<Integer> BYTES_IN_FLIGHT = Setting.whole(
      "MADANG_BATCH_BYTES_IN_FLIGHT",
      16 * 1_048_576,
      1_048_576,
      1_073_741_824,
      "bytes",
      "About how many bytes of a service may be on their way to one gateway");
  private static final Setting<Integer> TOPICS_LEFT_OUT = Setting.whole(
      "MADANG_BATCH_TOPICS_LEFT_OUT",
      10_000,
      100,
      1_000_000,
      "topics",
      "Of how many topics is remembered where they stood while a gateway takes nothing");
  private static final Setting<Duration> RESEND = Setting.millis(
      "MADANG_BATCH_RESEND_MS",
      Duration.ofMillis(200),
      Duration.ofMillis(20),
      Duration.ofSeconds(10),
      "After what time a batch that no gateway acknowledged is sent again");
  private static final Setting<Integer> RECENT_BYTES = Setting.whole(
      "MADANG_BATCH_RECENT_BYTES",
      8 * 1_048_576,
      0,
      1_073_741_824,
      "bytes",
      "About how many bytes of memory a service uses for what it published last, for gateways that missed it");

  public static final List<Setting<?>> SETTINGS =
      List.of(IN_FLIGHT, BYTES_IN_FLIGHT, TOPICS_LEFT_OUT, RESEND, RECENT_BYTES);

  public static BatchLimits defaults() {
    return from(new Settings(Map.of()));
  }

  /** Reads the settings; problems are kept there. */
  public static BatchLimits from(Settings settings) {
    return new BatchLimits(
        settings.read(IN_FLIGHT),
        settings.read(BYTES_IN_FLIGHT),
        settings.read(TOPICS_LEFT_OUT),
        settings.read(RESEND),
        settings.read(RECENT_BYTES));
  }
}
