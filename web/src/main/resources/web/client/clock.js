/**
 * Time as the client library sees it. Tests hand in their own, so nothing in this folder reads a
 * clock or starts a timer by itself.
 *
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since 1970, as the wall shows it
 * @property {(run: () => void, delayMs: number) => any} start runs once, later; answers a handle
 * @property {(handle: any) => void} cancel forgets a started timer; unknown handles are ignored
 */

/** Timers hold 31 bits: a longer delay would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @type {Clock} */
export const wallClock = {
  now: () => Date.now(),
  start: (run, delayMs) => setTimeout(run, Math.min(Math.max(0, delayMs), LONGEST_TIMER_MS)),
  cancel: (handle) => clearTimeout(handle),
};
