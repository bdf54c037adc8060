import { Identity, UnreachableError } from '../client/madang.js';
import { Desk } from './desk.js';
import { h, put } from './dom.js';
import { claimTab, tabKeeper } from './session.js';
import { SignInView } from './signin/signin-view.js';
import { failureText } from './words.js';

/** The page: the door for who is not signed in, the desk for who is. */

const page = document.getElementById('page');
const identity = new Identity({ keeper: tabKeeper() });

/** @type {Desk|null} */
let desk = null;

identity.on('change', (user) => (user ? toDesk(user) : toDoor('')));
identity.on('expired', () => toDoor('You have been signed out. Please sign in again.'));
await claimTab();
await restore();

async function restore() {
  try {
    if (!(await identity.restore()) && page.querySelector('.door') === null) {
      toDoor('');
    }
  } catch (error) {
    toUnreachable(error);
  }
}

function toDesk(user) {
  desk?.close();
  desk = new Desk(identity, user);
  put(page, desk.element);
  desk.start();
}

function toDoor(notice) {
  desk?.close();
  desk = null;
  const door = new SignInView(identity, notice);
  put(page, door.element);
  door.focus();
}

/** The tokens are good as far as we know; only nobody answers. */
function toUnreachable(error) {
  if (!(error instanceof UnreachableError)) {
    toDoor(failureText(error));
    return;
  }
  const again = h('button.primary', { type: 'button', onclick: () => location.reload() }, 'Try again');
  put(
    page,
    h(
      'main.door',
      {},
      h('div.door-card', {}, h('h1', {}, 'Madang'), h('p', { role: 'alert' }, error.message), again),
    ),
  );
}
