import { Madang } from '../client/madang.js';
import { chatOf, notificationsOf, presenceOf } from '../client/services.js';
import { ConnectionChip } from './connection/connection-chip.js';
import { avatar, h, icon, say } from './dom.js';
import { NoticesView } from './notifications/notices-view.js';
import { Notices } from './notifications/notices.js';
import { NumbersView } from './numbers/numbers-view.js';
import { HereView } from './presence/here-view.js';
import { Here } from './presence/here.js';
import { Inbox, LOBBY } from './rooms/inbox.js';
import { createRoom, joinByName, joinRoom, leaveRoom } from './rooms/room-dialogs.js';
import { RoomsView } from './rooms/rooms-view.js';
import { ConversationView } from './timeline/conversation-view.js';
import { DirectConversation, RoomConversation } from './timeline/conversation.js';
import { badge, failureText } from './words.js';

/**
 * The page of a person who is signed in: it makes the connection, reads what belongs to the person,
 * and shows one place at a time, named by the address after `#`.
 *
 * @typedef {import('../client/madang.js').Identity} Identity
 * @typedef {import('../client/shapes.js').Room} Room
 */

/** How often the list of public rooms is fetched anew, in milliseconds. */
const LIST_EVERY_MS = 30_000;

/** Members are fetched once after a burst of people coming and going, in milliseconds. */
const MEMBERS_AFTER_MS = 1_000;

const STATUSES = [
  ['online', 'Online'],
  ['idle', 'Away'],
  ['dnd', 'Busy'],
  ['invisible', 'Invisible'],
];

export class Desk {
  /** What was opened since signing in, by key. @type {Map<string, RoomConversation|DirectConversation>} */
  #conversations = new Map();

  /** The conversation on the screen. @type {RoomConversation|DirectConversation|null} */
  #current = null;

  #membersTimer = null;
  #toastTimer = null;
  #timers = [];
  #off = [];
  #identity;
  #me;

  /** @param {Identity} identity @param {import('../client/types.js').User} me */
  constructor(identity, me) {
    this.#identity = identity;
    this.#me = me;
    this.client = new Madang({ url: socketAddress(), credentials: identity });
    this.chat = chatOf(this.client);
    this.presence = presenceOf(this.client);
    this.inbox = new Inbox(me);
    this.notices = new Notices();
    this.here = new Here();
    this.#makeViews();
    this.#listen();
  }

  start() {
    this.inbox.read(this.client);
    this.notices.read(this.client, this.#me);
    this.client.start();
    this.#hearLobby();
    this.#route();
  }

  /** From the start, so that what is said there meanwhile shows as unread. */
  #hearLobby() {
    const lobby = this.#conversationOf('room', LOBBY);
    lobby.on('heard', ({ kind }) => {
      if (kind === 'message' && lobby !== this.#current && lobby.isHeardHidden) {
        this.inbox.heardIn(LOBBY);
      }
    });
    lobby.show();
  }

  /** Ends everything this page started. */
  close() {
    this.#off.forEach((off) => off());
    this.#timers.forEach(clearInterval);
    clearTimeout(this.#membersTimer);
    clearTimeout(this.#toastTimer);
    this.numbers.hide();
    this.conversation.close();
    this.chip.close();
    this.outage.close();
    this.bell.close();
    this.client.stop();
    document.title = 'Madang';
  }

  #makeViews() {
    const toList = () => this.#go('');
    this.rooms = new RoomsView(this.inbox, {
      open: (key) => this.#go(key),
      join: (room) => this.#join(room),
      create: async () => this.#goTo(await createRoom(this.chat)),
      joinByName: () => this.#joinByName(),
    });
    this.conversation = new ConversationView({
      toList,
      togglePeople: () => this.#togglePeople(),
      leave: (conversation) => this.#leave(conversation),
      join: async (conversation) => {
        await this.#enter(conversation);
      },
    });
    this.people = new HereView(this.here, this.#me, {
      write: (person) => this.#write(person),
      close: () => this.#togglePeople(false),
    });
    this.numbers = new NumbersView(this.client, { toList });
    this.bell = new NoticesView(this.notices, notificationsOf(this.client), ({ room, person }) =>
      this.#go(room ? `room/${room}` : person ? `direct/${person}` : ''),
    );
    this.chip = new ConnectionChip(this.client);
    this.outage = new ConnectionChip(this.client);
    this.problem = h('p.toast', { role: 'alert', hidden: true });
    this.numbersLink = h(
      'button.place',
      { type: 'button', onclick: () => this.#go('numbers') },
      h('span.mark', { 'aria-hidden': 'true' }, icon('numbers')),
      h('span.name', {}, 'Live numbers'),
    );
    this.nothing = h(
      'section.nothing',
      {},
      h('img.mark', { src: 'icon.svg', alt: '' }),
      h('p', {}, 'Pick a room on the left.'),
    );
    this.element = h(
      'div.desk',
      { 'data-pane': 'list' },
      h(
        'div.side',
        {},
        h(
          'header.bar.brand',
          {},
          h('img.mark', { src: 'icon.svg', alt: '' }),
          h('b', {}, 'Madang'),
          this.chip.element,
          this.bell.bell,
        ),
        this.rooms.element,
        this.numbersLink,
        this.#makeMe(),
      ),
      h(
        'main.main',
        { id: 'main' },
        this.conversation.element,
        this.numbers.element,
        this.nothing,
      ),
      this.people.element,
      h('div.outage', {}, this.outage.element),
      this.bell.panel,
      this.problem,
    );
  }

  #makeMe() {
    this.status = h(
      'select',
      {
        'aria-label': 'Your status',
        onchange: () =>
          this.presence.setStatus(this.status.value).catch((error) => this.#tell(error)),
      },
      ...STATUSES.map(([value, label]) => h('option', { value }, label)),
    );
    this.guestHint = h('span.hint', { hidden: true }, 'guest');
    return h(
      'footer.account',
      {},
      avatar(this.#me),
      h('div.names', {}, h('bdi.name', {}, this.#me.name), this.guestHint),
      this.status,
      h(
        'button.quiet',
        {
          type: 'button',
          'aria-label': 'Sign out',
          title: 'Sign out',
          onclick: () => this.#identity.logout(),
        },
        icon('power'),
      ),
    );
  }

  #listen() {
    this.#off.push(
      this.client.on('state', (state) => this.#onState(state)),
      this.inbox.on('direct', (direct) => this.#onDirect(direct)),
      this.inbox.on('anew', () => this.#onInboxAnew()),
      this.inbox.on('change', () => this.#onInbox()),
      this.here.on('change', () => this.#onHere()),
      this.notices.on('change', () => this.#readNotices()),
      listen(window, 'focus', () => this.#readNotices()),
      listen(window, 'hashchange', () => this.#route()),
      listen(window, 'online', () => this.client.wake()),
      listen(document, 'visibilitychange', () => !document.hidden && this.client.wake()),
      listen(document, 'keydown', (event) => this.#onKey(event)),
    );
    this.#timers.push(
      setInterval(() => !document.hidden && this.#listRooms(), LIST_EVERY_MS),
    );
  }

  #onState({ phase }) {
    this.element.dataset.phase = phase;
    this.people.live(phase === 'live');
    this.conversation.timeline.live(phase === 'live');
    if (phase === 'live') {
      this.#listRooms();
    }
  }

  #onKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.#go('');
      this.rooms.filter.focus();
    } else if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      this.#step(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Escape' && this.element.dataset.people === 'toggled') {
      this.#togglePeople(false);
    }
  }

  /** To the next room or person in the list. */
  #step(by) {
    const keys = [
      ...this.inbox.rooms.map(({ id }) => `room/${id}`),
      ...this.inbox.people.map(({ person }) => `direct/${person.id}`),
    ];
    const at = keys.indexOf(this.#current?.key ?? '');
    if (keys.length > 0) {
      this.#go(keys[(at + by + keys.length) % keys.length]);
    }
  }

  /** @param {string} key `room/…`, `direct/…`, `numbers`, or nothing for the list */
  #go(key) {
    const address = key ? `#/${key.split('/').map(encodeURIComponent).join('/')}` : '#/';
    if (location.hash !== address) {
      location.hash = address;
    } else {
      this.#route();
    }
  }

  /** @param {string|null} room */
  #goTo(room) {
    if (room) {
      this.#go(`room/${room}`);
    }
  }

  /** Shows what the address names. */
  #route() {
    const [kind = '', ...rest] = location.hash.replace(/^#\//, '').split('/').map(decoded);
    const id = rest.join('/');
    const isWide = matchMedia('(min-width: 760px)').matches;
    if (kind === 'numbers') {
      this.#showNumbers();
    } else if ((kind === 'room' || kind === 'direct') && id) {
      this.#showConversation(this.#conversationOf(kind, id));
    } else if (isWide && !this.#current) {
      this.#showConversation(this.#conversationOf('room', LOBBY));
    } else if (!isWide) {
      this.#showList();
    }
  }

  /** On a narrow screen the list takes the place of the conversation, which is not read meanwhile. */
  #showList() {
    this.#current?.hide();
    this.#current = null;
    this.conversation.show(null);
    this.here.close();
    this.numbers.hide();
    this.element.dataset.pane = 'list';
    this.rooms.mark('');
    this.#drawTitle();
  }

  #conversationOf(kind, id) {
    const key = `${kind}/${id}`;
    const known = this.#conversations.get(key);
    if (known) {
      return known;
    }
    const parts = { me: this.#me, client: this.client, chat: this.chat, inbox: this.inbox };
    const made =
      kind === 'room'
        ? new RoomConversation(id, parts)
        : new DirectConversation(this.#personOf(id), parts);
    if (made instanceof DirectConversation) {
      made.reset(this.inbox.directsWith(id));
    } else {
      made.room = this.rooms.room(id) ?? made.room;
      made.on('members', () => this.#fetchMembersSoon());
      made.on('change', () => this.#onStanding(made));
    }
    this.#conversations.set(key, made);
    return made;
  }

  #personOf(id) {
    return (
      this.inbox.people.find(({ person }) => person.id === id)?.person ??
      this.here.people.find((person) => person.id === id) ?? { id, name: id }
    );
  }

  #showConversation(conversation) {
    const isOther = conversation !== this.#current;
    if (isOther) {
      this.#current?.hide();
      this.here.close();
      this.people.members([]);
    }
    this.numbers.hide();
    this.#current = conversation;
    this.#showPane('conversation');
    this.rooms.mark(conversation.key);
    // What is measured has to be in sight first.
    this.element.dataset.pane = 'main';
    if (isOther) {
      this.conversation.show(conversation);
      conversation.show(this.inbox.room(conversation.id)?.unread ?? 0);
      if (conversation.hasMembers) {
        this.here.read(this.client, conversation.id);
        this.#fetchMembersSoon();
      }
    }
    this.element.dataset.members = String(conversation.hasMembers);
    this.conversation.timeline.toEnd();
    this.#readNotices();
    this.#onInbox();
    if (matchMedia('(hover: hover)').matches) {
      this.conversation.composer.focus();
    }
    this.#drawTitle();
  }

  #showNumbers() {
    this.#current?.hide();
    this.#current = null;
    this.conversation.show(null);
    this.here.close();
    this.#showPane('numbers');
    this.element.dataset.pane = 'main';
    this.element.dataset.members = 'false';
    this.rooms.mark('');
    this.numbers.show();
    this.#drawTitle();
  }

  #showPane(name) {
    this.conversation.element.hidden = name !== 'conversation';
    this.numbers.element.hidden = name !== 'numbers';
    this.nothing.hidden = name !== '';
    this.numbersLink.classList.toggle('current', name === 'numbers');
    this.#togglePeople(false);
  }

  #togglePeople(isOpen = this.element.dataset.people !== 'toggled') {
    this.element.dataset.people = isOpen ? 'toggled' : '';
  }

  #write(person) {
    this.#conversationOf('direct', person.id);
    this.#go(`direct/${person.id}`);
  }

  async #join(room) {
    try {
      if (await joinRoom(room, (password) => this.chat.joinRoom(room.id, password))) {
        this.inbox.entered(room);
        this.#goTo(room.id);
      }
    } catch (error) {
      this.#tell(error);
    }
  }

  #joinByName() {
    return joinByName(async (id) => {
      const room = { id, title: id, isLocked: false };
      if (await joinRoom(room, (password) => this.chat.joinRoom(id, password))) {
        this.#goTo(id);
      }
    });
  }

  /** From the gate of a conversation the person is not in. */
  async #enter(conversation) {
    await joinRoom(conversation.room, (password) => conversation.join(password));
    this.here.read(this.client, conversation.id);
    this.#fetchMembersSoon();
  }

  async #leave(conversation) {
    const { id } = conversation;
    if (await leaveRoom(conversation.room, () => this.chat.leaveRoom(id))) {
      conversation.membership(false);
      this.inbox.left(id);
      this.#listRooms();
      this.#go(id === LOBBY ? '' : `room/${LOBBY}`);
    }
  }

  async #listRooms() {
    try {
      this.rooms.found(await this.chat.listRooms());
    } catch (error) {
      this.rooms.notFound(failureText(error));
    }
  }

  #fetchMembersSoon() {
    clearTimeout(this.#membersTimer);
    this.#membersTimer = setTimeout(async () => {
      const conversation = this.#current;
      if (conversation?.hasMembers) {
        const members = await this.chat.listMembers(conversation.id).catch(() => null);
        if (members && conversation === this.#current) {
          this.people.members(members);
        }
      }
    }, MEMBERS_AFTER_MS);
  }

  /** A room that was closed to this person keeps no list of people on the screen. */
  #onStanding(conversation) {
    if (conversation === this.#current && conversation.standing !== 'open') {
      this.element.dataset.members = String(conversation.standing === 'opening');
    } else if (conversation === this.#current) {
      this.element.dataset.members = 'true';
    }
    // The title of a room comes with its first page.
    this.#drawTitle();
  }

  /** The status chosen on another device shows here too, and whether an account stands behind the name. */
  #onHere() {
    const mine = this.here.people.find(({ id }) => id === this.#me.id);
    if (mine) {
      this.guestHint.hidden = !mine.isGuest;
    }
    if (mine && document.activeElement !== this.status) {
      this.status.value = mine.status;
    }
  }

  #onDirect(direct) {
    const other = this.inbox.otherOf(direct);
    const conversation = this.#conversations.get(`direct/${other.id}`);
    conversation?.heard(direct);
    if (conversation && conversation === this.#current && document.hasFocus()) {
      this.inbox.sawDirectsOf(other.id);
    }
  }

  /** What is on the screen and looked at needs no notification any more. */
  #readNotices() {
    if (this.#current && document.hasFocus()) {
      const { id, hasMembers } = this.#current;
      this.bell.readAbout(({ room, person }) => (hasMembers ? room : person) === id);
    }
  }

  #onInboxAnew() {
    if (this.#current instanceof RoomConversation) {
      this.#current.wasUnread(this.inbox.room(this.#current.id)?.unread ?? 0);
    }
    for (const conversation of this.#conversations.values()) {
      if (conversation instanceof DirectConversation) {
        conversation.reset(this.inbox.directsWith(conversation.id));
      }
    }
  }

  /** What is on the screen and looked at is not unread, whatever the count says for a moment. */
  #onInbox() {
    for (const conversation of this.#conversations.values()) {
      if (conversation instanceof RoomConversation) {
        conversation.membership(this.inbox.room(conversation.id)?.isMember ?? false);
      }
    }
    if (this.#current?.hasMembers && document.hasFocus()) {
      this.inbox.sawRoom(this.#current.id);
    }
    this.#drawTitle();
  }

  #drawTitle() {
    const { unread } = this.inbox;
    const place = this.#current ? `${this.#current.title} · ` : '';
    document.title = `${unread > 0 ? `(${badge(unread)}) ` : ''}${place}Madang`;
  }

  #tell(error) {
    say(this.problem, failureText(error));
    this.problem.hidden = false;
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => {
      this.problem.hidden = true;
    }, 6_000);
  }
}

function socketAddress() {
  const address = new URL('ws', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.hash = '';
  address.search = '';
  return address.href;
}

/** A part of the address; one that is not well formed is taken as it is. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function listen(target, event, listener) {
  target.addEventListener(event, listener);
  return () => target.removeEventListener(event, listener);
}
