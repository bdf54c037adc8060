import { avatar, h, icon, oncePerFrame, put } from '../dom.js';

/**
 * The people of the room on the screen: who is here, and which members are not. Each of them can
 * be written to directly.
 *
 * @typedef {import('../../client/shapes.js').PersonHere} PersonHere
 * @typedef {import('../../client/shapes.js').Member} Member
 */

const STATUS_WORDS = { idle: 'away', dnd: 'busy' };

/** How many of a long list are shown; the rest is a number. */
const MOST_SHOWN = 200;

export class HereView {
  #here;
  #me;
  #write;

  /** @type {Member[]} */
  #members = [];
  #isLive = false;
  #draw = oncePerFrame(() => this.#drawNow());

  /**
   * @param {import('./here.js').Here} here
   * @param {{id: string}} me
   * @param {{write: (person: {id: string, name: string}) => void, close: () => void}} actions
   */
  constructor(here, me, { write, close }) {
    this.#here = here;
    this.#me = me;
    this.#write = write;
    this.lists = h('div.lists');
    this.element = h(
      'aside.people',
      { 'aria-label': 'People in this room' },
      h(
        'header.bar',
        {},
        h('h2', {}, 'People'),
        h(
          'button.quiet.close',
          { type: 'button', 'aria-label': 'Close', onclick: close },
          icon('close'),
        ),
      ),
      this.lists,
    );
    here.on('change', this.#draw);
  }

  /** @param {Member[]} members */
  members(members) {
    this.#members = members;
    this.#draw();
  }

  /** @param {boolean} isLive whether what is shown is what the service says now */
  live(isLive) {
    this.#isLive = isLive;
    this.#draw();
  }

  #drawNow() {
    const people = this.#here.people;
    const away = this.#members.filter(({ id }) => !this.#here.has(id));
    const isSure = this.#isLive && this.#here.isKnown;
    const roles = new Map(this.#members.map(({ id, role }) => [id, role]));
    put(
      this.lists,
      h(
        'section',
        { 'aria-label': 'Here now' },
        h('h3', {}, isSure ? `Here now · ${people.length}` : 'Here a moment ago'),
        h(
          'ul',
          {},
          ...people
            .slice(0, MOST_SHOWN)
            .map((person) => this.#entry(person, isSure ? person.status : 'unknown', roles)),
          rest(people.length),
        ),
      ),
      away.length > 0
        ? h(
            'section',
            { 'aria-label': 'Members who are not here' },
            h('h3', {}, `Not here · ${away.length}`),
            h(
              'ul',
              {},
              ...away.slice(0, MOST_SHOWN).map((member) => this.#entry(member, 'offline', roles)),
              rest(away.length),
            ),
          )
        : null,
    );
  }

  /**
   * @param {import('../../client/shapes.js').Person & {text?: string}} person
   * @param {string} status
   * @param {Map<string, string>} roles
   */
  #entry(person, status, roles) {
    const isMe = person.id === this.#me.id;
    const word = STATUS_WORDS[status] ?? status;
    const role = roles.get(person.id);
    const content = [
      h('span.with-dot', {}, avatar(person), h(`span.dot.${word}`, { 'aria-hidden': 'true' })),
      h('bdi.name', {}, person.name),
      isMe ? h('span.hint', {}, 'you') : person.isGuest ? h('span.hint', {}, 'guest') : null,
      role && role !== 'member' ? h('span.hint', {}, role) : null,
      word === 'away' || word === 'busy'
        ? h('span.hint', {}, person.text || word)
        : h('span.unseen', {}, `, ${word}`),
    ];
    return h(
      `li${status === 'offline' ? '.absent' : ''}`,
      {},
      isMe
        ? h('span.person', {}, ...content)
        : h(
            'button.person',
            { type: 'button', title: `Write to ${person.name}`, onclick: () => this.#write(person) },
            ...content,
          ),
    );
  }
}

function rest(count) {
  return count > MOST_SHOWN ? h('li.empty', {}, `and ${count - MOST_SHOWN} more`) : null;
}
