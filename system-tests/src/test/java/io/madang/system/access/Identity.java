package io.madang.system.access;

import java.util.EnumSet;
import java.util.Set;

/** As whom it is tried, and what they may do at any door; what is not listed must be refused. */
enum Identity {
  NONE(Set.of(), "unauthenticated"),
  EXPIRED(Set.of(), "token-expired"),
  WRONG_AUDIENCE(Set.of(), "bad-token"),
  WRONG_KEY(Set.of(), "bad-token"),
  ALG_NONE(Set.of(), "bad-token"),
  GUEST(Allowed.TO_ANYBODY, ""),
  OTHER_USER(Allowed.TO_ANYBODY, ""),
  BANNED(EnumSet.of(Action.CONNECT), ""),
  /** Signed out while connected, or before a request. */
  REVOKED(Set.of(), "revoked"),
  COOKIE_OF_A_FOREIGN_PAGE(Set.of(), ""),
  COOKIE_WITHOUT_A_PAGE(Set.of(), ""),
  /** Whom another issuer vouches for; without this the table could be green because nobody gets in. */
  MEMBER(Allowed.TO_MEMBERS, ""),
  COOKIE_OF_OUR_PAGE(Allowed.TO_MEMBERS, "");

  /** Before the constants, which enums do not allow. */
  private static final class Allowed {
    static final Set<Action> TO_ANYBODY = Set.copyOf(EnumSet.of(
        Action.CONNECT, Action.SUBSCRIBE_PUBLIC, Action.COMMAND, Action.UPLOAD));
    static final Set<Action> TO_MEMBERS =
        Set.copyOf(EnumSet.complementOf(EnumSet.of(Action.SUBSCRIBE_FOREIGN_INBOX)));
  }

  private final Set<Action> allowed;
  private final String code;

  Identity(Set<Action> allowed, String code) {
    this.allowed = allowed;
    this.code = code;
  }

  boolean may(Action action) {
    return allowed.contains(action);
  }

  /** The one code with which everything is refused; empty when it depends on what is asked. */
  String code() {
    return code;
  }
}
