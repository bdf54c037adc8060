import { Emitter } from '../../client/madang.js';
import * as shapes from '../../client/shapes.js';

/**
 * Who is in a room right now, from the topic `presence:<room>`. Without a connection nobody can
 * know, and it says so instead of showing what was true a while ago.
 *
 * Emits `change`.
 *
 * @typedef {import('../../client/shapes.js').PersonHere} PersonHere
 */
export class Here extends Emitter {
  /** Whether the list is what the service says now. */
  isKnown = false;

  /** By id. @type {Map<string, PersonHere>} */
  #people = new Map();

  /** @type {import('../../client/subscription.js').Subscription|null} */
  #subscription = null;

  /** By name, so that the list does not jump about. @returns {PersonHere[]} */
  get people() {
    return [...this.#people.values()].sort((one, other) => one.name.localeCompare(other.name));
  }

  /** @param {string} id */
  has(id) {
    return this.#people.has(id);
  }

  /** @param {import('../../client/madang.js').Madang} client @param {string} room */
  read(client, room) {
    this.close();
    this.#subscription = client.subscribe(`presence:${room}`, {
      onSnapshot: (snapshot) => {
        this.#people = new Map(shapes.hereOf(snapshot).map((person) => [person.id, person]));
        this.isKnown = true;
        this.emit('change');
      },
      onPublication: (publication) => this.#onPublication(publication),
    });
  }

  close() {
    this.#subscription?.close();
    this.#subscription = null;
    this.#people.clear();
    this.isKnown = false;
    this.emit('change');
  }

  #onPublication(publication) {
    const person = shapes.personHereOf(publication.data ?? publication.key);
    switch (shapes.eventOf(publication)) {
      case 'arrived':
      case 'status':
        this.#people.set(person.id, person);
        break;
      case 'departed':
        this.#people.delete(person.id);
        break;
      default:
      // A newer service may say more about people.
    }
    this.emit('change');
  }
}
