import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { EnterKey } from '../../main/resources/web/app/timeline/enter-key.js';

const ENTER = { key: 'Enter', keyCode: 13 };
const TAKEN = { key: 'Enter', keyCode: 229, isComposing: true };

describe('Enter', () => {
  it('sends', () => assert.equal(new EnterKey().pressed(ENTER), 'send'));

  it('with Shift makes a line', () =>
    assert.equal(new EnterKey().pressed({ ...ENTER, shiftKey: true }), 'line'));

  it('is the only key that means something', () =>
    assert.equal(new EnterKey().pressed({ key: 'a' }), 'nothing'));
});

describe('Enter while Hangul is composed', () => {
  it('sends once the composition ends, when the browser reports the key before', () => {
    const enter = composing('안녕');

    assert.equal(enter.pressed(TAKEN), 'nothing');
    assert.equal(enter.compositionEnded(), 'send');
  });

  it('sends when the browser ends the composition before it reports the key', () => {
    const enter = composing('녕');

    assert.equal(enter.compositionEnded(), 'nothing');
    assert.equal(enter.pressed({ key: 'Enter', keyCode: 229, isComposing: false }), 'send');
  });

  it('is not remembered over the next composition', () => {
    const enter = composing('안');
    enter.pressed(TAKEN);
    enter.compositionStarted();

    assert.equal(enter.compositionEnded(), 'nothing');
  });
});

describe('Enter while Chinese or Japanese is composed', () => {
  it('only confirms, and the next one sends', () => {
    const enter = composing('日本');

    assert.equal(enter.pressed(TAKEN), 'nothing');
    assert.equal(enter.compositionEnded(), 'nothing');
    assert.equal(enter.pressed(ENTER), 'send');
  });
});

function composing(text) {
  const enter = new EnterKey();
  enter.compositionStarted();
  enter.compositionUpdated(text);
  return enter;
}
