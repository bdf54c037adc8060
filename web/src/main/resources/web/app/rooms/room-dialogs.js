import { h } from '../dom.js';
import { ask, field } from '../dialogs.js';
import { MadangError } from '../../client/madang.js';

/** Codes by which a service asks for a password, or for another one. */
const ABOUT_PASSWORD = /password/;

/**
 * @param {ReturnType<import('../../client/services.js').chatOf>} chat
 * @returns {Promise<string|null>} the id of the new room
 */
export async function createRoom(chat) {
  const name = h('input', {
    required: true,
    maxLength: 64,
    autocomplete: 'off',
    spellcheck: false,
    placeholder: 'hiking',
  });
  const title = h('input', { maxLength: 100, autocomplete: 'off', placeholder: 'Weekend hiking' });
  const password = h('input', { type: 'password', autocomplete: 'new-password', maxLength: 128 });
  const passwordField = field('Password', password, 'Whoever joins has to know it.');
  passwordField.hidden = true;
  const kinds = [
    ['public', 'Public', 'Everyone finds and joins it.'],
    ['private', 'Private', 'Only members see it.'],
    ['password', 'With a password', 'Everyone finds it; joining takes the password.'],
  ].map(([value, label, hint], index) =>
    h(
      'label.choice',
      {},
      h('input', {
        type: 'radio',
        name: 'kind',
        value,
        checked: index === 0,
        onchange: () => {
          passwordField.hidden = value !== 'password';
          password.required = value === 'password';
        },
      }),
      h('span', {}, h('b', {}, label), h('small', {}, hint)),
    ),
  );
  let made = null;
  await ask({
    title: 'New room',
    action: 'Create room',
    fields: [
      field('Name', name, 'Part of the address of the room; it cannot be changed.'),
      field('Title', title, 'What people see. Leave it empty to show the name.'),
      h('fieldset.choices', {}, h('legend', {}, 'Who may enter'), ...kinds),
      passwordField,
    ],
    run: async () => {
      const kind = kinds.map((choice) => choice.querySelector('input')).find((radio) => radio.checked)
        .value;
      const id = name.value.normalize('NFC').trim();
      await chat.createRoom(id, {
        ...(title.value.trim() ? { title: title.value.trim() } : {}),
        visibility: kind === 'private' ? 'private' : 'public',
        ...(kind === 'password' ? { password: password.value } : {}),
      });
      made = id;
    },
  });
  return made;
}

/**
 * Joins, asking for the password where there is one.
 *
 * @param {{id: string, title: string, isLocked: boolean}} room
 * @param {(password?: string) => Promise<any>} join
 * @returns {Promise<boolean>} whether the person is in now
 */
export async function joinRoom(room, join) {
  if (!room.isLocked) {
    try {
      await join();
      return true;
    } catch (error) {
      if (!(error instanceof MadangError && ABOUT_PASSWORD.test(error.code))) {
        throw error;
      }
    }
  }
  const password = h('input', { type: 'password', required: true, autocomplete: 'off' });
  return ask({
    title: `Join ${room.title}`,
    text: 'This room asks for a password.',
    action: 'Join',
    fields: [field('Password', password)],
    run: () => join(password.value),
  });
}

/** @param {{title: string}} room @param {() => Promise<any>} leave */
export function leaveRoom(room, leave) {
  return ask({
    title: `Leave ${room.title}?`,
    text: 'You can join again as long as the room exists. A room that nobody made on purpose goes with its last member.',
    action: 'Leave',
    isDangerous: true,
    run: leave,
  });
}

/** @param {(name: string) => Promise<any>} open */
export function joinByName(open) {
  const name = h('input', { required: true, maxLength: 64, autocomplete: 'off', spellcheck: false });
  return ask({
    title: 'Join a room by its name',
    text: 'A name nobody uses yet makes a room that lasts as long as someone is in it.',
    action: 'Join',
    fields: [field('Name', name)],
    run: () => open(name.value.normalize('NFC').trim()),
  });
}
