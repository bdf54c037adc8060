package io.madang.gateway.identity.outside;

import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything an operator can change about an issuer that is not ours. It counts when its keys are told, by address or by value.
 *
 * @param jwks where it shows its public keys; {@code MADANG_AUTH_JWKS_URL}, default none; https, or http on loopback
 * @param keys its keys themselves: a JWK, a JWK set, or public keys as PEM; {@code MADANG_AUTH_OUTSIDE_KEYS}, default none
 * @param issuer the {@code iss} claim required; {@code MADANG_AUTH_OUTSIDE_ISSUER}, needed with keys
 * @param audience required among the {@code aud} claim; {@code MADANG_AUTH_OUTSIDE_AUDIENCE}, needed with keys
 * @param userClaim the claim that is the user's id, behind {@code o_}; {@code MADANG_AUTH_CLAIM_USER}, default sub
 * @param nameClaim the claim that is the name shown; {@code MADANG_AUTH_CLAIM_NAME}, default name; without it the id is shown
 * @param rolesClaim the claim that lists roles, dots lead into objects; {@code MADANG_AUTH_CLAIM_ROLES}, default roles
 * @param skew how far its clock may be from ours; {@code MADANG_AUTH_CLOCK_SKEW_MS}, default 30 s
 * @param maxLifetime a token that ends later than so long from now is refused, as revocations are kept no longer; {@code
 *     MADANG_AUTH_OUTSIDE_LIFETIME_MS}, default 24 h
 * @param refreshEvery how often the keys are fetched again; {@code MADANG_AUTH_JWKS_REFRESH_MS}, default 5 min
 * @param cooldown how long after a fetch a token by an unknown key causes no other; {@code MADANG_AUTH_JWKS_COOLDOWN_MS}, default
 *     10 s
 * @param fetchWithin how long one fetch may take; {@code MADANG_AUTH_JWKS_TIMEOUT_MS}, default 5 s
 * @param maxFetchBytes the most bytes one fetch may bring; {@code MADANG_AUTH_JWKS_MAX_BYTES}, default 256 KiB
 */
public record OutsideConfig(
    Optional<URI> jwks,
    Secret keys,
    String issuer,
    String audience,
    String userClaim,
    String nameClaim,
    String rolesClaim,
    Duration skew,
    Duration maxLifetime,
    Duration refreshEvery,
    Duration cooldown,
    Duration fetchWithin,
    int maxFetchBytes) {
  private static final Setting<Optional<URI>> JWKS = Setting.of(
      "MADANG_AUTH_JWKS_URL",
      Optional.empty(),
      "address",
      "Where an issuer that is not ours shows its public keys as a JWK set",
      text -> Optional.of(readAddress(text)));
  private static final Setting<Secret> KEYS = Setting.secret(
      "MADANG_AUTH_OUTSIDE_KEYS",
      "The keys of an issuer that is not ours: a JWK, a JWK set, or public keys as PEM");
  private static final Setting<String> ISSUER = Setting.text(
      "MADANG_AUTH_OUTSIDE_ISSUER", "", "The iss claim required of tokens that are not ours");
  private static final Setting<String> AUDIENCE = Setting.text(
      "MADANG_AUTH_OUTSIDE_AUDIENCE", "", "The aud claim required of tokens that are not ours");
  private static final Setting<String> USER = Setting.text(
      "MADANG_AUTH_CLAIM_USER",
      "sub",
      "The claim that is the user's id in tokens that are not ours; o_ is put before it");
  private static final Setting<String> NAME = Setting.text(
      "MADANG_AUTH_CLAIM_NAME",
      "name",
      "The claim that is the name shown in tokens that are not ours; without it the id is shown");
  private static final Setting<String> ROLES = Setting.text(
      "MADANG_AUTH_CLAIM_ROLES",
      "roles",
      "The claim that lists roles in tokens that are not ours; dots lead into objects, as in realm_access.roles");
  private static final Setting<Duration> SKEW = Setting.millis(
      "MADANG_AUTH_CLOCK_SKEW_MS",
      Duration.ofSeconds(30),
      Duration.ZERO,
      Duration.ofMinutes(5),
      "How far the clock of an issuer that is not ours may be from our own");
  private static final Setting<Duration> LIFETIME = Setting.millis(
      "MADANG_AUTH_OUTSIDE_LIFETIME_MS",
      Duration.ofHours(24),
      Duration.ofMinutes(1),
      Duration.ofDays(31),
      "A token that is not ours and ends later than so long from now is refused, as revocations are kept no longer");
  private static final Setting<Duration> REFRESH = Setting.millis(
      "MADANG_AUTH_JWKS_REFRESH_MS",
      Duration.ofMinutes(5),
      Duration.ofSeconds(1),
      Duration.ofHours(24),
      "How often the keys of an issuer that is not ours are fetched again");
  private static final Setting<Duration> COOLDOWN = Setting.millis(
      "MADANG_AUTH_JWKS_COOLDOWN_MS",
      Duration.ofSeconds(10),
      Duration.ofMillis(100),
      Duration.ofMinutes(10),
      "How long after a fetch of keys a token by an unknown key causes no other");
  private static final Setting<Duration> WITHIN = Setting.millis(
      "MADANG_AUTH_JWKS_TIMEOUT_MS",
      Duration.ofSeconds(5),
      Duration.ofMillis(100),
      Duration.ofMinutes(1),
      "How long one fetch of keys may take");
  private static final Setting<Integer> MAX_BYTES = Setting.whole(
      "MADANG_AUTH_JWKS_MAX_BYTES",
      256 * 1024,
      256,
      8 * 1024 * 1024,
      "bytes",
      "The most that one fetch of keys may bring");

  public static final List<Setting<?>> SETTINGS = List.of(
      JWKS, KEYS, ISSUER, AUDIENCE, USER, NAME, ROLES, SKEW, LIFETIME, REFRESH, COOLDOWN, WITHIN,
      MAX_BYTES);

  private static URI readAddress(String text) {
    URI address;
    try {
      address = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be an address such as https://issuer.example/jwks", e);
    }
    boolean plainHere = "http".equals(address.getScheme())
        && ("127.0.0.1".equals(address.getHost()) || "localhost".equals(address.getHost()));
    if (address.getHost() == null || !("https".equals(address.getScheme()) || plainHere)) {
      throw new IllegalArgumentException(
          "must be an https address, as whoever can change the keys on the way can be anybody");
    }
    return address;
  }

  public static OutsideConfig defaults() {
    return from(new Settings(Map.of()));
  }

  /** Reads the settings; problems are kept there. */
  public static OutsideConfig from(Settings settings) {
    OutsideConfig config = new OutsideConfig(
        settings.read(JWKS),
        settings.read(KEYS),
        settings.read(ISSUER),
        settings.read(AUDIENCE),
        settings.read(USER),
        settings.read(NAME),
        settings.read(ROLES),
        settings.read(SKEW),
        settings.read(LIFETIME),
        settings.read(REFRESH),
        settings.read(COOLDOWN),
        settings.read(WITHIN),
        settings.read(MAX_BYTES));
    if (config.isOn()) {
      config.problem().ifPresent(settings::problem);
    } else if (settings.isSet(ISSUER) || settings.isSet(AUDIENCE)) {
      settings.problem("%s and %s are of no use without %s or %s."
          .formatted(ISSUER.key(), AUDIENCE.key(), JWKS.key(), KEYS.key()));
    }
    return config;
  }

  private Optional<String> problem() {
    if (jwks.isPresent() && !keys.value().isEmpty()) {
      return Optional.of("Set %s or %s, not both.".formatted(JWKS.key(), KEYS.key()));
    }
    if (issuer.isEmpty() || audience.isEmpty()) {
      return Optional.of("%s and %s must be set with the keys of an issuer that is not ours."
          .formatted(ISSUER.key(), AUDIENCE.key()));
    }
    if (!keys.value().isEmpty()) {
      try {
        if (OutsideKeys.ofSetting(keys).isEmpty()) {
          return Optional.of(KEYS.key()
              + " has no key that can verify a token (RSA of 2048 bits, EC, or 32 bytes).");
        }
      } catch (IllegalArgumentException e) {
        // Without the cause, which may quote the key.
        return Optional.of(KEYS.key() + " must be a JWK, a JWK set, or public keys as PEM.");
      }
    }
    return Optional.empty();
  }

  /** Whether such an issuer is taken at all. */
  public boolean isOn() {
    return jwks.isPresent() || !keys.value().isEmpty();
  }
}
