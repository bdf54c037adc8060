package io.madang.gateway;

import io.madang.gateway.identity.IdentityConfig;
import io.madang.gateway.identity.outside.OutsideConfig;
import io.madang.gateway.identity.revocation.Revocations;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whose tokens count here.
 *
 * @param identity our own issuer, and what all of them share
 * @param outside an issuer that is not ours, when its keys are set
 */
public record SignInConfig(IdentityConfig identity, OutsideConfig outside) {
  /** How far clocks may be apart before a revocation is forgotten too soon. */
  private static final Duration CLOCK_MARGIN = Duration.ofMinutes(5);

  public static final List<Setting<?>> SETTINGS = Stream.of(
          IdentityConfig.SETTINGS, OutsideConfig.SETTINGS)
      .<Setting<?>>flatMap(List::stream)
      .toList();

  /** Reads the settings; problems are kept there. */
  public static SignInConfig from(Settings settings) {
    SignInConfig config =
        new SignInConfig(IdentityConfig.from(settings), OutsideConfig.from(settings));
    if (!config.identity.builtIn() && !config.outside.isOn()) {
      settings.problem(
          "With MADANG_AUTH_BUILT_IN off nobody can sign in: set MADANG_AUTH_JWKS_URL or MADANG_AUTH_OUTSIDE_KEYS.");
    }
    if (config.outside.isOn() && config.outside.issuer().equals(config.identity.issuer())) {
      settings.problem(
          "MADANG_AUTH_OUTSIDE_ISSUER and MADANG_AUTH_ISSUER must differ, as a token's issuer tells whose keys it is for.");
    }
    return config;
  }

  /** What is revoked has ended by itself after so long, whoever issued it. */
  Duration revokedFor() {
    Duration own = identity.accessLifetime();
    Duration theirs = outside.isOn() ? outside.maxLifetime().plus(outside.skew()) : own;
    return (theirs.compareTo(own) > 0 ? theirs : own).plus(CLOCK_MARGIN);
  }

  Revocations.Limits revocationLimits() {
    return new Revocations.Limits(identity.revocationsHeld(), revokedFor());
  }
}
