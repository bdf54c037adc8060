package io.madang.system.access;

/** As whom it is tried, and what they may do at any door; what is not allowed here must be refused. */
enum Identity {
  NONE("unauthenticated"),
  EXPIRED("token-expired"),
  WRONG_AUDIENCE("bad-token"),
  WRONG_KEY("bad-token"),
  ALG_NONE("bad-token"),
  GUEST(""),
  OTHER_USER(""),
  BANNED(""),
  /** Signed out while connected, or before a request. */
  REVOKED("revoked"),
  COOKIE_OF_A_FOREIGN_PAGE(""),
  COOKIE_WITHOUT_A_PAGE(""),
  /** Whom another issuer vouches for; without this the table could be green because nobody gets in. */
  MEMBER(""),
  COOKIE_OF_OUR_PAGE("");

  private final String code;

  Identity(String code) {
    this.code = code;
  }

  boolean may(Action action) {
    return switch (this) {
      case GUEST, OTHER_USER ->
        switch (action) {
          case CONNECT, SUBSCRIBE_PUBLIC, COMMAND, UPLOAD -> true;
          default -> false;
        };
      case BANNED -> action == Action.CONNECT;
      case MEMBER, COOKIE_OF_OUR_PAGE -> action != Action.SUBSCRIBE_FOREIGN_INBOX;
      default -> false;
    };
  }

  /** The one code with which everything is refused; empty when it depends on what is asked. */
  String code() {
    return code;
  }
}
