package io.madang.stores;

import java.util.Objects;

/**
 * An address that carries a password, and therefore prints without it.
 *
 * <p>Only {@link #reveal()} gives the password away, so it reaches a log only where somebody wrote
 * that word.
 */
public final class StoreUrl {
  private final String scheme;
  private final String user;
  private final String password;
  private final String place;

  /**
   * @param user empty where the store knows no users
   * @param password letters and digits only, so that nothing needs an escape
   * @param place {@code host:port} and what follows it
   */
  StoreUrl(String scheme, String user, String password, String place) {
    this.scheme = Objects.requireNonNull(scheme);
    this.user = Objects.requireNonNull(user);
    this.password = Objects.requireNonNull(password);
    this.place = Objects.requireNonNull(place);
  }

  /** The whole address, such as {@code postgresql://madang:secret@127.0.0.1:5432/madang}. */
  public String reveal() {
    return scheme + "://" + user + ":" + password + "@" + place;
  }

  /** The password alone, for a client that wants its parts. */
  public String revealPassword() {
    return password;
  }

  /** The user alone; empty for Redis. */
  public String user() {
    return user;
  }

  @Override
  public String toString() {
    return scheme + "://" + user + ":***@" + place;
  }
}
