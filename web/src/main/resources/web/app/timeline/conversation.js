import { Emitter, newId } from '../../client/madang.js';
import * as shapes from '../../client/shapes.js';
import { LOBBY } from '../rooms/inbox.js';
import { Timeline } from './timeline.js';
import { Typists } from './typists.js';

/**
 * One place to talk: what it holds, how it stands, and what a person can do there. Conversations
 * outlive being shown, so that what was sent and not confirmed is still there on coming back.
 *
 * Emits `change` whenever something to show is another, `heard` with each new message of others.
 *
 * @typedef {import('../../client/shapes.js').Person} Person
 * @typedef {import('../../client/shapes.js').Room} Room
 * @typedef {'opening'|'open'|'not-a-member'|'gone'} Standing
 */

/** How many messages one step back in history fetches. */
const PAGE = 50;

/** How often "is typing" is repeated while someone types, in milliseconds. */
const TYPING_EVERY_MS = 3_000;

/** What was read within this time is told together, in milliseconds. */
const READ_AFTER_MS = 400;

class Conversation extends Emitter {
  /** @type {Standing} */
  standing = 'opening';

  /** What to tell about a standing that is not `open`. */
  explanation = '';

  /** Whether a page of history is being fetched. */
  isLoadingOlder = false;

  typists = new Typists();

  /** @param {Person} me */
  constructor(me) {
    super();
    this.me = me;
    this.timeline = new Timeline(me);
  }

  /** Sends a text; its row appears at once and tells what becomes of it. @param {string} text */
  send(text) {
    const command = newId();
    this.timeline.propose(command, text, Date.now());
    this.emit('change');
    return this.#deliver(command, text);
  }

  /** Tries a failed message again, as the same message. @param {string} command */
  retry(command) {
    const pending = this.timeline.retry(command, Date.now());
    this.emit('change');
    return pending ? this.#deliver(command, pending.text) : Promise.resolve();
  }

  /** @param {string} command */
  discard(command) {
    this.timeline.discard(command);
    this.emit('change');
  }

  async #deliver(command, text) {
    try {
      this.timeline.confirm(command, await this.deliver(text, command));
    } catch (error) {
      this.timeline.fail(command, error);
    }
    this.emit('change');
  }

  /** @param {any} message */
  heard(message) {
    if (this.timeline.add(message)) {
      this.typists.heard(message.author, false, Date.now());
      if (message.author.id !== this.me.id) {
        this.emit('heard', message);
      }
    }
    this.emit('change');
  }

  /** @param {Standing} standing @param {string} [explanation] */
  toStanding(standing, explanation = '') {
    this.standing = standing;
    this.explanation = explanation;
    this.emit('change');
  }

  /* What differs from place to place. */
  get hasMembers() {
    return false;
  }
  get mayWrite() {
    return true;
  }
  /** @param {string} text @param {string} command @returns {Promise<any>} */
  deliver(text, command) {
    return Promise.reject(new Error(`${text} ${command}`));
  }
  show() {}
  hide() {}
  loadOlder() {
    return Promise.resolve();
  }
  /** @param {number} offset */
  sawUpTo(offset) {
    return offset;
  }
  typed() {}
  stoppedTyping() {}
}

/**
 * A room. While shown it reads the topic of the room; hidden it costs nothing. Only the lobby is heard
 * on by who is no member: no inbox counts there what is unread.
 */
export class RoomConversation extends Conversation {
  /** @type {import('../../client/subscription.js').Subscription|null} */
  #subscription = null;
  #client;
  #chat;
  #lastTyping = 0;
  #readTo = 0;
  #readTimer = null;

  /** Messages that were unread when the room was opened; told to the timeline with the first page. */
  #unreadAtFirst = 0;

  /**
   * @param {string} id
   * @param {object} parts
   * @param {Person} parts.me
   * @param {import('../../client/madang.js').Madang} parts.client
   * @param {ReturnType<import('../../client/services.js').chatOf>} parts.chat
   */
  constructor(id, { me, client, chat }) {
    super(me);
    this.id = id;
    this.key = `room/${id}`;
    /** @type {Room} */
    this.room = shapes.roomOf({ room: id });
    this.#client = client;
    this.#chat = chat;
  }

  get title() {
    return this.room.title;
  }

  get hasMembers() {
    return true;
  }

  get mayWrite() {
    return this.room.isMember || this.id === LOBBY;
  }

  /** @param {boolean} isMember as the inbox says, which hears of other devices too */
  membership(isMember) {
    if (this.standing === 'open' && this.room.isMember !== isMember) {
      this.room = { ...this.room, isMember };
      this.emit('change');
    }
  }

  /** @param {number} [unread] how many messages its list says are new */
  show(unread = 0) {
    if (this.#subscription) {
      this.wasUnread(unread);
    } else {
      this.#unreadAtFirst = unread;
      this.toStanding('opening');
      this.#subscription = this.#client.subscribe(`room:${this.id}`, {
        onSnapshot: (snapshot) => this.#onSnapshot(shapes.roomSnapshotOf(snapshot)),
        onPublication: (publication) => this.#onPublication(publication),
        onRefused: (error) => this.#onOver('not-a-member', error.message),
        onEnded: (reason) => this.#onOver('gone', reason),
      });
    }
  }

  /** The inbox tells what is unread, which may come after the room was opened. @param {number} count */
  wasUnread(count) {
    if (this.standing === 'opening') {
      this.#unreadAtFirst = count;
    } else if (count > 0) {
      this.timeline.markUnread(count);
      this.emit('change');
    }
  }

  hide() {
    this.stoppedTyping();
    this.#tellRead();
    if (!this.isHeardHidden) {
      this.#subscription?.close();
      this.#subscription = null;
    }
    this.typists.clear();
    this.timeline.markUnread(0);
    this.timeline.trim(true);
  }

  get isHeardHidden() {
    return this.id === LOBBY && !this.room.isMember;
  }

  deliver(text, command) {
    return this.#chat.sendToRoom(this.id, text, command);
  }

  async join(password) {
    await this.#chat.joinRoom(this.id, password);
    this.#subscription?.close();
    this.#subscription = null;
    this.show();
  }

  async loadOlder() {
    if (this.isLoadingOlder || !this.timeline.hasOlder || this.standing !== 'open') {
      return;
    }
    this.isLoadingOlder = true;
    this.emit('change');
    try {
      const before = this.timeline.firstOffset;
      const page = await this.#chat.history(this.id, { before, take: PAGE });
      if (before === this.timeline.firstOffset) {
        this.timeline.addOlder(page.messages, page.hasOlder && page.messages.length > 0);
      }
    } finally {
      this.isLoadingOlder = false;
      this.emit('change');
    }
  }

  /** The person saw everything up to here. The service hears it a moment later, the newest only. */
  sawUpTo(offset) {
    if (offset > this.#readTo && this.room.isMember) {
      this.#readTo = offset;
      this.#readTimer ??= setTimeout(() => this.#tellRead(), READ_AFTER_MS);
    }
    return this.#readTo;
  }

  typed() {
    const now = Date.now();
    if (now - this.#lastTyping >= TYPING_EVERY_MS && this.#client.state.phase === 'live') {
      this.#lastTyping = now;
      this.#chat.setTyping(this.id, true).catch(() => {});
    }
  }

  stoppedTyping() {
    const isFresh = Date.now() - this.#lastTyping < 2 * TYPING_EVERY_MS;
    if (this.#lastTyping > 0 && isFresh && this.#client.state.phase === 'live') {
      this.#chat.setTyping(this.id, false).catch(() => {});
    }
    this.#lastTyping = 0;
  }

  /** A marker that got lost moves with the next message that is read. */
  #tellRead() {
    if (this.#readTimer !== null) {
      clearTimeout(this.#readTimer);
      this.#readTimer = null;
      this.#chat.markRead(this.id, this.#readTo).catch(() => {});
    }
  }

  #onSnapshot({ room, messages, hasOlder }) {
    if (room.id) {
      this.room = room;
    }
    this.timeline.reset(messages, hasOlder);
    this.timeline.markUnread(this.#unreadAtFirst);
    this.#unreadAtFirst = 0;
    this.toStanding('open');
  }

  #onPublication(publication) {
    const message = shapes.publishedMessageOf(publication);
    const change = shapes.changeOf(publication);
    if (message) {
      this.heard(message);
      this.#countMembers(message.kind);
    } else if (change) {
      this.timeline.change(change);
      this.emit('change');
    } else if (shapes.eventOf(publication) === 'typing') {
      this.#onTyping(shapes.typingOf(publication));
    }
  }

  #onTyping({ person, isTyping }) {
    if (person.id !== this.me.id) {
      this.typists.heard(person, isTyping, Date.now());
      this.emit('change');
    }
  }

  #countMembers(kind) {
    if (kind !== 'message') {
      const members = this.room.members + (kind === 'joined' ? 1 : -1);
      this.room = { ...this.room, members: Math.max(0, members) };
      this.emit('members');
      this.emit('change');
    }
  }

  #onOver(standing, explanation) {
    this.#subscription = null;
    this.toStanding(standing, explanation);
  }
}

/** Two people. Its messages come over the inbox, which is always read. */
export class DirectConversation extends Conversation {
  #chat;
  #inbox;

  /**
   * @param {Person} other
   * @param {object} parts
   * @param {Person} parts.me
   * @param {ReturnType<import('../../client/services.js').chatOf>} parts.chat
   * @param {import('../rooms/inbox.js').Inbox} parts.inbox
   */
  constructor(other, { me, chat, inbox }) {
    super(me);
    this.other = other;
    this.id = other.id;
    this.key = `direct/${other.id}`;
    this.#chat = chat;
    this.#inbox = inbox;
    /** @type {Standing} */
    this.standing = 'open';
  }

  get title() {
    return this.other.name;
  }

  deliver(text, command) {
    return this.#chat.sendDirect(this.id, text, command);
  }

  show() {
    this.#inbox.sawDirectsOf(this.id);
  }

  sawUpTo(offset) {
    this.#inbox.sawDirectsOf(this.id);
    return offset;
  }

  /** The inbox started anew. @param {import('../../client/shapes.js').Direct[]} directs */
  reset(directs) {
    this.timeline.reset(directs, false);
    this.emit('change');
  }
}
