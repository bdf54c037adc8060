import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { measureOf } from '../../main/resources/web/app/numbers/measures.js';
import { Series, WINDOW_MS } from '../../main/resources/web/app/numbers/series.js';

const T = Date.parse('2030-01-31T12:00:00Z');

const sample = (second, value) => ({ time: T + second * 1_000, value, nodes: {}, services: {} });

describe('A series', () => {
  it('goes on where the history ends, each moment once', () => {
    const series = new Series();
    series.reset([
      [T, 1],
      [T + 1_000, 2],
    ]);

    series.add(sample(1, 3));
    series.add(sample(2, 4));
    series.add(sample(0, 9));

    assert.deepEqual(series.points.map(([, value]) => value), [1, 3, 4]);
  });

  it('reaches ten minutes back', () => {
    const series = new Series();
    for (let second = 0; second <= 700; second += 1) {
      series.add(sample(second, second));
    }

    assert.equal(series.points[0][0], T + 700_000 - WINDOW_MS);
  });

  it('is torn where nothing was heard', () => {
    const series = new Series();
    [0, 1, 2, 30, 31].forEach((second) => series.add(sample(second, 1)));

    assert.deepEqual(series.stretches().map(({ length }) => length), [3, 2]);
  });

  it('is silent, and heard all the same, when there was nothing to measure', () => {
    const series = new Series();
    series.add(sample(0, 5));

    series.add(sample(1, null));

    assert.deepEqual([series.isSilent, series.heardAt, series.points.length], [true, T + 1_000, 1]);
  });
});

describe('The parts of a series', () => {
  const parted = (second, nodes) => ({ time: T + second * 1_000, value: 1, nodes, services: { chat: 7 } });

  it('stay for a while without a value', () => {
    const series = new Series();
    series.add(parted(0, { 'chat-2': 2, 'chat-1': 1 }));

    series.add(parted(60, { 'chat-1': 3 }));
    assert.deepEqual(series.parts, [['chat', 7], ['chat-1', 3], ['chat-2', null]]);

    series.add(parted(61, { 'chat-1': 4 }));
    assert.deepEqual(series.parts, [['chat', 7], ['chat-1', 4]]);
  });
});

describe('A metric', () => {
  const formatted = (name, value) => measureOf(name).format(value).replace(/[\u202f\u00a0]/g, ' ');

  it('reads in the unit of what it measures', () => {
    assert.equal(formatted('connections', 1200), (1200).toLocaleString());
    assert.equal(formatted('averageSize', 2048), '2 KB');
    assert.equal(formatted('errorRate', 0.0123), '1.23 %');
    assert.equal(formatted('commandLatencyP99Ms', 1500), `${(1.5).toLocaleString()} s`);
  });

  it('shares a card with the other quantiles', () => {
    const [one, other] = ['commandLatencyP50Ms', 'commandLatencyP99Ms'].map(measureOf);

    assert.equal(one.card, other.card);
    assert.deepEqual([one.title, one.line, other.line], ['Command latency', 'p50', 'p99']);
  });

  it('nobody foresaw gets its own name', () => {
    assert.equal(measureOf('queue_depth').title, 'Queue depth');
    assert.equal(measureOf('outboxLag').title, 'Outbox lag');
  });
});
