/** The ceiling of the first wait, in milliseconds. */
export const SHORTEST_MS = 500;

/** The ceiling no wait exceeds, in milliseconds: somebody looks at the page and waits too. */
export const LONGEST_MS = 10_000;

/**
 * How long to wait before the next attempt: anywhere between nothing and a ceiling that doubles
 * with each failure ("full jitter"), so that the clients of a gateway that died do not come back
 * in waves.
 *
 * @param {number} failures how many attempts failed in a row, 0 before the first
 * @param {() => number} [random] between 0 (included) and 1 (excluded)
 * @returns {number} milliseconds
 */
export function backoffMs(failures, random = Math.random) {
  const ceiling = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(failures, 16));
  return Math.round(random() * ceiling);
}
