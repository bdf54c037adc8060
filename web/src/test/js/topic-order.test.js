import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MOST_HELD, TopicOrder } from '../../main/resources/web/client/topic-order.js';
import { publication } from './fakes/fake-gateway.js';

const at = (offset, prev, more) => publication('room:dev', offset, prev, more);
const offsets = (publications) => publications.map(({ offset }) => offset);

function ordered(offset) {
  const order = new TopicOrder();
  order.asked();
  order.answer({ topic: 'room:dev', position: { epoch: 'e', offset }, recovered: true });
  return order;
}

describe('A topic that flows', () => {
  it('delivers what follows the last one', () => {
    const order = ordered(41);

    const step = order.accept(at(42));

    assert.deepEqual([offsets(step.deliver), step.ask], [[42], false]);
    assert.deepEqual(order.position, { epoch: 'e', offset: 42 });
  });

  it('drops what came already', () => {
    const order = ordered(41);
    order.accept(at(42));

    assert.deepEqual(order.accept(at(42)), { deliver: [], ask: false });
    assert.deepEqual(order.accept(at(41)), { deliver: [], ask: false });
  });

  it('follows prev over offsets that were conflated away', () => {
    assert.deepEqual(offsets(ordered(41).accept(at(50, 41)).deliver), [50]);
    assert.deepEqual(offsets(ordered(41).accept(at(50, 30)).deliver), [50]);
  });

  it('delivers an ephemeral publication without moving', () => {
    const order = ordered(41);

    const step = order.accept({ topic: 'room:dev', event: 'typing', data: {} });

    assert.equal(step.deliver.length, 1);
    assert.equal(order.position.offset, 41);
  });
});

describe('A hole', () => {
  it('asks once and holds everything behind it', () => {
    const order = ordered(41);

    assert.deepEqual(order.accept(at(44)), { deliver: [], ask: true });
    assert.deepEqual(order.accept(at(45)), { deliver: [], ask: false });
    assert.equal(order.position.offset, 41);
  });

  it('is closed by the answer, and what was held follows in order, each once', () => {
    const order = ordered(41);
    order.accept(at(44));
    order.asked();
    order.accept(at(45));
    order.accept(at(46));

    const answer = order.answer({
      topic: 'room:dev',
      position: { epoch: 'e', offset: 45 },
      recovered: true,
      publications: [at(42), at(43), at(44), at(45)],
    });

    assert.deepEqual(offsets(answer.deliver), [42, 43, 44, 45, 46]);
    assert.equal(answer.afresh, false);
    assert.equal(answer.ask, false);
  });

  it('stays one as long as the answer does not reach it', () => {
    const order = ordered(41);
    order.accept(at(44));
    order.asked();

    const answer = order.answer({
      topic: 'room:dev',
      position: { epoch: 'e', offset: 42 },
      recovered: true,
      publications: [at(42)],
    });

    assert.deepEqual([offsets(answer.deliver), answer.ask], [[42], true]);
    assert.deepEqual(order.accept(at(45)), { deliver: [], ask: false }, 'held until the next answer');
  });

  it('opens when the epoch is another', () => {
    const order = ordered(41);

    assert.deepEqual(order.accept(at(1, 0, { epoch: 'f' })), { deliver: [], ask: true });
  });
});

describe('An answer that could not recover', () => {
  it('puts the snapshot in the place of everything and goes on from its position', () => {
    const order = ordered(41);
    order.asked();
    order.accept(at(12, 11, { epoch: 'f' }));
    order.accept(at(13, 12, { epoch: 'f' }));

    const answer = order.answer({
      topic: 'room:dev',
      position: { epoch: 'f', offset: 12 },
      recovered: false,
      snapshot: { messages: [] },
    });

    assert.equal(answer.afresh, true);
    assert.deepEqual(answer.snapshot, { messages: [] });
    assert.deepEqual(offsets(answer.deliver), [13]);
    assert.deepEqual(order.position, { epoch: 'f', offset: 13 });
  });
});

describe('What is held back', () => {
  it('is bounded: over the bound it is dropped and the topic asked for again', () => {
    const order = ordered(0);
    order.asked();
    for (let offset = 1; offset <= MOST_HELD + 5; offset += 1) {
      order.accept(at(offset));
    }

    const answer = order.answer({
      topic: 'room:dev',
      position: { epoch: 'e', offset: 0 },
      recovered: true,
    });

    assert.deepEqual([answer.deliver, answer.ask], [[], true]);
  });

  it('goes with the connection', () => {
    const order = ordered(41);
    order.accept(at(44));
    order.disconnected();
    order.asked();

    const answer = order.answer({
      topic: 'room:dev',
      position: { epoch: 'e', offset: 42 },
      recovered: true,
      publications: [at(42)],
    });

    assert.deepEqual([offsets(answer.deliver), answer.ask], [[42], false]);
  });
});

describe('Publications in any disorder', () => {
  it('come out each once and ascending, whatever is lost, doubled or swapped', () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    const random = mulberry(seed);
    for (let round = 0; round < 200; round += 1) {
      assert.deepEqual(deliveredOver(random), [...Array(60).keys()].map((n) => n + 1), `SEED=${seed}`);
    }
  });

  function deliveredOver(random) {
    const order = ordered(0);
    const delivered = [];
    const answer = () => {
      // The owner has everything up to some newest offset beyond what it was asked for.
      const from = order.position.offset;
      const to = Math.min(60, from + 1 + Math.floor(random() * 20));
      const publications = [];
      for (let offset = from + 1; offset <= to; offset += 1) {
        publications.push(at(offset));
      }
      const heard = order.answer({
        topic: 'room:dev',
        position: { epoch: 'e', offset: Math.max(from, to) },
        recovered: true,
        publications,
      });
      delivered.push(...offsets(heard.deliver));
      return heard.ask;
    };
    let asking = false;
    for (let arrival = 0; arrival < 150; arrival += 1) {
      const step = order.accept(at(1 + Math.floor(random() * 60)));
      delivered.push(...offsets(step.deliver));
      asking ||= step.ask;
      if (asking && random() < 0.4) {
        asking = answer();
      }
    }
    order.asked();
    while (delivered.length < 60) {
      answer();
    }
    return delivered;
  }

  function mulberry(seed) {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  }
});
