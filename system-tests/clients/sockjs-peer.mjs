// A member of a room over the official SockJS client: sends messages with ids of its own, sends again what was not answered,
// and prints every publication it hears.
//
//   node sockjs-peer.mjs <address of /sockjs> <transport> <token> <room> <prefix of texts> <how many> <in flight>
//
// Prints: READY <epoch> <offset> · P <offset> <prev> <command id> · SENT · FAILED <why>. Reads: "go" to begin, end of input to stop.
import { createInterface } from "node:readline";
import SockJS from "sockjs-client";

const [address, transport, token, room, prefix, howMany, inFlight] = process.argv.slice(2);
const topic = `room:${room}`;
const total = Number(howMany);
const window = Number(inFlight);

const waiting = new Map(); // ref -> what was asked and not answered
let lastRef = 0;
let begun = 0;
let answered = 0;
let going = false;

const socket = new SockJS(address, null, { transports: [transport] });
const send = (frame) => socket.send(JSON.stringify(frame));

function ask(frame, then) {
  const ref = ++lastRef;
  waiting.set(ref, { frame: { ...frame, ref }, then });
  send({ ...frame, ref });
}

function command(name, id, args, then) {
  ask({ type: "command", service: "chat", name, id, args }, then);
}

function fill() {
  while (going && begun < total && begun - answered < window) {
    const text = `${prefix}-${begun++}`;
    command("sendToRoom", `${prefix}-id-${text}`, { room, text }, () => {
      answered++;
      if (answered === total) {
        console.log("SENT");
      } else {
        fill();
      }
    });
  }
}

const take = {
  connected: () => command("joinRoom", `${prefix}-join`, { room }, () => ask({ type: "subscribe", topic }, () => {})),
  subscribed: (frame) => {
    waiting.delete(frame.ref);
    console.log(`READY ${frame.position.epoch} ${frame.position.offset}`);
  },
  reply: (frame) => {
    const asked = waiting.get(frame.ref);
    waiting.delete(frame.ref);
    asked?.then(frame.result);
  },
  error: (frame) => {
    const asked = waiting.get(frame.ref);
    if (asked && frame.retry === "later") {
      setTimeout(() => waiting.has(frame.ref) && send(asked.frame), Math.max(100, frame.retryAfterMs ?? 0));
    } else {
      console.log(`FAILED ${JSON.stringify(frame)}`);
    }
  },
  publication: (frame) => {
    if (frame.offset !== undefined) {
      console.log(`P ${frame.offset} ${frame.prev} ${frame.command ?? "-"}`);
    }
  },
};

socket.onopen = () => send({ type: "connect", ref: ++lastRef, token });
socket.onmessage = (event) => {
  const frame = JSON.parse(event.data);
  take[frame.type]?.(frame);
};
socket.onclose = (event) => console.log(`CLOSED ${event.code} ${event.reason}`);

setInterval(() => send({ type: "ping" }), 5_000).unref();

createInterface({ input: process.stdin })
  .on("line", () => {
    going = true;
    fill();
  })
  .on("close", () => process.exit(0));
