import { avatar, h, icon, oncePerFrame, put } from '../dom.js';
import { badge, counted } from '../words.js';

/**
 * The list of places at the side: my rooms, the people I talk with, and public rooms to join, with
 * what is unread. A filter finds any of them.
 *
 * @typedef {import('../../client/shapes.js').Room} Room
 *
 * @typedef {object} RoomsActions
 * @property {(key: string) => void} open
 * @property {(room: Room) => void} join
 * @property {() => void} create
 * @property {() => void} joinByName
 */
export class RoomsView {
  #inbox;
  #actions;

  /** Public rooms, as listed last. @type {Room[]} */
  #found = [];

  /** Why the list of public rooms could not be had; empty when it could. */
  #failure = '';
  #isListed = false;
  #current = '';
  #draw = oncePerFrame(() => this.#drawNow());

  /**
   * @param {import('./inbox.js').Inbox} inbox
   * @param {RoomsActions} actions
   */
  constructor(inbox, actions) {
    this.#inbox = inbox;
    this.#actions = actions;
    this.filter = h('input.filter', {
      type: 'search',
      placeholder: 'Find a room or person',
      'aria-label': 'Find a room or person (Ctrl+K)',
      oninput: this.#draw,
      onkeydown: (event) => this.#onFilterKey(event),
    });
    this.lists = h('div.lists');
    this.element = h('nav.rooms', { 'aria-label': 'Rooms' }, this.filter, this.lists);
    this.element.addEventListener('keydown', (event) => this.#onArrow(event));
    inbox.on('change', this.#draw);
    this.#draw();
  }

  /** What is known of a room, mine or not. @param {string} id @returns {Room|undefined} */
  room(id) {
    return this.#inbox.room(id) ?? this.#found.find((room) => room.id === id);
  }

  /** @param {Room[]} rooms */
  found(rooms) {
    this.#found = rooms;
    this.#isListed = true;
    this.#failure = '';
    this.#draw();
  }

  /** @param {string} failure */
  notFound(failure) {
    this.#failure = failure;
    this.#draw();
  }

  /** @param {string} key of the conversation on the screen */
  mark(key) {
    this.#current = key;
    this.#draw();
  }

  #drawNow() {
    const focused = document.activeElement?.getAttribute('data-key');
    const wanted = this.filter.value.trim().toLowerCase();
    const fits = (name) => name.toLowerCase().includes(wanted);
    const mine = this.#inbox.rooms.filter(({ title, id }) => fits(title) || fits(id));
    const people = this.#inbox.people.filter(({ person }) => fits(person.name));
    const others = this.#found.filter(
      ({ id, title }) => !this.#inbox.room(id) && (fits(title) || fits(id)),
    );
    put(
      this.lists,
      this.#section(
        'Rooms',
        h(
          'button.quiet.small',
          {
            type: 'button',
            'aria-label': 'New room',
            title: 'New room',
            onclick: this.#actions.create,
          },
          icon('plus'),
        ),
        this.#myRooms(mine, wanted),
      ),
      people.length > 0 ? this.#section('People', null, people.map((one) => this.#person(one))) : null,
      this.#section(
        'Public rooms',
        h(
          'button.quiet.small',
          {
            type: 'button',
            'aria-label': 'Join a room by its name',
            title: 'Join a room by its name',
            onclick: this.#actions.joinByName,
          },
          icon('search'),
        ),
        this.#publicRooms(others, wanted),
      ),
    );
    if (focused) {
      this.lists.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  #section(title, action, entries) {
    return h(
      'section',
      { 'aria-label': title },
      h('header', {}, h('h2', {}, title), action),
      h('ul', {}, ...entries),
    );
  }

  #myRooms(rooms, wanted) {
    if (rooms.length > 0) {
      return rooms.map((room) => this.#room(room));
    }
    if (!this.#inbox.isKnown) {
      return [72, 48, 64].map((width) => h(`li.skeleton.w${width}`));
    }
    return [
      h('li.empty', {}, wanted ? 'None fits.' : 'You are in no room yet. Join one below or make one.'),
    ];
  }

  #publicRooms(rooms, wanted) {
    if (rooms.length > 0) {
      return rooms.map((room) => this.#publicRoom(room));
    }
    const text = this.#failure || (wanted ? 'None fits.' : 'You are in all of them.');
    return [h('li.empty', {}, this.#isListed || this.#failure ? text : 'Looking…')];
  }

  #room(room) {
    const key = `room/${room.id}`;
    return this.#entry(
      key,
      room.unread,
      [markOf(room), h('bdi.name', {}, room.title)],
      () => this.#actions.open(key),
    );
  }

  #person({ person, unread }) {
    const key = `direct/${person.id}`;
    return this.#entry(
      key,
      unread,
      [avatar(person), h('bdi.name', {}, person.name)],
      () => this.#actions.open(key),
    );
  }

  #publicRoom(room) {
    return h(
      'li',
      {},
      h(
        'button.place',
        {
          type: 'button',
          'data-key': `join/${room.id}`,
          title: room.isLocked ? 'Asks for a password' : '',
          onclick: () => this.#actions.join(room),
        },
        markOf(room),
        h('bdi.name', {}, room.title),
        h('span.members', { 'aria-hidden': 'true' }, badge(room.members)),
        h('span.join', { 'aria-hidden': 'true' }, 'Join'),
        h('span.unseen', {}, `, ${counted(room.members, 'member')}, join`),
      ),
    );
  }

  #entry(key, unread, content, open) {
    const isCurrent = key === this.#current;
    return h(
      'li',
      {},
      h(
        `button.place${isCurrent ? '.current' : ''}${unread > 0 ? '.unread' : ''}`,
        {
          type: 'button',
          'data-key': key,
          'aria-current': isCurrent ? 'page' : null,
          onclick: open,
        },
        ...content,
        unread > 0 ? h('span.badge', {}, badge(unread), h('span.unseen', {}, ' unread')) : null,
      ),
    );
  }

  #onFilterKey(event) {
    if (event.key === 'Escape') {
      this.filter.value = '';
      this.#draw();
    } else if (event.key === 'Enter' && !event.isComposing) {
      this.lists.querySelector('button.place')?.click();
      this.filter.value = '';
      this.#draw();
    }
  }

  #onArrow(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const stops = [this.filter, ...this.lists.querySelectorAll('button.place')];
    const at = stops.indexOf(document.activeElement);
    if (at >= 0) {
      event.preventDefault();
      stops[Math.min(stops.length - 1, Math.max(0, at + step))].focus();
    }
  }
}

/** A lock where a password or an invitation is needed, else the sign of a room. */
function markOf(room) {
  const isClosed = room.isLocked || room.visibility === 'private';
  return h('span.mark', { 'aria-hidden': 'true' }, isClosed ? icon('lock') : '#');
}
