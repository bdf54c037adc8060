import { NotSentError, UnknownOutcomeError, refusedBy } from './errors.js';

/**
 * The commands that wait for their answer, in the order they were given. A command keeps its id for
 * its whole life, over every connection it is sent on, so that the service can tell a repeat from a
 * second wish; its `ref` is new on each connection.
 *
 * @typedef {object} Command
 * @property {string} id
 * @property {string} service
 * @property {string} name
 * @property {any} args
 *
 * @typedef {object} Entry
 * @property {Command} command
 * @property {Promise<any>} outcome
 * @property {number} ref 0 while it was not sent on this connection
 * @property {boolean} wasSent whether any connection ever carried it
 * @property {number} waits how often it was told "not so fast"
 * @property {(result: any) => void} resolve
 * @property {(error: Error) => void} reject
 */

/** How many commands may wait at once; the next one is not sent. */
export const MOST_WAITING = 512;

/** Refusals that say "not so fast" before anything was done; the command may just be sent again. */
const TOO_FAST = new Set(['rate-limited', 'too-many-requests']);

/** A command told to wait longer than this goes back to whoever gave it, in milliseconds. */
const LONGEST_PATIENCE_MS = 5_000;

/** How often one command is sent again after "not so fast". */
const MOST_PATIENCE = 8;

/** The first wait where a refusal names none, in milliseconds; it doubles. */
const FIRST_PATIENCE_MS = 250;

export class Outbox {
  /** By id, in the order they were given. @type {Map<string, Entry>} */
  #entries = new Map();

  /** The entries sent on this connection. @type {Map<number, Entry>} */
  #byRef = new Map();

  get size() {
    return this.#entries.size;
  }

  /** How many were sent on this connection and not answered. */
  get underWay() {
    return this.#byRef.size;
  }

  /**
   * Takes a command in. One that already waits under the same id is answered together with it.
   *
   * @param {Command} command
   * @returns {Entry}
   */
  add(command) {
    const known = this.#entries.get(command.id);
    if (known) {
      return known;
    }
    if (this.#entries.size >= MOST_WAITING) {
      throw new NotSentError('outbox-full', `${MOST_WAITING} commands wait for an answer already.`, {
        retry: 'later',
      });
    }
    /** @type {any} */
    const entry = { command, ref: 0, wasSent: false, waits: 0 };
    entry.outcome = new Promise((resolve, reject) => {
      entry.resolve = resolve;
      entry.reject = reject;
    });
    // Whoever asked hears the failure; without this line a failure nobody awaits would be "unhandled".
    entry.outcome.catch(() => {});
    this.#entries.set(command.id, entry);
    return entry;
  }

  /** @param {Entry} entry @param {number} ref */
  sent(entry, ref) {
    entry.ref = ref;
    entry.wasSent = true;
    this.#byRef.set(ref, entry);
  }

  /** Everything that waits and was not sent on this connection, oldest first. @returns {Entry[]} */
  unsent() {
    return [...this.#entries.values()].filter((entry) => entry.ref === 0);
  }

  /** @param {number} ref @param {any} result @returns {boolean} whether the ref was one of ours */
  replied(ref, result) {
    const entry = this.#take(ref);
    entry?.resolve(result);
    return entry !== undefined;
  }

  /**
   * @param {number} ref
   * @param {any} frame the error frame
   * @returns {number} how long nothing more should be sent, in milliseconds; −1 when the ref is not ours
   */
  refused(ref, frame) {
    const entry = this.#byRef.get(ref);
    if (!entry) {
      return -1;
    }
    const waitMs = frame.retryAfterMs || FIRST_PATIENCE_MS * 2 ** entry.waits;
    if (TOO_FAST.has(frame.code) && waitMs <= LONGEST_PATIENCE_MS && entry.waits < MOST_PATIENCE) {
      this.#byRef.delete(ref);
      entry.ref = 0;
      entry.waits += 1;
      return waitMs;
    }
    this.#take(ref);
    entry.reject(refusedBy(frame));
    return 0;
  }

  /**
   * Forgets one command. If it was sent its outcome stays unknown, which the error says.
   *
   * @param {string} id
   * @param {Error} [error]
   */
  giveUp(id, error) {
    const entry = this.#entries.get(id);
    if (entry) {
      this.#entries.delete(id);
      this.#byRef.delete(entry.ref);
      entry.reject(
        error ??
          (entry.wasSent
            ? new UnknownOutcomeError('no-answer', 'No answer came.')
            : new NotSentError('not-sent', 'It was not sent.', { retry: 'later' })),
      );
    }
  }

  /** The connection is gone: everything unanswered is to be sent again on the next one. */
  disconnected() {
    this.#byRef.clear();
    for (const entry of this.#entries.values()) {
      entry.ref = 0;
    }
  }

  /** The connection was closed because of what we sent: whatever it carried is not sent again. */
  disconnectedByOurFault() {
    for (const entry of this.#byRef.values()) {
      this.#entries.delete(entry.command.id);
      entry.reject(
        new UnknownOutcomeError('closed-by-request', 'The connection was closed over this request.'),
      );
    }
    this.#byRef.clear();
  }

  /** @param {Error} error for every command that waits */
  giveUpAll(error) {
    for (const id of [...this.#entries.keys()]) {
      this.giveUp(id, error);
    }
  }

  #take(ref) {
    const entry = this.#byRef.get(ref);
    if (entry) {
      this.#byRef.delete(ref);
      this.#entries.delete(entry.command.id);
    }
    return entry;
  }
}
