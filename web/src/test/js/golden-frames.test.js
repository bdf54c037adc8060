import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

import {
  HEARD,
  decode,
  encode,
  partsOfResumed,
  refusalOf,
  say,
} from '../../main/resources/web/client/frames.js';
import { refusedBy } from '../../main/resources/web/client/errors.js';
import { TopicOrder } from '../../main/resources/web/client/topic-order.js';

/** The frames both sides of the wire are held to. */
const GOLDEN = new URL('../../../../client-protocol/src/main/resources/madang.v1/', import.meta.url);

const names = (side) => readdirSync(new URL(side, GOLDEN)).map((file) => file.replace('.json', ''));
const text = (side, name) => readFileSync(new URL(`${side}/${name}.json`, GOLDEN), 'utf8').trim();
const heard = (name) => decode(text('server', name));

/** How this client says what the golden frame of a type says, given what is in it. */
const SAID = {
  connect: ({ ref, token }) => say.connect(ref, token),
  subscribe: ({ ref, topic, since }) => say.subscribe(ref, topic, since),
  resume: ({ ref, topics }) =>
    say.resume(
      ref,
      topics.map(({ topic, epoch, offset }) => ({ topic, position: { epoch, offset } })),
    ),
  unsubscribe: ({ ref, topic }) => say.unsubscribe(ref, topic),
  command: ({ ref, ...command }) => say.command(ref, command),
  stream: ({ ref, ...request }) => say.stream(ref, request),
  cancel: ({ ref }) => say.cancel(ref),
  more: ({ ref, items }) => say.more(ref, items),
  upload: ({ ref, ...request }) => say.upload(ref, request),
  uploadItem: ({ ref, item }) => say.uploadItem(ref, item),
  uploadEnd: ({ ref }) => say.uploadEnd(ref),
  refresh: ({ ref, token }) => say.refresh(ref, token),
  ping: ({ ref }) => say.ping(ref),
};

describe('What this client says', () => {
  for (const name of names('client')) {
    it(`is the golden ${name}, byte for byte`, () => {
      const golden = text('client', name);

      assert.equal(encode(SAID[name](JSON.parse(golden))), golden);
    });
  }
});

describe('What a gateway says', () => {
  for (const name of names('server')) {
    it(`is understood: ${name}`, () => {
      assert.equal(heard(name).type, name);
      assert.ok(HEARD.includes(name));
    });
  }

  it('as subscribed brings a snapshot, publications and a position', () => {
    const order = new TopicOrder();
    order.asked();

    const answer = order.answer(heard('subscribed'));

    assert.deepEqual(answer.snapshot, { members: 2 });
    assert.deepEqual(answer.deliver.map(({ offset }) => offset), [42]);
    assert.deepEqual(order.position, { epoch: 'k3x9', offset: 42 });
  });

  it('as resumed tells each topic apart', () => {
    const [restored, refused] = partsOfResumed(heard('resumed'));

    assert.equal(refusalOf(restored), null);
    assert.equal(refusedBy(refusalOf(refused)).code, 'unknown-topic');
  });

  it('as error says what to do about it', () => {
    const error = refusedBy(heard('error'));

    assert.deepEqual(
      [error.code, error.retry, error.retryAfterMs, error.details],
      ['rate-limited', 'later', 250, { limit: 'connection' }],
    );
  });
});
