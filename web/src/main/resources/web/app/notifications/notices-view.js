import { h, icon, oncePerFrame, put, say } from '../dom.js';
import { ago, badge, exactTime, failureText } from '../words.js';

/**
 * The bell with its count, and the list it opens.
 *
 * @typedef {import('../../client/shapes.js').Notification} Notification
 */
export class NoticesView {
  #notices;
  #service;
  #open;
  #life = new AbortController();
  #draw = oncePerFrame(() => this.#drawNow());

  /**
   * @param {import('./notices.js').Notices} notices
   * @param {ReturnType<import('../../client/services.js').notificationsOf>} service
   * @param {(notification: Notification) => void} open goes where it leads
   */
  constructor(notices, service, open) {
    this.#notices = notices;
    this.#service = service;
    this.#open = open;
    this.count = h('span.badge', { hidden: true });
    this.bell = h(
      'button.quiet.bell',
      {
        type: 'button',
        'aria-haspopup': 'dialog',
        'aria-expanded': 'false',
        'aria-label': 'Notifications',
        onclick: () => this.toggle(),
      },
      icon('bell'),
      this.count,
    );
    this.all = h(
      'button.quiet.small',
      { type: 'button', onclick: () => this.#readAll() },
      'Mark all as read',
    );
    this.list = h('ul');
    this.problem = h('p.bad', { role: 'alert' });
    this.panel = h(
      'section.notices',
      { role: 'dialog', 'aria-label': 'Notifications', hidden: true, tabIndex: -1 },
      h(
        'div.bar',
        {},
        h('h2', {}, 'Notifications'),
        this.all,
        h(
          'button.quiet',
          { type: 'button', 'aria-label': 'Close', onclick: () => this.toggle(false) },
          icon('close'),
        ),
      ),
      this.problem,
      this.list,
    );
    this.panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.toggle(false);
      }
    });
    document.addEventListener(
      'pointerdown',
      (event) => {
        if (!this.panel.contains(event.target) && !this.bell.contains(event.target)) {
          this.#close();
        }
      },
      { signal: this.#life.signal },
    );
    notices.on('change', this.#draw);
    this.#draw();
  }

  close() {
    this.#life.abort();
  }

  /** Marks those as read that lead to what the person looks at. @param {(notification: Notification) => boolean} isAbout */
  readAbout(isAbout) {
    this.#notices.list.filter(isAbout).forEach((notification) => this.#read(notification));
  }

  toggle(isOpen = this.panel.hidden) {
    if (isOpen) {
      this.panel.hidden = false;
      this.bell.setAttribute('aria-expanded', 'true');
      say(this.problem, '');
      this.#drawNow();
      this.panel.focus();
    } else {
      this.#close();
      this.bell.focus();
    }
  }

  #close() {
    this.panel.hidden = true;
    this.bell.setAttribute('aria-expanded', 'false');
  }

  #drawNow() {
    const { unread, list } = this.#notices;
    this.count.hidden = unread === 0;
    say(this.count, badge(unread));
    this.bell.setAttribute(
      'aria-label',
      unread > 0 ? `Notifications, ${unread} unread` : 'Notifications',
    );
    this.all.hidden = unread === 0 || list.length === 0;
    if (!this.panel.hidden) {
      put(
        this.list,
        ...(list.length > 0
          ? list.map((notification) => this.#entry(notification))
          : [h('li.empty', {}, 'Nothing yet. Mentions and direct messages appear here.')]),
      );
    }
  }

  #entry(notification) {
    const { id, title, message, createdAt, isRead } = notification;
    return h(
      `li.notice-entry${isRead ? '' : '.unread'}`,
      {},
      h(
        'button.go',
        {
          type: 'button',
          onclick: () => {
            this.#read(notification);
            this.#close();
            this.#open(notification);
          },
        },
        h('b', { dir: 'auto' }, title || 'Notification'),
        h('span', { dir: 'auto' }, message),
        h(
          'time',
          { dateTime: new Date(createdAt).toISOString(), title: exactTime(createdAt) },
          ago(createdAt, Date.now()),
        ),
      ),
      isRead
        ? null
        : h(
            'button.quiet.small',
            {
              type: 'button',
              'aria-label': 'Mark as read',
              title: 'Mark as read',
              'data-id': id,
              onclick: () => this.#read(notification),
            },
            icon('check'),
          ),
    );
  }

  #read({ id, isRead }) {
    if (!isRead) {
      this.#notices.readHere((notification) => notification.id === id);
      this.#tell(this.#service.markAsRead(id));
    }
  }

  /** All that are shown: what arrives meanwhile stays unread. */
  #readAll() {
    const [newest] = this.#notices.list;
    if (newest) {
      this.#notices.readHere(() => true);
      this.#tell(this.#service.markAllAsRead(newest.upTo));
    }
  }

  #tell(done) {
    done.catch((error) => say(this.problem, failureText(error)));
  }
}
