/**
 * Keeps the refresh token of this tab over a reload, in the tab's own storage. A duplicated tab
 * starts with a copy of that storage; since a refresh token is good once, two tabs using one would
 * sign each other out. So each tab holds a lock for its token, and a copy is left alone.
 *
 * @typedef {import('../client/identity.js').TokenKeeper} TokenKeeper
 */

const TOKEN = 'madang.refresh';
const TAB = 'madang.tab';

/** A reload may overlap with the page it replaces for a moment, in milliseconds. */
const OVERLAP_MS = 1_500;

/** @returns {TokenKeeper} */
export function tabKeeper() {
  return {
    load: () => sessionStorage.getItem(TOKEN),
    save: (token) =>
      token === null ? sessionStorage.removeItem(TOKEN) : sessionStorage.setItem(TOKEN, token),
  };
}

/** Makes what the storage holds this tab's own, and forgets it when it is another tab's. */
export async function claimTab() {
  const tab = sessionStorage.getItem(TAB) ?? newTab();
  // Insecure origins have no locks; there a duplicated tab may have to sign in again.
  if (navigator.locks && !(await holdsLock(tab))) {
    sessionStorage.removeItem(TOKEN);
    await holdsLock(newTab());
  }
}

function newTab() {
  const tab = [...crypto.getRandomValues(new Uint32Array(3))].join('-');
  sessionStorage.setItem(TAB, tab);
  return tab;
}

/** @param {string} tab @returns {Promise<boolean>} true: held until this page is gone */
function holdsLock(tab) {
  return new Promise((resolve) => {
    navigator.locks
      .request(`madang-tab-${tab}`, { signal: AbortSignal.timeout(OVERLAP_MS) }, () => {
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}
