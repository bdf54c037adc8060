import * as shapes from '../../client/shapes.js';
import { h, icon, oncePerFrame, put, say } from '../dom.js';
import { counted } from '../words.js';
import { measureOf } from './measures.js';
import { Series, WINDOW_MS } from './series.js';
import { Sparkline } from './sparkline.js';

/**
 * The live numbers of the mesh: a card for each metric the dashboard names, with its last value and
 * ten minutes of history. Topics are read only while the page shows them.
 */

/** How many metrics are read at once. */
const MOST_METRICS = 24;

/** A value older than this is said to be old, in milliseconds. */
const STALE_MS = 20_000;

/** How many services and nodes one card lists. */
const MOST_PARTS = 10;

const EXACT = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

export class NumbersView {
  /** By card. @type {Map<string, Card>} */
  #cards = new Map();

  /** What is being read. @type {Map<string, import('../../client/subscription.js').Subscription>} */
  #subscriptions = new Map();

  #client;
  #tick = null;
  #nodes = [];
  #problem = '';
  #draw = oncePerFrame(() => this.#drawNow());

  /**
   * @param {import('../../client/madang.js').Madang} client
   * @param {{toList: () => void}} actions
   */
  constructor(client, { toList }) {
    this.#client = client;
    this.about = h('p.about');
    this.grid = h('div.cards');
    this.notice = h('div.empty');
    this.element = h(
      'section.numbers',
      { 'aria-label': 'Live numbers' },
      h(
        'header.bar',
        {},
        h(
          'button.quiet.to-list',
          { type: 'button', 'aria-label': 'All rooms', onclick: toList },
          icon('back'),
        ),
        h('div.names', {}, h('h1', {}, 'Live numbers'), this.about),
      ),
      h(
        'div.numbers-body',
        { role: 'group', 'aria-label': 'Metrics', tabIndex: 0 },
        this.notice,
        this.grid,
      ),
    );
  }

  show() {
    if (this.#subscriptions.size === 0) {
      this.#read('dashboard', {
        onSnapshot: (snapshot) => snapshot && this.#onDashboard(shapes.dashboardOf(snapshot)),
        onPublication: ({ data }) => this.#onDashboard(shapes.dashboardOf(data)),
        onRefused: (error) => {
          this.#problem = error.message;
          this.#draw();
        },
      });
      this.#tick = setInterval(this.#draw, 1_000);
      this.#draw();
    }
  }

  hide() {
    clearInterval(this.#tick);
    this.#subscriptions.forEach((subscription) => subscription.close());
    this.#subscriptions.clear();
    this.#problem = '';
  }

  #read(topic, reader) {
    this.#subscriptions.set(topic, this.#client.subscribe(topic, reader));
  }

  #onDashboard({ metrics, nodes }) {
    this.#nodes = nodes;
    metrics.forEach((name) => this.#readMetric(name));
    this.#draw();
  }

  #readMetric(name) {
    const topic = `metric:${name}`;
    if (this.#subscriptions.has(topic) || this.#subscriptions.size > MOST_METRICS) {
      return;
    }
    const series = this.#cardOf(name).seriesOf(name);
    this.#read(topic, {
      onSnapshot: (snapshot) => {
        const { points, last } = shapes.metricSnapshotOf(snapshot);
        series.reset(points);
        if (last) {
          series.add(last);
        }
        this.#draw();
      },
      onPublication: ({ data }) => {
        const sample = shapes.sampleOf(data);
        if (sample) {
          series.add(sample);
          this.#draw();
        }
      },
    });
  }

  #cardOf(name) {
    const measure = measureOf(name);
    const known = this.#cards.get(measure.card);
    if (known) {
      return known;
    }
    const card = new Card(measure);
    this.#cards.set(measure.card, card);
    const inOrder = [...this.#cards.values()].sort(
      (one, other) =>
        one.measure.rank - other.measure.rank ||
        one.measure.title.localeCompare(other.measure.title),
    );
    put(this.grid, ...inOrder.map(({ element }) => element));
    return card;
  }

  #drawNow() {
    const isLive = this.#client.state.phase === 'live';
    say(
      this.about,
      this.#nodes.length > 0
        ? `${counted(this.#nodes.length, 'process', 'processes')} · the last ten minutes`
        : 'The last ten minutes',
    );
    this.notice.hidden = this.#cards.size > 0;
    say(this.notice, this.#problem || 'Waiting for the first numbers…');
    for (const card of this.#cards.values()) {
      card.draw(Date.now(), isLive);
    }
  }
}

/** One metric, or the quantiles of one. */
class Card {
  /** By metric name. @type {Map<string, Series>} */
  #series = new Map();
  #sparkline = new Sparkline();

  /** The moment the pointer is at; null elsewhere. @type {number|null} */
  #pointed = null;

  /** @param {import('./measures.js').Measure} measure */
  constructor(measure) {
    this.measure = measure;
    this.state = h('span.card-state');
    this.values = h('div.values');
    this.caption = h('p.caption');
    this.parts = h('dl.parts');
    this.chart = h('div.chart', {}, this.#sparkline.element);
    this.element = h(
      'article.card',
      { 'aria-label': measure.title },
      h('header', {}, h('h2', {}, measure.title), this.state),
      this.values,
      this.chart,
      this.caption,
      this.parts,
    );
    this.chart.addEventListener('pointermove', (event) => this.#onPointer(event));
    this.chart.addEventListener('pointerleave', () => this.#onPointer(null));
  }

  /** @param {string} name @returns {Series} */
  seriesOf(name) {
    const series = this.#series.get(name) ?? new Series();
    this.#series.set(name, series);
    return series;
  }

  draw(now, isLive) {
    const lines = this.#lines();
    const newest = Math.max(0, ...lines.map(({ series }) => series.heardAt));
    // The newest point stands at the edge: clocks of servers and browsers differ by seconds.
    const end = Math.max(newest, Math.min(now, newest + STALE_MS * 3)) || now;
    this.#sparkline.draw(
      lines.map(({ series }) => series),
      end,
    );
    this.#drawState(newest, now, isLive);
    this.#drawValues(lines, end);
    this.#drawCaption(lines, end);
    this.#drawParts(lines);
  }

  #lines() {
    return [...this.#series.entries()]
      .map(([name, series]) => ({ label: measureOf(name).line, series }))
      .sort((one, other) => one.label.localeCompare(other.label));
  }

  #drawState(newest, now, isLive) {
    const state =
      newest === 0 ? 'no data' : !isLive ? 'paused' : now - newest > STALE_MS ? 'stale' : 'live';
    say(this.state, state);
    this.element.dataset.state = state;
  }

  #drawValues(lines, end) {
    const shown = lines.map(({ label, series }, index) => {
      const newest = series.isSilent ? undefined : series.last;
      const point = this.#pointed === null ? newest : series.nearest(this.#pointed);
      const text = point && point[0] > end - WINDOW_MS ? this.measure.format(point[1]) : '–';
      return label
        ? h('span.value.small', {}, h(`i.key.line-${index % 4}`), h('small', {}, label), h('b', {}, text))
        : h('span.value', {}, h('b', {}, text));
    });
    put(this.values, ...shown);
  }

  #drawCaption(lines, end) {
    const point =
      this.#pointed === null ? undefined : lines[0]?.series.nearest(this.#pointed);
    const range = lines.at(-1)?.series.range;
    const { format } = this.measure;
    if (point) {
      say(this.caption, `at ${EXACT.format(point[0])}`);
    } else if (range) {
      const what = lines.length > 1 ? `${lines.at(-1).label} ` : '';
      say(this.caption, `${what}between ${format(range.least)} and ${format(range.most)}`);
    } else {
      say(this.caption, '');
    }
    this.end = end;
  }

  /** Of the slowest quantile, where there are several lines. */
  #drawParts(lines) {
    const parts = lines.at(-1)?.series.parts ?? [];
    this.parts.hidden = parts.length < 2;
    put(
      this.parts,
      ...parts
        .slice(0, MOST_PARTS)
        .flatMap(([name, value]) => [
          h('dt', {}, name),
          h('dd', {}, value === null ? '–' : this.measure.format(value)),
        ]),
    );
  }

  #onPointer(event) {
    if (event) {
      const { left, width } = this.chart.getBoundingClientRect();
      this.#pointed = (this.end ?? Date.now()) - WINDOW_MS * (1 - (event.clientX - left) / width);
    } else {
      this.#pointed = null;
    }
    this.draw(Date.now(), this.element.dataset.state !== 'paused');
  }
}
