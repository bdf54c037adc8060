/**
 * What a metric is called on the page and how its values read. A metric nobody foresaw gets its own
 * name as a title and plain numbers. Quantiles of one thing belong on one card.
 *
 * @typedef {object} Measure
 * @property {string} card the same for metrics that share one
 * @property {string} title
 * @property {string} line what this one is on a shared card; empty when alone
 * @property {(value: number) => string} format
 * @property {number} rank the order on the page
 */

const PLAIN = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const WHOLE = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

/** @param {number} value */
const plain = (value) => (Math.abs(value) >= 100_000 ? COMPACT : PLAIN).format(value);

/** @param {number} value */
const whole = (value) => (Math.abs(value) >= 100_000 ? COMPACT : WHOLE).format(value);

/** @param {number} value */
const milliseconds = (value) =>
  value >= 1_000 ? `${PLAIN.format(value / 1_000)} s` : `${PLAIN.format(value)} ms`;

/** @param {number} value */
const bytes = (value) =>
  value >= 1_048_576
    ? `${PLAIN.format(value / 1_048_576)} MB`
    : value >= 1_024
      ? `${PLAIN.format(value / 1_024)} KB`
      : `${WHOLE.format(value)} B`;

/** @param {number} value a part of one */
const percent = (value) => `${(value * 100).toFixed(value > 0 && value < 0.1 ? 2 : 1)} %`;

/** Known ones, in the order of the page; the first that fits a name wins. */
const KNOWN = [
  { fits: /^(active)?connections?$/, title: 'Connections', format: whole },
  { fits: /^messagespersecond$/, title: 'Messages per second', format: plain },
  { fits: /size|bytes/, title: 'Average message size', format: bytes },
  { fits: /error/, title: 'Error rate', format: percent },
  { fits: /latency/, title: 'Command latency', format: milliseconds },
  { fits: /^deliveriespersecond$/, title: 'Deliveries per second', format: plain },
  { fits: /^nodes$/, title: 'Processes', format: whole },
  { fits: /^cpupercent$/, title: 'Processor time', format: (value) => `${PLAIN.format(value)} %` },
  { fits: /^heapmb$/, title: 'Heap in use', format: (value) => `${WHOLE.format(value)} MB` },
];

const QUANTILE = /[._-]?(?:p|q)(\d{2,3})(?=$|[^a-z0-9]|ms)/i;

/** @param {string} name @returns {Measure} */
export function measureOf(name) {
  const quantile = QUANTILE.exec(name);
  const base = quantile ? name.replace(QUANTILE, '') : name;
  const plainName = base.toLowerCase().replace(/[^a-z0-9]/g, '').replace(/ms$/, '');
  const at = KNOWN.findIndex(({ fits }) => fits.test(plainName));
  const known = KNOWN[at];
  return {
    card: known && quantile ? known.title : base,
    title: known?.title ?? titleOf(base),
    line: quantile ? `p${quantile[1]}` : '',
    format: known?.format ?? plain,
    rank: known ? at : KNOWN.length,
  };
}

/** `queueDepth` and `queue_depth` become "Queue depth". @param {string} name */
function titleOf(name) {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[._-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
