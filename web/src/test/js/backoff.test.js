import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { backoffMs } from '../../main/resources/web/client/backoff.js';
import { mayReconnect } from '../../main/resources/web/client/codes.js';

const NEARLY_ONE = () => 1 - Number.EPSILON;

describe('The wait before the next attempt', () => {
  it('has a ceiling that doubles from half a second to ten seconds', () => {
    const ceilings = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((failures) => backoffMs(failures, NEARLY_ONE));

    assert.deepEqual(ceilings, [500, 1000, 2000, 4000, 8000, 10000, 10000, 10000, 10000]);
  });

  it('may be anything below its ceiling', () => {
    assert.equal(backoffMs(6, () => 0), 0);
    assert.equal(backoffMs(6, () => 0.5), 5000);
  });
});

describe('A close code', () => {
  for (const code of [1001, 1006, 1011, 1012, 1013, 4000, 4001, 4499, 5000]) {
    it(`${code} lets the client come back`, () => assert.equal(mayReconnect(code), true));
  }
  for (const code of [1000, 1003, 1008, 1010, 4500, 4502, 4505, 4506, 4999]) {
    it(`${code} does not`, () => assert.equal(mayReconnect(code), false));
  }
});
