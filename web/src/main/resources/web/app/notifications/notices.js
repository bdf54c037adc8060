import { Emitter } from '../../client/madang.js';
import * as shapes from '../../client/shapes.js';

/**
 * The notifications of one person, newest first, and how many are unread: as the service counts
 * them where it says so, since the list here is only the newest part.
 *
 * Emits `change`, and `arrived` with each new one.
 *
 * @typedef {import('../../client/shapes.js').Notification} Notification
 */

/** How many are kept here. */
const MOST_KEPT = 200;

export class Notices extends Emitter {
  /** Newest first. @type {Notification[]} */
  list = [];
  unread = 0;

  /** @param {import('../../client/madang.js').Madang} client @param {{id: string}} me */
  read(client, me) {
    return client.subscribe(`notifications:${me.id}`, {
      onSnapshot: (snapshot) => {
        const { unread, notifications } = shapes.notificationsSnapshotOf(snapshot);
        this.list = notifications;
        this.unread = unread;
        this.emit('change');
      },
      onPublication: (publication) => this.#onPublication(publication),
    });
  }

  /** The person read some here, before the service says so. @param {(notification: Notification) => boolean} which */
  readHere(which) {
    let read = 0;
    this.list = this.list.map((notification) => {
      if (notification.isRead || !which(notification)) {
        return notification;
      }
      read += 1;
      return { ...notification, isRead: true };
    });
    this.unread = Math.max(0, this.unread - read);
    this.emit('change');
  }

  #onPublication(publication) {
    const event = shapes.eventOf(publication);
    if (event === 'notification') {
      this.#onNotification(shapes.publishedNotificationOf(publication));
    } else if (event === 'read') {
      this.#onRead(shapes.readOf(publication));
    }
  }

  #onNotification({ notification, unread }) {
    if (this.list.some(({ id }) => id === notification.id)) {
      return;
    }
    this.list = [notification, ...this.list].slice(0, MOST_KEPT);
    this.unread = unread ?? this.unread + (notification.isRead ? 0 : 1);
    this.emit('arrived', notification);
    this.emit('change');
  }

  #onRead({ ids, upTo, unread }) {
    this.readHere((notification) => notification.upTo <= upTo || ids.includes(notification.id));
    if (unread !== null) {
      this.unread = unread;
      this.emit('change');
    }
  }
}
