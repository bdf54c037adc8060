import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  Identity,
  MadangError,
  SignedOutError,
  UnreachableError,
} from '../../main/resources/web/client/madang.js';
import { FakeClock } from './fakes/fake-clock.js';

const MINA = { id: 'u-1', name: 'mina', roles: [] };

/** `/api/auth` as a test scripts it: one answer per call, the last one stays. */
function fakeAuth(...answers) {
  const calls = [];
  const fetch = async (url, options) => {
    calls.push({ url, body: JSON.parse(options.body) });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) {
      throw answer;
    }
    const { status = 200, ...body } = answer;
    return { ok: status < 300, status, json: async () => body };
  };
  return { calls, fetch };
}

const tokens = (number, expiresAt = '2030-01-31T12:15:00Z') => ({
  accessToken: `access-${number}`,
  refreshToken: `refresh-${number}`,
  expiresAt,
  user: MINA,
});

function made(auth, stored = null) {
  const clock = new FakeClock();
  const keeper = {
    kept: stored,
    load: () => keeper.kept,
    save: (token) => {
      keeper.kept = token;
    },
  };
  const identity = new Identity({ baseUrl: 'http://mesh', fetch: auth.fetch, keeper, clock });
  const changes = [];
  identity.on('change', (user) => changes.push(user?.name ?? null));
  return { identity, keeper, clock, changes };
}

describe('Someone who signs in', () => {
  it('is known, and only the refresh token is kept', async () => {
    const auth = fakeAuth(tokens(1));
    const { identity, keeper, changes } = made(auth);

    const user = await identity.guest('mina');

    assert.deepEqual(auth.calls, [{ url: 'http://mesh/api/auth/guest', body: { name: 'mina' } }]);
    assert.equal(user.name, 'mina');
    assert.equal(keeper.kept, 'refresh-1');
    assert.deepEqual(changes, ['mina']);
    assert.equal(await identity.token(), 'access-1');
  });

  it('with a wrong password hears the sentence of the server', async () => {
    const { identity } = made(
      fakeAuth({ status: 401, code: 'bad-credentials', detail: 'Name or password is wrong.' }),
    );

    await assert.rejects(identity.login('mina', 'x'), (error) => {
      assert.ok(error instanceof MadangError);
      assert.deepEqual([error.code, error.message], ['bad-credentials', 'Name or password is wrong.']);
      return true;
    });
  });

  it('while something else answers is not signed in', async () => {
    const { identity } = made(fakeAuth({ hello: 'world' }));

    await assert.rejects(identity.guest('mina'), UnreachableError);
    assert.equal(identity.user, null);
  });
});

describe('A token', () => {
  it('about to expire is renewed before it is handed out', async () => {
    const auth = fakeAuth(tokens(1, '2030-01-31T12:01:00Z'), tokens(2));
    const { identity, clock } = made(auth);
    await identity.guest('mina');
    await clock.pass(51_000);

    assert.equal(await identity.token(), 'access-2');
    assert.deepEqual(auth.calls[1].body, { refreshToken: 'refresh-1' });
  });

  it('is renewed once for everyone who asks at the same time', async () => {
    const auth = fakeAuth(tokens(1), tokens(2));
    const { identity } = made(auth);
    await identity.guest('mina');

    const renewed = await Promise.all([identity.renew(), identity.renew(), identity.renew()]);

    assert.deepEqual(renewed, ['access-2', 'access-2', 'access-2']);
    assert.equal(auth.calls.length, 2);
  });

  it('that cannot be renewed right now stays', async () => {
    for (const answer of [new TypeError('no network'), { status: 503 }, { status: 429 }]) {
      const { identity, keeper } = made(fakeAuth(tokens(1), answer));
      await identity.guest('mina');

      await assert.rejects(identity.renew(), UnreachableError);
      assert.equal(keeper.kept, 'refresh-1');
      assert.equal(identity.user.name, 'mina');
    }
  });

  it('refused for good signs out', async () => {
    const { identity, keeper, changes } = made(fakeAuth(tokens(1), { status: 401 }));
    let expired = 0;
    identity.on('expired', () => (expired += 1));
    await identity.guest('mina');

    await assert.rejects(identity.renew(), SignedOutError);

    assert.deepEqual([keeper.kept, identity.user, expired], [null, null, 1]);
    assert.deepEqual(changes, ['mina', null]);
  });
});

describe('A reload', () => {
  it('signs in with what was kept', async () => {
    const { identity, keeper } = made(fakeAuth(tokens(2)), 'refresh-1');

    assert.equal((await identity.restore()).name, 'mina');
    assert.equal(keeper.kept, 'refresh-2');
  });

  it('with nothing kept, or nothing good any more, is nobody', async () => {
    assert.equal(await made(fakeAuth(tokens(1))).identity.restore(), null);
    assert.equal(await made(fakeAuth({ status: 401 }), 'refresh-1').identity.restore(), null);
  });
});

describe('Someone who signs out', () => {
  it('is gone here at once, and at the mesh', async () => {
    const auth = fakeAuth(tokens(1), { status: 204 });
    const { identity, keeper } = made(auth);
    await identity.guest('mina');

    const done = identity.logout();
    assert.equal(identity.user, null);
    assert.equal(keeper.kept, null);
    await done;

    assert.deepEqual(auth.calls[1].body, { refreshToken: 'refresh-1' });
  });

  it('is not brought back by a renewal that was under way', async () => {
    let answer;
    const slow = new Promise((resolve) => {
      answer = resolve;
    });
    const auth = fakeAuth(tokens(1));
    const { identity, keeper } = made({
      fetch: async (url, options) => (url.endsWith('refresh') ? slow : auth.fetch(url, options)),
    });
    await identity.guest('mina');
    const renewal = identity.renew();
    await identity.logout();

    answer({ ok: true, status: 200, json: async () => tokens(2) });

    await assert.rejects(renewal, SignedOutError);
    assert.deepEqual([identity.user, keeper.kept], [null, null]);
  });
});
