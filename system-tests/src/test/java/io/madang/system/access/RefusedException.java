package io.madang.system.access;

/** Nobody was let in. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String why;

  /** @param why the gateway's code, or the status where it gave none */
  RefusedException(String why) {
    super(why, null, false, false);
    this.why = why;
  }

  String why() {
    return why;
  }
}
