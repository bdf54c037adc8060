import { decode, encode, say } from './frames.js';

/**
 * One connection, from opening the socket to its end; a reconnect makes a new link.
 *
 *     opening ──socket open──▶ greeting ──connected──▶ up ──▶ down
 *         └───────────────────────┴──────────────────────────▲
 *
 * It says who we are, keeps the connection alive by a ping each heartbeat, notices when the other
 * side fell silent, and tells its end exactly once.
 *
 * @typedef {import('./clock.js').Clock} Clock
 * @typedef {import('./types.js').ConnectedFrame} ConnectedFrame
 *
 * @typedef {object} LinkEnd
 * @property {number} code the close code; 1006 when the connection just went away
 * @property {string} reason
 * @property {boolean} greeted whether the gateway had said `connected`
 * @property {{code?: number, reason?: string, reconnect?: boolean, afterMs?: number}|null} notice the
 *   `disconnect` frame that announced it
 * @property {any} refusal the `error` frame that answered `connect`
 *
 * @typedef {object} LinkListener
 * @property {(connected: ConnectedFrame) => void} onUp
 * @property {(frame: any) => void} onFrame every frame but `connected`, `pong` and `disconnect`
 * @property {(end: LinkEnd) => void} onDown
 */

/** How long the gateway may take from the start to `connected`, in milliseconds. */
export const GREETING_MS = 15_000;

/** How long a ping may stay unanswered when nothing else arrives either, in milliseconds. */
export const SILENCE_MS = 10_000;

const SOCKET_OPEN = 1;

/** Browsers let a page close with 1000 or 3000 to 4999 only. */
const CLOSED_BY_US = 1000;

/** The code browsers use for a connection that ended without a close frame. */
const WENT_AWAY = 1006;

export class Link {
  #socket;
  #clock;
  #listener;
  #nextRef;
  #greetingRef = 0;
  #heartbeatMs = 0;

  /** The timer under way: the greeting's limit first, then the next ping or its limit. */
  #timer = null;

  /** When the last frame arrived, in milliseconds since 1970. */
  #heardAt = 0;

  /** @type {'opening'|'greeting'|'up'|'down'} */
  #phase = 'opening';
  #notice = null;
  #refusal = null;

  /**
   * @param {object} parts
   * @param {string} parts.url
   * @param {new (url: string) => any} parts.WebSocket the browser's class or one like it
   * @param {string|null} parts.token
   * @param {() => number} parts.nextRef
   * @param {Clock} parts.clock
   * @param {LinkListener} listener
   */
  constructor({ url, WebSocket, token, nextRef, clock }, listener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#nextRef = nextRef;
    this.#socket = new WebSocket(url);
    this.#socket.onopen = () => this.#onOpen(token);
    this.#socket.onmessage = (event) => this.#onMessage(event.data);
    this.#socket.onclose = (event) =>
      this.#toDown(event?.code ?? WENT_AWAY, event?.reason || 'the connection was lost');
    // A close follows each error and says more; without a handler some runtimes would throw.
    this.#socket.onerror = () => {};
    this.#timer = clock.start(() => this.#giveUp('the gateway did not answer'), GREETING_MS);
  }

  /** Whether frames may be sent. */
  get isUp() {
    return this.#phase === 'up';
  }

  /** @param {object} frame @returns {boolean} false when the connection is not up, and nothing was sent */
  send(frame) {
    return this.sendText(encode(frame));
  }

  /** @param {string} text an encoded frame @returns {boolean} */
  sendText(text) {
    if (this.#phase !== 'up' || this.#socket.readyState !== SOCKET_OPEN) {
      return false;
    }
    this.#socket.send(text);
    return true;
  }

  /** Asks for a sign of life now: after a sleep the socket may be dead without knowing. */
  probe() {
    if (this.#phase === 'up') {
      this.#ping();
    }
  }

  /**
   * Ends the connection. The listener hears it at once, whatever the network does.
   *
   * @param {number} code
   * @param {string} reason
   */
  close(code, reason) {
    if (this.#phase !== 'down') {
      this.#closeSocket(code, reason);
      this.#toDown(code, reason);
    }
  }

  #onOpen(token) {
    if (this.#phase !== 'opening') {
      return;
    }
    this.#phase = 'greeting';
    this.#greetingRef = this.#nextRef();
    this.#socket.send(encode(say.connect(this.#greetingRef, token)));
  }

  #onMessage(data) {
    const frame = decode(data);
    if (this.#phase === 'down' || frame === null) {
      return;
    }
    this.#heardAt = this.#clock.now();
    if (frame.type === 'disconnect') {
      this.#notice = frame;
    } else if (this.#phase === 'greeting') {
      this.#onGreetingAnswer(frame);
    } else if (frame.type !== 'pong' && frame.type !== 'connected') {
      this.#listener.onFrame(frame);
    }
  }

  #onGreetingAnswer(frame) {
    if (frame.type === 'connected') {
      this.#phase = 'up';
      this.#heartbeatMs = frame.heartbeatMs > 0 ? frame.heartbeatMs : 25_000;
      this.#schedulePing(this.#heartbeatMs);
      this.#listener.onUp(frame);
    } else if (frame.type === 'error' && frame.ref === this.#greetingRef) {
      this.#refusal = frame;
      this.close(CLOSED_BY_US, frame.message ?? 'the gateway refused the connection');
    }
  }

  #schedulePing(delay) {
    this.#clock.cancel(this.#timer);
    this.#timer = this.#clock.start(() => this.#ping(), delay);
  }

  #ping() {
    const pingedAt = this.#clock.now();
    const limit = Math.min(SILENCE_MS, this.#heartbeatMs);
    this.send(say.ping(this.#nextRef()));
    this.#clock.cancel(this.#timer);
    this.#timer = this.#clock.start(() => {
      if (this.#heardAt < pingedAt) {
        this.#giveUp('the gateway fell silent');
      } else {
        this.#schedulePing(this.#heartbeatMs - limit);
      }
    }, limit);
  }

  #giveUp(reason) {
    this.#closeSocket(CLOSED_BY_US, reason);
    this.#toDown(WENT_AWAY, reason);
  }

  #closeSocket(code, reason) {
    try {
      this.#socket.close(code, reason);
    } catch {
      // A socket that never opened may refuse; it is abandoned either way.
    }
  }

  #toDown(code, reason) {
    if (this.#phase === 'down') {
      return;
    }
    const greeted = this.#phase === 'up';
    this.#phase = 'down';
    this.#clock.cancel(this.#timer);
    this.#listener.onDown({
      code,
      reason,
      greeted,
      notice: this.#notice,
      refusal: this.#refusal,
    });
  }
}
