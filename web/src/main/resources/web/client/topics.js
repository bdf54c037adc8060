import { refusedBy } from './errors.js';
import { partsOfResumed, refusalOf, say } from './frames.js';
import { Subscription } from './subscription.js';

/** How many topics one `resume` frame names. */
const TOPICS_PER_RESUME = 100;

/**
 * Everything this client reads, and the questions for it that wait for an answer on the connection
 * in use. Only the newest question for a topic counts: an answer to an older one is stale.
 */
export class Topics {
  /** @type {Map<string, Subscription>} */
  #subscriptions = new Map();

  /** The questions under way, by ref. @type {Map<number, Subscription[]>} */
  #questions = new Map();

  #send;
  #nextRef;
  #clock;

  /**
   * @param {object} parts
   * @param {(frame: object) => boolean} parts.send false without a connection
   * @param {() => number} parts.nextRef
   * @param {import('./clock.js').Clock} parts.clock
   */
  constructor({ send, nextRef, clock }) {
    this.#send = send;
    this.#nextRef = nextRef;
    this.#clock = clock;
  }

  /** Whether every topic asked for on this connection was answered. */
  get isCaughtUp() {
    return this.#questions.size === 0;
  }

  /**
   * @param {string} topic
   * @param {import('./subscription.js').TopicReader} reader
   * @returns {Subscription}
   */
  subscribe(topic, reader) {
    if (this.#subscriptions.has(topic)) {
      throw new Error(`${topic} is being read already`);
    }
    const subscription = new Subscription(topic, reader, (closed) => this.#unsubscribe(closed));
    this.#subscriptions.set(topic, subscription);
    return subscription;
  }

  /**
   * Asks for one topic from where it stands, afresh when it stands nowhere. A gateway takes one
   * subscription to a topic from a connection, so what is there already is given back first.
   *
   * @param {Subscription} subscription
   */
  ask(subscription) {
    this.#clock.cancel(subscription.repair);
    subscription.repair = null;
    if (subscription.isHeld) {
      this.#send(say.unsubscribe(this.#nextRef(), subscription.topic));
    }
    const ref = this.#nextRef();
    if (this.#send(say.subscribe(ref, subscription.topic, subscription.position))) {
      this.#questions.set(ref, [subscription]);
      subscription.asked(ref);
    }
  }

  /** A connection is up: asks for everything, what has a position in as few frames as possible. */
  askForAll() {
    const known = [];
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.position) {
        known.push(subscription);
      } else {
        this.ask(subscription);
      }
    }
    for (let start = 0; start < known.length; start += TOPICS_PER_RESUME) {
      this.#resume(known.slice(start, start + TOPICS_PER_RESUME));
    }
  }

  /** What was asked will not be answered any more; positions stay. */
  disconnected() {
    this.#questions.clear();
    for (const subscription of this.#subscriptions.values()) {
      this.#clock.cancel(subscription.repair);
      subscription.repair = null;
      subscription.disconnected();
    }
  }

  /** @param {any} publication */
  onPublication(publication) {
    const subscription = this.#subscriptions.get(publication.topic);
    if (subscription?.published(publication)) {
      this.ask(subscription);
    }
  }

  /** @param {any} frame a `subscribed` */
  onSubscribed(frame) {
    this.#onAnswered(frame.ref, [frame]);
  }

  /** @param {any} frame a `resumed` */
  onResumed(frame) {
    this.#onAnswered(frame.ref, partsOfResumed(frame));
  }

  /** @param {any} frame an `error` @returns {boolean} whether it answered a question of ours */
  onError(frame) {
    const asked = this.#questions.get(frame.ref);
    if (!asked) {
      return false;
    }
    this.#questions.delete(frame.ref);
    for (const subscription of asked) {
      if (subscription.ref === frame.ref) {
        this.#onRefused(subscription, frame);
      }
    }
    return true;
  }

  /** @param {any} frame a `gap` */
  onGap(frame) {
    const subscription = this.#subscriptions.get(frame.topic);
    if (subscription) {
      subscription.gap({ from: frame.from, to: frame.to });
      this.ask(subscription);
    }
  }

  /** @param {any} frame an `unsubscribed`; with a ref it answers us, and there is nothing left to do */
  onUnsubscribed(frame) {
    const subscription = this.#subscriptions.get(frame.topic);
    if (subscription && !frame.ref) {
      this.#clock.cancel(subscription.repair);
      this.#subscriptions.delete(frame.topic);
      subscription.ended(frame.reason ?? 'ended');
    }
  }

  #onAnswered(ref, parts) {
    const asked = this.#questions.get(ref) ?? [];
    this.#questions.delete(ref);
    for (const subscription of asked) {
      if (subscription.ref === ref) {
        this.#onPart(
          subscription,
          parts.find(({ topic }) => topic === subscription.topic),
        );
      }
    }
  }

  #onPart(subscription, part) {
    const refusal = part && refusalOf(part);
    if (refusal) {
      this.#onRefused(subscription, refusal);
    } else if (part) {
      this.#askLater(subscription, subscription.answered(part));
    } else {
      this.#askLater(subscription, subscription.unanswered());
    }
  }

  #onRefused(subscription, refusal) {
    const waitMs = subscription.refused(refusedBy(refusal));
    this.#askLater(subscription, waitMs);
    // A reader may have closed it and opened the topic again from inside onRefused.
    if (waitMs < 0 && this.#subscriptions.get(subscription.topic) === subscription) {
      this.#subscriptions.delete(subscription.topic);
    }
  }

  #resume(subscriptions) {
    const ref = this.#nextRef();
    const topics = subscriptions.map(({ topic, position }) => ({ topic, position }));
    if (this.#send(say.resume(ref, topics))) {
      this.#questions.set(ref, subscriptions);
      for (const subscription of subscriptions) {
        subscription.asked(ref);
      }
    }
  }

  #askLater(subscription, waitMs) {
    if (waitMs >= 0 && subscription.phase !== 'closed') {
      this.#clock.cancel(subscription.repair);
      subscription.repair = this.#clock.start(() => this.ask(subscription), waitMs);
    }
  }

  #unsubscribe(subscription) {
    this.#clock.cancel(subscription.repair);
    if (this.#subscriptions.get(subscription.topic) === subscription) {
      this.#subscriptions.delete(subscription.topic);
      this.#send(say.unsubscribe(this.#nextRef(), subscription.topic));
    }
  }
}
