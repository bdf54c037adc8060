// Microsoft's own clients in Node, many in one process, steered line by line. Each line of the input is one request as JSON with
// an `id`; it is answered by one line `{"id", "result"?}` or `{"id", "error"}`. What a client hears is a line of its own, in
// the order in which the client tells it.
//
//   {"id", "do": "open", "client", "version", "transport", "protocol", "url", "tokens"?, "guest"?, "guests"?, "on": {target: arguments}, "reconnect"?, "skipNegotiation"?, "answers"?: [target],
//    "pingMs"?, "silenceMs"?, "stateful"?,
//    "handsRefusalsOn"?}          how often it pings, how long it waits for a word, and whether its
//                                                                     connection may go on over another WebSocket;
//                                                                     whether its HTTP client answers 401 and does not throw it
//   {"id", "do": "start" | "stop", "client"}                     a client that was opened may be started again
//   {"id", "do": "name", "client"}                               what its connection is called now
//   {"id", "do": "invoke" | "send", "client", "target", "arguments"}
//   {"id", "do": "stream", "client", "target", "arguments", "stream"}      then "cancel" with that stream
//   {"id", "do": "item" | "end" | "fail", "upload", "item"?}               an argument {"$upload": name} is such a stream of items
//   {"id", "do": "bytes", "client", "text"}                      past the client's own protocol, as it stands
//
// Heard: {"client", "event", "arguments"} · {"client", "stream", "item" | "completed" | "error"} · {"client", "closed"} ·
// {"client", "reconnecting"} · {"client", "reconnected"} · {"client", "renewed"}. Bytes are {"$bytes": base64} both ways.
// Of several tokens each is given once, in order, and the last from then on. With "guest" instead they are those of a new
// guest of this name, who signs in at the origin "guests", another whenever the last is no longer young.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const clients = new Map();
const streams = new Map();
const uploads = new Map();

const TRANSPORTS = { webSockets: 1, serverSentEvents: 2, longPolling: 4 };

function say(line) {
  process.stdout.write(JSON.stringify(line, (_, value) => (value instanceof Uint8Array ? written(value) : value)) + "\n");
}

function written(bytes) {
  return { $bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64") };
}

// Buffers have a form of their own in JSON, which comes before the replacer.
function plain(value) {
  if (Buffer.isBuffer(value)) {
    return written(value);
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  return value;
}

function textOf(error) {
  return error === undefined || error === null ? null : String(error.message ?? error);
}

// Tokens of one new guest: the same for as long as it is young, then the next one of the same sign-in.
function guestTokens(origin, name, renewed) {
  const YOUNG_MS = 8_000;
  let signIn;
  let since = 0;

  async function ask(way, body) {
    const answer = await fetch(`${origin}/api/auth/${way}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return answer.json();
  }
  return async () => {
    if (signIn === undefined) {
      since = Date.now();
      signIn = ask("guest", { name });
    } else if (Date.now() - since > YOUNG_MS) {
      since = Date.now();
      renewed();
      signIn = signIn.then(({ refreshToken }) => ask("refresh", { refreshToken }));
    }
    return (await signIn).accessToken;
  };
}

// Clients from 7 on ask for another token when an answer is 401 and try once more, but the HTTP client that they bring along throws
// it instead. An application may give them one of its own.
function handingRefusalsOn({ DefaultHttpClient, HttpError, HttpResponse, NullLogger }) {
  class HandsOn extends DefaultHttpClient {
    async send(request) {
      try {
        return await super.send(request);
      } catch (error) {
        if (error instanceof HttpError && error.statusCode === 401) {
          return new HttpResponse(401, "Unauthorized", "");
        }
        throw error;
      }
    }
  }
  return new HandsOn(NullLogger.instance);
}

class Client {
  constructor({ client, version, transport, protocol, url, tokens, guest, guests, on, reconnect, skipNegotiation, pingMs, silenceMs, stateful, handsRefusalsOn, answers }) {
    this.name = client;
    this.isBinary = protocol === "messagepack";
    this.signalr = require(`signalr-${version}`);
    const left = [...(tokens ?? [])];
    const options = {
      transport: TRANSPORTS[transport],
      skipNegotiation: skipNegotiation === true,
      logger: this.signalr.LogLevel.None,
      ...(tokens ? { accessTokenFactory: () => (left.length > 1 ? left.shift() : left[0]) } : {}),
      ...(guest ? { accessTokenFactory: guestTokens(guests, guest, () => this.tell({ renewed: true })) } : {}),
    };
    if (handsRefusalsOn) {
      options.httpClient = handingRefusalsOn(this.signalr);
    }
    let builder = new this.signalr.HubConnectionBuilder().withUrl(url, options).configureLogging(this.signalr.LogLevel.None);
    if (reconnect) {
      builder = builder.withAutomaticReconnect(reconnect);
    }
    if (stateful) {
      builder = builder.withStatefulReconnect();
    }
    if (this.isBinary) {
      builder = builder.withHubProtocol(new (require(`signalr-msgpack-${version}`).MessagePackHubProtocol)());
    }
    this.connection = builder.build();
    if (pingMs) {
      this.connection.keepAliveIntervalInMilliseconds = pingMs;
    }
    if (silenceMs) {
      this.connection.serverTimeoutInMilliseconds = silenceMs;
    }
    for (const target of Object.keys(on)) {
      this.connection.on(target, (...heard) => {
        this.tell({ event: target, arguments: heard.map(plain) });
        if (answers?.includes(target)) {
          if (heard[0] === "fail") {
            throw new Error("I will not.");
          }
          return { heard: heard[0] };
        }
      });
    }
    this.connection.onclose((error) => this.tell({ closed: textOf(error) }));
    this.connection.onreconnecting?.((error) => this.tell({ reconnecting: textOf(error) }));
    this.connection.onreconnected?.((id) => this.tell({ reconnected: id ?? null }));
  }

  tell(what) {
    say({ client: this.name, ...what });
  }

  async start() {
    await this.connection.start();
    return this.connection.connectionId ?? null;
  }

  arguments(given) {
    return given.map((each) => {
      if (each !== null && typeof each === "object" && "$upload" in each) {
        const subject = new this.signalr.Subject();
        uploads.set(each.$upload, { subject, client: this });
        return subject;
      }
      return this.read(each);
    });
  }

  read(value) {
    if (value === null || typeof value !== "object") {
      return value;
    }
    if ("$bytes" in value) {
      return this.isBinary ? new Uint8Array(Buffer.from(value.$bytes, "base64")) : value.$bytes;
    }
    if (Array.isArray(value)) {
      return value.map((each) => this.read(each));
    }
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.read(each)]));
  }

  stream(name, target, given) {
    const subscription = this.connection.stream(target, ...this.arguments(given)).subscribe({
      next: (item) => this.tell({ stream: name, item: plain(item) }),
      complete: () => this.tell({ stream: name, completed: true }),
      error: (error) => this.tell({ stream: name, error: textOf(error) }),
    });
    streams.set(name, subscription);
  }
}

const deeds = {
  open: (asked) => {
    const client = new Client(asked);
    clients.set(asked.client, client);
    return client.start();
  },
  start: ({ client }) => clients.get(client).start(),
  stop: ({ client }) => clients.get(client).connection.stop(),
  name: ({ client }) => clients.get(client).connection.connectionId,
  invoke: (asked) => {
    const client = clients.get(asked.client);
    // A client that may resume takes an invocation while it begins anew, and never settles it; no application asks then.
    if (client.connection.state === 'Reconnecting') {
      throw new Error('The connection is lost.');
    }
    return client.connection.invoke(asked.target, ...client.arguments(asked.arguments));
  },
  send: (asked) => {
    const client = clients.get(asked.client);
    return client.connection.send(asked.target, ...client.arguments(asked.arguments));
  },
  stream: (asked) => clients.get(asked.client).stream(asked.stream, asked.target, asked.arguments),
  cancel: ({ stream }) => streams.get(stream).dispose(),
  item: ({ upload, item }) => {
    const { subject, client } = uploads.get(upload);
    subject.next(client.read(item));
  },
  end: ({ upload }) => uploads.get(upload).subject.complete(),
  fail: ({ upload, text }) => uploads.get(upload).subject.error(new Error(text)),
  // The connection below the hub's, which every version calls so.
  bytes: ({ client, text }) => clients.get(client).connection.connection.send(text),
};

async function take(asked) {
  try {
    const result = await deeds[asked.do](asked);
    say({ id: asked.id, ...(result === undefined ? {} : { result: plain(result) }) });
  } catch (error) {
    say({ id: asked.id, error: textOf(error) });
  }
}

// A client of others that fails behind everybody's back is for the test to see, and no reason to fail all the others.
process.on("unhandledRejection", (error) => say({ stray: textOf(error) }));
process.on("uncaughtException", (error) => say({ stray: textOf(error) }));

createInterface({ input: process.stdin })
  .on("line", (line) => take(JSON.parse(line)))
  .on("close", () => process.exit(0));
