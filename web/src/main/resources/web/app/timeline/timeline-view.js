import { avatar, h, icon, oncePerFrame, put, say } from '../dom.js';
import { clockTime, counted, dayName, exactTime, failureText } from '../words.js';
import { richText } from './rich-text.js';

/**
 * The messages on the screen. It stays at the end while the person is there, and keeps what they
 * read in its place when something is added above or below. New messages are told to a screen
 * reader by a region of their own, a few at a time, never the whole log.
 *
 * @typedef {import('./timeline.js').Row} Row
 * @typedef {import('./conversation.js').RoomConversation} RoomConversation
 * @typedef {import('./conversation.js').DirectConversation} DirectConversation
 */

/** Nearer to the end than this counts as being there, in pixels. */
const AT_END_PX = 60;

/** Nearer to the start than this fetches older messages, in pixels. */
const NEAR_START_PX = 240;

/** Messages within this time are told together, in milliseconds. */
const TELL_EVERY_MS = 1_200;

/** How many are told one by one; more become a number. */
const MOST_TOLD = 2;

/** What became of a member. */
const NOTICES = {
  joined: 'joined',
  left: 'left',
  kicked: 'was removed',
  banned: 'was banned',
};

export class TimelineView {
  /** @type {RoomConversation|DirectConversation|null} */
  #conversation = null;

  /** The rows on the screen, by key. @type {Map<string, {element: HTMLElement, seen: string}>} */
  #rows = new Map();

  #isAtEnd = true;
  #isLive = false;

  /** Messages that arrived below what is on the screen. */
  #below = 0;

  /** Messages not yet told to a screen reader. @type {any[]} */
  #untold = [];
  #tellTimer = null;

  #forget = [];
  #life = new AbortController();
  #draw = oncePerFrame(() => this.#drawNow());

  constructor() {
    this.list = h('ol.rows');
    this.older = h('button.quiet.small', { type: 'button', onclick: () => this.#loadOlder() }, '');
    this.start = h('div.start');
    this.scroller = h(
      'div.timeline',
      { role: 'log', 'aria-live': 'off', 'aria-label': 'Messages', tabIndex: 0 },
      this.start,
      this.list,
    );
    this.jumpLabel = h('span', {}, 'Newest');
    this.jump = h(
      'button.jump',
      { type: 'button', hidden: true, onclick: () => this.toEnd() },
      icon('down'),
      this.jumpLabel,
    );
    this.told = h('div.unseen', { 'aria-live': 'polite' });
    this.element = h('div.timeline-frame', {}, this.scroller, this.jump, this.told);
    this.scroller.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    new ResizeObserver(() => this.#isAtEnd && this.#scrollToEnd()).observe(this.scroller);
    const { signal } = this.#life;
    document.addEventListener('visibilitychange', () => this.#see(), { signal });
    window.addEventListener('focus', () => this.#see(), { signal });
  }

  close() {
    this.#life.abort();
    clearTimeout(this.#tellTimer);
  }

  /** @param {RoomConversation|DirectConversation|null} conversation */
  show(conversation) {
    this.#forget.forEach((forget) => forget());
    this.#conversation = conversation;
    this.#rows.clear();
    put(this.list);
    this.#isAtEnd = true;
    this.#below = 0;
    this.#untold = [];
    this.#forget = conversation
      ? [
          conversation.on('change', this.#draw),
          conversation.on('heard', (message) => this.#onHeard(message)),
        ]
      : [];
    this.#drawNow();
  }

  /** @param {boolean} isLive whether what is sent leaves at once */
  live(isLive) {
    this.#isLive = isLive;
    this.#draw();
  }

  toEnd() {
    this.#isAtEnd = true;
    this.#scrollToEnd();
    this.#see();
  }

  #onHeard(message) {
    if (!this.#isAtEnd && message.kind === 'message') {
      this.#below += 1;
    }
    this.#untold.push(message);
    this.#tellTimer ??= setTimeout(() => this.#tell(), TELL_EVERY_MS);
  }

  #tell() {
    this.#tellTimer = null;
    const messages = this.#untold.filter(({ kind }) => kind === 'message');
    this.#untold = [];
    if (messages.length > MOST_TOLD) {
      say(this.told, counted(messages.length, 'new message'));
    } else if (messages.length > 0) {
      put(
        this.told,
        ...messages.map(({ author, text }) => h('p', {}, `${author.name}: ${text}`)),
      );
    }
  }

  #onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
    if (this.#isAtEnd) {
      this.#below = 0;
      this.#see();
    }
    this.#drawJump();
    if (scrollTop < NEAR_START_PX) {
      this.#loadOlder();
    }
  }

  #loadOlder() {
    this.#conversation?.loadOlder().catch((error) => say(this.older, failureText(error)));
  }

  /** The person sees the end of the conversation: it counts as read. */
  #see() {
    const timeline = this.#conversation?.timeline;
    if (timeline && this.#isAtEnd && !document.hidden && document.hasFocus()) {
      this.#conversation.sawUpTo(timeline.lastOffset);
    }
  }

  #drawNow() {
    const conversation = this.#conversation;
    if (!conversation) {
      return;
    }
    conversation.timeline.trim(this.#isAtEnd);
    const anchor = this.#isAtEnd ? null : this.#anchor();
    this.#drawStart(conversation);
    this.#drawRows(conversation.timeline.rows());
    if (anchor) {
      this.#holdStill(anchor);
    } else {
      this.#scrollToEnd();
    }
    this.#drawJump();
    this.#see();
  }

  #drawStart(conversation) {
    const { timeline } = conversation;
    if (conversation.standing === 'opening' && timeline.isEmpty) {
      put(this.start, ...[72, 48, 64].map((width) => h(`div.skeleton.w${width}`)));
    } else if (timeline.hasOlder) {
      say(this.older, conversation.isLoadingOlder ? 'Loading…' : 'Load earlier messages');
      put(this.start, this.older);
    } else {
      put(
        this.start,
        avatar({ id: conversation.id, name: conversation.title }),
        h('h2', { dir: 'auto' }, conversation.title),
        h(
          'p',
          {},
          timeline.isEmpty
            ? 'Nothing was said here yet. Say the first word.'
            : 'This is where the conversation starts.',
        ),
      );
    }
  }

  /** Makes the list show these rows, touching only what is another than before. @param {Row[]} rows */
  #drawRows(rows) {
    const keys = new Set(rows.map(({ key }) => key));
    for (const [key, { element }] of this.#rows) {
      if (!keys.has(key)) {
        element.remove();
        this.#rows.delete(key);
      }
    }
    let next = this.list.firstChild;
    for (const row of rows) {
      const before = this.#rows.get(row.key)?.element;
      const element = this.#elementOf(row);
      // A row that was drawn anew took the place of the one before.
      if (element === next || (before && before === next)) {
        next = element.nextSibling;
      } else {
        this.list.insertBefore(element, next);
      }
    }
  }

  #elementOf(row) {
    const seen = `${row.startsGroup}|${row.pending?.state}|${row.pending && this.#isLive}|${row.message?.isDeleted}|${row.message?.text}`;
    const known = this.#rows.get(row.key);
    if (known?.seen === seen) {
      return known.element;
    }
    const element = this.#make(row);
    known?.element.replaceWith(element);
    this.#rows.set(row.key, { element, seen });
    return element;
  }

  /** @param {Row} row */
  #make(row) {
    switch (row.type) {
      case 'day':
        return h('li.divider', {}, h('span', {}, dayName(row.day, Date.now())));
      case 'unread':
        return h('li.divider.new', {}, h('span', {}, 'New messages'));
      case 'notice':
        return this.#makeNotice(row.message);
      case 'pending':
        return this.#makePending(row);
      default:
        return this.#makeMessage(row);
    }
  }

  #makeNotice({ author, kind, time }) {
    return h(
      'li.notice',
      { title: exactTime(time) },
      h('bdi', {}, author.name),
      ` ${NOTICES[kind]}`,
    );
  }

  /** @param {any} row */
  #makeMessage({ message, startsGroup, isOwn }) {
    const { author, time } = message;
    return h(
      `li.message${startsGroup ? '.first' : ''}${isOwn ? '.own' : ''}`,
      { 'data-offset': message.offset },
      startsGroup ? avatar(author) : h('span.gutter', { 'aria-hidden': 'true' }, clockTime(time)),
      h(
        'div.said',
        {},
        startsGroup
          ? h(
              'div.byline',
              {},
              h('bdi.author', {}, author.name),
              hintOf(author),
              h(
                'time',
                { dateTime: new Date(time).toISOString(), title: exactTime(time) },
                clockTime(time),
              ),
            )
          : h('span.unseen', {}, `${author.name}, ${clockTime(time)}: `),
        this.#makeText(message),
      ),
    );
  }

  #makeText({ text, isDeleted, isEdited }) {
    return isDeleted
      ? h('p.text.deleted', {}, 'This message was deleted.')
      : h(
          'p.text',
          { dir: 'auto' },
          ...richText(text, this.#conversation.me.name),
          isEdited ? h('small.edited', {}, ' edited') : null,
        );
  }

  /** @param {any} row */
  #makePending({ pending, startsGroup }) {
    const { me } = this.#conversation;
    const isFailed = pending.state === 'failed';
    return h(
      `li.message.own.pending${startsGroup ? '.first' : ''}${isFailed ? '.failed' : ''}`,
      {},
      startsGroup ? avatar(me) : h('span.gutter', { 'aria-hidden': 'true' }),
      h(
        'div.said',
        {},
        startsGroup ? h('div.byline', {}, h('bdi.author', {}, me.name)) : null,
        h('p.text', { dir: 'auto' }, ...richText(pending.text, me.name)),
        isFailed
          ? this.#makeFailure(pending)
          : h('p.state', {}, this.#isLive ? 'Sending…' : 'Goes out when the connection is back.'),
      ),
    );
  }

  #makeFailure({ command, error }) {
    return h(
      'p.state.bad',
      { role: 'alert' },
      h('span', {}, `Not sent. ${failureText(error)} `),
      h(
        'button.link',
        { type: 'button', onclick: () => this.#conversation.retry(command) },
        'Try again',
      ),
      ' ',
      h(
        'button.link',
        { type: 'button', onclick: () => this.#conversation.discard(command) },
        'Delete',
      ),
    );
  }

  #drawJump() {
    this.jump.hidden = this.#isAtEnd;
    say(this.jumpLabel, this.#below > 0 ? counted(this.#below, 'new message') : 'Newest');
  }

  /** The first row in sight, and where it stands. */
  #anchor() {
    const top = this.scroller.getBoundingClientRect().top;
    for (const element of this.list.children) {
      const box = element.getBoundingClientRect();
      if (box.bottom > top && element.classList.contains('message')) {
        return { element, top: box.top };
      }
    }
    return null;
  }

  #holdStill({ element, top }) {
    if (element.isConnected) {
      this.scroller.scrollTop += element.getBoundingClientRect().top - top;
    }
  }

  #scrollToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}

/** What a name is worth: nothing is said of an account. */
function hintOf({ isGuest, isUnverified }) {
  return isUnverified
    ? h('span.hint', { title: 'This name was given with the message and may be anybody’s.' }, 'unverified')
    : isGuest
      ? h('span.hint', {}, 'guest')
      : null;
}
