// A member of a room behind any door but the plain WebSocket, in Node and in browsers alike: sends messages under ids of its own, sends again
// what was not answered, comes back when it is cut off, and goes on where it stands. Over SockJS by the native frames, by the
// official client of the event-bus bridge, or by the browser's EventSource and requests.
//
//   startMember({ SockJS, EventBus, door: "sockjs" | "bridge" | "stream", address, transport, token, room, name, howMany, inFlight })
//
// Answers a function that tells how it stands: { ready, position, heard, answered, comebacks, problems }.
(function (root) {
  const BACK_AFTER_MS = 300;
  const PING_MS = 2000;
  const SILENT_MS = 8000;
  const ANSWER_MS = 5000;

  root.startMember = function (options) {
    const topic = `room:${options.room}`;
    const unanswered = new Map(); // id -> args
    const problems = [];
    let position = null; // { epoch, offset }
    let heard = 0;
    let answered = 0;
    let begun = 0;
    let going = false;
    let comebacks = -1;

    const door = { sockjs: nativeDoor, bridge: bridgeDoor, stream: streamDoor }[options.door]();

    function fill() {
      while (going && door.isOpen() && begun < options.howMany && unanswered.size < options.inFlight) {
        const id = `${options.name}-${begun++}`;
        const args = { room: options.room, text: `${id} 100% <b>마당</b> 😀` };
        unanswered.set(id, args);
        door.command(id, args);
      }
    }

    function onAnswer(id) {
      if (unanswered.delete(id)) {
        answered++;
        fill();
      }
    }

    function onPublication(at, prev) {
      if (position && at.epoch === position.epoch && at.offset <= position.offset) {
        return; // the same once more, which some doors may bring
      }
      if (position && prev > position.offset) {
        problems.push(`missed ${position.offset + 1} to ${prev}`);
      }
      position = at;
      heard++;
    }

    function onOpen() {
      comebacks++;
      unanswered.forEach((args, id) => door.command(id, args));
      fill();
    }

    function nativeDoor() {
      const asked = new Map(); // ref -> what to do with the answer
      let socket;
      let isOpen = false;
      let lastRef = 0;
      let heardAt = Date.now();

      function ask(frame, then, whenRefused) {
        const ref = ++lastRef;
        asked.set(ref, { then, whenRefused });
        say({ ...frame, ref });
      }
      function say(frame) {
        socket.send(JSON.stringify(frame));
      }
      function open() {
        asked.clear();
        heardAt = Date.now();
        const mine = new options.SockJS(options.address, null, { transports: [options.transport], timeout: 3000 });
        socket = mine;
        mine.onopen = signIn;
        mine.onmessage = (event) => mine === socket && onFrame(JSON.parse(event.data));
        mine.onclose = () => mine === socket && again();
      }
      function again() {
        isOpen = false;
        socket = null;
        setTimeout(open, BACK_AFTER_MS);
      }
      function signIn() {
        ask({ type: "connect", token: options.token }, join, signIn);
      }
      function join() {
        ask(
          { type: "command", service: "chat", name: "joinRoom", id: `${options.name}-join`, args: { room: options.room } },
          () => ask({ type: "subscribe", topic, ...(position ? { since: position } : {}) }, subscribed, join),
          join,
        );
      }
      function subscribed(frame) {
        if (position && !frame.recovered) {
          problems.push(`not recovered from ${position.offset}`);
        }
        if (!position) {
          position = frame.position;
        }
        frame.publications.forEach((each) => onPublication({ epoch: each.epoch, offset: each.offset }, each.prev));
        isOpen = true;
        onOpen();
      }
      function onFrame(frame) {
        heardAt = Date.now();
        if (frame.type === "publication") {
          if (frame.offset !== undefined) {
            onPublication({ epoch: frame.epoch, offset: frame.offset }, frame.prev);
          }
        } else if (frame.type === "gap") {
          problems.push(`gap to ${frame.to.offset}`);
        } else if (frame.ref !== undefined && asked.has(frame.ref)) {
          const { then, whenRefused } = asked.get(frame.ref);
          asked.delete(frame.ref);
          if (frame.type !== "error") {
            then(frame);
          } else if (frame.retry === "later" && whenRefused) {
            setTimeout(() => socket && whenRefused(), Math.max(100, frame.retryAfterMs));
          } else {
            problems.push(`refused: ${JSON.stringify(frame)}`);
          }
        }
      }
      // Some transports of some clients do not notice that they are cut off.
      setInterval(() => {
        if (socket && Date.now() - heardAt > SILENT_MS) {
          const old = socket;
          again();
          old.close();
        } else if (isOpen) {
          say({ type: "ping" });
        }
      }, PING_MS);
      open();
      return {
        isOpen: () => isOpen,
        command: (id, args) => {
          const send = () => {
            if (isOpen && unanswered.has(id)) {
              ask({ type: "command", service: "chat", name: "sendToRoom", id, args }, () => onAnswer(id), send);
              sendAgainLater(socket);
            }
          };
          // A form's post, which is how jsonp sends, may be lost with the gateway it went to, and nobody is told: the session,
          // whose home is another gateway, goes on.
          const sendAgainLater = (mine) => setTimeout(() => mine === socket && send(), ANSWER_MS);
          send();
        },
      };
    }

    function bridgeDoor() {
      let isOpen = false;
      const bus = new options.EventBus(options.address, {
        transports: [options.transport],
        timeout: 3000,
        vertxbus_reconnect_delay_min: BACK_AFTER_MS,
      });
      bus.enableReconnect(true);
      bus.defaultHeaders = { Authorization: `Bearer ${options.token}` };
      bus.onopen = join;
      bus.onclose = () => (isOpen = false);
      bus.onerror = (error) => problems.push(`error: ${JSON.stringify(error)}`);
      function send(name, id, args, then) {
        bus.send("chat", { name, id, args }, (failure, message) => {
          if (!failure) {
            then(message.body);
          } else if (failure.failureType !== "RECIPIENT_FAILURE" || failure.failureCode === 429) {
            setTimeout(() => bus.state === options.EventBus.OPEN && send(name, id, args, then), 300);
          } else {
            problems.push(`refused: ${JSON.stringify(failure)}`);
          }
        });
      }
      function join() {
        send("joinRoom", `${options.name}-join`, { room: options.room }, (joined) => {
          position = position ?? joined.position;
          bus.registerHandler(topic, { epoch: position.epoch, offset: String(position.offset) }, onMessage);
          isOpen = true;
          onOpen();
        });
      }
      function onMessage(failure, message) {
        if (failure) {
          problems.push(`handler: ${JSON.stringify(failure)}`);
        } else if (message.headers.event === "gap") {
          problems.push(`gap to ${message.headers.offset}`);
        } else if (message.headers.prev !== undefined) {
          onPublication(
            { epoch: message.headers.epoch, offset: Number(message.headers.offset) },
            Number(message.headers.prev),
          );
        }
      }
      return {
        isOpen: () => isOpen,
        command: (id, args) => send("sendToRoom", id, args, () => onAnswer(id)),
      };
    }

    function streamDoor() {
      let isOpen = false;
      let lastId = "";

      function pause(ms) {
        return new Promise((resolve) => setTimeout(resolve, ms));
      }
      // Asks until it is answered; an id makes that harmless.
      async function post(path, args, id) {
        for (;;) {
          let problem = { retry: "later" }; // unless the gateway says otherwise
          try {
            const response = await fetch(options.address + path, {
              method: "POST",
              headers: {
                Authorization: `Bearer ${options.token}`,
                "Content-Type": "application/json",
                ...(id ? { "Idempotency-Key": id } : {}),
              },
              body: JSON.stringify(args),
            });
            if (response.ok) {
              return await response.json();
            }
            if (response.headers.get("Content-Type") === "application/problem+json") {
              problem = await response.json();
            }
          } catch {
            // Cut off.
          }
          if (problem.retry !== "later") {
            problems.push(`refused: ${JSON.stringify(problem)}`);
            throw new Error(problem.code);
          }
          await pause(Math.max(BACK_AFTER_MS, problem.retryAfterMs ?? 0));
        }
      }
      async function join() {
        await post("/api/chat/joinRoom", { room: options.room }, `${options.name}-join`);
        await listen();
      }
      async function listen() {
        const { ticket } = await post("/api/auth/ticket", {});
        const query = new URLSearchParams({ topic, ticket, ...(lastId ? { lastEventId: lastId } : {}) });
        const source = new EventSource(`${options.address}/stream?${query}`);
        function on(event, then) {
          source.addEventListener(event, (said) => {
            lastId = said.lastEventId || lastId;
            then(JSON.parse(said.data));
          });
        }
        on("message", (each) => {
          if (each.offset !== undefined) {
            onPublication({ epoch: each.epoch, offset: each.offset }, each.prev);
          }
        });
        on("subscribed", (frame) => {
          if (position && !frame.recovered) {
            problems.push(`not recovered from ${position.offset}`);
          }
          position = position ?? frame.position;
          isOpen = true;
          onOpen();
        });
        on("gap", (frame) => problems.push(`gap to ${frame.to.offset}`));
        on("problem", (frame) => frame.retry === "later" || problems.push(`refused: ${JSON.stringify(frame)}`));
        source.onerror = () => {
          isOpen = false;
          if (source.readyState === EventSource.CLOSED) {
            setTimeout(listen, BACK_AFTER_MS);
          }
        };
      }
      join();
      return {
        isOpen: () => isOpen,
        command: (id, args) => post("/api/chat/sendToRoom", args, id).then(() => onAnswer(id)),
      };
    }

    return {
      go: () => {
        going = true;
        fill();
      },
      stands: () => ({ ready: comebacks >= 0, position, heard, answered, comebacks, problems }),
    };
  };
})(globalThis);
