import { settled } from './fake-clock.js';

/** A gateway as a test scripts it: it hands out sockets, remembers what came and says what it is told to. */
export class FakeGateway {
  /** Every socket opened, oldest first. @type {FakeSocket[]} */
  sockets = [];

  /** The class to hand to the client. */
  get WebSocket() {
    const gateway = this;
    return class extends FakeSocket {
      constructor(url) {
        super(url);
        gateway.sockets.push(this);
      }
    };
  }

  get socket() {
    return this.sockets[this.sockets.length - 1];
  }

  /** Lets the newest socket open and greets it. */
  async greet(more = {}) {
    await settled();
    this.socket.open();
    const connect = this.socket.heard('connect').at(-1);
    this.socket.say({
      type: 'connected',
      ref: connect.ref,
      connection: `c-${this.sockets.length}`,
      node: 'gateway-1',
      user: { id: 'u-1', name: 'mina', roles: [] },
      heartbeatMs: 25_000,
      limits: {},
      ...more,
    });
    await settled();
  }
}

class FakeSocket {
  readyState = 0;
  frames = [];
  closedWith = null;

  constructor(url) {
    this.url = url;
  }

  send(text) {
    if (this.readyState !== 1) {
      throw new Error('the socket is not open');
    }
    this.frames.push(JSON.parse(text));
  }

  close(code, reason) {
    this.readyState = 3;
    this.closedWith = { code, reason };
  }

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  /** The frames of one type that came, oldest first. */
  heard(type) {
    return this.frames.filter((frame) => frame.type === type);
  }

  last(type) {
    return this.heard(type).at(-1);
  }

  /** Says one frame. */
  say(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** Answers the newest subscribe for a topic. */
  subscribed(topic, answer) {
    const { ref } = this.frames.filter(
      (frame) => frame.type === 'subscribe' && frame.topic === topic,
    ).at(-1);
    this.say({ type: 'subscribed', ref, topic, recovered: true, publications: [], ...answer });
  }

  reply(command, result) {
    this.say({ type: 'reply', ref: command.ref, result });
  }

  refuse(request, code, more = {}) {
    this.say({ type: 'error', ref: request.ref, code, message: code, retry: 'never', ...more });
  }

  /** The connection ends from the other side. */
  drop(code = 1006, reason = '') {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

/** A positioned publication of an epoch "e". */
export function publication(topic, offset, prev = offset - 1, more = {}) {
  return {
    type: 'publication',
    topic,
    epoch: 'e',
    offset,
    prev,
    event: 'message',
    time: '2030-01-31T12:00:00Z',
    data: { text: `#${offset}` },
    ...more,
  };
}

/** A reader that writes down what it heard. */
export class FakeReader {
  heard = [];

  onSnapshot = (snapshot, about) => this.heard.push(['snapshot', snapshot, about.reason]);
  onPublication = ({ offset, event }) => this.heard.push(offset ?? event);
  onGap = ({ from, to }) => this.heard.push(['gap', from, to]);
  onRefused = (error) => this.heard.push(['refused', error.code]);
  onEnded = (reason) => this.heard.push(['ended', reason]);
}
