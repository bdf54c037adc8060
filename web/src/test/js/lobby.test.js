import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { RoomConversation } from '../../main/resources/web/app/timeline/conversation.js';

const MINA = { id: 'u-1', name: 'mina' };
const JUN = { id: 'u-2', name: 'jun' };

/** A room's conversation, and what its topic says. */
function open(id, isMember) {
  const heard = [];
  const topic = { closed: 0 };
  const client = {
    state: { phase: 'live' },
    subscribe: (name, reader) => {
      topic.reader = reader;
      return { close: () => (topic.closed += 1) };
    },
  };
  const conversation = new RoomConversation(id, { me: MINA, client, chat: {} });
  conversation.on('heard', ({ text }) => heard.push(text));
  conversation.show();
  topic.reader.onSnapshot({ room: { room: id, member: isMember }, messages: [] });
  topic.say = (offset, text) =>
    topic.reader.onPublication({ event: 'message', offset, data: { id: `m-${offset}`, user: JUN, text } });
  return { conversation, topic, heard };
}

describe('A room that is not shown', () => {
  it('costs nothing', () => {
    const { conversation, topic } = open('dev', true);

    conversation.hide();

    assert.equal(topic.closed, 1);
  });

  it('is heard on when it is the lobby and no inbox counts it', () => {
    const { conversation, topic, heard } = open('lobby', false);
    topic.say(1, 'before');

    conversation.hide();
    topic.say(2, 'meanwhile');
    conversation.show(1);

    assert.deepEqual([topic.closed, heard], [0, ['before', 'meanwhile']]);
    const rows = conversation.timeline.rows();
    assert.deepEqual(
      rows.flatMap((row) => (row.type === 'unread' ? ['new'] : row.message ? [row.message.text] : [])),
      ['before', 'new', 'meanwhile'],
    );
  });

  it('is left to the inbox when the lobby counts this person as a member', () => {
    const { conversation, topic } = open('lobby', true);

    conversation.hide();

    assert.equal(topic.closed, 1);
  });
});
