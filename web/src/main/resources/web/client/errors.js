/** Anything that can go wrong between this client and the mesh; `code` is for programs. */
export class MadangError extends Error {
  /**
   * @param {string} code kebab-case
   * @param {string} message for people
   * @param {object} [more]
   * @param {'never'|'later'} [more.retry] whether the same request may succeed later
   * @param {number} [more.retryAfterMs] how long to wait before that, 0 when nothing was said
   * @param {Record<string, any>} [more.details] what else the service said
   */
  constructor(code, message, { retry = 'never', retryAfterMs = 0, details = {} } = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.retry = retry;
    this.retryAfterMs = retryAfterMs;
    this.details = details;
  }
}

/** The mesh answered, and the answer is no (or not now: see `retry`). */
export class RefusedError extends MadangError {}

/** No answer came, so whether it happened is unknown. The same id may be sent again. */
export class UnknownOutcomeError extends MadangError {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(code, message, { retry: 'later' });
  }
}

/** We did not even send it: it is too large, too many are waiting, or the client was stopped. */
export class NotSentError extends MadangError {}

/** The credentials are not, or no longer, good. A person has to sign in. */
export class SignedOutError extends MadangError {}

/** The answer could not be fetched at all: no network, or a gateway that is not there. */
export class UnreachableError extends MadangError {
  /** @param {string} message */
  constructor(message) {
    super('unreachable', message, { retry: 'later' });
  }
}

/**
 * @param {{code?: string, message?: string, retry?: string, retryAfterMs?: number, details?: any}} frame
 * @returns {RefusedError}
 */
export function refusedBy(frame) {
  return new RefusedError(frame.code ?? 'internal', frame.message ?? 'The request was refused.', {
    retry: frame.retry === 'later' ? 'later' : 'never',
    retryAfterMs: frame.retryAfterMs ?? 0,
    details: frame.details ?? {},
  });
}
