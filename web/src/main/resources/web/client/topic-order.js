/**
 * One topic as one client has seen it: which publication comes next, which came already, and
 * whether something is missing. It knows no socket and no clock; it is told what arrived and says
 * what to deliver and what to ask for.
 *
 * A positioned publication is delivered when `prev ≤ last < offset`. When `prev` lies ahead of what
 * was seen there is a hole: what arrives is held back and the topic is asked for again from the last
 * delivered position. An answer that could not bridge the hole carries a snapshot, which takes the
 * place of everything before it.
 *
 * @typedef {import('./types.js').Position} Position
 * @typedef {import('./types.js').Publication} Publication
 * @typedef {import('./types.js').SubscribedFrame} SubscribedFrame
 *
 * @typedef {object} Step
 * @property {Publication[]} deliver in order, each once
 * @property {boolean} ask whether the topic must be asked for, from `position` (null: afresh)
 *
 * @typedef {object} Answered
 * @property {boolean} afresh whether `snapshot` takes the place of what was known
 * @property {any} snapshot
 * @property {Publication[]} deliver
 * @property {boolean} ask
 */

/** How many publications are held back while an answer is under way; beyond it all are dropped. */
export const MOST_HELD = 2_048;

export class TopicOrder {
  /** The last delivered position; null before the first answer and after a gap. @type {Position|null} */
  position = null;

  /** Publications waiting for an answer, as they arrived. @type {Publication[]} */
  #held = [];

  /** True from the first hole or question until an answer healed the topic; publications are held meanwhile. */
  #asking = false;

  /** Held publications were dropped, so the answer under way will not be the whole story. */
  #overflowed = false;

  /** The topic is being asked for: hold back what arrives. */
  asked() {
    this.#asking = true;
  }

  /** The connection is gone, and what it had handed over without delivery goes with it. */
  disconnected() {
    this.#asking = false;
    this.#overflowed = false;
    this.#held = [];
  }

  /** The owner said that a part is lost for good: only a snapshot helps now. */
  gap() {
    this.position = null;
    this.#held = [];
  }

  /** @param {Publication} publication @returns {Step} */
  accept(publication) {
    if (publication.offset === undefined || publication.offset === null) {
      return { deliver: this.#asking && !this.position ? [] : [publication], ask: false };
    }
    if (this.#asking) {
      this.#hold(publication);
      return { deliver: [], ask: false };
    }
    const last = this.position;
    if (last && publication.epoch === last.epoch && publication.offset <= last.offset) {
      return { deliver: [], ask: false };
    }
    if (last && (publication.epoch !== last.epoch || (publication.prev ?? 0) > last.offset)) {
      this.#hold(publication);
      this.#asking = true;
      return { deliver: [], ask: true };
    }
    this.position = { epoch: publication.epoch ?? '', offset: publication.offset };
    return { deliver: [publication], ask: false };
  }

  /** @param {SubscribedFrame} frame @returns {Answered} */
  answer(frame) {
    const recovered = frame.recovered === true && this.position !== null;
    const deliver = [];
    if (recovered) {
      deliver.push(...this.#bridge(frame));
    } else {
      this.position = frame.position ?? null;
      deliver.push(...(frame.publications ?? []));
    }
    this.#asking = false;
    const held = this.#held;
    this.#held = [];
    let ask = this.#overflowed;
    this.#overflowed = false;
    for (const publication of held) {
      // After a new hole the rest is held again, so that nothing overtakes the next answer.
      const step = this.accept(publication);
      deliver.push(...step.deliver);
      ask ||= step.ask;
    }
    this.#asking = ask;
    return { afresh: !recovered, snapshot: frame.snapshot ?? null, deliver, ask };
  }

  /** What a recovering answer brings beyond the last delivered position. */
  #bridge(frame) {
    const fresh = [];
    for (const publication of frame.publications ?? []) {
      const offset = publication.offset ?? 0;
      if (offset > this.position.offset) {
        fresh.push(publication);
        this.position = { epoch: publication.epoch ?? this.position.epoch, offset };
      }
    }
    if (frame.position && frame.position.offset > this.position.offset) {
      this.position = frame.position;
    }
    return fresh;
  }

  #hold(publication) {
    if (this.#held.length >= MOST_HELD) {
      this.#held = [];
      this.#overflowed = true;
    } else if (!this.#overflowed) {
      this.#held.push(publication);
    }
  }
}
