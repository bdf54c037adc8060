import { Emitter } from '../../client/madang.js';
import * as shapes from '../../client/shapes.js';

/**
 * What belongs to one person: the rooms with what is unread there, and the direct messages. Read
 * from the topic `inbox:<user>` as long as the person is signed in.
 *
 * Emits `change`; `direct` with a new direct message; `anew` when a snapshot replaced everything.
 *
 * @typedef {import('../../client/shapes.js').Room} Room
 * @typedef {import('../../client/shapes.js').Direct} Direct
 * @typedef {import('../../client/shapes.js').Person} Person
 */

/** The room that is in everyone's inbox, and in which everyone may write. */
export const LOBBY = 'lobby';

/** How many direct messages are kept here, over all people. */
const MOST_DIRECTS = 1_000;

export class Inbox extends Emitter {
  /** Whether a first snapshot came. */
  isKnown = false;

  /** By id. @type {Map<string, Room>} */
  #rooms = new Map();

  /** Ascending by offset. @type {Direct[]} */
  #directs = [];

  /** By the other person's id: direct messages that came since they were looked at last. @type {Map<string, number>} */
  #unreadDirects = new Map();

  #me;

  /** @param {Person} me */
  constructor(me) {
    super();
    this.#me = me;
  }

  /** @param {import('../../client/madang.js').Madang} client */
  read(client) {
    return client.subscribe(`inbox:${this.#me.id}`, {
      onSnapshot: (snapshot) => this.#onSnapshot(shapes.inboxSnapshotOf(snapshot)),
      onPublication: (publication) => this.#onPublication(publication),
    });
  }

  /** My rooms, by title. @returns {Room[]} */
  get rooms() {
    return [...this.#rooms.values()].sort((one, other) => one.title.localeCompare(other.title));
  }

  /** @param {string} id @returns {Room|undefined} */
  room(id) {
    return this.#rooms.get(id);
  }

  /** Whom I talk with, the latest first. @returns {{person: Person, unread: number, last: Direct}[]} */
  get people() {
    const latest = new Map();
    for (const direct of this.#directs) {
      latest.set(this.otherOf(direct).id, direct);
    }
    return [...latest.entries()]
      .map(([id, last]) => ({
        person: this.otherOf(last),
        unread: this.#unreadDirects.get(id) ?? 0,
        last,
      }))
      .sort((one, other) => other.last.offset - one.last.offset);
  }

  /** @param {string} id @returns {Direct[]} */
  directsWith(id) {
    return this.#directs.filter((direct) => this.otherOf(direct).id === id);
  }

  /** @param {Direct} direct @returns {Person} */
  otherOf(direct) {
    return direct.author.id === this.#me.id ? direct.to : direct.author;
  }

  /** @param {string} id the other person's */
  sawDirectsOf(id) {
    if (this.#unreadDirects.delete(id)) {
      this.emit('change');
    }
  }

  /** A room this person just made or entered, before the inbox says so. @param {Room} room */
  entered(room) {
    if (!this.#rooms.has(room.id)) {
      this.#rooms.set(room.id, { ...room, isMember: true });
      this.emit('change');
    }
  }

  /** @param {string} id */
  left(id) {
    if (id !== LOBBY && this.#rooms.delete(id)) {
      this.emit('change');
    }
  }

  /** Reading in this window says it before the service does. @param {string} id */
  sawRoom(id) {
    const room = this.#rooms.get(id);
    if (room && room.unread > 0) {
      this.#rooms.set(id, { ...room, unread: 0 });
      this.emit('change');
    }
  }

  /** A message in a room whose unread messages the service does not count for this person. @param {string} id */
  heardIn(id) {
    const room = this.#rooms.get(id);
    if (room) {
      this.#rooms.set(id, { ...room, unread: room.unread + 1 });
      this.emit('change');
    }
  }

  get unread() {
    const inRooms = [...this.#rooms.values()].reduce((sum, { unread }) => sum + unread, 0);
    return [...this.#unreadDirects.values()].reduce((sum, unread) => sum + unread, inRooms);
  }

  #onSnapshot({ rooms, directs }) {
    this.isKnown = true;
    this.#rooms = new Map(rooms.map((room) => [room.id, room]));
    this.#directs = directs.sort((one, other) => one.offset - other.offset);
    this.emit('anew');
    this.emit('change');
  }

  #onPublication(publication) {
    switch (shapes.eventOf(publication)) {
      case 'direct':
        this.#onDirect(shapes.publishedDirectOf(publication));
        break;
      case 'room':
        this.#onRoom(shapes.inboxRoomOf(publication));
        break;
      case 'unread':
        this.#onUnread(shapes.unreadOf(publication));
        break;
      default:
      // The inbox of a newer service may hold more.
    }
    this.emit('change');
  }

  #onDirect(direct) {
    this.#directs.push(direct);
    this.#directs.splice(0, this.#directs.length - MOST_DIRECTS);
    if (direct.author.id !== this.#me.id) {
      const { id } = direct.author;
      this.#unreadDirects.set(id, (this.#unreadDirects.get(id) ?? 0) + 1);
    }
    this.emit('direct', direct);
  }

  #onRoom({ room, isGone }) {
    if (isGone && room.id !== LOBBY) {
      this.#rooms.delete(room.id);
    } else {
      const { unread = 0 } = this.#rooms.get(room.id) ?? {};
      this.#rooms.set(room.id, { ...room, unread });
    }
  }

  #onUnread({ room, unread }) {
    const known = this.#rooms.get(room);
    if (known) {
      this.#rooms.set(room, { ...known, unread });
    }
  }
}
