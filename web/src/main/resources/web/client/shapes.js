/**
 * What the services' payloads mean to a page: the only file that knows their member names. Readers
 * are lenient, since members are only ever added: what is missing gets a harmless value, what is
 * unknown is left alone, and nothing here throws over a payload.
 *
 * @typedef {object} Person
 * @property {string} id
 * @property {string} name
 * @property {boolean} [isGuest] no account stands behind the name
 * @property {boolean} [isUnverified] the name was given with the message and may be anybody's
 *
 * @typedef {Person & {status: string, text: string}} PersonHere
 * @typedef {Person & {role: string}} Member
 *
 * @typedef {object} Room
 * @property {string} id
 * @property {string} title
 * @property {'public'|'private'} visibility
 * @property {boolean} isLocked a password is asked for on joining
 * @property {number} members
 * @property {boolean} isMember
 * @property {boolean} isTemporary it goes when its last member leaves
 * @property {number} unread
 *
 * @typedef {object} Message one line of a room's or a conversation's history
 * @property {string} id
 * @property {number} offset
 * @property {Kind} kind
 * @property {Person} author
 * @property {string} text
 * @property {number} time milliseconds since 1970
 * @property {boolean} isEdited
 * @property {boolean} isDeleted what was said is gone, its place stays
 * @property {string} command the id of the command that sent it; empty when unknown
 *
 * @typedef {'message'|'joined'|'left'|'kicked'|'banned'} Kind
 * @typedef {Message & {to: Person}} Direct
 *
 * @typedef {object} Notification
 * @property {string} id
 * @property {number} upTo its place, as `markAllAsRead` wants it
 * @property {string} title
 * @property {string} message
 * @property {string} type
 * @property {number} createdAt milliseconds since 1970
 * @property {boolean} isRead
 * @property {string} room the room it is about; empty when about none
 * @property {string} person the id of who wrote directly; empty when it is not about that
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
  const id = text(source.id);
  return {
    id,
    name: text(source.name, id),
    isGuest: Boolean(source.guest),
    isUnverified: Boolean(source.unverified),
  };
}

/** @param {any} value one of a snapshot, or the data of a publication @returns {PersonHere} */
export function personHereOf(value) {
  const source = object(object(value).user ?? value);
  return { ...personOf(source), status: text(source.status, 'online'), text: text(source.text) };
}

/** @param {any} value @returns {Room} */
export function roomOf(value) {
  const source = object(value);
  const id = text(source.room ?? source.id, typeof value === 'string' ? value : '');
  return {
    id,
    title: text(source.title) || id,
    visibility: text(source.visibility, 'public').toLowerCase() === 'private' ? 'private' : 'public',
    isLocked: Boolean(source.hasPassword),
    members: count(source.members),
    isMember: Boolean(source.member),
    isTemporary: Boolean(source.temporary),
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

/** Events of a room that are lines of its timeline. @type {Set<string>} */
const LINES = new Set(['message', 'joined', 'left', 'kicked', 'banned']);

/** @param {any} value a message of a snapshot or a page, or of `recentMessages` @returns {Message} */
export function messageOf(value) {
  const source = object(value);
  return {
    id: text(source.id),
    offset: count(source.offset),
    kind: 'message',
    author: personOf(source.user ?? source.fromUser),
    text: text(source.text ?? source.content),
    time: time(source.time ?? source.utc),
    isEdited: Boolean(source.edited),
    isDeleted: Boolean(source.deleted),
    command: text(source.command),
  };
}

/** @param {Publication} publication of a room @returns {Message|null} null when it is no line of the timeline */
export function publishedMessageOf(publication) {
  const kind = eventOf(publication);
  if (!LINES.has(kind)) {
    return null;
  }
  return {
    ...messageOf(publication.data),
    kind: /** @type {Kind} */ (kind),
    offset: count(publication.offset),
    time: time(publication.time),
    command: text(publication.command),
  };
}

/**
 * What an `edited` or `deleted` does to a message that is there already.
 *
 * @param {Publication} publication
 * @returns {{offset: number, text: string, isDeleted: boolean}|null}
 */
export function changeOf(publication) {
  const event = eventOf(publication);
  if (event !== 'edited' && event !== 'deleted') {
    return null;
  }
  const data = object(publication.data);
  return { offset: count(data.offset), text: text(data.text), isDeleted: event === 'deleted' };
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
  return { ...messageOf(value), to: personOf(object(value).to) };
}

/** @param {Publication} publication `direct` @returns {Direct} */
export function publishedDirectOf(publication) {
  return {
    ...directOf(publication.data),
    offset: count(publication.offset),
    time: time(publication.time),
    command: text(publication.command),
  };
}

/** @param {any} snapshot of `inbox:<user>` @returns {{rooms: Room[], directs: Direct[]}} */
export function inboxSnapshotOf(snapshot) {
  const source = object(snapshot);
  return { rooms: roomsOf(source.rooms), directs: list(source.directs).map(directOf) };
}

/** Changes after which a room is not in the inbox any more. */
const GONE = new Set(['left', 'kicked', 'banned']);

/** @param {Publication} publication `room` of an inbox @returns {{room: Room, isGone: boolean}} */
export function inboxRoomOf(publication) {
  const data = object(publication.data);
  return { room: roomOf(data), isGone: GONE.has(text(data.change)) };
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
  const data = object(source.data);
  const room = text(data.room);
  const id = text(source.id ?? source.notificationId);
  return {
    id,
    upTo: count(source.offset),
    title: text(source.title),
    message: text(source.message),
    type: text(source.type, 'info').toLowerCase(),
    createdAt: time(source.createdAt),
    isRead: Boolean(source.isRead),
    room,
    person: room ? '' : text(data.fromUser),
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
  return {
    notification: notificationOf(data),
    unread: data.unread === undefined ? null : count(data.unread),
  };
}

/**
 * @param {Publication} publication `read`
 * @returns {{ids: string[], upTo: number, unread: number|null}} all up to a place, or some
 */
export function readOf(publication) {
  const data = object(publication.data);
  return {
    ids: list(data.ids).map((id) => text(id)),
    upTo: count(data.upTo),
    unread: data.unread === undefined ? null : count(data.unread),
  };
}

/**
 * A number with its moment, per service and per node where known. No value: there was nothing to
 * measure at that moment.
 *
 * @typedef {object} Sample
 * @property {number} time
 * @property {number|null} value
 * @property {Record<string, number>} nodes
 * @property {Record<string, number>} services
 */

/** @param {any} value @returns {number|null} */
const measured = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** @param {any} values @returns {Record<string, number>} */
const measuredOf = (values) =>
  Object.fromEntries(Object.entries(object(values)).filter(([, value]) => measured(value) !== null));

/** @param {any} value `{time, value, nodes, services}` @returns {Sample|null} null when there is none yet */
export function sampleOf(value) {
  const source = object(value);
  const at = time(source.time);
  return at === 0
    ? null
    : {
        time: at,
        value: measured(source.value),
        nodes: measuredOf(source.nodes),
        services: measuredOf(source.services),
      };
}

/** @param {any} snapshot of `metric:<name>` @returns {{points: [number, number][], last: Sample|null}} */
export function metricSnapshotOf(snapshot) {
  const source = object(snapshot);
  const points = list(source.points)
    .map((point) => [time(point?.[0]), measured(point?.[1])])
    .filter(([at, value]) => at > 0 && value !== null);
  return { points: /** @type {[number, number][]} */ (points), last: sampleOf(source.last) };
}

/** @param {any} value of `dashboard`, as event or snapshot @returns {{metrics: string[], nodes: string[]}} the names of both */
export function dashboardOf(value) {
  const source = object(object(value).last ?? value);
  return {
    metrics: Object.keys(object(source.metrics)),
    nodes: list(source.nodes)
      .map((node) => text(object(node).name ?? object(node).id ?? node))
      .filter(Boolean),
  };
}
