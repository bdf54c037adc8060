package io.madang.gateway.identity.outside;

import io.madang.gateway.identity.account.AccountName;
import io.madang.gateway.identity.account.RefusedException;
import io.madang.gateway.identity.token.BadTokenException;
import io.madang.gateway.identity.token.Claims;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who a verified token says its holder is, in the words that the settings name. Ids of users and sessions begin with {@value
 * #PREFIX}: none of ours do, and no name can.
 */
final class OutsideClaims {
  static final String PREFIX = "o_";
  static final int MAX_ID_CHARS = 128;
  static final int MAX_ROLES = 64;
  private static final int MAX_ROLE_CHARS = 64;

  /** The largest whole number of seconds that is a time. */
  private static final long LAST_SECOND = 253_402_300_799L;

  private final OutsideConfig config;

  OutsideClaims(OutsideConfig config) {
    this.config = config;
  }

  /**
   * @throws BadTokenException when it is not for us, not yet or no more good for long, or does not say what is needed. One that has
   *     expired is read as any other
   */
  Claims read(OutsideToken token, Instant now) throws BadTokenException {
    JsonObject payload = token.payload();
    require(config.issuer().equals(payload.getValue("iss")), "it is of another issuer");
    require(isForUs(payload.getValue("aud")), "it is for somebody else");
    Instant ends = time(payload, "exp")
        .orElseThrow(() -> new BadTokenException("it does not say when it ends"))
        .plus(config.skew());
    require(
        !ends.isAfter(now.plus(config.maxLifetime()).plus(config.skew())),
        "it lives longer than MADANG_AUTH_OUTSIDE_LIFETIME_MS");
    Instant soonest = now.plus(config.skew());
    require(
        time(payload, "nbf").map(from -> !from.isAfter(soonest)).orElse(true),
        "it is not good yet");
    // One that does not say is older than every revocation.
    Instant issued = time(payload, "iat").orElse(Instant.EPOCH);
    require(!issued.isAfter(soonest), "it was issued later than now");
    String user = PREFIX + id(payload);
    return new Claims(
        user,
        name(payload, user),
        roles(payload),
        false,
        config.issuer(),
        config.audience(),
        issued,
        ends,
        text(payload.getValue("jti")).orElse(""),
        PREFIX + session(token));
  }

  private static void require(boolean holds, String otherwise) throws BadTokenException {
    if (!holds) {
      throw new BadTokenException(otherwise);
    }
  }

  private boolean isForUs(Object audience) {
    return audience instanceof JsonArray several
        ? several.contains(config.audience())
        : config.audience().equals(audience);
  }

  private static Optional<Instant> time(JsonObject payload, String claim) throws BadTokenException {
    Object value = payload.getValue(claim);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof Number seconds)
        || !(seconds.doubleValue() >= 0)
        || seconds.doubleValue() > LAST_SECOND) {
      throw new BadTokenException(claim + " is not a time");
    }
    return Optional.of(Instant.ofEpochSecond(seconds.longValue()));
  }

  private String id(JsonObject payload) throws BadTokenException {
    String id = at(payload, config.userClaim())
        .flatMap(OutsideClaims::text)
        .orElseThrow(() -> new BadTokenException("it does not say who its holder is"));
    require(
        !id.isBlank()
            && id.length() <= MAX_ID_CHARS
            && id.codePoints().noneMatch(OutsideClaims::isUnfitForIds),
        "its holder's id is empty, too long or cannot be written");
    return id;
  }

  private static boolean isUnfitForIds(int codePoint) {
    int type = Character.getType(codePoint);
    return Character.isISOControl(codePoint)
        || type == Character.SURROGATE
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  /** By the rules for names of our own; a name that breaks them is as good as none. */
  private String name(JsonObject payload, String user) {
    String claimed =
        at(payload, config.nameClaim()).flatMap(OutsideClaims::text).orElse("").strip();
    int length = Math.min(AccountName.MAX_CODE_POINTS, claimed.codePointCount(0, claimed.length()));
    try {
      return AccountName.read(
              claimed.substring(0, claimed.offsetByCodePoints(0, length)).strip())
          .text();
    } catch (RefusedException e) {
      return user;
    }
  }

  /** A list of texts, or words in one text. */
  private Set<String> roles(JsonObject payload) {
    Set<String> roles = new LinkedHashSet<>();
    Object claim = at(payload, config.rolesClaim()).orElse("");
    if (claim instanceof JsonArray several) {
      several.forEach(role -> text(role).ifPresent(roles::add));
    } else if (claim instanceof String words) {
      roles.addAll(Arrays.asList(words.strip().split("\\s+")));
    }
    roles.removeIf(role -> role.isBlank() || role.length() > MAX_ROLE_CHARS);
    return roles.stream().limit(MAX_ROLES).collect(Collectors.toSet());
  }

  /** The claim of that very name, else the one to which its dots lead. */
  private static Optional<Object> at(JsonObject payload, String name) {
    if (payload.containsKey(name)) {
      return Optional.ofNullable(payload.getValue(name));
    }
    Object found = payload;
    for (String step : name.split("\\.", -1)) {
      if (!(found instanceof JsonObject object)) {
        return Optional.empty();
      }
      found = object.getValue(step);
    }
    return Optional.ofNullable(found);
  }

  private static Optional<String> text(Object value) {
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** What a sign-out ends: the issuer's session, else this token. */
  private static String session(OutsideToken token) {
    return text(token.payload().getValue("sid"))
        .or(() -> text(token.payload().getValue("jti")))
        .filter(id -> !id.isBlank() && id.length() <= MAX_ID_CHARS)
        .orElseGet(() -> hash(token.text()));
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
