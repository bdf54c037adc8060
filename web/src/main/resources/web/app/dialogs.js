import { h, say, set } from './dom.js';
import { failureText } from './words.js';

/** Fields made so far, for ids that nothing else has. */
let fields = 0;

/**
 * A question in front of the page. The browser's own dialog keeps the keyboard inside, closes on
 * Escape and gives the focus back. It stays open, saying why, when what was asked for fails.
 *
 * @param {object} question
 * @param {string} question.title
 * @param {string} [question.text]
 * @param {Node[]} [question.fields]
 * @param {string} question.action what the button says
 * @param {boolean} [question.isDangerous]
 * @param {() => Promise<any>} question.run
 * @returns {Promise<boolean>} whether it was done
 */
export function ask({ title, text = '', fields = [], action, isDangerous = false, run }) {
  const problem = h('p.bad', { role: 'alert' });
  const confirm = h(isDangerous ? 'button.danger' : 'button.primary', { type: 'submit' }, action);
  let isDone = false;
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'dialog-title' },
    h(
      'form',
      {
        onsubmit: async (event) => {
          event.preventDefault();
          confirm.disabled = true;
          say(problem, '');
          try {
            await run();
            isDone = true;
            dialog.close();
          } catch (error) {
            say(problem, failureText(error));
          } finally {
            confirm.disabled = false;
          }
        },
      },
      h('h2', { id: 'dialog-title' }, title),
      text ? h('p', {}, text) : null,
      ...fields,
      problem,
      h(
        'div.buttons',
        {},
        h('button.quiet', { type: 'button', onclick: () => dialog.close() }, 'Cancel'),
        confirm,
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(isDone);
    });
  });
}

/**
 * A labelled field.
 *
 * @param {string} label
 * @param {any} input
 * @param {string} [hint]
 */
export function field(label, input, hint = '') {
  if (!hint) {
    return h('label.labelled', {}, h('span', {}, label), input);
  }
  // Inside the label the hint would be read as a part of the name.
  fields += 1;
  const name = h('span', { id: `field-${fields}-name` }, label);
  const description = h('small', { id: `field-${fields}-hint` }, hint);
  set(input, { 'aria-labelledby': name.id, 'aria-describedby': description.id });
  return h('label.labelled', {}, name, input, description);
}
