/**
 * The frames of `madang.v1`: the only file here that knows what a member is called on the wire.
 * One JSON object per message; what the gateway adds and we do not know is ignored.
 *
 * @typedef {import('./types.js').Position} Position
 */

/** What a client may say. Each builder answers an object ready for {@link encode}. */
export const say = {
  /** @param {number} ref @param {string|null} token */
  connect: (ref, token) => (token ? { type: 'connect', ref, token } : { type: 'connect', ref }),

  /** @param {number} ref @param {string} topic @param {Position|null} since */
  subscribe: (ref, topic, since) =>
    since
      ? { type: 'subscribe', ref, topic, since: { epoch: since.epoch, offset: since.offset } }
      : { type: 'subscribe', ref, topic },

  /** @param {number} ref @param {{topic: string, position: Position}[]} topics */
  resume: (ref, topics) => ({
    type: 'resume',
    ref,
    topics: topics.map(({ topic, position }) => ({
      topic,
      epoch: position.epoch,
      offset: position.offset,
    })),
  }),

  /** @param {number} ref @param {string} topic */
  unsubscribe: (ref, topic) => ({ type: 'unsubscribe', ref, topic }),

  /** @param {number} ref @param {{service: string, name: string, id: string, args: any}} command */
  command: (ref, { service, name, id, args }) => ({
    type: 'command',
    ref,
    service,
    name,
    id,
    args,
  }),

  /** @param {number} ref @param {{service: string, name: string, args: any}} request */
  stream: (ref, { service, name, args }) => ({ type: 'stream', ref, service, name, args }),

  /** @param {number} ref */
  cancel: (ref) => ({ type: 'cancel', ref }),

  /** @param {number} ref @param {number} items */
  more: (ref, items) => ({ type: 'more', ref, items }),

  /** @param {number} ref @param {{service: string, name: string, args: any}} request */
  upload: (ref, { service, name, args }) => ({ type: 'upload', ref, service, name, args }),

  /** @param {number} ref @param {any} item */
  uploadItem: (ref, item) => ({ type: 'uploadItem', ref, item }),

  /** @param {number} ref */
  uploadEnd: (ref) => ({ type: 'uploadEnd', ref }),

  /** @param {number} ref @param {string} token */
  refresh: (ref, token) => ({ type: 'refresh', ref, token }),

  /** @param {number} ref */
  ping: (ref) => ({ type: 'ping', ref }),
};

/** What a client may hear. */
export const HEARD = Object.freeze([
  'connected',
  'subscribed',
  'resumed',
  'unsubscribed',
  'reply',
  'item',
  'complete',
  'more',
  'refreshed',
  'pong',
  'publication',
  'gap',
  'disconnect',
  'error',
]);

/** @param {object} frame @returns {string} */
export function encode(frame) {
  return JSON.stringify(frame);
}

/**
 * @param {unknown} message what the socket handed over
 * @returns {any} the frame, or null when it is not one; an unknown `type` is a frame all the same
 */
export function decode(message) {
  if (typeof message !== 'string') {
    return null;
  }
  try {
    const frame = JSON.parse(message);
    return frame && typeof frame === 'object' && typeof frame.type === 'string' ? frame : null;
  } catch {
    return null;
  }
}

/**
 * The parts of a `resumed` frame: a `subscribed` or an `error` for each topic asked for.
 *
 * @param {any} frame
 * @returns {any[]}
 */
export function partsOfResumed(frame) {
  return Array.isArray(frame.topics) ? frame.topics : [];
}

/**
 * The refusal inside one part of a `resumed` frame.
 *
 * @param {any} part
 * @returns {any|null} something with `code` and `message`, or null when that topic was resumed
 */
export function refusalOf(part) {
  return part.error ?? null;
}
