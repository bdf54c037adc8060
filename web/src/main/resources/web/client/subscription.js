import { TopicOrder } from './topic-order.js';

/**
 * What a reader of a topic hears. Everything is optional, and called in order.
 *
 * @typedef {import('./types.js').Publication} Publication
 * @typedef {import('./types.js').Position} Position
 *
 * @typedef {object} TopicReader
 * @property {(snapshot: any, about: {position: Position|null, reason: 'first'|'gap'}) => void} [onSnapshot]
 *   takes the place of everything heard before
 * @property {(publication: Publication) => void} [onPublication] once each, in order
 * @property {(gap: {from: any, to: any}) => void} [onGap] a part is lost; a snapshot follows
 * @property {(error: import('./errors.js').RefusedError) => void} [onRefused] it was refused for good
 * @property {(reason: string) => void} [onEnded] the mesh took the subscription away
 */

/** How a topic stands: wanted and not yet answered, flowing, or over. */
/** @typedef {'asking'|'live'|'refused'|'ended'|'closed'} SubscriptionPhase */

/** The first wait before a topic that stays torn, or is refused for now, is asked for again. */
const FIRST_REPAIR_MS = 250;

/** The longest such wait, in milliseconds. */
const LONGEST_REPAIR_MS = 10_000;

/** One topic this client reads. Made by the client; it lives until `close`, over all connections. */
export class Subscription {
  /** @type {SubscriptionPhase} */
  phase = 'asking';

  /** The ref of the latest question on this connection; answers to older ones are stale. 0: none. */
  ref = 0;

  /** Whether the gateway holds a subscription for this topic on this connection, answered or not. */
  isHeld = false;

  /** A wait before the next question; null when none is under way. */
  repair = null;

  /** Questions in a row that did not heal the topic. */
  #repairs = 0;

  #order = new TopicOrder();
  #reader;
  #close;
  #heardSnapshot = false;

  /**
   * @param {string} topic
   * @param {TopicReader} reader
   * @param {(subscription: Subscription) => void} close
   */
  constructor(topic, reader, close) {
    this.topic = topic;
    this.#reader = reader;
    this.#close = close;
  }

  /** The last delivered position; null before the first answer. */
  get position() {
    return this.#order.position;
  }

  /** No more is heard after this. Closing twice is harmless. */
  close() {
    if (this.phase !== 'closed') {
      this.phase = 'closed';
      this.#close(this);
    }
  }

  /** @param {number} ref of the question that was just sent */
  asked(ref) {
    this.ref = ref;
    this.isHeld = true;
    this.phase = 'asking';
    this.#order.asked();
  }

  disconnected() {
    this.ref = 0;
    this.isHeld = false;
    this.#repairs = 0;
    this.#order.disconnected();
    if (this.phase === 'live') {
      this.phase = 'asking';
    }
  }

  /** @param {import('./types.js').SubscribedFrame} frame @returns {number} how long to wait before asking again, −1: not at all */
  answered(frame) {
    this.ref = 0;
    this.phase = 'live';
    const answer = this.#order.answer(frame);
    if (answer.afresh) {
      const reason = this.#heardSnapshot ? 'gap' : 'first';
      this.#heardSnapshot = true;
      this.#call('onSnapshot', answer.snapshot, { position: this.position, reason });
    }
    this.#deliver(answer.deliver);
    if (!answer.ask) {
      this.#repairs = 0;
      return -1;
    }
    return this.#nextRepairMs();
  }

  /** @param {Publication} publication @returns {boolean} whether the topic must be asked for */
  published(publication) {
    const step = this.#order.accept(publication);
    this.#deliver(step.deliver);
    return step.ask;
  }

  /** @param {{from: any, to: any}} gap */
  gap(gap) {
    this.#order.gap();
    this.#call('onGap', gap);
  }

  /** @param {import('./errors.js').RefusedError} error @returns {number} as for {@link answered} */
  refused(error) {
    this.ref = 0;
    this.isHeld = false;
    if (error.retry === 'later') {
      return Math.max(error.retryAfterMs, this.#nextRepairMs());
    }
    this.phase = 'refused';
    this.#call('onRefused', error);
    return -1;
  }

  /** The answer left this topic out. @returns {number} as for {@link answered} */
  unanswered() {
    this.ref = 0;
    return this.#nextRepairMs();
  }

  /** @param {string} reason */
  ended(reason) {
    this.phase = 'ended';
    this.#call('onEnded', reason);
  }

  #nextRepairMs() {
    const wait = Math.min(LONGEST_REPAIR_MS, FIRST_REPAIR_MS * 2 ** Math.min(this.#repairs, 10));
    this.#repairs += 1;
    return wait;
  }

  #deliver(publications) {
    for (const publication of publications) {
      this.#call('onPublication', publication);
    }
  }

  /** A reader that throws must not stop the topic, nor the topics after it in the same turn. */
  #call(listener, ...values) {
    if (this.phase === 'closed') {
      return;
    }
    try {
      this.#reader[listener]?.(...values);
    } catch (error) {
      console.error(`the reader of ${this.topic} failed in ${listener}`, error);
    }
  }
}
