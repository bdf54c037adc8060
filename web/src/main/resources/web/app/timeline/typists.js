/** Who is typing in a room. Each word about it holds for a few seconds, since its end may get lost. */

/** How long one word holds, in milliseconds. */
export const HOLDS_MS = 6_000;

export class Typists {
  /** By id: the name, and until when it holds. @type {Map<string, {name: string, until: number}>} */
  #people = new Map();

  /** @param {{id: string, name: string}} person @param {boolean} isTyping @param {number} now */
  heard(person, isTyping, now) {
    if (isTyping) {
      this.#people.set(person.id, { name: person.name, until: now + HOLDS_MS });
    } else {
      this.#people.delete(person.id);
    }
  }

  clear() {
    this.#people.clear();
  }

  /** @param {number} now @returns {string[]} */
  names(now) {
    for (const [id, { until }] of [...this.#people]) {
      if (until <= now) {
        this.#people.delete(id);
      }
    }
    return [...this.#people.values()].map(({ name }) => name);
  }
}
