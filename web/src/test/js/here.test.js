import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Here } from '../../main/resources/web/app/presence/here.js';

/** Reads a room whose topic a test speaks for. */
function read() {
  const here = new Here();
  let reader;
  const client = {
    subscribe: (topic, topicReader) => {
      reader = topicReader;
      return { close: () => {} };
    },
  };
  here.read(client, 'dev');
  const say = (event, user) => reader.onPublication({ event, key: user.id, data: { user } });
  return { here, say, start: (...users) => reader.onSnapshot({ users }) };
}

const MINA = { id: 'u-1', name: 'mina', guest: false, status: 'online' };
const JUN = { id: 'u-2', name: 'jun', guest: true, status: 'online' };

const seen = (here) => here.people.map(({ name, status, text }) => [name, status, text]);

describe('Who is here', () => {
  it('is what the snapshot says, and whoever arrives, without whoever departs', () => {
    const { here, say, start } = read();
    start(MINA);

    say('arrived', JUN);
    say('departed', MINA);

    assert.deepEqual(seen(here), [['jun', 'online', '']]);
  });

  it('changes with a status, of which every part counts', () => {
    const { here, say, start } = read();
    start(MINA);

    say('status', { ...MINA, status: 'dnd', text: 'writing' });

    assert.deepEqual(seen(here), [['mina', 'dnd', 'writing']]);
  });

  it('grows by a status of somebody not known yet', () => {
    const { here, say, start } = read();
    start(MINA);

    say('status', { ...JUN, status: 'idle' });

    assert.deepEqual(seen(here), [['jun', 'idle', ''], ['mina', 'online', '']]);
  });
});
