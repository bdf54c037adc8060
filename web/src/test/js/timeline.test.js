import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MOST_AT_END, Timeline } from '../../main/resources/web/app/timeline/timeline.js';

const ME = { id: 'u-1', name: 'mina' };
const JUN = { id: 'u-2', name: 'jun' };
const NOON = new Date(2030, 0, 31, 12).getTime();

function message(offset, author = JUN, more = {}) {
  return {
    id: `m-${offset}`,
    offset,
    kind: 'message',
    author,
    text: `#${offset}`,
    time: NOON + offset * 1_000,
    isEdited: false,
    isDeleted: false,
    command: '',
    ...more,
  };
}

const offsets = (timeline) =>
  timeline.rows().flatMap(({ message: shown }) => (shown ? [shown.offset] : []));
const pending = (timeline) =>
  timeline.rows().flatMap((row) => (row.pending ? [`${row.pending.text} ${row.pending.state}`] : []));

describe('A timeline', () => {
  it('keeps its messages by offset, each once', () => {
    const timeline = new Timeline(ME);
    timeline.reset([message(5), message(6)], true);

    timeline.add(message(8));
    timeline.add(message(7));
    timeline.add(message(8));
    timeline.addOlder([message(3), message(4), message(5)], false);

    assert.deepEqual(offsets(timeline), [3, 4, 5, 6, 7, 8]);
    assert.equal(timeline.hasOlder, false);
  });

  it('lets go of the oldest at its end, and knows that there is more', () => {
    const timeline = new Timeline(ME);
    timeline.reset([], false);
    for (let offset = 1; offset <= MOST_AT_END + 10; offset += 1) {
      timeline.add(message(offset));
    }

    timeline.trim(true);

    assert.deepEqual([offsets(timeline).length, timeline.firstOffset, timeline.hasOlder], [400, 11, true]);
  });

  it('shows one name over what one person says within a few minutes', () => {
    const timeline = new Timeline(ME);
    timeline.reset(
      [message(1), message(2), message(3, ME), message(4, ME, { time: NOON + 3_600_000 })],
      false,
    );

    const starts = timeline.rows().flatMap((row) => (row.message ? [row.startsGroup] : []));

    assert.deepEqual(starts, [true, false, true, true]);
  });

  it('parts the days, and what is new from what was read', () => {
    const timeline = new Timeline(ME);
    timeline.reset([message(1, JUN, { time: NOON - 86_400_000 }), message(2), message(3, ME), message(4)], false);
    timeline.markUnread(2);

    assert.deepEqual(
      timeline.rows().map(({ type }) => type),
      ['day', 'message', 'day', 'unread', 'message', 'message', 'message'],
    );
  });

  it('takes an edit and a deletion where the message is', () => {
    const timeline = new Timeline(ME);
    timeline.reset([message(1), message(2)], false);

    timeline.change({ offset: 1, text: 'better', isDeleted: false });
    timeline.change({ offset: 2, text: '', isDeleted: true });
    timeline.change({ offset: 9, text: 'elsewhere', isDeleted: false });

    const shown = timeline.rows().flatMap(({ message: one }) => (one ? [one] : []));
    assert.deepEqual(
      shown.map(({ text, isEdited, isDeleted }) => [text, isEdited, isDeleted]),
      [
        ['better', true, false],
        ['', false, true],
      ],
    );
  });
});

describe('A message that was sent', () => {
  it('shows at once, and once when the room brings it before the reply', () => {
    const timeline = new Timeline(ME);
    timeline.propose('c-1', 'hi', NOON);
    assert.deepEqual(pending(timeline), ['hi sending']);

    timeline.add(message(7, ME, { command: 'c-1' }));
    timeline.confirm('c-1', { id: 'm-7', offset: 7, time: NOON });

    assert.deepEqual([pending(timeline), offsets(timeline)], [[], [7]]);
  });

  it('shows once when the reply comes before the room brings it', () => {
    const timeline = new Timeline(ME);
    timeline.propose('c-1', 'hi', NOON);

    timeline.confirm('c-1', { id: 'm-7', offset: 7, time: NOON });
    timeline.add(message(6));
    timeline.add(message(7, ME, { command: 'c-1' }));

    assert.deepEqual([pending(timeline), offsets(timeline)], [[], [6, 7]]);
  });

  it('and failed stays to be retried under the same id, or discarded', () => {
    const timeline = new Timeline(ME);
    timeline.propose('c-1', 'hi', NOON);
    timeline.fail('c-1', new Error('no'));
    assert.deepEqual(pending(timeline), ['hi failed']);

    assert.equal(timeline.retry('c-1', NOON).text, 'hi');
    assert.deepEqual(pending(timeline), ['hi sending']);
    timeline.discard('c-1');

    assert.deepEqual(pending(timeline), []);
  });

  it('outlives a snapshot that takes the place of the history', () => {
    const timeline = new Timeline(ME);
    timeline.reset([message(1)], false);
    timeline.propose('c-1', 'hi', NOON);

    timeline.reset([message(41), message(42)], true);

    assert.deepEqual([offsets(timeline), pending(timeline)], [[41, 42], ['hi sending']]);
  });

  it('is settled by a snapshot that has it already', () => {
    const timeline = new Timeline(ME);
    timeline.propose('c-1', 'hi', NOON);

    timeline.reset([message(42, ME, { command: 'c-1' })], true);

    assert.deepEqual([offsets(timeline), pending(timeline)], [[42], []]);
  });
});
