/**
 * The shapes this library shares, for editors and type checkers. There is no code here.
 *
 * @typedef {{epoch: string, offset: number}} Position a place in the one life of a topic
 *
 * @typedef {object} Publication something put into a topic
 * @property {string} topic
 * @property {string} event lower case or as the service wrote it; compare without case
 * @property {any} data
 * @property {string} [epoch] absent, like offset and prev, on ephemeral publications
 * @property {number} [offset]
 * @property {number} [prev] the offset of the publication before this one
 * @property {string} [time] ISO 8601
 * @property {string} [key] for a topic that is a state: which part this replaces
 * @property {string} [command] the id of the command that caused it
 *
 * @typedef {object} SubscribedFrame the answer to a subscribe, and one part of a resumed
 * @property {string} topic
 * @property {Position} [position]
 * @property {boolean} [recovered]
 * @property {any} [snapshot]
 * @property {Publication[]} [publications]
 *
 * @typedef {{id: string, name: string, roles: string[]}} User
 *
 * @typedef {object} ConnectedFrame
 * @property {string} connection
 * @property {string} node
 * @property {User} user
 * @property {number} heartbeatMs
 * @property {string} [expiresAt] when the token ends, and the connection with it
 * @property {Record<string, number>} limits `maxMessageBytes`, `maxPending` and others
 *
 * @typedef {object} Credentials where tokens come from
 * @property {() => Promise<string|null>} token a token good for now; null when the socket is
 *   authenticated otherwise (a cookie)
 * @property {() => Promise<string|null>} renew a token made after this call
 * @property {() => number} expiresAt milliseconds since 1970; Infinity when it never does
 *
 * @typedef {object} Connectivity what the machine knows about its network
 * @property {() => boolean} isOnline
 *
 * @typedef {'idle'|'connecting'|'catching-up'|'live'|'waiting'|'offline'|'ended'} Phase
 *
 * @typedef {object} ConnectionState
 * @property {Phase} phase
 * @property {number} failures attempts that failed in a row
 * @property {number} [retryAt] milliseconds since 1970, while waiting or offline
 * @property {number} [code] the close code, when ended or waiting
 * @property {string} [reason]
 */

export {};
