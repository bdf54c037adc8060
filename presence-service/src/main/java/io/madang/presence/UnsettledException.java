package io.madang.presence;

/** Redis lost who is here, and the gateways have not told it again yet; a moment later they have. */
final class UnsettledException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnsettledException() {
    super("not every gateway has told its connections yet", null, false, false);
  }
}
