import { h, put, say } from '../dom.js';
import { field } from '../dialogs.js';
import { failureText } from '../words.js';

/**
 * The door: come in as a guest, sign in, or make an account.
 *
 * @typedef {import('../../client/madang.js').Identity} Identity
 */

const WAYS = [
  {
    id: 'guest',
    tab: 'Guest',
    action: 'Come in',
    hint: 'Pick any free name. Nothing is kept but what you write.',
    hasPassword: false,
    run: (identity, name) => identity.guest(name),
  },
  {
    id: 'login',
    tab: 'Sign in',
    action: 'Sign in',
    hint: 'Welcome back.',
    hasPassword: true,
    run: (identity, name, password) => identity.login(name, password),
  },
  {
    id: 'register',
    tab: 'New account',
    action: 'Create account',
    hint: 'An account keeps your name, your rooms and what you have read.',
    hasPassword: true,
    run: (identity, name, password) => identity.register(name, password),
  },
];

export class SignInView {
  #identity;
  #way = WAYS[0];

  /** @param {Identity} identity @param {string} [notice] why the person is here again */
  constructor(identity, notice = '') {
    this.#identity = identity;
    this.name = h('input', {
      required: true,
      maxLength: 32,
      autocomplete: 'username',
      autocapitalize: 'none',
      spellcheck: false,
      name: 'name',
    });
    this.password = h('input', { type: 'password', name: 'password', maxLength: 256 });
    this.passwordField = field('Password', this.password);
    this.problem = h('p.bad', { role: 'alert' });
    this.hint = h('p.hint');
    this.submit = h('button.primary.wide', { type: 'submit' });
    this.tabs = h('div.tabs', { role: 'tablist', 'aria-label': 'How to come in' });
    this.form = h(
      'form',
      { onsubmit: (event) => this.#onSubmit(event) },
      this.hint,
      field('Name', this.name),
      this.passwordField,
      this.problem,
      this.submit,
    );
    this.element = h(
      'main.door',
      {},
      h(
        'div.door-card',
        {},
        h('img.mark', { src: 'icon.svg', alt: '' }),
        h('h1', {}, 'Madang ', h('span', { lang: 'ko' }, '마당')),
        h('p.motto', {}, 'The courtyard where everyone meets.'),
        notice ? h('p.notice-line', { role: 'status' }, notice) : null,
        this.tabs,
        h('div', { role: 'tabpanel', id: 'way', 'aria-label': 'How to come in' }, this.form),
      ),
    );
    this.#draw();
  }

  focus() {
    this.name.focus();
  }

  #draw() {
    const { id, action, hint, hasPassword } = this.#way;
    put(
      this.tabs,
      ...WAYS.map((way) =>
        h(
          'button',
          {
            type: 'button',
            role: 'tab',
            'aria-selected': String(way === this.#way),
            'aria-controls': 'way',
            tabIndex: way === this.#way ? 0 : -1,
            onclick: () => this.#choose(way),
            onkeydown: (event) => this.#onTabKey(event),
          },
          way.tab,
        ),
      ),
    );
    this.passwordField.hidden = !hasPassword;
    this.password.required = hasPassword;
    this.password.minLength = id === 'register' ? 8 : 0;
    this.password.autocomplete = id === 'register' ? 'new-password' : 'current-password';
    say(this.hint, hint);
    say(this.submit, action);
    say(this.problem, '');
  }

  #choose(way) {
    this.#way = way;
    this.#draw();
  }

  #onTabKey({ key }) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) {
      this.#choose(WAYS[(WAYS.indexOf(this.#way) + step + WAYS.length) % WAYS.length]);
      this.tabs.querySelector('[aria-selected="true"]').focus();
    }
  }

  async #onSubmit(event) {
    event.preventDefault();
    this.submit.disabled = true;
    say(this.problem, '');
    try {
      await this.#way.run(
        this.#identity,
        this.name.value.normalize('NFC').trim(),
        this.password.value,
      );
    } catch (error) {
      say(this.problem, failureText(error));
    } finally {
      this.submit.disabled = false;
    }
  }
}
