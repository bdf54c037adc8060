import { dayOf } from '../words.js';

/**
 * The messages of one conversation as one person sees them: what is in its history, by offset, and
 * behind it what this person sent and nobody confirmed yet. It knows no screen and no connection.
 *
 * @typedef {import('../../client/shapes.js').Message} Message
 * @typedef {import('../../client/shapes.js').Person} Person
 *
 * @typedef {object} Pending
 * @property {string} command the id under which it is sent, the same on a retry
 * @property {string} text
 * @property {number} time
 * @property {'sending'|'failed'} state
 * @property {any} [error]
 *
 * @typedef {object} Row what the screen shows, one after the other
 * @property {string} key the same for the same thing, for ever
 * @property {'day'|'unread'|'notice'|'message'|'pending'} type
 * @property {number} [day]
 * @property {Message} [message]
 * @property {Pending} [pending]
 * @property {boolean} [startsGroup] whether the author's name is shown
 * @property {boolean} [isOwn]
 */

/** How many messages stay in memory while reading at the end; older ones are fetched again. */
export const MOST_AT_END = 400;

/** How many stay whatever the person reads. */
export const MOST_EVER = 2_000;

/** Messages of one author within this time stand under one name, in milliseconds. */
const GROUP_MS = 5 * 60_000;

export class Timeline {
  /** Ascending by offset, each offset once. @type {Message[]} */
  #messages = [];

  /** In the order they were sent. @type {Pending[]} */
  #pending = [];

  /** Messages from this offset on are new to this person; 0 when nothing is. */
  #unreadFrom = 0;

  /** Whether there is history before the first message held here. */
  hasOlder = false;

  #me;

  /** @param {Person} me */
  constructor(me) {
    this.#me = me;
  }

  get firstOffset() {
    return this.#messages[0]?.offset ?? 0;
  }

  get lastOffset() {
    return this.#messages.at(-1)?.offset ?? 0;
  }

  get isEmpty() {
    return this.#messages.length === 0 && this.#pending.length === 0;
  }

  /**
   * A snapshot takes the place of the history; what is pending stays.
   *
   * @param {Message[]} messages
   * @param {boolean} hasOlder
   */
  reset(messages, hasOlder) {
    this.#messages = [];
    this.hasOlder = hasOlder;
    for (const message of messages) {
      this.add(message);
    }
  }

  /** @param {Message} message @returns {boolean} whether it is new here */
  add(message) {
    this.#settle(message);
    const at = this.#placeOf(message.offset);
    if (this.#messages[at]?.offset === message.offset) {
      return false;
    }
    this.#messages.splice(at, 0, message);
    return true;
  }

  /** A message has another text, or none any more. @param {{offset: number, text: string, isDeleted: boolean}} change */
  change({ offset, text, isDeleted }) {
    const at = this.#placeOf(offset);
    const message = this.#messages[at];
    if (message?.offset === offset) {
      this.#messages[at] = { ...message, text, isEdited: !isDeleted, isDeleted };
    }
  }

  /** @param {Message[]} messages @param {boolean} hasOlder */
  addOlder(messages, hasOlder) {
    for (const message of messages) {
      this.add(message);
    }
    this.hasOlder = hasOlder;
  }

  /** Lets go of the oldest, so that memory and screen stay small. @param {boolean} isAtEnd */
  trim(isAtEnd) {
    const most = isAtEnd ? MOST_AT_END : MOST_EVER;
    if (this.#messages.length > most) {
      this.#messages.splice(0, this.#messages.length - most);
      this.hasOlder = true;
    }
  }

  /** What the last `count` messages of others are, is new. @param {number} count */
  markUnread(count) {
    const others = this.#messages.filter(
      ({ kind, author }) => kind === 'message' && author.id !== this.#me.id,
    );
    this.#unreadFrom = count > 0 ? (others.at(-count) ?? others[0])?.offset ?? 0 : 0;
  }

  /** @param {string} command @param {string} text @param {number} time */
  propose(command, text, time) {
    this.#pending.push({ command, text, time, state: 'sending' });
  }

  /** The service has it. @param {string} command @param {{id: string, offset: number, time: number}} sent */
  confirm(command, sent) {
    const pending = this.pending(command);
    if (!pending) {
      return;
    }
    this.discard(command);
    if (sent.offset > 0 && sent.offset > this.firstOffset) {
      this.add({
        id: sent.id,
        offset: sent.offset,
        kind: 'message',
        author: this.#me,
        text: pending.text,
        time: sent.time || pending.time,
        isEdited: false,
        isDeleted: false,
        command,
      });
    }
  }

  /** @param {string} command @param {any} error */
  fail(command, error) {
    const pending = this.pending(command);
    if (pending) {
      pending.state = 'failed';
      pending.error = error;
    }
  }

  /** @param {string} command @param {number} time @returns {Pending|undefined} */
  retry(command, time) {
    const pending = this.pending(command);
    if (pending) {
      pending.state = 'sending';
      pending.error = undefined;
      pending.time = time;
    }
    return pending;
  }

  /** @param {string} command */
  discard(command) {
    this.#pending = this.#pending.filter((pending) => pending.command !== command);
  }

  /** @param {string} command @returns {Pending|undefined} */
  pending(command) {
    return this.#pending.find((pending) => pending.command === command);
  }

  /** @returns {Row[]} top to bottom */
  rows() {
    /** @type {Row[]} */
    const rows = [];
    /** @type {Message|null} */
    let before = null;
    for (const message of this.#messages) {
      const isNewDay = before === null || dayOf(before.time) !== dayOf(message.time);
      if (isNewDay) {
        const day = dayOf(message.time);
        rows.push({ key: `day-${day}`, type: 'day', day });
      }
      const isFirstUnread = this.#unreadFrom > 0 && message.offset === this.#unreadFrom;
      if (isFirstUnread) {
        rows.push({ key: 'unread', type: 'unread' });
      }
      rows.push(
        message.kind === 'message'
          ? {
              key: `m-${message.offset}`,
              type: 'message',
              message,
              startsGroup: isNewDay || isFirstUnread || !this.#isSameGroup(before, message),
              isOwn: message.author.id === this.#me.id,
            }
          : { key: `m-${message.offset}`, type: 'notice', message },
      );
      before = message;
    }
    for (const [index, pending] of this.#pending.entries()) {
      const follows =
        index > 0 || (before?.kind === 'message' && before.author.id === this.#me.id);
      rows.push({
        key: `p-${pending.command}`,
        type: 'pending',
        pending,
        startsGroup: !follows,
        isOwn: true,
      });
    }
    return rows;
  }

  #isSameGroup(before, message) {
    return (
      before?.kind === 'message' &&
      before.author.id === message.author.id &&
      message.time - before.time < GROUP_MS
    );
  }

  /** A message that came back from the room is pending no longer, whatever the reply will say. */
  #settle(message) {
    if (message.command) {
      this.discard(message.command);
    }
  }

  /** Where an offset is or belongs. Nearly always the end, so the search starts there. */
  #placeOf(offset) {
    let at = this.#messages.length;
    while (at > 0 && this.#messages[at - 1].offset >= offset) {
      at -= 1;
    }
    return at;
  }
}
