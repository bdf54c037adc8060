/**
 * The values of one metric over the last ten minutes, in order of time. A silence longer than a few
 * intervals is a gap: nobody knows what was there, so nothing is drawn.
 *
 * @typedef {[number, number]} Point milliseconds since 1970, and the value
 */

/** How far back a series reaches, in milliseconds. */
export const WINDOW_MS = 10 * 60_000;

/** A silence of so many usual intervals is a gap. */
const GAP_INTERVALS = 3.5;

/** A service or node without a value is shown for so long, lest the page jumps, in milliseconds. */
const PART_STAYS_MS = 60_000;

/** No silence shorter than this is a gap, in milliseconds. */
const SHORTEST_GAP_MS = 4_000;

export class Series {
  /** Ascending by time, each time once. @type {Point[]} */
  #points = [];

  /** Values of services and nodes, by name, and when each was heard last. @type {Map<string, Point>} */
  #parts = new Map();

  /** The newest sample had no value: there was nothing to measure. */
  isSilent = false;

  /** When anything was heard last, in milliseconds since 1970. */
  heardAt = 0;

  get points() {
    return this.#points;
  }

  /** @returns {Point|undefined} */
  get last() {
    return this.#points.at(-1);
  }

  /** @param {Point[]} points */
  reset(points) {
    this.#points = [...points].sort(([one], [other]) => one - other);
    this.heardAt = this.last?.[0] ?? 0;
  }

  /** @param {import('../../client/shapes.js').Sample} sample */
  add({ time, value, nodes, services }) {
    this.isSilent = value === null;
    this.heardAt = Math.max(this.heardAt, time);
    for (const [name, part] of Object.entries({ ...services, ...nodes })) {
      this.#parts.set(name, [time, part]);
    }
    for (const [name, [heardAt]] of [...this.#parts]) {
      if (heardAt < this.heardAt - PART_STAYS_MS) {
        this.#parts.delete(name);
      }
    }
    const newest = this.last;
    if (value !== null && (!newest || time > newest[0])) {
      this.#points.push([time, value]);
    } else if (value !== null && time === newest[0]) {
      newest[1] = value;
    }
    const start = this.heardAt - WINDOW_MS;
    while (this.#points.length > 0 && this.#points[0][0] < start) {
      this.#points.shift();
    }
  }

  /** Services and nodes by name, null for one that has no value now. @returns {[string, number|null][]} */
  get parts() {
    return [...this.#parts]
      .map(([name, [time, value]]) => /** @type {[string, number|null]} */ ([name, time === this.heardAt ? value : null]))
      .sort(([one], [other]) => one.localeCompare(other));
  }

  /** @returns {{least: number, most: number}|null} null without a point */
  get range() {
    const values = this.#points.map(([, value]) => value);
    return values.length === 0 ? null : { least: Math.min(...values), most: Math.max(...values) };
  }

  /** Stretches without a gap. @returns {Point[][]} */
  stretches() {
    const longest = Math.max(SHORTEST_GAP_MS, this.#usualInterval() * GAP_INTERVALS);
    const stretches = [];
    let before = -Infinity;
    for (const point of this.#points) {
      if (point[0] - before > longest) {
        stretches.push([]);
      }
      stretches.at(-1).push(point);
      before = point[0];
    }
    return stretches;
  }

  /** @param {number} time @returns {Point|undefined} the one nearest to a moment */
  nearest(time) {
    let best;
    for (const point of this.#points) {
      if (!best || Math.abs(point[0] - time) <= Math.abs(best[0] - time)) {
        best = point;
      }
    }
    return best;
  }

  #usualInterval() {
    const intervals = this.#points
      .slice(1)
      .map(([time], index) => time - this.#points[index][0])
      .sort((one, other) => one - other);
    return intervals[Math.floor(intervals.length / 2)] ?? 0;
  }
}
