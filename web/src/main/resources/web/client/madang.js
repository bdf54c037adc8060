import { backoffMs } from './backoff.js';
import { wallClock } from './clock.js';
import { CloseCode, isAboutTheToken, isAboutWhatWeSent, mayReconnect } from './codes.js';
import { Emitter } from './emitter.js';
import { NotSentError, SignedOutError } from './errors.js';
import { Stream, Upload } from './flows.js';
import { encode, say } from './frames.js';
import { Link } from './link.js';
import { Outbox } from './outbox.js';
import { Topics } from './topics.js';

export { Identity } from './identity.js';
export { Emitter } from './emitter.js';
export * from './errors.js';
export { CloseCode } from './codes.js';

/**
 * @typedef {import('./types.js').ConnectionState} ConnectionState
 * @typedef {import('./types.js').Credentials} Credentials
 * @typedef {import('./types.js').ConnectedFrame} ConnectedFrame
 * @typedef {import('./subscription.js').TopicReader} TopicReader
 * @typedef {import('./subscription.js').Subscription} Subscription
 */

/** A connection that held this long was a good one: the next failure counts as the first, in milliseconds. */
const GOOD_CONNECTION_MS = 5_000;

/** A token is renewed when this part of its life is left. */
const RENEW_AT_PART = 0.15;

/** The longest time before expiry at which a token is renewed, in milliseconds. */
const RENEW_BEFORE_MS = 60_000;

/** How many of the requests a connection may have pending are kept for topics and streams. */
const RESERVED_PENDING = 32;

/** The wait after a renewal that could not reach the mesh, in milliseconds. */
const RENEW_AGAIN_MS = 5_000;

/** @type {Credentials} */
const NO_CREDENTIALS = {
  token: async () => null,
  renew: async () => null,
  expiresAt: () => Infinity,
};

/**
 * A client of a Madang mesh over one WebSocket at a time.
 *
 *     idle ──start──▶ connecting ──connected──▶ catching-up ──all topics answered──▶ live
 *                        ▲  └─────────────┐          │                                │
 *                        └── waiting/offline ◀───────┴────────────────────────────────┘
 *     any ──stop──▶ idle        any ──a close that forbids coming back──▶ ended
 *
 * What outlives a connection: the topics with their positions (asked for again, so that each
 * publication arrives once and in order, or a snapshot after an explicit gap) and the commands
 * without an answer (sent again in order, each with the id it had).
 *
 * Emits `state` with a {@link ConnectionState} and `connected` with the gateway's greeting.
 */
export class Madang extends Emitter {
  /** @type {ConnectionState} */
  state = { phase: 'idle', failures: 0 };

  /** What the gateway said when it greeted us; null before the first connection. @type {ConnectedFrame|null} */
  connected = null;

  /** The connection in use or being made. @type {Link|null} */
  #link = null;

  /** Grows with each attempt and each stop, so that an answer to a former attempt is recognised. */
  #attempt = 0;

  /** Attempts that failed in a row; it sets the ceiling of the next wait. */
  #failures = 0;

  /** When the connection in use was greeted, in milliseconds since 1970. */
  #upSince = 0;

  /** Whether the token was already renewed because the gateway did not like it. */
  #renewedForClose = false;

  #retryTimer = null;
  #renewTimer = null;

  /** Runs while the gateway asked us to be slower; no command is sent meanwhile. */
  #pause = null;
  #lastRef = 0;
  #outbox = new Outbox();

  /** The streams and uploads alive on this connection. @type {Map<number, Stream|Upload>} */
  #flows = new Map();

  #topics;
  #url;
  #WebSocket;
  #credentials;
  #clock;
  #random;
  #connectivity;

  /**
   * @param {object} parts
   * @param {string} parts.url `ws:` or `wss:`, with its path
   * @param {new (url: string) => any} [parts.WebSocket] the browser's own when left out
   * @param {Credentials} [parts.credentials]
   * @param {import('./clock.js').Clock} [parts.clock]
   * @param {() => number} [parts.random]
   * @param {import('./types.js').Connectivity} [parts.connectivity]
   */
  constructor({
    url,
    WebSocket = globalThis.WebSocket,
    credentials = NO_CREDENTIALS,
    clock = wallClock,
    random = Math.random,
    connectivity = { isOnline: () => globalThis.navigator?.onLine !== false },
  }) {
    super();
    this.#url = url;
    this.#WebSocket = WebSocket;
    this.#credentials = credentials;
    this.#clock = clock;
    this.#random = random;
    this.#connectivity = connectivity;
    this.#topics = new Topics({
      send: (frame) => this.#link?.send(frame) ?? false,
      nextRef: () => this.#nextRef(),
      clock,
    });
  }

  /** Connects, and stays connected until `stop`. Starting twice is harmless. */
  start() {
    if (this.state.phase === 'idle' || this.state.phase === 'ended') {
      this.#failures = 0;
      this.#renewedForClose = false;
      this.#open();
    }
  }

  /** Disconnects. Topics stay subscribed for the next start; commands without an answer fail. */
  stop() {
    this.#attempt += 1;
    this.#cancelTimers();
    const link = this.#link;
    this.#link = null;
    link?.close(CloseCode.NORMAL, 'the client stopped');
    this.#disconnected();
    this.#outbox.giveUpAll(new NotSentError('stopped', 'The client was stopped.'));
    this.#toState({ phase: 'idle', failures: 0 });
  }

  /** The network or the person came back: tries now instead of later, and checks a quiet connection. */
  wake() {
    if (this.state.phase === 'waiting' || this.state.phase === 'offline') {
      this.#clock.cancel(this.#retryTimer);
      this.#open();
    } else {
      this.#link?.probe();
    }
  }

  /** How many commands wait for an answer. */
  get waitingCommands() {
    return this.#outbox.size;
  }

  /**
   * Reads a topic until the subscription is closed. A topic has one reader at a time.
   *
   * @param {string} topic
   * @param {TopicReader} reader
   * @returns {Subscription}
   */
  subscribe(topic, reader) {
    const subscription = this.#topics.subscribe(topic, reader);
    this.#topics.ask(subscription);
    return subscription;
  }

  /**
   * Asks a service to do something. Over a lost connection the same id is sent again, so it happens
   * once; without a connection it waits.
   *
   * @param {string} service
   * @param {string} name
   * @param {any} args by name, or an array by position
   * @param {object} [options]
   * @param {string} [options.id] of an earlier attempt at the same wish
   * @param {number} [options.timeoutMs] gives up after this long; 0 waits for ever
   * @returns {Promise<any>} the result; fails with RefusedError, NotSentError or UnknownOutcomeError
   */
  async command(service, name, args = {}, { id = newId(), timeoutMs = 0 } = {}) {
    const entry = this.#outbox.add({ id, service, name, args });
    this.#sendCommands();
    if (timeoutMs > 0) {
      const timer = this.#clock.start(() => this.#outbox.giveUp(id), timeoutMs);
      entry.outcome
        .catch(() => {})
        .finally(() => {
          this.#clock.cancel(timer);
        });
    }
    return entry.outcome;
  }

  /** Takes back a command that still waits. It may have happened all the same. @param {string} id */
  forget(id) {
    this.#outbox.giveUp(id);
  }

  /**
   * Reads a stream of a service with `for await`. It ends with the connection.
   *
   * @param {string} service
   * @param {string} name
   * @param {any} [args]
   * @returns {Stream}
   */
  stream(service, name, args = {}) {
    const ref = this.#liveRef();
    const stream = new Stream(
      ref,
      (frame) => this.#link?.send(frame) ?? false,
      () => this.#flows.delete(ref),
    );
    this.#flows.set(ref, stream);
    return stream.start({ service, name, args });
  }

  /**
   * Sends items to a service. It ends with the connection.
   *
   * @param {string} service
   * @param {string} name
   * @param {any} args
   * @param {AsyncIterable<any>|Iterable<any>} items
   * @param {(item: any) => void} [onProgress]
   * @returns {Promise<any>} the reply
   */
  async upload(service, name, args, items, onProgress = () => {}) {
    const ref = this.#liveRef();
    const upload = new Upload(
      ref,
      (frame) => this.#link?.send(frame) ?? false,
      () => this.#flows.delete(ref),
      onProgress,
    );
    this.#flows.set(ref, upload);
    return upload.run({ service, name, args }, items);
  }

  #liveRef() {
    if (!this.#link?.isUp) {
      throw new NotSentError('not-connected', 'There is no connection right now.', {
        retry: 'later',
      });
    }
    return this.#nextRef();
  }

  #nextRef() {
    this.#lastRef += 1;
    return this.#lastRef;
  }

  async #open() {
    this.#attempt += 1;
    const attempt = this.#attempt;
    this.#toState({ phase: 'connecting', failures: this.#failures });
    let token;
    try {
      token = await this.#credentials.token();
    } catch (error) {
      if (attempt === this.#attempt) {
        this.#onNoToken(error);
      }
      return;
    }
    if (attempt === this.#attempt) {
      this.#dial(token);
    }
  }

  #dial(token) {
    let link = null;
    try {
      link = new Link(
        {
          url: this.#url,
          WebSocket: this.#WebSocket,
          token,
          nextRef: () => this.#nextRef(),
          clock: this.#clock,
        },
        {
          onUp: (connected) => link === this.#link && this.#onUp(connected),
          onFrame: (frame) => link === this.#link && this.#onFrame(frame),
          onDown: (end) => link === this.#link && this.#onDown(end),
        },
      );
      this.#link = link;
    } catch (error) {
      // A malformed address, or a page that may not open this one: waiting does not heal it.
      this.#toEnded(CloseCode.PROTOCOL_ERROR, String(error?.message ?? error));
    }
  }

  #onNoToken(error) {
    if (error instanceof SignedOutError) {
      this.#toEnded(CloseCode.TOKEN_EXPIRED, error.message);
    } else {
      this.#toWaiting({ code: 1006, reason: error.message }, null);
    }
  }

  #onUp(connected) {
    this.connected = connected;
    this.#upSince = this.#clock.now();
    const endsAt = connected.expiresAt ? Date.parse(connected.expiresAt) : Infinity;
    this.#scheduleRenewal(Math.min(endsAt, this.#credentials.expiresAt()));
    this.#toState({ phase: 'catching-up', failures: 0 });
    this.#topics.askForAll();
    this.#sendCommands();
    this.#liveWhenCaughtUp();
    this.emit('connected', connected);
  }

  #onFrame(frame) {
    switch (frame.type) {
      case 'publication':
        this.#topics.onPublication(frame);
        break;
      case 'reply':
        this.#onReply(frame);
        break;
      case 'error':
        this.#onError(frame);
        break;
      case 'subscribed':
        this.#topics.onSubscribed(frame);
        break;
      case 'resumed':
        this.#topics.onResumed(frame);
        break;
      case 'gap':
        this.#topics.onGap(frame);
        break;
      case 'unsubscribed':
        this.#topics.onUnsubscribed(frame);
        break;
      case 'item':
      case 'complete':
      case 'more':
        this.#onFlow(frame);
        break;
      default:
      // A newer gateway may say what this client does not know yet.
    }
    this.#liveWhenCaughtUp();
  }

  #onReply(frame) {
    if (this.#outbox.replied(frame.ref, frame.result)) {
      this.#sendCommands();
    } else {
      this.#onFlow(frame);
    }
  }

  #onError(frame) {
    if (!this.#topics.onError(frame)) {
      this.#onCommandRefused(frame);
    }
  }

  #onCommandRefused(frame) {
    const waitMs = this.#outbox.refused(frame.ref, frame);
    if (waitMs < 0) {
      this.#onFlow(frame);
    } else if (waitMs === 0) {
      this.#sendCommands();
    } else {
      this.#clock.cancel(this.#pause);
      this.#pause = this.#clock.start(() => {
        this.#pause = null;
        this.#sendCommands();
      }, waitMs);
    }
  }

  #onFlow(frame) {
    this.#flows.get(frame.ref)?.hear(frame);
  }

  #onDown(end) {
    this.#link = null;
    this.#cancelTimers();
    if (isAboutWhatWeSent(end.code)) {
      this.#outbox.disconnectedByOurFault();
    }
    this.#disconnected();
    if (end.greeted && this.#clock.now() - this.#upSince >= GOOD_CONNECTION_MS) {
      this.#failures = 0;
      this.#renewedForClose = false;
    }
    const code = end.notice?.code ?? end.code;
    const reason = end.notice?.reason ?? end.reason;
    if (isAboutTheToken(code) || end.refusal) {
      this.#onTokenRefused(end, code, reason);
    } else if (end.notice?.reconnect === false || !mayReconnect(code)) {
      this.#toEnded(code, reason);
    } else {
      this.#toWaiting({ code, reason }, end.notice?.afterMs ?? null);
    }
  }

  /** One fresh token is worth an attempt; a second refusal in a row is for a person to read. */
  async #onTokenRefused(end, code, reason) {
    if (end.refusal?.retry === 'later') {
      this.#toWaiting({ code, reason }, end.refusal.retryAfterMs || null);
      return;
    }
    if (this.#renewedForClose) {
      this.#toEnded(isAboutTheToken(code) ? code : CloseCode.BAD_TOKEN, reason);
      return;
    }
    this.#renewedForClose = true;
    const attempt = this.#attempt;
    this.#toState({ phase: 'connecting', failures: this.#failures });
    try {
      await this.#credentials.renew();
    } catch (error) {
      if (attempt === this.#attempt) {
        this.#onNoToken(error);
      }
      return;
    }
    if (attempt === this.#attempt) {
      this.#toWaiting({ code, reason }, null);
    }
  }

  #toWaiting({ code, reason }, afterMs) {
    // The gateway's own wish counts once; a gateway that sends us away again and again is failing.
    const delay =
      afterMs !== null && this.#failures === 0
        ? afterMs
        : Math.max(afterMs ?? 0, backoffMs(this.#failures, this.#random));
    this.#failures += 1;
    this.#retryTimer = this.#clock.start(() => this.#open(), delay);
    this.#toState({
      phase: this.#connectivity.isOnline() ? 'waiting' : 'offline',
      failures: this.#failures,
      retryAt: this.#clock.now() + delay,
      code,
      reason,
    });
  }

  #toEnded(code, reason) {
    this.#attempt += 1;
    this.#outbox.giveUpAll(new NotSentError('ended', reason));
    this.#toState({ phase: 'ended', failures: this.#failures, code, reason });
  }

  #toState(state) {
    this.state = state;
    this.emit('state', state);
  }

  #liveWhenCaughtUp() {
    if (this.state.phase === 'catching-up' && this.#topics.isCaughtUp) {
      this.#toState({ phase: 'live', failures: 0 });
    }
  }

  /** What ends with a connection, whatever ended it. */
  #disconnected() {
    this.#topics.disconnected();
    this.#outbox.disconnected();
    for (const flow of [...this.#flows.values()]) {
      flow.disconnected();
    }
    this.#flows.clear();
  }

  /** Sends what waits, oldest first, as far as the gateway lets us. */
  #sendCommands() {
    if (!this.#link?.isUp || this.#pause !== null) {
      return;
    }
    const most = (this.connected?.limits?.maxPending ?? Infinity) - RESERVED_PENDING;
    for (const entry of this.#outbox.unsent()) {
      if (this.#outbox.underWay >= Math.max(1, most)) {
        return;
      }
      this.#sendCommand(entry);
    }
  }

  #sendCommand(entry) {
    const ref = this.#nextRef();
    const text = encode(say.command(ref, entry.command));
    const most = this.connected?.limits?.maxMessageBytes ?? Infinity;
    if (new TextEncoder().encode(text).length > most) {
      this.#outbox.giveUp(
        entry.command.id,
        new NotSentError('too-large', `A request may have ${most} bytes.`),
      );
    } else if (this.#link?.sendText(text)) {
      this.#outbox.sent(entry, ref);
    }
  }

  #scheduleRenewal(expiresAt) {
    if (Number.isFinite(expiresAt)) {
      const left = expiresAt - this.#clock.now();
      // A clock that is wrong by more than a token's life must not renew without end.
      this.#renewIn(Math.max(RENEW_AGAIN_MS, left - Math.min(RENEW_BEFORE_MS, left * RENEW_AT_PART)));
    }
  }

  #renewIn(delay) {
    this.#clock.cancel(this.#renewTimer);
    this.#renewTimer = this.#clock.start(() => this.#renew(), delay);
  }

  async #renew() {
    const link = this.#link;
    try {
      const token = await this.#credentials.renew();
      if (link === this.#link && token) {
        link?.send(say.refresh(this.#nextRef(), token));
        this.#scheduleRenewal(this.#credentials.expiresAt());
      }
    } catch (error) {
      // Signed out: the gateway closes the connection at expiry, and the way back says so.
      if (link === this.#link && !(error instanceof SignedOutError)) {
        this.#renewIn(RENEW_AGAIN_MS);
      }
    }
  }

  #cancelTimers() {
    this.#clock.cancel(this.#pause);
    this.#pause = null;
    this.#clock.cancel(this.#retryTimer);
    this.#clock.cancel(this.#renewTimer);
  }
}

/**
 * An id for a command, unique for ever.
 *
 * @returns {string}
 */
export function newId() {
  if (globalThis.crypto.randomUUID) {
    return globalThis.crypto.randomUUID();
  }
  // Browsers offer randomUUID on secure origins only, and a mesh on a local network may have none.
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
