/**
 * What the Enter key means in a text field, also while an input method composes. Enter sends,
 * Shift+Enter makes a line. While characters are being composed Enter belongs to the input method:
 * for Chinese and Japanese it only confirms; a Korean writer means "send" with that one Enter, so
 * it is remembered and done once when the composition ends.
 *
 * @typedef {'send'|'line'|'nothing'} Meaning
 * @typedef {{key: string, shiftKey?: boolean, isComposing?: boolean, keyCode?: number}} KeyLike
 */

/** The key code browsers report for a key that an input method took. */
const TAKEN_BY_INPUT_METHOD = 229;

const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]\s*$/u;

export class EnterKey {
  #isComposing = false;
  #isHangul = false;
  #isRemembered = false;

  compositionStarted() {
    this.#isComposing = true;
    this.#isRemembered = false;
  }

  /** @param {string} composed */
  compositionUpdated(composed) {
    this.#isHangul = HANGUL.test(composed);
  }

  /** @returns {Meaning} */
  compositionEnded() {
    this.#isComposing = false;
    const meaning = this.#isRemembered ? 'send' : 'nothing';
    this.#isRemembered = false;
    return meaning;
  }

  /** @param {KeyLike} event @returns {Meaning} `line` and `nothing` leave the key to the browser */
  pressed(event) {
    if (event.key !== 'Enter') {
      return 'nothing';
    }
    if (event.shiftKey) {
      return 'line';
    }
    if (this.#isComposing || event.isComposing) {
      this.#isRemembered = this.#isHangul;
      return 'nothing';
    }
    // Safari ends the composition first and reports the key that ended it afterwards.
    if (event.keyCode === TAKEN_BY_INPUT_METHOD) {
      return this.#isHangul ? 'send' : 'nothing';
    }
    return 'send';
  }
}
