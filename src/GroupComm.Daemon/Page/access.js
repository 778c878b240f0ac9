// The token of a daemon that wants one. It is kept for this tab alone and travels in a header, never in an address.
import { byId } from './dom.js';

const KEY = 'groupcomm.token';
let token = kept();
let signedIn = () => {};

/** As fetch, with the token. Where the daemon asks for one, or for another, the box is shown. */
export async function ask(path, init = {}) {
  const sent = token;
  const response = await fetch(path, sent ? { ...init, headers: { ...init.headers, Authorization: `Bearer ${sent}` } } : init);
  if (response.headers.has('WWW-Authenticate'))
    open(sent ? 'This daemon has another token.' : '');
  return response;
}

/** Whether the page waits for a token. */
export const isClosed = () => document.body.classList.contains('closed');

/** @param then called whenever a token was given. */
export function startAccess(then) {
  signedIn = then;
  byId('token-form').addEventListener('submit', event => {
    event.preventDefault();
    enter(byId('token').value.trim());
  });
  byId('sign-out').addEventListener('click', () => {
    keep(null);
    location.reload();
  });
  showSignedIn();
}

/** With a token there is a way to drop it, and no links: they carry no header. */
function showSignedIn() {
  byId('sign-out').hidden = !token;
  if (token)
    for (const link of document.querySelectorAll('footer a'))
      link.removeAttribute('href');
}

function enter(text) {
  byId('token').value = '';
  if (!/^[\x21-\x7e]+$/.test(text)) { // a header carries nothing else
    byId('token-result').textContent = 'A token has letters, digits and signs, and no blanks.';
    return;
  }
  keep(text);
  byId('token-result').textContent = '';
  document.body.classList.remove('closed');
  showSignedIn();
  signedIn();
}

function open(text) {
  keep(null);
  document.body.classList.add('closed');
  showSignedIn();
  byId('token-result').textContent = text;
  byId('token').focus();
}

function keep(text) {
  token = text;
  try {
    if (text)
      sessionStorage.setItem(KEY, text);
    else
      sessionStorage.removeItem(KEY);
  } catch {
    // Storage is switched off: it is kept until the page is loaded again.
  }
}

function kept() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
