package io.madang.distribution.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Plain lines for the person who started the process, apart from the log. Each line is printed whole; any thread may call.
 *
 * <p>Where the log is JSON on standard output, for a collector, the lines go to standard error, so that the collector reads JSON
 * alone; else the log goes to standard error and the lines to standard output.
 */
public final class Console {
  /** Where lines go; null where nobody wants them. */
  private final PrintStream lines;

  private final PrintStream complaints;

  private Console(PrintStream lines, PrintStream complaints) {
    this.lines = lines;
    this.complaints = complaints;
  }

  /** For a process whose log is text. */
  public static Console besideText() {
    return new Console(stream(FileDescriptor.out), stream(FileDescriptor.err));
  }

  /** For a process whose log is JSON. */
  public static Console besideJson() {
    PrintStream err = stream(FileDescriptor.err);
    return new Console(err, err);
  }

  /** The same without its lines, for a process whose starter tells how it goes. */
  public Console complaintsOnly() {
    return new Console(null, complaints);
  }

  /** In UTF-8 whatever the locale: names of rooms and people come in every script. */
  private static PrintStream stream(FileDescriptor to) {
    return new PrintStream(new FileOutputStream(to), true, StandardCharsets.UTF_8);
  }

  public void say(String line) {
    if (lines != null) {
      lines.println(line);
    }
  }

  /** A sentence that says what is wrong and what to do. */
  public void complain(String sentence) {
    complaints.println(sentence);
  }
}
