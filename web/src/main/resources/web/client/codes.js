/**
 * Why a connection was closed. From 4000 the range says what the client may do, so an older client
 * understands a newer code: 4000 to 4499 may reconnect, 4500 to 4999 must not.
 */
export const CloseCode = Object.freeze({
  NORMAL: 1000,
  PROTOCOL: 1002,
  INVALID_TEXT: 1007,
  TOO_LARGE: 1009,
  RESTARTING: 1012,
  BAD_TOKEN: 4500,
  TOKEN_EXPIRED: 4501,
  KICKED: 4502,
  BANNED: 4503,
  PROTOCOL_ERROR: 4504,
  TAKEN_OVER: 4505,
  REVOKED: 4506,
});

/** The codes of RFC 6455 that say it is over, or that this client would only earn again. */
const FINAL = new Set([1000, 1003, 1008, 1010]);

/** @param {number} code @returns {boolean} whether a client may come back after this close */
export function mayReconnect(code) {
  return !FINAL.has(code) && !(code >= 4500 && code <= 4999);
}

/**
 * Whether a fresh token may heal this close. Coming back with another credential is a new
 * connection in its own right, which the "must not reconnect" of the range does not forbid.
 *
 * @param {number} code
 */
export function isAboutTheToken(code) {
  return (
    code === CloseCode.BAD_TOKEN ||
    code === CloseCode.TOKEN_EXPIRED ||
    code === CloseCode.REVOKED
  );
}

/**
 * Whether something we sent made the gateway close. Sending the same again would close the next
 * connection too; coming back without it is fine.
 *
 * @param {number} code
 */
export function isAboutWhatWeSent(code) {
  return (
    code === CloseCode.PROTOCOL || code === CloseCode.INVALID_TEXT || code === CloseCode.TOO_LARGE
  );
}
