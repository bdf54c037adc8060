import { h, icon, put, say } from '../dom.js';
import { counted, failureText, typingLine } from '../words.js';
import { Composer } from './composer.js';
import { TimelineView } from './timeline-view.js';

/**
 * A conversation in the middle of the page: its name, its messages, who is typing, and where to
 * write.
 *
 * @typedef {import('./conversation.js').RoomConversation} RoomConversation
 * @typedef {import('./conversation.js').DirectConversation} DirectConversation
 *
 * @typedef {object} ConversationActions
 * @property {() => void} toList on a narrow screen
 * @property {() => void} togglePeople
 * @property {(conversation: RoomConversation) => void} leave
 * @property {(conversation: RoomConversation) => Promise<void>} join
 */
export class ConversationView {
  /** @type {any} */
  #conversation = null;
  #forget = () => {};
  #typingTimer = null;
  #actions;

  /** @param {ConversationActions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.timeline = new TimelineView();
    this.composer = new Composer(() => this.timeline.toEnd());
    this.title = h('h1', { dir: 'auto' });
    this.about = h('p.about');
    this.people = h(
      'button.quiet',
      { type: 'button', 'aria-label': 'Who is here', title: 'Who is here', onclick: actions.togglePeople },
      icon('people'),
    );
    this.leave = h(
      'button.quiet',
      {
        type: 'button',
        'aria-label': 'Leave this room',
        title: 'Leave this room',
        onclick: () => actions.leave(this.#conversation),
      },
      icon('leave'),
    );
    this.typing = h('p.typing', { 'aria-live': 'off' });
    this.gate = h('div.gate', { hidden: true });
    this.aloud = h('p.bad', { role: 'alert' });
    this.joinBar = h(
      'div.join-bar',
      { hidden: true },
      h('p', {}, 'You are reading along. Join to write.'),
      this.#joinButton('Join this room', this.aloud),
      this.aloud,
    );
    this.element = h(
      'section.conversation',
      { 'aria-label': 'Conversation' },
      h(
        'header.bar',
        {},
        h(
          'button.quiet.to-list',
          { type: 'button', 'aria-label': 'All rooms', onclick: actions.toList },
          icon('back'),
        ),
        h('div.names', {}, this.title, this.about),
        this.people,
        this.leave,
      ),
      this.timeline.element,
      this.gate,
      this.typing,
      this.composer.element,
      this.joinBar,
    );
    // What was heard about typing holds for seconds, also when nothing else happens.
    this.#typingTimer = setInterval(() => this.#drawTyping(), 1_000);
  }

  /** Not shown any more, for good. */
  close() {
    this.show(null);
    clearInterval(this.#typingTimer);
    this.timeline.close();
  }

  /** @param {RoomConversation|DirectConversation|null} conversation */
  show(conversation) {
    this.#forget();
    this.#conversation = conversation;
    this.#forget = conversation?.on('change', () => this.#draw()) ?? (() => {});
    this.timeline.show(conversation);
    this.composer.show(conversation);
    this.#draw();
  }

  #draw() {
    const conversation = this.#conversation;
    if (!conversation) {
      return;
    }
    say(this.title, conversation.title);
    this.composer.name(conversation.title);
    say(this.about, this.#aboutText(conversation));
    this.people.hidden = !conversation.hasMembers || conversation.standing === 'not-a-member';
    this.leave.hidden = conversation.standing !== 'open' || !conversation.room?.isMember;
    const mayWrite = conversation.standing === 'opening' || conversation.mayWrite;
    const isOpen = conversation.standing === 'open' || conversation.standing === 'opening';
    this.timeline.element.hidden = !isOpen;
    this.composer.element.hidden = !isOpen || !mayWrite;
    this.joinBar.hidden = !isOpen || mayWrite;
    this.typing.hidden = !isOpen;
    this.gate.hidden = isOpen;
    if (!isOpen) {
      this.#drawGate(conversation);
    }
    this.#drawTyping();
  }

  #aboutText({ hasMembers, standing, room }) {
    if (!hasMembers) {
      return 'Direct messages, only the two of you';
    }
    if (standing === 'opening') {
      return 'Opening…';
    }
    const kind = room.isLocked ? 'Password' : room.visibility === 'private' ? 'Private' : 'Public';
    const life = room.isTemporary ? ', goes with its last member' : '';
    return `${kind} room${life}${room.members > 0 ? ` · ${counted(room.members, 'member')}` : ''}`;
  }

  #drawGate(conversation) {
    const wasTakenAway = conversation.standing === 'gone';
    const problem = h('p.bad', { role: 'alert' });
    const join = this.#joinButton(wasTakenAway ? 'Join again' : 'Join this room', problem);
    put(
      this.gate,
      h('div.gate-mark', {}, icon('lock')),
      h('h2', {}, wasTakenAway ? 'You are not in this room any more' : 'You are not in this room'),
      h('p', {}, wasTakenAway ? reasonText(conversation.explanation) : 'Join to read and write here.'),
      join,
      problem,
    );
  }

  #joinButton(label, problem) {
    const join = h(
      'button.primary',
      {
        type: 'button',
        onclick: async () => {
          join.disabled = true;
          say(problem, '');
          await this.#actions
            .join(this.#conversation)
            .catch((error) => say(problem, failureText(error)))
            .finally(() => {
              join.disabled = false;
            });
        },
      },
      label,
    );
    return join;
  }

  #drawTyping() {
    const names = this.#conversation?.typists.names(Date.now()) ?? [];
    say(this.typing, typingLine(names));
  }
}

function reasonText(reason) {
  return (
    {
      left: 'You left it, here or in another window.',
      kicked: 'A moderator removed you.',
      banned: 'A moderator banned you from it.',
      deleted: 'It was deleted.',
    }[reason] ?? 'The subscription ended.'
  );
}
