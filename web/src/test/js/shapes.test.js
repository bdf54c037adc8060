import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as shapes from '../../main/resources/web/client/shapes.js';
import { Notices } from '../../main/resources/web/app/notifications/notices.js';

const GARBAGE = [null, 7, 'x', [], {}, [null], { room: null, messages: 7, users: 'x', points: [1] }];

describe('A reader of payloads', () => {
  for (const [name, read] of Object.entries(shapes)) {
    it(`throws over none: ${name}`, () => {
      const ofPublications = /^function \w+\(publication/.test(String(read));
      for (const garbage of GARBAGE) {
        read(ofPublications ? { topic: 't', event: 'message', data: garbage } : garbage);
      }
    });
  }

  it('reads a room and its messages', () => {
    const { room, messages, hasOlder } = shapes.roomSnapshotOf({
      room: {
        room: 'dev',
        title: 'Development',
        visibility: 'public',
        hasPassword: true,
        members: 3,
        member: true,
        role: 'owner',
      },
      messages: [
        {
          id: 'm-1',
          offset: 41,
          time: '2030-01-31T12:00:00.000Z',
          user: { id: 'u-1', name: 'mina', guest: true },
          text: 'hi',
          command: 'c-1',
        },
      ],
      hasOlder: true,
    });

    assert.deepEqual(
      [room.id, room.title, room.isLocked, room.isMember, room.members, hasOlder],
      ['dev', 'Development', true, true, 3, true],
    );
    assert.deepEqual(
      [messages[0].offset, messages[0].author.isGuest, messages[0].text, messages[0].command],
      [41, true, 'hi', 'c-1'],
    );
  });

  it('tells lines of a timeline from what changes them', () => {
    const data = { id: 'm-1', offset: 41, user: { id: 'u-1', name: 'mina' }, text: 'better' };

    assert.equal(shapes.publishedMessageOf({ topic: 't', event: 'Joined', data }).kind, 'joined');
    assert.equal(shapes.publishedMessageOf({ topic: 't', event: 'reaction', data }), null);
    assert.deepEqual(shapes.changeOf({ topic: 't', event: 'edited', data }), {
      offset: 41,
      text: 'better',
      isDeleted: false,
    });
  });

  it('keeps moments without a value out of a history', () => {
    const { points, last } = shapes.metricSnapshotOf({
      points: [
        [1_000, 1],
        [2_000, null],
        [3_000, 0],
      ],
      last: { time: 3_000, value: null, nodes: { 'gateway-1': 4 }, services: {} },
    });

    assert.deepEqual(points, [
      [1_000, 1],
      [3_000, 0],
    ]);
    assert.deepEqual([last.value, last.nodes], [null, { 'gateway-1': 4 }]);
  });
});

describe('Notifications', () => {
  const notification = (offset, isRead = false) => ({
    id: `n-${offset}`,
    title: 'A mention',
    createdAt: `2030-01-31T12:00:0${offset}.000Z`,
    isRead,
    offset,
  });

  /** Some notifications, and a way to say more. */
  function read(...notifications) {
    const notices = new Notices();
    let reader;
    notices.read({ subscribe: (_topic, given) => (reader = given) }, { id: 'u-1' });
    reader.onSnapshot({ unread: notifications.length, notifications });
    return { notices, hear: (event, data) => reader.onPublication({ topic: 't', event, data }) };
  }

  const unread = ({ list }) => list.filter(({ isRead }) => !isRead).map(({ id }) => id);

  it('arrive on top, counted by the service', () => {
    const { notices, hear } = read(notification(1));

    hear('notification', { ...notification(2), unread: 7 });

    assert.deepEqual([notices.list.map(({ id }) => id), notices.unread], [['n-2', 'n-1'], 7]);
  });

  it('are read one by one, on any device', () => {
    const { notices, hear } = read(notification(1), notification(2));

    hear('read', { ids: ['n-1'], unread: 1 });

    assert.deepEqual([unread(notices), notices.unread], [['n-2'], 1]);
  });

  it('are read up to a place; what came later stays', () => {
    const { notices, hear } = read(notification(1), notification(2), notification(3));

    hear('read', { upTo: 2, unread: 1 });

    assert.deepEqual([unread(notices), notices.unread], [['n-3'], 1]);
  });
});
