import { Emitter } from './emitter.js';
import { MadangError, SignedOutError, UnreachableError } from './errors.js';
import { wallClock } from './clock.js';

/**
 * Who we are at the built-in accounts of a mesh: signs in, keeps the tokens in memory and renews
 * them. Only the refresh token is handed to the keeper, which may store it over a reload.
 *
 * Emits `change` with the user, or null when signed out; `expired` after it when that was not the
 * person's wish.
 *
 * @typedef {import('./types.js').User} User
 *
 * @typedef {object} TokenKeeper
 * @property {() => string|null} load
 * @property {(refreshToken: string|null) => void} save null forgets it
 */

/** A token with less left than this is renewed before it is used, in milliseconds. */
const TOO_OLD_MS = 10_000;

/** How long an answer of `/api/auth` may take, in milliseconds. */
const ANSWER_MS = 15_000;

/** @type {TokenKeeper} */
const KEEPS_NOTHING = { load: () => null, save: () => {} };

export class Identity extends Emitter {
  /** @type {User|null} */
  user = null;

  #accessToken = null;
  #refreshToken = null;
  #expiresAt = 0;

  /** The renewal under way: a refresh token is good once, so there is never a second one beside it. */
  #renewal = null;

  /** Grows with every sign-in and sign-out, so that a late renewal of the former one is dropped. */
  #life = 0;

  #baseUrl;
  #fetch;
  #keeper;
  #clock;

  /**
   * @param {object} [parts]
   * @param {string} [parts.baseUrl] where `/api/auth` is, without the slash at its end
   * @param {typeof fetch} [parts.fetch]
   * @param {TokenKeeper} [parts.keeper]
   * @param {import('./clock.js').Clock} [parts.clock]
   */
  constructor({ baseUrl = '', fetch = globalThis.fetch, keeper, clock = wallClock } = {}) {
    super();
    this.#baseUrl = baseUrl;
    this.#fetch = (url, options) => fetch(url, options);
    this.#keeper = keeper ?? KEEPS_NOTHING;
    this.#clock = clock;
  }

  /** @param {string} name @returns {Promise<User>} */
  guest(name) {
    return this.#signIn('guest', { name });
  }

  /** @param {string} name @param {string} password @returns {Promise<User>} */
  login(name, password) {
    return this.#signIn('login', { name, password });
  }

  /** @param {string} name @param {string} password @returns {Promise<User>} */
  register(name, password) {
    return this.#signIn('register', { name, password });
  }

  /**
   * Signs in with what the keeper kept.
   *
   * @returns {Promise<User|null>} null when there is nothing, or it is not good any more
   */
  async restore() {
    this.#refreshToken = this.#keeper.load();
    if (!this.#refreshToken) {
      return null;
    }
    try {
      await this.renew();
      return this.user;
    } catch (error) {
      if (error instanceof SignedOutError) {
        return null;
      }
      throw error;
    }
  }

  /** Signs out here at once, and at the mesh when it can be reached. */
  async logout() {
    const refreshToken = this.#refreshToken;
    const accessToken = this.#accessToken;
    this.#forget();
    if (refreshToken) {
      await this.#post('logout', { refreshToken }, accessToken).catch(() => {});
    }
  }

  /** A token good for now. @returns {Promise<string>} */
  async token() {
    if (this.#accessToken && this.#expiresAt - this.#clock.now() > TOO_OLD_MS) {
      return this.#accessToken;
    }
    return this.renew();
  }

  /** @returns {number} milliseconds since 1970 */
  expiresAt() {
    return this.#expiresAt;
  }

  /**
   * Takes a new pair of tokens.
   *
   * @returns {Promise<string>} the access token; fails with SignedOutError when a person must sign
   *   in again, with UnreachableError when nothing answered and the tokens stay as they are
   */
  renew() {
    this.#renewal ??= this.#renewNow().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #renewNow() {
    if (!this.#refreshToken) {
      throw new SignedOutError('signed-out', 'Sign in first.');
    }
    const life = this.#life;
    try {
      const answer = await this.#post('refresh', { refreshToken: this.#refreshToken });
      if (life !== this.#life) {
        throw new SignedOutError('signed-out', 'Signed out meanwhile.');
      }
      this.#take(answer);
      return answer.accessToken;
    } catch (error) {
      if (error instanceof UnreachableError || error instanceof SignedOutError) {
        throw error;
      }
      this.#forget();
      this.emit('expired');
      throw new SignedOutError('signed-out', 'You have been signed out. Sign in again.');
    }
  }

  async #signIn(way, body) {
    const answer = await this.#post(way, body);
    this.#life += 1;
    this.#take(answer);
    return this.user;
  }

  #take(answer) {
    const before = this.user;
    this.#accessToken = answer.accessToken;
    this.#refreshToken = answer.refreshToken ?? this.#refreshToken;
    this.#expiresAt = answer.expiresAt ? new Date(answer.expiresAt).getTime() : Infinity;
    this.user = answer.user ?? this.user;
    this.#keeper.save(this.#refreshToken);
    if (before?.id !== this.user?.id || before?.name !== this.user?.name) {
      this.emit('change', this.user);
    }
  }

  #forget() {
    this.#life += 1;
    this.#accessToken = null;
    this.#refreshToken = null;
    this.#expiresAt = 0;
    this.user = null;
    this.#keeper.save(null);
    this.emit('change', null);
  }

  async #post(way, body, accessToken = null) {
    let response;
    try {
      response = await this.#fetch(`${this.#baseUrl}/api/auth/${way}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
        },
        credentials: 'same-origin',
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
    } catch {
      throw new UnreachableError('The server cannot be reached.');
    }
    const answer = await response.json().catch(() => null);
    if (response.ok && (way === 'logout' || typeof answer?.accessToken === 'string')) {
      return answer;
    }
    if (response.ok) {
      throw new UnreachableError('Something else than Madang answered.');
    }
    const code = answer?.code ?? `http-${response.status}`;
    if (response.status >= 500 || response.status === 429) {
      const error = new UnreachableError(
        answer?.detail ?? answer?.title ?? answer?.message ?? 'The server is busy. Try again soon.',
      );
      error.code = code;
      throw error;
    }
    throw new MadangError(
      code,
      answer?.detail ?? answer?.title ?? answer?.message ?? `The server answered ${response.status}.`,
    );
  }
}
