/**
 * What the services' payloads mean to a page: the only file that knows their member names. Readers
 * are lenient, since members are only ever added: what is missing gets a harmless value, what is
 * unknown is left alone, and nothing here throws over a payload.
 *
 * @typedef {{id: string, name: string}} Person
 * @typedef {{id: string, name: string, status: string}} PersonHere
 * @typedef {{id: string, name: string, role: string}} Member
 *
 * @typedef {object} Room
 * @property {string} id
 * @property {string} title
 * @property {'public'|'private'} visibility
 * @property {boolean} isLocked a password is asked for on joining
 * @property {number} members
 * @property {boolean} isMember
 * @property {number} unread
 *
 * @typedef {object} Message one line of a room's or a conversation's history
 * @property {string} id
 * @property {number} offset
 * @property {'message'|'joined'|'left'} kind
 * @property {Person} author
 * @property {string} text
 * @property {number} time milliseconds since 1970
 * @property {string} command the id of the command that sent it; empty when unknown
 *
 * @typedef {Message & {to: Person}} Direct
 *
 * @typedef {object} Notification
 * @property {string} id
 * @property {string|number} upTo its place, as `markAllAsRead` wants it
 * @property {string} title
 * @property {string} message
 * @property {string} type
 * @property {number} createdAt milliseconds since 1970
 * @property {boolean} isRead
 * @property {string} room where it leads; empty when nowhere
 *
 * @typedef {import('./types.js').Publication} Publication
 */

const text = (value, otherwise = '') =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : otherwise;

const count = (value) => (Number.isFinite(Number(value)) ? Math.max(0, Number(value)) : 0);

const list = (value) => (Array.isArray(value) ? value : []);

const object = (value) => (value && typeof value === 'object' ? value : {});

/** @param {any} value ISO 8601 or milliseconds since 1970 @returns {number} */
function time(value) {
  const parsed = typeof value === 'number' ? value : Date.parse(text(value));
  return Number.isFinite(parsed) ? parsed : 0;
}

/** @param {Publication} publication @returns {string} events compare without case */
export function eventOf(publication) {
  return text(publication.event).toLowerCase();
}

/** @param {any} value a name, or a record with id and name @returns {Person} */
export function personOf(value) {
  if (typeof value === 'string') {
    return { id: value, name: value };
  }
  const source = object(value);
  const id = text(source.id ?? source.userId ?? source.user);
  return { id, name: text(source.name ?? source.userName, id) };
}

/** @param {any} value @returns {PersonHere} */
export function personHereOf(value) {
  const source = object(value);
  const person = personOf(source.user && typeof source.user === 'object' ? source.user : value);
  return { ...person, status: text(source.status ?? object(source.user).status, 'online') };
}

/** @param {any} result of `onlineUsers` @returns {Person[]} */
export function peopleOf(result) {
  return list(result?.users ?? result).map(personOf);
}

/** @param {any} value @returns {Room} */
export function roomOf(value) {
  const source = object(value);
  const id = text(source.room ?? source.id, typeof value === 'string' ? value : '');
  return {
    id,
    title: text(source.title) || id,
    visibility: text(source.visibility, 'public').toLowerCase() === 'private' ? 'private' : 'public',
    isLocked: Boolean(source.hasPassword ?? source.locked ?? source.passwordRequired ?? false),
    members: count(Array.isArray(source.members) ? source.members.length : source.members),
    isMember: Boolean(source.member ?? source.isMember ?? false),
    unread: count(source.unread),
  };
}

/** @param {any} result of `listRooms` @returns {Room[]} */
export function roomsOf(result) {
  return list(result?.rooms ?? result).map(roomOf);
}

/** @param {any} result of `listMembers` @returns {Member[]} */
export function membersOf(result) {
  return list(result?.members ?? result).map((member) => ({
    ...personOf(member),
    role: text(object(member).role, 'member').toLowerCase(),
  }));
}

/** @param {any} result of a command that sends @returns {{id: string, offset: number, time: number}} */
export function sentOf(result) {
  const source = object(result);
  return {
    id: text(source.messageId ?? source.id),
    offset: count(source.offset),
    time: time(source.time ?? source.utc),
  };
}

/** @param {any} value a message of a snapshot or a page @returns {Message} */
export function messageOf(value) {
  const source = object(value);
  const data = object(source.data);
  const kind = text(source.event ?? source.kind, 'message').toLowerCase();
  return {
    id: text(source.id ?? source.messageId ?? data.id),
    offset: count(source.offset),
    kind: kind === 'joined' || kind === 'left' ? kind : 'message',
    author: personOf(source.user ?? source.from ?? source.fromUser ?? data.user ?? data),
    text: text(source.text ?? source.content ?? data.text),
    time: time(source.time ?? source.utc),
    command: text(source.command),
  };
}

/** @param {Publication} publication of a room: message, joined or left @returns {Message} */
export function publishedMessageOf(publication) {
  const data = object(publication.data);
  return {
    ...messageOf({ ...data, event: publication.event }),
    author: personOf(data.user ?? data.from ?? data.fromUser ?? data),
    offset: count(publication.offset),
    time: time(publication.time),
    command: text(publication.command),
  };
}

/** @param {any} result of `history` @returns {{messages: Message[], hasOlder: boolean, hasNewer: boolean}} */
export function pageOf(result) {
  const source = object(result);
  return {
    messages: list(source.messages ?? result).map(messageOf),
    hasOlder: Boolean(source.hasOlder),
    hasNewer: Boolean(source.hasNewer),
  };
}

/** @param {any} snapshot of `room:<room>` @returns {{room: Room, messages: Message[], hasOlder: boolean}} */
export function roomSnapshotOf(snapshot) {
  const source = object(snapshot);
  const messages = list(source.messages).map(messageOf);
  const first = messages[0]?.offset ?? 0;
  return {
    room: roomOf(source.room),
    messages,
    // Without a word about it, offsets tell: they start at 1.
    hasOlder: source.hasOlder === undefined ? first > 1 : Boolean(source.hasOlder),
  };
}

/** @param {Publication} publication `typing` @returns {{person: Person, isTyping: boolean}} */
export function typingOf(publication) {
  const data = object(publication.data);
  return { person: personOf(data.user ?? data), isTyping: data.isTyping !== false };
}

/** @param {any} value @returns {Direct} */
export function directOf(value) {
  const source = object(value);
  return { ...messageOf(value), to: personOf(source.to ?? source.toUser) };
}

/** @param {Publication} publication `direct` @returns {Direct} */
export function publishedDirectOf(publication) {
  const data = object(publication.data);
  return { ...publishedMessageOf(publication), kind: 'message', to: personOf(data.to ?? data.toUser) };
}

/** @param {any} snapshot of `inbox:<user>` @returns {{rooms: Room[], directs: Direct[]}} */
export function inboxSnapshotOf(snapshot) {
  const source = object(snapshot);
  return {
    rooms: roomsOf(source.rooms).map((room) => ({ ...room, isMember: true })),
    directs: list(source.directs).map(directOf),
  };
}

/** @param {Publication} publication `room` of an inbox @returns {Room} `isMember` false: it is mine no longer */
export function inboxRoomOf(publication) {
  const data = object(publication.data);
  const room = roomOf(typeof data.room === 'object' ? data.room : data);
  const left = data.member === false || data.left === true || data.removed === true;
  return { ...room, isMember: !left };
}

/** @param {Publication} publication `unread` of an inbox @returns {{room: string, unread: number}} */
export function unreadOf(publication) {
  const data = object(publication.data);
  return { room: text(data.room), unread: count(data.unread) };
}

/** @param {any} snapshot of `presence:<room>` @returns {PersonHere[]} */
export function hereOf(snapshot) {
  return list(object(snapshot).users).map(personHereOf);
}

/** @param {any} value @returns {Notification} */
export function notificationOf(value) {
  const source = object(value);
  const id = text(source.id ?? source.notificationId);
  return {
    id,
    upTo: source.position ?? source.offset ?? id,
    title: text(source.title),
    message: text(source.message),
    type: text(source.type, 'info').toLowerCase(),
    createdAt: time(source.createdAt),
    isRead: Boolean(source.isRead),
    room: text(source.room ?? object(source.data).room),
  };
}

/** @param {any} snapshot of `notifications:<user>` @returns {{unread: number, notifications: Notification[]}} newest first */
export function notificationsSnapshotOf(snapshot) {
  const source = object(snapshot);
  const notifications = list(source.notifications).map(notificationOf);
  return {
    unread: count(source.unread ?? notifications.filter(({ isRead }) => !isRead).length),
    notifications: notifications.sort((one, other) => other.createdAt - one.createdAt),
  };
}

/** @param {Publication} publication `notification` @returns {{notification: Notification, unread: number|null}} */
export function publishedNotificationOf(publication) {
  const data = object(publication.data);
  const inner = data.notification ?? data;
  const unread = data.unread ?? null;
  return {
    notification: notificationOf({ ...inner, offset: inner.offset ?? publication.offset }),
    unread: unread === null ? null : count(unread),
  };
}

/**
 * @param {Publication} publication `read`
 * @returns {{ids: string[], upTo: string|number|null, unread: number|null}} `upTo` when all up to there were read
 */
export function readOf(publication) {
  const data = object(publication.data);
  const one = data.notificationId ?? data.id;
  return {
    ids: list(data.ids ?? data.notificationIds).map((id) => text(id)).concat(one ? [text(one)] : []),
    upTo: data.upTo ?? null,
    unread: data.unread === undefined ? null : count(data.unread),
  };
}

/** A number with its moment, and per node where known. */
/** @typedef {{time: number, value: number, nodes: Record<string, number>}} Sample */

/** @param {any} value `{time, value, nodes}` @returns {Sample|null} */
export function sampleOf(value) {
  const source = object(value);
  const number = source.value === null || source.value === undefined ? NaN : Number(source.value);
  if (!Number.isFinite(number)) {
    return null;
  }
  const nodes = Object.entries(object(source.nodes)).filter(([, of]) => Number.isFinite(Number(of)));
  return {
    time: time(source.time),
    value: number,
    nodes: Object.fromEntries(nodes.map(([node, of]) => [node, Number(of)])),
  };
}

/** @param {any} snapshot of `metric:<name>` @returns {{points: [number, number][], last: Sample|null}} */
export function metricSnapshotOf(snapshot) {
  const source = object(snapshot);
  const points = list(source.points)
    .map((point) => /** @type {[number, number]} */ ([time(point?.[0]), Number(point?.[1])]))
    .filter(([at, value]) => at > 0 && Number.isFinite(value));
  return { points, last: sampleOf(source.last) };
}

/** @param {any} value of `dashboard`, as event or snapshot @returns {{time: number, metrics: Record<string, number>, nodes: string[]}} */
export function dashboardOf(value) {
  const source = object(object(value).last ?? value);
  const metrics = Object.entries(object(source.metrics))
    .map(([name, of]) => [name, Number(typeof of === 'object' ? object(of).value : of)])
    .filter(([, of]) => Number.isFinite(of));
  const nodes = Array.isArray(source.nodes) ? source.nodes : Object.keys(object(source.nodes));
  return {
    time: time(source.time),
    metrics: Object.fromEntries(metrics),
    nodes: nodes.map((node) => text(node?.name ?? node?.id ?? node)).filter(Boolean),
  };
}
