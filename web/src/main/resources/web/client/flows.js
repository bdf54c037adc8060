import { say } from './frames.js';
import { UnknownOutcomeError, refusedBy } from './errors.js';

/**
 * Streams and uploads: requests with more than one item, alive on one connection only. Both sides
 * send no more than the other one gave credit for.
 */

/** How many items may be under way towards us at once. */
export const WINDOW = 64;

const LOST = () =>
  new UnknownOutcomeError('disconnected', 'The connection ended before the last item.');

/** Items from a service, read with `for await`; leaving the loop cancels the stream. */
export class Stream {
  #send;
  #forget;
  #ref;

  /** Items that arrived and were not read; the credit bounds it. @type {any[]} */
  #items = [];

  /** Items read since credit was given last. */
  #read = 0;

  /** The reader waiting for the next item. @type {{resolve: Function, reject: Function}|null} */
  #waiting = null;

  #isOver = false;

  /** @type {Error|null} */
  #failure = null;

  /**
   * @param {number} ref
   * @param {(frame: object) => boolean} send
   * @param {() => void} forget
   */
  constructor(ref, send, forget) {
    this.#ref = ref;
    this.#send = send;
    this.#forget = forget;
  }

  /** @param {{service: string, name: string, args: any}} request */
  start(request) {
    this.#send(say.stream(this.#ref, request));
    this.#send(say.more(this.#ref, WINDOW));
    return this;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {Promise<IteratorResult<any>>} */
  next() {
    if (this.#items.length > 0) {
      this.#read += 1;
      if (this.#read * 2 >= WINDOW && !this.#isOver) {
        this.#send(say.more(this.#ref, this.#read));
        this.#read = 0;
      }
      return Promise.resolve({ value: this.#items.shift(), done: false });
    }
    if (this.#failure) {
      return Promise.reject(this.#failure);
    }
    if (this.#isOver) {
      return Promise.resolve({ value: undefined, done: true });
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** @returns {Promise<IteratorResult<any>>} */
  return() {
    if (!this.#isOver) {
      this.#send(say.cancel(this.#ref));
      this.#end(null);
    }
    this.#items = [];
    return Promise.resolve({ value: undefined, done: true });
  }

  /** @param {any} frame */
  hear(frame) {
    if (frame.type === 'item') {
      this.#items.push(frame.item);
      this.#wake();
    } else if (frame.type === 'complete' || frame.type === 'reply') {
      this.#end(null);
    } else if (frame.type === 'error') {
      this.#end(refusedBy(frame));
    }
  }

  disconnected() {
    this.#end(LOST());
  }

  #end(failure) {
    this.#isOver = true;
    this.#failure = failure;
    this.#forget();
    this.#wake();
  }

  #wake() {
    const waiting = this.#waiting;
    if (waiting && (this.#items.length > 0 || this.#isOver)) {
      this.#waiting = null;
      this.next().then(
        (result) => waiting.resolve(result),
        (error) => waiting.reject(error),
      );
    }
  }
}

/** Items to a service; it answers once, and may tell its progress meanwhile. */
export class Upload {
  #send;
  #forget;
  #ref;
  #onProgress;
  #credit = 0;

  /** Woken when credit arrives or the upload is over. @type {(() => void)|null} */
  #wake = null;

  /** @type {{result: any}|{failure: Error}|null} */
  #outcome = null;

  /**
   * @param {number} ref
   * @param {(frame: object) => boolean} send
   * @param {() => void} forget
   * @param {(item: any) => void} onProgress
   */
  constructor(ref, send, forget, onProgress) {
    this.#ref = ref;
    this.#send = send;
    this.#forget = forget;
    this.#onProgress = onProgress;
  }

  /**
   * @param {{service: string, name: string, args: any}} request
   * @param {AsyncIterable<any>|Iterable<any>} items bytes as base64
   * @returns {Promise<any>} the reply
   */
  async run(request, items) {
    this.#send(say.upload(this.#ref, request));
    for await (const item of items) {
      await this.#until(() => this.#credit > 0);
      if (this.#outcome) {
        break;
      }
      this.#credit -= 1;
      this.#send(say.uploadItem(this.#ref, item));
    }
    if (!this.#outcome) {
      this.#send(say.uploadEnd(this.#ref));
      await this.#until(() => false);
    }
    if ('failure' in this.#outcome) {
      throw this.#outcome.failure;
    }
    return this.#outcome.result;
  }

  /** @param {any} frame */
  hear(frame) {
    if (frame.type === 'item') {
      this.#onProgress(frame.item);
    } else if (frame.type === 'more') {
      this.#credit += frame.items ?? 0;
    } else if (frame.type === 'reply') {
      this.#end({ result: frame.result });
    } else if (frame.type === 'error') {
      this.#end({ failure: refusedBy(frame) });
    }
    this.#wake?.();
  }

  disconnected() {
    this.#end({ failure: LOST() });
    this.#wake?.();
  }

  #end(outcome) {
    this.#outcome = outcome;
    this.#forget();
  }

  async #until(condition) {
    while (!condition() && !this.#outcome) {
      await /** @type {Promise<void>} */ (
        new Promise((resolve) => {
          this.#wake = resolve;
        })
      );
    }
  }
}
