package io.madang.system.access;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A door of a gateway, at which each cell of the table is tried. Another door is another of these. */
interface DoorUnderTest {
  String OK = "ok";

  Duration CUT_WITHIN = Duration.ofSeconds(2);

  /** How it is called in the report. */
  String name();

  /**
   * Comes with what is shown, does what the action says, and leaves.
   *
   * @param connected run once somebody is let in, before the action; true when it ended the sign-in, so that within
   *     {@link #CUT_WITHIN} nothing may be done any more
   * @return {@link #OK}, or why not: a code of the gateway, or the number with which it closed
   */
  String attempt(Shown shown, Action action, Places places, BooleanSupplier connected);

  /** Whether it is a door for that at all. */
  default boolean offers(Action action) {
    return true;
  }

  /** Whether a page's cookie counts there without saying which page: only where nothing is changed and no page can read. */
  boolean takesCookieWithoutPage(Action action);
}
