package io.madang.system.access;

import java.util.Optional;

/**
 * What somebody shows at a door.
 *
 * @param token an access token, shown as the door wants it
 * @param cookie the sign-in cookie, as a browser would send it
 * @param ticket in the address, where a door takes one
 * @param origin the page that a browser says it is on
 */
record Shown(
    Optional<String> token,
    Optional<String> cookie,
    Optional<String> ticket,
    Optional<String> origin) {
  static Shown nothing() {
    return new Shown(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  static Shown token(String token) {
    return new Shown(Optional.of(token), Optional.empty(), Optional.empty(), Optional.empty());
  }

  static Shown cookie(String cookie, String origin) {
    return new Shown(
        Optional.empty(), Optional.of(cookie), Optional.empty(), Optional.ofNullable(origin));
  }

  static Shown ticket(String ticket) {
    return new Shown(Optional.empty(), Optional.empty(), Optional.of(ticket), Optional.empty());
  }
}
