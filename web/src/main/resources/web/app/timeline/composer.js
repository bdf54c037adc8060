import { h, icon, say } from '../dom.js';
import { EnterKey } from './enter-key.js';

/**
 * Where a message is written. Drafts stay with their conversation while another one is shown.
 *
 * @typedef {import('./conversation.js').RoomConversation} RoomConversation
 * @typedef {import('./conversation.js').DirectConversation} DirectConversation
 */

/** The most a message may have, in code points. */
const MOST_POINTS = 10_000;

/** The counter shows from here on, in code points. */
const COUNTED_FROM = 9_000;

/** A pause in writing this long is the end of typing, in milliseconds. */
const PAUSE_MS = 4_000;

export class Composer {
  /** @type {RoomConversation|DirectConversation|null} */
  #conversation = null;

  /** By conversation key. @type {Map<string, string>} */
  #drafts = new Map();

  #enter = new EnterKey();
  #pauseTimer = null;
  #onSent;

  /** @param {() => void} onSent */
  constructor(onSent) {
    this.#onSent = onSent;
    this.field = h('textarea', {
      rows: 1,
      placeholder: 'Write a message',
      'aria-label': 'Message',
      enterKeyHint: 'send',
      dir: 'auto',
      oninput: () => this.#onInput(),
      onkeydown: (event) => this.#onKey(event),
      onblur: () => this.#conversation?.stoppedTyping(),
      oncompositionstart: () => this.#enter.compositionStarted(),
      oncompositionupdate: (event) => this.#enter.compositionUpdated(event.data ?? ''),
      // The text is complete only after the browser finished the composition.
      oncompositionend: () =>
        this.#enter.compositionEnded() === 'send' && setTimeout(() => this.#send(), 0),
    });
    this.counter = h('span.counter', { 'aria-live': 'polite' });
    this.button = h(
      'button.send',
      { type: 'submit', disabled: true, 'aria-label': 'Send', title: 'Send (Enter)' },
      icon('send'),
    );
    this.element = h(
      'form.composer',
      {
        onsubmit: (event) => {
          event.preventDefault();
          this.#send();
        },
      },
      h('div.field', {}, this.field, this.counter),
      this.button,
    );
  }

  /** @param {RoomConversation|DirectConversation|null} conversation */
  show(conversation) {
    if (this.#conversation) {
      this.#drafts.set(this.#conversation.key, this.field.value);
    }
    this.#conversation = conversation;
    this.field.value = (conversation && this.#drafts.get(conversation.key)) ?? '';
    this.#fit();
  }

  /** @param {string} title of the conversation */
  name(title) {
    this.field.placeholder = `Message ${title}`;
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  #onKey(event) {
    if (this.#enter.pressed(event) === 'send') {
      event.preventDefault();
      this.#send();
    }
  }

  #onInput() {
    this.#fit();
    clearTimeout(this.#pauseTimer);
    if (this.field.value.trim() === '') {
      this.#conversation?.stoppedTyping();
    } else {
      this.#conversation?.typed();
      this.#pauseTimer = setTimeout(() => this.#conversation?.stoppedTyping(), PAUSE_MS);
    }
  }

  #fit() {
    this.field.style.height = 'auto';
    this.field.style.height = `${this.field.scrollHeight}px`;
    const points = [...this.field.value].length;
    this.button.disabled = this.field.value.trim() === '' || points > MOST_POINTS;
    say(this.counter, points >= COUNTED_FROM ? `${MOST_POINTS - points}` : '');
    this.counter.classList.toggle('bad', points > MOST_POINTS);
  }

  #send() {
    const text = this.field.value.normalize('NFC').trim();
    if (!this.#conversation || text === '' || [...text].length > MOST_POINTS) {
      return;
    }
    this.field.value = '';
    clearTimeout(this.#pauseTimer);
    this.#conversation.stoppedTyping();
    this.#fit();
    this.#conversation.send(text);
    this.#onSent();
  }
}
