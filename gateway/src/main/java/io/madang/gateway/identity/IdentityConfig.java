package io.madang.gateway.identity;

import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything an operator can change about sign-in.
 *
 * @param guests whether people may come in with a name alone; {@code MADANG_AUTH_GUESTS}, default false, true in the roles
 *     that run the whole mesh on one machine
 * @param builtIn whether people sign in with accounts of our own; {@code MADANG_AUTH_BUILT_IN}, default true
 * @param issuer the {@code iss} claim written and required; {@code MADANG_AUTH_ISSUER}, default madang
 * @param audience the {@code aud} claim written and required; {@code MADANG_AUTH_AUDIENCE}, default madang
 * @param accessLifetime how long an access token counts that nobody revokes; {@code
 *     MADANG_AUTH_ACCESS_LIFETIME_MS}, default 15 min
 * @param refreshLifetime how long an account stays signed in without a sign of life; {@code
 *     MADANG_AUTH_REFRESH_LIFETIME_MS}, default 30 days
 * @param guestLifetime the same for a guest, whose name is free again afterwards; {@code MADANG_AUTH_GUEST_LIFETIME_MS},
 *     default 24 h
 * @param refreshGrace how long after its use a refresh token is taken once more, for a lost answer or a second tab, before
 *     its use counts as theft; {@code MADANG_AUTH_REFRESH_GRACE_MS}, default 10 s, 0 for never
 * @param ticketLifetime how long a ticket waits for its single use; {@code MADANG_AUTH_TICKET_LIFETIME_MS}, default 30 s
 * @param keyLifetime how long a signing key signs before the next one takes over; {@code MADANG_AUTH_KEY_LIFETIME_MS},
 *     default 30 days
 * @param hashWorkers how many passwords are hashed at once, each on a thread with {@code hashMemoryKib}; {@code
 *     MADANG_AUTH_HASH_WORKERS}, default 2
 * @param hashQueue how many more may wait; beyond, sign-in answers 503; {@code MADANG_AUTH_HASH_QUEUE}, default 64
 * @param hashMemoryKib memory of one Argon2id hash in KiB; raising it re-hashes each password at its next login; {@code
 *     MADANG_AUTH_HASH_MEMORY_KIB}, default 19456
 * @param hashPasses passes of one Argon2id hash; {@code MADANG_AUTH_HASH_PASSES}, default 2
 * @param failuresPerName failed logins for one name in ten minutes, whoever tries; {@code
 *     MADANG_AUTH_FAILURES_PER_NAME}, default 20
 * @param failuresPerAddress failed logins from one network address in ten minutes; {@code
 *     MADANG_AUTH_FAILURES_PER_ADDRESS}, default 100
 * @param registrationsPerAddress registrations tried from one network address in ten minutes; {@code
 *     MADANG_AUTH_REGISTRATIONS_PER_ADDRESS}, default 30
 * @param guestsPerAddress guests made from one network address in a minute; {@code MADANG_AUTH_GUESTS_PER_ADDRESS},
 *     default 60
 * @param revocationsHeld how many revocations a gateway keeps in memory, once for each event loop; beyond, the one that would
 *     end first makes room; {@code MADANG_AUTH_REVOCATIONS_HELD}, default 100000
 * @param origins web pages beside our own that may act with the cookie; {@code MADANG_ALLOWED_ORIGINS}, default none
 */
public record IdentityConfig(
    boolean guests,
    boolean builtIn,
    String issuer,
    String audience,
    Duration accessLifetime,
    Duration refreshLifetime,
    Duration guestLifetime,
    Duration refreshGrace,
    Duration ticketLifetime,
    Duration keyLifetime,
    int hashWorkers,
    int hashQueue,
    int hashMemoryKib,
    int hashPasses,
    int failuresPerName,
    int failuresPerAddress,
    int registrationsPerAddress,
    int guestsPerAddress,
    int revocationsHeld,
    OriginPolicy origins) {
  public static final Setting<Boolean> GUESTS =
      Setting.flag("MADANG_AUTH_GUESTS", false, "People may come in with a name alone");

  private static final Setting<Boolean> BUILT_IN = Setting.flag(
      "MADANG_AUTH_BUILT_IN",
      true,
      "People sign in with accounts of our own; without, only with tokens of another issuer");
  private static final Setting<String> ISSUER =
      Setting.text("MADANG_AUTH_ISSUER", "madang", "The iss claim written and required");
  private static final Setting<String> AUDIENCE =
      Setting.text("MADANG_AUTH_AUDIENCE", "madang", "The aud claim written and required");
  private static final Setting<Duration> ACCESS_LIFETIME = Setting.millis(
      "MADANG_AUTH_ACCESS_LIFETIME_MS",
      Duration.ofMinutes(15),
      Duration.ofSeconds(10),
      Duration.ofHours(24),
      "How long an access token counts that nobody revokes");
  private static final Setting<Duration> REFRESH_LIFETIME = Setting.millis(
      "MADANG_AUTH_REFRESH_LIFETIME_MS",
      Duration.ofDays(30),
      Duration.ofMinutes(1),
      Duration.ofDays(366),
      "How long an account stays signed in without a sign of life");
  private static final Setting<Duration> GUEST_LIFETIME = Setting.millis(
      "MADANG_AUTH_GUEST_LIFETIME_MS",
      Duration.ofHours(24),
      Duration.ofMinutes(1),
      Duration.ofDays(366),
      "How long a guest stays signed in without a sign of life; then the name is free");
  private static final Setting<Duration> REFRESH_GRACE = Setting.millis(
      "MADANG_AUTH_REFRESH_GRACE_MS",
      Duration.ofSeconds(10),
      Duration.ZERO,
      Duration.ofMinutes(1),
      "How long after its use a refresh token is taken once more before its use counts as theft");
  private static final Setting<Duration> TICKET_LIFETIME = Setting.millis(
      "MADANG_AUTH_TICKET_LIFETIME_MS",
      Duration.ofSeconds(30),
      Duration.ofSeconds(1),
      Duration.ofMinutes(5),
      "How long a ticket waits for its single use");
  private static final Setting<Duration> KEY_LIFETIME = Setting.millis(
      "MADANG_AUTH_KEY_LIFETIME_MS",
      Duration.ofDays(30),
      Duration.ofHours(1),
      Duration.ofDays(366),
      "How long a signing key signs before the next one takes over");
  private static final Setting<Integer> HASH_WORKERS = Setting.whole(
      "MADANG_AUTH_HASH_WORKERS", 2, 1, 64, "threads", "How many passwords are hashed at once");
  private static final Setting<Integer> HASH_QUEUE = Setting.whole(
      "MADANG_AUTH_HASH_QUEUE",
      64,
      0,
      10_000,
      "passwords",
      "How many passwords wait to be hashed; beyond, sign-in answers 503");
  private static final Setting<Integer> HASH_MEMORY = Setting.whole(
      "MADANG_AUTH_HASH_MEMORY_KIB", 19_456, 8, 1_048_576, "KiB", "Memory of one Argon2id hash");
  private static final Setting<Integer> HASH_PASSES =
      Setting.whole("MADANG_AUTH_HASH_PASSES", 2, 1, 64, "passes", "Passes of one Argon2id hash");
  private static final Setting<Integer> FAILURES_PER_NAME = Setting.whole(
      "MADANG_AUTH_FAILURES_PER_NAME",
      20,
      1,
      1_000_000,
      "logins",
      "Failed logins for one name in ten minutes, whoever tries");
  private static final Setting<Integer> FAILURES_PER_ADDRESS = Setting.whole(
      "MADANG_AUTH_FAILURES_PER_ADDRESS",
      100,
      1,
      1_000_000,
      "logins",
      "Failed logins from one network address in ten minutes");
  private static final Setting<Integer> REGISTRATIONS_PER_ADDRESS = Setting.whole(
      "MADANG_AUTH_REGISTRATIONS_PER_ADDRESS",
      30,
      1,
      1_000_000,
      "registrations",
      "Registrations tried from one network address in ten minutes");
  private static final Setting<Integer> GUESTS_PER_ADDRESS = Setting.whole(
      "MADANG_AUTH_GUESTS_PER_ADDRESS",
      60,
      1,
      1_000_000,
      "guests",
      "Guests made from one network address in a minute");
  private static final Setting<Integer> REVOCATIONS_HELD = Setting.whole(
      "MADANG_AUTH_REVOCATIONS_HELD",
      100_000,
      1_000,
      10_000_000,
      "revocations",
      "How many revocations a gateway keeps in memory, once for each event loop");
  private static final Setting<OriginPolicy> ALLOWED_ORIGINS = Setting.of(
      "MADANG_ALLOWED_ORIGINS",
      OriginPolicy.of(List.of()),
      "comma-separated list",
      "Web pages beside our own that may act with the sign-in cookie",
      text -> OriginPolicy.of(Stream.of(text.split(","))
          .map(String::strip)
          .filter(origin -> !origin.isEmpty())
          .toList()));

  public static final List<Setting<?>> SETTINGS = List.of(
      GUESTS,
      BUILT_IN,
      ISSUER,
      AUDIENCE,
      ACCESS_LIFETIME,
      REFRESH_LIFETIME,
      GUEST_LIFETIME,
      REFRESH_GRACE,
      TICKET_LIFETIME,
      KEY_LIFETIME,
      HASH_WORKERS,
      HASH_QUEUE,
      HASH_MEMORY,
      HASH_PASSES,
      FAILURES_PER_NAME,
      FAILURES_PER_ADDRESS,
      REGISTRATIONS_PER_ADDRESS,
      GUESTS_PER_ADDRESS,
      REVOCATIONS_HELD,
      ALLOWED_ORIGINS);

  public IdentityConfig {
    if (ticketLifetime.compareTo(accessLifetime) > 0) {
      throw new IllegalArgumentException(TICKET_LIFETIME.key() + " must not be above "
          + ACCESS_LIFETIME.key() + ", whose token it stands for.");
    }
    if (accessLifetime.compareTo(refreshLifetime) > 0
        || accessLifetime.compareTo(guestLifetime) > 0) {
      throw new IllegalArgumentException(ACCESS_LIFETIME.key()
          + " must not be above "
          + REFRESH_LIFETIME.key()
          + " and "
          + GUEST_LIFETIME.key()
          + ", or a token would outlive its session.");
    }
    if (accessLifetime.compareTo(keyLifetime) > 0) {
      throw new IllegalArgumentException(ACCESS_LIFETIME.key() + " must not be above "
          + KEY_LIFETIME.key() + ", whose key signs it.");
    }
  }

  public static IdentityConfig defaults() {
    return from(new Settings(Map.of()));
  }

  public static IdentityConfig from(Settings settings) {
    return from(settings, GUESTS.defaultValue());
  }

  /** As {@link #from(Settings)}, for a role that lets guests in unless told otherwise. */
  public static IdentityConfig from(Settings settings, boolean guestsByDefault) {
    boolean guests = settings.read(GUESTS, guestsByDefault);
    try {
      return new IdentityConfig(
          guests,
          settings.read(BUILT_IN),
          settings.read(ISSUER),
          settings.read(AUDIENCE),
          settings.read(ACCESS_LIFETIME),
          settings.read(REFRESH_LIFETIME),
          settings.read(GUEST_LIFETIME),
          settings.read(REFRESH_GRACE),
          settings.read(TICKET_LIFETIME),
          settings.read(KEY_LIFETIME),
          settings.read(HASH_WORKERS),
          settings.read(HASH_QUEUE),
          settings.read(HASH_MEMORY),
          settings.read(HASH_PASSES),
          settings.read(FAILURES_PER_NAME),
          settings.read(FAILURES_PER_ADDRESS),
          settings.read(REGISTRATIONS_PER_ADDRESS),
          settings.read(GUESTS_PER_ADDRESS),
          settings.read(REVOCATIONS_HELD),
          settings.read(ALLOWED_ORIGINS));
    } catch (IllegalArgumentException e) {
      // The settings are each fine but not together: note it, and go on so that all problems are
      // told at once.
      settings.problem(e.getMessage());
      return from(new Settings(Map.of()), guests);
    }
  }
}
