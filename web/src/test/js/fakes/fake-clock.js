/** A clock that a test moves by hand; timers run in order when their moment has come. */
export class FakeClock {
  #now = Date.parse('2030-01-31T12:00:00Z');
  #timers = [];
  #lastId = 0;

  now = () => this.#now;

  start = (run, delayMs) => {
    this.#lastId += 1;
    const timer = { id: this.#lastId, at: this.#now + Math.max(0, delayMs), run };
    this.#timers.push(timer);
    return timer.id;
  };

  cancel = (id) => {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  };

  /** How many timers wait. */
  get waiting() {
    return this.#timers.length;
  }

  /** Moves on, running what is due in its order, with promises settled between. */
  async pass(ms) {
    const end = this.#now + ms;
    await settled();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at);
      this.cancel(next.id);
      next.run();
      await settled();
    }
    this.#now = end;
  }

  /** The machine slept: the time is another, and timers that were due have not run yet. */
  jump(ms) {
    this.#now += ms;
  }

  #next(end) {
    return this.#timers
      .filter((timer) => timer.at <= end)
      .sort((one, other) => one.at - other.at || one.id - other.id)[0];
  }
}

/** Every promise that can settle has settled. */
export async function settled() {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
  }
}
