import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  Madang,
  NotSentError,
  RefusedError,
  SignedOutError,
  UnknownOutcomeError,
  UnreachableError,
} from '../../main/resources/web/client/madang.js';
import { FakeClock, settled } from './fakes/fake-clock.js';
import { FakeGateway, FakeReader, publication } from './fakes/fake-gateway.js';

/** A client, its gateway and its clock; `jitter` is what the dice show. */
function made({ credentials, jitter = 0.5, online = true } = {}) {
  const gateway = new FakeGateway();
  const clock = new FakeClock();
  const network = { online };
  const client = new Madang({
    url: 'ws://mesh/ws',
    WebSocket: gateway.WebSocket,
    credentials,
    clock,
    random: () => jitter,
    connectivity: { isOnline: () => network.online },
  });
  return { gateway, clock, client, network };
}

async function connected(options, greeting) {
  const parts = made(options);
  parts.client.start();
  await parts.gateway.greet(greeting);
  return parts;
}

/** Reads `room:dev` up to offset 41. */
async function reading(options) {
  const parts = await connected(options);
  const reader = new FakeReader();
  const subscription = parts.client.subscribe('room:dev', reader);
  parts.gateway.socket.subscribed('room:dev', {
    position: { epoch: 'e', offset: 41 },
    snapshot: 'S41',
  });
  reader.heard.length = 0;
  return { ...parts, reader, subscription };
}

describe('A client that starts', () => {
  it('says connect with its token and is live when greeted', async () => {
    const { client, gateway } = made({ credentials: fakeCredentials(['t-1']) });
    const phases = [];
    client.on('state', ({ phase }) => phases.push(phase));

    client.start();
    await gateway.greet();

    assert.equal(gateway.socket.url, 'ws://mesh/ws');
    assert.equal(gateway.socket.last('connect').token, 't-1');
    assert.deepEqual(phases, ['connecting', 'catching-up', 'live']);
    assert.equal(client.connected.user.name, 'mina');
  });

  it('gives up a gateway that does not answer, and tries again', async () => {
    const { client, gateway, clock } = made();
    client.start();
    await settled();

    await clock.pass(15_000);

    assert.equal(client.state.phase, 'waiting');
    await clock.pass(250);
    assert.equal(gateway.sockets.length, 2);
  });

  it('is over when a person has to sign in', async () => {
    const credentials = fakeCredentials([new SignedOutError('signed-out', 'Sign in again.')]);
    const { client } = made({ credentials });

    client.start();
    await settled();

    assert.equal(client.state.phase, 'ended');
    assert.equal(client.state.code, 4501);
  });

  it('waits when tokens cannot be fetched right now', async () => {
    const { client } = made({ credentials: fakeCredentials([new UnreachableError('away')]) });

    client.start();
    await settled();

    assert.equal(client.state.phase, 'waiting');
  });
});

describe('A topic', () => {
  it('brings a snapshot first, then publications in order', async () => {
    const { client, gateway } = await connected();
    const reader = new FakeReader();
    client.subscribe('room:dev', reader);

    gateway.socket.subscribed('room:dev', {
      position: { epoch: 'e', offset: 41 },
      snapshot: { members: 2 },
    });
    gateway.socket.say(publication('room:dev', 42));
    gateway.socket.say(publication('room:dev', 43));

    assert.deepEqual(reader.heard, [['snapshot', { members: 2 }, 'first'], 42, 43]);
  });

  it('with a hole is asked for from the last delivered position, once', async () => {
    const { gateway, reader } = await reading();

    gateway.socket.say(publication('room:dev', 44));
    gateway.socket.say(publication('room:dev', 45));

    const said = gateway.socket.frames.slice(-2);
    assert.deepEqual(said.map(({ type }) => type), ['unsubscribe', 'subscribe']);
    assert.deepEqual(said[1].since, { epoch: 'e', offset: 41 });
    gateway.socket.say({ type: 'unsubscribed', ref: said[0].ref, topic: 'room:dev' });
    gateway.socket.subscribed('room:dev', {
      position: { epoch: 'e', offset: 44 },
      publications: [42, 43, 44].map((offset) => publication('room:dev', offset)),
    });
    assert.deepEqual(reader.heard, [42, 43, 44, 45]);
  });

  it('with a hole that stays is asked for again after growing waits', async () => {
    const { gateway, clock, reader } = await reading();
    const asked = () => gateway.socket.heard('subscribe').length - 1;
    const unhealed = () =>
      gateway.socket.subscribed('room:dev', { position: { epoch: 'e', offset: 41 } });
    gateway.socket.say(publication('room:dev', 44));

    unhealed();
    await clock.pass(249);
    assert.equal(asked(), 1);
    await clock.pass(1);
    assert.equal(asked(), 2);
    unhealed();
    await clock.pass(499);
    assert.equal(asked(), 2);
    await clock.pass(1);
    assert.equal(asked(), 3);

    assert.deepEqual(reader.heard, []);
  });

  it('with a gap starts anew from a snapshot', async () => {
    const { gateway, reader } = await reading();
    const from = { epoch: 'e', offset: 41 };
    const to = { epoch: 'f', offset: 12 };

    gateway.socket.say({ type: 'gap', topic: 'room:dev', from, to });
    assert.equal('since' in gateway.socket.last('subscribe'), false);
    gateway.socket.subscribed('room:dev', { position: to, snapshot: 'S12' });
    gateway.socket.say(publication('room:dev', 13, 12, { epoch: 'f' }));

    assert.deepEqual(reader.heard, [['gap', from, to], ['snapshot', 'S12', 'gap'], 13]);
  });

  it('asked for again before its first answer ignores the answer to the first question', async () => {
    const { client, gateway } = await connected();
    const reader = new FakeReader();
    client.subscribe('room:dev', reader);
    const first = gateway.socket.last('subscribe');
    gateway.socket.say({ type: 'gap', topic: 'room:dev', from: null, to: null });

    gateway.socket.refuse(first, 'conflict');
    gateway.socket.subscribed('room:dev', { position: { epoch: 'e', offset: 1 }, snapshot: 'S1' });

    assert.deepEqual(reader.heard.slice(1), [['snapshot', 'S1', 'first']]);
  });

  it('refused for good ends; refused for now is asked for again', async () => {
    const { client, gateway, clock } = await connected();
    const refused = new FakeReader();
    const later = new FakeReader();
    client.subscribe('room:secret', refused);
    gateway.socket.refuse(gateway.socket.last('subscribe'), 'unknown-topic');
    client.subscribe('room:dev', later);
    gateway.socket.refuse(gateway.socket.last('subscribe'), 'unavailable', {
      retry: 'later',
      retryAfterMs: 700,
    });

    await clock.pass(700);

    assert.deepEqual(refused.heard, [['refused', 'unknown-topic']]);
    assert.deepEqual(later.heard, []);
    assert.equal(gateway.socket.heard('subscribe').length, 3);
    assert.equal(gateway.socket.last('subscribe').topic, 'room:dev');
    assert.equal(gateway.socket.heard('unsubscribe').length, 0);
  });

  it('taken away says why, and nothing more', async () => {
    const { gateway, reader } = await reading();

    gateway.socket.say({ type: 'unsubscribed', topic: 'room:dev', reason: 'kicked' });
    gateway.socket.say(publication('room:dev', 42));

    assert.deepEqual(reader.heard, [['ended', 'kicked']]);
  });

  it('closed is unsubscribed, and the late answer to that does not touch its next life', async () => {
    const { client, gateway, reader, subscription } = await reading();
    subscription.close();
    const { ref } = gateway.socket.last('unsubscribe');
    const next = new FakeReader();
    client.subscribe('room:dev', next);

    gateway.socket.say({ type: 'unsubscribed', ref, topic: 'room:dev' });
    gateway.socket.subscribed('room:dev', {
      position: { epoch: 'e', offset: 50 },
      snapshot: 'S50',
    });
    gateway.socket.say(publication('room:dev', 51));

    assert.deepEqual(reader.heard, []);
    assert.deepEqual(next.heard, [['snapshot', 'S50', 'first'], 51]);
  });

  it('whose reader throws goes on, and so do the others', async (context) => {
    context.mock.method(console, 'error', () => {});
    const { client, gateway, reader } = await reading();
    client.subscribe('room:bad', {
      onPublication: () => {
        throw new Error('a bug of the page');
      },
    });
    gateway.socket.subscribed('room:bad', { position: { epoch: 'e', offset: 0 } });

    gateway.socket.say(publication('room:bad', 1));
    gateway.socket.say(publication('room:dev', 42));

    assert.deepEqual(reader.heard, [42]);
  });
});

describe('A lost connection', () => {
  it('is made again after a jittered wait, and the topics resume from their positions', async () => {
    const { client, gateway, clock, reader } = await reading();
    gateway.socket.say(publication('room:dev', 42));

    gateway.socket.drop();
    assert.equal(client.state.phase, 'waiting');
    assert.equal(client.state.retryAt, clock.now() + 250);
    await clock.pass(250);
    await gateway.greet();

    const resume = gateway.socket.last('resume');
    assert.deepEqual(resume.topics, [{ topic: 'room:dev', epoch: 'e', offset: 42 }]);
    assert.equal(client.state.phase, 'catching-up');
    gateway.socket.say({
      type: 'resumed',
      ref: resume.ref,
      topics: [
        {
          topic: 'room:dev',
          position: { epoch: 'e', offset: 44 },
          recovered: true,
          publications: [43, 44].map((offset) => publication('room:dev', offset)),
        },
      ],
    });
    gateway.socket.say(publication('room:dev', 45));
    assert.equal(client.state.phase, 'live');
    assert.deepEqual(reader.heard, [42, 43, 44, 45]);
  });

  it('holds what overtakes the resumed answer', async () => {
    const { gateway, clock, reader } = await reading();
    gateway.socket.drop();
    await clock.pass(250);
    await gateway.greet();

    gateway.socket.say(publication('room:dev', 43));
    assert.deepEqual(reader.heard, []);
    gateway.socket.say({
      type: 'resumed',
      ref: gateway.socket.last('resume').ref,
      topics: [
        {
          topic: 'room:dev',
          position: { epoch: 'e', offset: 42 },
          recovered: true,
          publications: [publication('room:dev', 42)],
        },
      ],
    });

    assert.deepEqual(reader.heard, [42, 43]);
  });

  it('over which a topic could not be recovered brings its snapshot, named a gap', async () => {
    const { gateway, clock, reader } = await reading();
    gateway.socket.drop();
    await clock.pass(250);
    await gateway.greet();

    gateway.socket.say({
      type: 'resumed',
      ref: gateway.socket.last('resume').ref,
      topics: [
        {
          topic: 'room:dev',
          position: { epoch: 'f', offset: 9 },
          recovered: false,
          snapshot: 'S9',
        },
      ],
    });

    assert.deepEqual(reader.heard, [['snapshot', 'S9', 'gap']]);
  });

  it('after which one topic is refused leaves the others untouched', async () => {
    const { client, gateway, clock, reader } = await reading();
    const kicked = new FakeReader();
    client.subscribe('room:gone', kicked);
    gateway.socket.subscribed('room:gone', { position: { epoch: 'e', offset: 3 } });
    gateway.socket.drop();
    await clock.pass(250);
    await gateway.greet();

    gateway.socket.say({
      type: 'resumed',
      ref: gateway.socket.last('resume').ref,
      topics: [
        { topic: 'room:dev', position: { epoch: 'e', offset: 41 }, recovered: true },
        {
          topic: 'room:gone',
          error: { code: 'unknown-topic', message: 'no', retry: 'never', retryAfterMs: 0 },
        },
      ],
    });
    gateway.socket.say(publication('room:dev', 42));

    assert.deepEqual(kicked.heard.at(-1), ['refused', 'unknown-topic']);
    assert.deepEqual(reader.heard, [42]);
    assert.equal(client.state.phase, 'live');
  });

  it('is tried again and again with growing ceilings, and a good one starts over', async () => {
    const { client, gateway, clock } = await connected({ jitter: 0.999 });
    const waits = [];
    client.on('state', ({ phase, retryAt }) => {
      if (phase === 'waiting') {
        waits.push(Math.ceil((retryAt - clock.now()) / 100) / 10);
      }
    });
    gateway.socket.drop();
    for (let attempt = 0; attempt < 7; attempt += 1) {
      await clock.pass(client.state.retryAt - clock.now());
      gateway.socket.drop();
    }
    assert.deepEqual(waits, [0.5, 1, 2, 4, 8, 10, 10, 10]);

    await clock.pass(client.state.retryAt - clock.now());
    await gateway.greet();
    await clock.pass(5_000);
    gateway.socket.drop();

    assert.equal(waits.at(-1), 0.5);
  });

  it('that ends right after each greeting does not reset the wait', async () => {
    const { client, gateway, clock } = await connected({ jitter: 0.999 });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      gateway.socket.drop(1011);
      await clock.pass(client.state.retryAt - clock.now());
      await gateway.greet();
    }

    gateway.socket.drop(1011);

    assert.equal(client.state.retryAt - clock.now(), Math.round(0.999 * 4000));
  });

  it('without a network is told as offline, and tried all the same', async () => {
    const { client, gateway, clock, network } = await connected();
    network.online = false;

    gateway.socket.drop();

    assert.equal(client.state.phase, 'offline');
    await clock.pass(250);
    assert.equal(gateway.sockets.length, 2);
  });

  it('is tried at once when the network or the person comes back', async () => {
    const { client, gateway } = await connected();
    gateway.socket.drop();

    client.wake();
    await settled();

    assert.equal(gateway.sockets.length, 2);
  });
});

describe('A gateway that says goodbye', () => {
  it('is obeyed about when to come back', async () => {
    const { client, gateway, clock } = await connected();
    gateway.socket.say({
      type: 'disconnect',
      code: 1012,
      reason: 'restarting',
      reconnect: true,
      afterMs: 120,
    });

    gateway.socket.drop(1012);

    assert.equal(client.state.retryAt, clock.now() + 120);
    assert.equal(client.state.reason, 'restarting');
  });

  it('again and again is not hurried', async () => {
    const { client, gateway, clock } = await connected({ jitter: 0.9 });
    const goodbye = { type: 'disconnect', code: 1012, reason: 'restarting', reconnect: true };
    gateway.socket.say({ ...goodbye, afterMs: 0 });
    gateway.socket.drop(1012);
    await clock.pass(0);
    await gateway.greet();

    gateway.socket.say({ ...goodbye, afterMs: 0 });
    gateway.socket.drop(1012);

    assert.equal(client.state.retryAt - clock.now(), 900);
  });

  it('is obeyed when it forbids to come back', async () => {
    const { client, gateway, clock } = await connected();
    gateway.socket.say({ type: 'disconnect', code: 4502, reason: 'kicked', reconnect: false });

    gateway.socket.drop(4502);
    await clock.pass(60_000);

    assert.deepEqual([client.state.phase, client.state.code], ['ended', 4502]);
    assert.equal(gateway.sockets.length, 1);
  });

  it('is understood by the range of a code nobody knows yet', async () => {
    const returning = await connected();
    returning.gateway.socket.drop(4321);
    const gone = await connected();
    gone.gateway.socket.drop(4765);

    assert.equal(returning.client.state.phase, 'waiting');
    assert.equal(gone.client.state.phase, 'ended');
  });
});

describe('A command', () => {
  it('is answered with its result', async () => {
    const { client, gateway } = await connected();

    const sent = client.command('chat', 'sendToRoom', { room: 'dev', text: 'hi' }, { id: 'id-1' });
    await settled();
    const command = gateway.socket.last('command');
    gateway.socket.reply(command, { offset: 43 });

    assert.deepEqual(
      [command.service, command.name, command.id, command.args],
      ['chat', 'sendToRoom', 'id-1', { room: 'dev', text: 'hi' }],
    );
    assert.deepEqual(await sent, { offset: 43 });
    assert.equal(client.waitingCommands, 0);
  });

  it('refused carries the code, the advice and the details', async () => {
    const { client, gateway } = await connected();
    const sent = client.command('chat', 'joinRoom', { room: 'dev' });
    await settled();
    gateway.socket.refuse(gateway.socket.last('command'), 'wrong-password', {
      message: 'The password is another.',
      details: { room: 'dev' },
    });

    await assert.rejects(sent, (error) => {
      assert.ok(error instanceof RefusedError);
      assert.deepEqual(
        [error.code, error.message, error.retry, error.details],
        ['wrong-password', 'The password is another.', 'never', { room: 'dev' }],
      );
      return true;
    });
  });

  it('without an answer is sent again with the same id after a reconnect, in order', async () => {
    const { client, gateway, clock } = await connected();
    const sent = ['a', 'b', 'c'].map((id) => client.command('chat', 'sendToRoom', {}, { id }));
    await settled();
    gateway.socket.reply(gateway.socket.heard('command')[1], 'B');
    gateway.socket.drop();
    sent.push(client.command('chat', 'sendToRoom', {}, { id: 'd' }));

    await clock.pass(250);
    await gateway.greet();

    const again = gateway.socket.heard('command');
    assert.deepEqual(again.map(({ id }) => id), ['a', 'c', 'd']);
    again.forEach((command) => gateway.socket.reply(command, command.id.toUpperCase()));
    assert.deepEqual(await Promise.all(sent), ['A', 'B', 'C', 'D']);
  });

  it('given while there is no connection waits for one', async () => {
    const { client, gateway } = made();
    const sent = client.command('chat', 'listRooms');
    client.start();
    await gateway.greet();

    gateway.socket.reply(gateway.socket.last('command'), { rooms: [] });

    assert.deepEqual(await sent, { rooms: [] });
  });

  it('told "not so fast" is sent again by itself, and newer ones wait behind it', async () => {
    const { client, gateway, clock } = await connected();
    const first = client.command('chat', 'sendToRoom', {}, { id: 'a' });
    await settled();
    gateway.socket.refuse(gateway.socket.last('command'), 'rate-limited', {
      retry: 'later',
      retryAfterMs: 300,
    });
    client.command('chat', 'sendToRoom', {}, { id: 'b' });
    await settled();
    assert.equal(gateway.socket.heard('command').length, 1);

    await clock.pass(300);

    assert.deepEqual(gateway.socket.heard('command').map(({ id }) => id), ['a', 'a', 'b']);
    gateway.socket.reply(gateway.socket.heard('command')[1], 'done');
    assert.equal(await first, 'done');
  });

  it('never makes more requests pending than the gateway takes', async () => {
    const { client, gateway } = await connected({}, { limits: { maxPending: 34 } });
    for (const id of ['a', 'b', 'c', 'd']) {
      client.command('chat', 'sendToRoom', {}, { id });
    }
    await settled();
    assert.deepEqual(gateway.socket.heard('command').map(({ id }) => id), ['a', 'b']);

    gateway.socket.reply(gateway.socket.heard('command')[0], {});

    assert.deepEqual(gateway.socket.heard('command').map(({ id }) => id), ['a', 'b', 'c']);
  });

  it('too large for the gateway is not sent', async () => {
    const { client, gateway } = await connected({}, { limits: { maxMessageBytes: 200 } });

    const sent = client.command('chat', 'sendToRoom', { text: '마'.repeat(60) });

    await assert.rejects(sent, (error) => error instanceof NotSentError && error.code === 'too-large');
    assert.equal(gateway.socket.heard('command').length, 0);
  });

  it('that made the gateway close is not sent again; its outcome is unknown', async () => {
    const { client, gateway, clock } = await connected();
    const poison = client.command('chat', 'sendToRoom', {}, { id: 'poison' });
    await settled();
    gateway.socket.drop(1009);

    await assert.rejects(poison, UnknownOutcomeError);
    await clock.pass(250);
    await gateway.greet();

    assert.equal(gateway.socket.heard('command').length, 0);
    assert.equal(client.state.phase, 'live');
  });

  it('gives up after its time, and a late answer harms nobody', async () => {
    const { client, gateway, clock } = await connected();
    const asked = client.command('chat', 'history', {}, { timeoutMs: 1_000 });
    await settled();
    const command = gateway.socket.last('command');

    await clock.pass(1_000);
    await assert.rejects(asked, UnknownOutcomeError);

    gateway.socket.reply(command, {});
    assert.equal(client.waitingCommands, 0);
  });

  it('fails when the client is stopped', async () => {
    const { client } = await connected();
    const sent = client.command('chat', 'sendToRoom');

    client.stop();

    await assert.rejects(sent, (error) => error.code === 'stopped');
    assert.equal(client.state.phase, 'idle');
  });
});

describe('A quiet connection', () => {
  it('is pinged once per heartbeat', async () => {
    const { gateway, clock } = await connected();

    await clock.pass(24_999);
    assert.equal(gateway.socket.heard('ping').length, 0);
    await clock.pass(1);

    assert.equal(gateway.socket.heard('ping').length, 1);
  });

  it('stays when the ping is answered', async () => {
    const { client, gateway, clock } = await connected();
    for (let beat = 0; beat < 3; beat += 1) {
      await clock.pass(25_000);
      gateway.socket.say({ type: 'pong', time: '2030-01-31T12:00:00Z' });
    }

    assert.equal(client.state.phase, 'live');
    assert.equal(gateway.socket.heard('ping').length, 3);
  });

  it('whose ping nobody answers is given up', async () => {
    const { client, gateway, clock } = await connected();

    await clock.pass(25_000 + 10_000);

    assert.equal(client.state.phase, 'waiting');
    assert.equal(gateway.socket.closedWith.code, 1000);
  });

  it('is checked at once when the machine wakes up', async () => {
    const { client, gateway, clock } = await connected();
    clock.jump(3_600_000);

    client.wake();
    assert.equal(gateway.socket.heard('ping').length, 1);
    await clock.pass(10_000);

    assert.equal(client.state.phase, 'waiting');
  });
});

describe('A token', () => {
  it('is renewed before it expires, and the connection told', async () => {
    const credentials = fakeCredentials(['t-1', 't-2']);
    const { gateway, clock } = await connectedWith(credentials);
    const live = async (ms) => {
      for (let left = ms; left > 0; left -= 25_000) {
        await clock.pass(Math.min(left, 25_000));
        gateway.socket.say({ type: 'pong' });
      }
    };
    await live(540_000 - 1);
    assert.equal(gateway.socket.heard('refresh').length, 0);

    await live(1);

    assert.equal(gateway.socket.last('refresh').token, 't-2');
  });

  it('the gateway finds expired is renewed once, and then it is for a person', async () => {
    const credentials = fakeCredentials(['t-1', 't-2', 't-3']);
    const { client, gateway, clock } = await connectedWith(credentials);

    gateway.socket.drop(4501, 'token expired');
    await clock.pass(250);
    assert.equal(gateway.sockets.length, 2);
    gateway.socket.open();
    assert.equal(gateway.socket.last('connect').token, 't-2');
    gateway.socket.drop(4501, 'token expired');
    await clock.pass(60_000);

    assert.deepEqual([client.state.phase, client.state.code], ['ended', 4501]);
    assert.equal(gateway.sockets.length, 2);
  });

  it('refused in the greeting is renewed once too', async () => {
    const credentials = fakeCredentials(['t-1', 't-2']);
    const { client, gateway, clock } = made({ credentials });
    client.start();
    await settled();
    gateway.socket.open();
    gateway.socket.refuse(gateway.socket.last('connect'), 'unauthenticated');
    await clock.pass(250);
    await gateway.greet();

    assert.equal(gateway.socket.last('connect').token, 't-2');
    assert.equal(client.state.phase, 'live');
  });

  async function connectedWith(credentials) {
    const parts = made({ credentials });
    credentials.expireAt(parts.clock.now() + 600_000);
    parts.client.start();
    await parts.gateway.greet();
    return parts;
  }
});

describe('A stream', () => {
  it('is read item by item, with credit given as it is read', async () => {
    const { client, gateway } = await connected();
    const stream = client.stream('dashboard', 'streamTime', ['Asia/Seoul']);
    const { ref } = gateway.socket.last('stream');
    assert.deepEqual(gateway.socket.last('more'), { type: 'more', ref, items: 64 });
    for (let item = 1; item <= 40; item += 1) {
      gateway.socket.say({ type: 'item', ref, item });
    }
    gateway.socket.say({ type: 'complete', ref });

    const items = [];
    for await (const item of stream) {
      items.push(item);
    }

    assert.deepEqual([items.length, items[0], items[39]], [40, 1, 40]);
  });

  it('left early is cancelled', async () => {
    const { client, gateway } = await connected();
    const stream = client.stream('dashboard', 'streamTime');
    const { ref } = gateway.socket.last('stream');
    gateway.socket.say({ type: 'item', ref, item: 1 });

    for await (const item of stream) {
      assert.equal(item, 1);
      break;
    }

    assert.deepEqual(gateway.socket.last('cancel'), { type: 'cancel', ref });
  });

  it('ends with the connection', async () => {
    const { client, gateway } = await connected();
    const stream = client.stream('dashboard', 'streamTime');
    const next = stream.next();

    gateway.socket.drop();

    await assert.rejects(next, UnknownOutcomeError);
  });
});

describe('An upload', () => {
  it('sends as many items as there is credit, then the end, and is answered', async () => {
    const { client, gateway } = await connected();
    const done = client.upload('chat', 'attach', { room: 'dev' }, ['AA', 'BB', 'CC']);
    const { ref } = gateway.socket.last('upload');
    gateway.socket.say({ type: 'more', ref, items: 2 });
    await settled();
    assert.equal(gateway.socket.heard('uploadItem').length, 2);

    gateway.socket.say({ type: 'more', ref, items: 16 });
    await settled();
    assert.equal(gateway.socket.heard('uploadEnd').length, 1);
    gateway.socket.say({ type: 'reply', ref, result: { id: 'f-1' } });

    assert.deepEqual(await done, { id: 'f-1' });
  });
});

/** Credentials that answer one after the other; the last one stays. An error is thrown instead. */
function fakeCredentials(answers) {
  let current = 0;
  let expiresAt = Infinity;
  const answer = async () => {
    const value = answers[Math.min(current, answers.length - 1)];
    if (value instanceof Error) {
      throw value;
    }
    return value;
  };
  return {
    token: answer,
    renew: () => {
      current += 1;
      return answer();
    },
    expiresAt: () => expiresAt,
    expireAt: (at) => {
      expiresAt = at;
    },
  };
}
