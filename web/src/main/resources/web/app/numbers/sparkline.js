import { svg } from '../dom.js';
import { WINDOW_MS } from './series.js';

/** The inside of a drawing, in its own units; the page stretches it to whatever room there is. */
export const WIDTH = 600;
export const HEIGHT = 120;

/** Kept free above the highest value. */
const HEADROOM = 1.15;

/**
 * The outline of a stretch of points.
 *
 * @param {import('./series.js').Point[]} stretch
 * @param {number} end the moment at the right edge
 * @param {number} most the value at the upper edge
 */
export function outline(stretch, end, most) {
  const places = stretch.map(
    ([time, value]) => `${xOf(time, end).toFixed(1)} ${yOf(value, most).toFixed(1)}`,
  );
  // A lone point is a line of no length, which a round pen shows as a dot.
  return `M${places.join('L')}${places.length === 1 ? 'h0.1' : ''}`;
}

/** @param {number} time @param {number} end */
export function xOf(time, end) {
  return WIDTH - ((end - time) / WINDOW_MS) * WIDTH;
}

/** @param {number} value @param {number} most */
export function yOf(value, most) {
  return HEIGHT - 2 - (most > 0 ? Math.max(0, value) / (most * HEADROOM) : 0) * (HEIGHT - 4);
}

/** One or more series over the last ten minutes. Decorative: the card says it in words. */
export class Sparkline {
  constructor() {
    this.element = svg('svg', {
      class: 'sparkline',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    });
  }

  /** @param {import('./series.js').Series[]} series @param {number} end */
  draw(series, end) {
    const most = Math.max(0, ...series.map((one) => one.range?.most ?? 0));
    const parts = [1, 2, 3].map((quarter) => {
      const y = (HEIGHT / 4) * quarter;
      return svg('path', { class: 'grid', d: `M0 ${y}H${WIDTH}` });
    });
    series.forEach((one, index) => {
      for (const stretch of one.stretches()) {
        const line = outline(stretch, end, most);
        if (series.length === 1 && stretch.length > 1) {
          const [from] = stretch[0];
          const [to] = stretch[stretch.length - 1];
          const area = `${line}L${xOf(to, end).toFixed(1)} ${HEIGHT}L${xOf(from, end).toFixed(1)} ${HEIGHT}Z`;
          parts.push(svg('path', { class: 'area', d: area }));
        }
        parts.push(svg('path', { class: `line line-${index % 4}`, d: line }));
      }
    });
    this.element.replaceChildren(...parts);
  }
}
