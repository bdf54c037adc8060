package io.madang.gateway.identity.account;

/** Why a request to sign in, register or stay signed in is refused: the word on the wire and its HTTP status. */
public enum Refusal {
  BAD_REQUEST("bad-request", 400),
  BAD_NAME("bad-name", 400),
  BAD_PASSWORD("bad-password", 400),
  BAD_CREDENTIALS("bad-credentials", 401),
  UNAUTHENTICATED("unauthenticated", 401),
  GUESTS_OFF("guests-off", 403),
  NAME_TAKEN("name-taken", 409),
  TOO_LARGE("too-large", 413),
  NOT_JSON("not-json", 415),
  RATE_LIMITED("rate-limited", 429),
  INTERNAL("internal", 500),
  UNAVAILABLE("unavailable", 503);

  private final String code;
  private final int httpStatus;

  Refusal(String code, int httpStatus) {
    this.code = code;
    this.httpStatus = httpStatus;
  }

  public String code() {
    return code;
  }

  public int httpStatus() {
    return httpStatus;
  }
}
