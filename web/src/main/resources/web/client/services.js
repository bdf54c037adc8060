/**
 * The commands of Madang's own services, by the names their contracts give them. Results are read
 * by `shapes.js`; every function fails as `Madang.command` does.
 *
 * @typedef {import('./madang.js').Madang} Madang
 */
import * as shapes from './shapes.js';

/** How long a page waits for something it only wants to show, in milliseconds. */
const LOOK_UP_MS = 20_000;

/** How many rooms or members one answer may bring. */
const MOST_LISTED = 200;

const LOOK_UP = { timeoutMs: LOOK_UP_MS };

/** @param {Madang} client */
export function chatOf(client) {
  const ask = (name, args, options) => client.command('chat', name, args, options);
  return {
    /** @param {string} room @param {{title?: string, visibility?: string, password?: string}} options */
    createRoom: async (room, options) =>
      shapes.roomOf(await ask('createRoom', { room, options }, LOOK_UP)),

    /** @param {string} room @param {string} [password] */
    joinRoom: (room, password) =>
      ask('joinRoom', password === undefined ? { room } : { room, password }, LOOK_UP),

    /** @param {string} room */
    leaveRoom: (room) => ask('leaveRoom', { room }, LOOK_UP),

    /** @param {string} room @param {string} text @param {string} id of the wish, the same on a retry */
    sendToRoom: async (room, text, id) =>
      shapes.sentOf(await ask('sendToRoom', { room, text }, { id })),

    /** @param {string} toUser @param {string} text @param {string} id */
    sendDirect: async (toUser, text, id) =>
      shapes.sentOf(await ask('sendDirect', { toUser, text }, { id })),

    /** @param {string} room @param {{before?: number, after?: number, take?: number}} page */
    history: async (room, page) => shapes.pageOf(await ask('history', { room, ...page }, LOOK_UP)),

    /** The first of them, mine included, by name. */
    listRooms: async () => shapes.roomsOf(await ask('listRooms', { take: MOST_LISTED }, LOOK_UP)),

    /** @param {string} room */
    listMembers: async (room) =>
      shapes.membersOf(await ask('listMembers', { room, take: MOST_LISTED }, LOOK_UP)),

    /** @param {string} room @param {number} offset of the newest message that was read */
    markRead: (room, offset) => ask('markRead', { room, offset }, LOOK_UP),

    /** @param {string} room @param {boolean} isTyping */
    setTyping: (room, isTyping) => ask('setTyping', { room, isTyping }, { timeoutMs: 5_000 }),
  };
}

/** @param {Madang} client */
export function presenceOf(client) {
  const ask = (name, args) => client.command('presence', name, args, LOOK_UP);
  return {
    /** @returns {Promise<string[]>} names */
    onlineUsers: () => ask('onlineUsers', {}),

    /** @param {string} status `online`, `idle`, `dnd` or `invisible` */
    setStatus: (status) => ask('setStatus', { status }),
  };
}

/** @param {Madang} client */
export function notificationsOf(client) {
  const ask = (name, args) => client.command('notification', name, args, LOOK_UP);
  return {
    /** @param {string} notificationId */
    markAsRead: (notificationId) => ask('markAsRead', { notificationId }),

    /** @param {number} upTo the place of the newest one that was shown; later ones stay unread */
    markAllAsRead: (upTo) => ask('markAllAsRead', { upTo }),
  };
}
