package io.madang.distribution.process;

/** How a process tells its starter how it went. Never renumber: scripts and unit files know them. */
public enum ExitCode {
  /** It stopped because it was asked to, in order. */
  ORDERLY(0),
  /** It could not start, or could not go on. */
  FAILED(1),
  /** Its settings or its command line cannot be used; starting again does not help. */
  BAD_SETTINGS(2),
  /** It was told a second time to stop and did not wait for what was under way. */
  CUT_SHORT(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
