import { h, say } from '../dom.js';

/**
 * How the connection stands, always in sight. While waiting it counts down, and pressing it tries
 * at once. A change that lasts is told to screen readers; flickers are not.
 *
 * @typedef {import('../../client/types.js').ConnectionState} ConnectionState
 */

/** A state is told once it held this long, in milliseconds. */
const TELL_AFTER_MS = 2_000;

/** What a close that forbids coming back means. */
const ENDED = {
  4500: 'Signed out',
  4501: 'Signed out',
  4502: 'Removed by a moderator',
  4503: 'Banned',
  4505: 'Opened in another place',
  4506: 'Signed out',
};

export class ConnectionChip {
  #client;
  #tellTimer = null;
  #countdown = null;

  /** @param {import('../../client/madang.js').Madang} client */
  constructor(client) {
    this.#client = client;
    this.label = h('span');
    this.told = h('span.unseen', { role: 'status' });
    this.chip = h(
      'button.chip',
      { type: 'button', onclick: () => this.#onPress() },
      h('span.chip-dot', { 'aria-hidden': 'true' }),
      this.label,
    );
    this.element = h('div.connection', {}, this.chip, this.told);
    client.on('state', () => this.#onState());
    this.#countdown = setInterval(() => this.#draw(), 500);
    this.#draw();
  }

  close() {
    clearInterval(this.#countdown);
    clearTimeout(this.#tellTimer);
  }

  #onPress() {
    if (this.#client.state.phase === 'ended') {
      this.#client.start();
    } else {
      this.#client.wake();
    }
  }

  #onState() {
    this.#draw();
    clearTimeout(this.#tellTimer);
    this.#tellTimer = setTimeout(() => say(this.told, stateText(this.#client.state)), TELL_AFTER_MS);
  }

  #draw() {
    const { state, connected } = this.#client;
    const text = stateText(state);
    const { retryAt } = state;
    const seconds = retryAt ? Math.max(0, Math.ceil((retryAt - Date.now()) / 1000)) : 0;
    const canTry = retryAt || state.phase === 'ended';
    this.chip.dataset.phase = state.phase;
    this.chip.title = canTry
      ? `${state.reason ? `${state.reason}. ` : ''}Press to try now.`
      : connected && state.phase === 'live'
        ? `Connected to ${connected.node}`
        : '';
    say(this.label, retryAt && seconds > 0 ? `${text} in ${seconds} s` : text);
  }
}

/** @param {ConnectionState} state */
function stateText({ phase, code }) {
  switch (phase) {
    case 'live':
      return 'Live';
    case 'catching-up':
      return 'Catching up';
    case 'waiting':
      return 'Reconnecting';
    case 'offline':
      return 'Offline, trying again';
    case 'ended':
      return ENDED[code ?? 0] ?? 'Disconnected';
    default:
      return 'Connecting';
  }
}
