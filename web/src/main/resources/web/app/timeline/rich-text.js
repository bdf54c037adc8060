import { h } from '../dom.js';

/** Addresses and mentions inside a text. */
const MARKED = /(https?:\/\/[^\s<>"']+)|(@[\p{L}\p{N}_.-]+)/gu;

/** Signs that end a sentence rather than an address. */
const TRAILING = /[.,;:!?)\]}]+$/u;

/**
 * A text with its addresses as links and mentions marked. Everything else stays text.
 *
 * @param {string} text
 * @param {string} myName
 * @returns {(Node|string)[]}
 */
export function richText(text, myName) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(MARKED)) {
    const found = match[0].replace(match[1] ? TRAILING : /[.-]+$/u, '');
    const made = match[1] ? link(found) : mention(found, myName);
    if (made) {
      parts.push(text.slice(end, match.index), made);
      end = match.index + found.length;
    }
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== '');
}

function link(address) {
  try {
    const url = new URL(address);
    return h('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' }, address);
  } catch {
    return null;
  }
}

function mention(name, myName) {
  const isMe = name.slice(1).toLowerCase() === myName.toLowerCase();
  return h(isMe ? 'span.mention.me' : 'span.mention', {}, name);
}
