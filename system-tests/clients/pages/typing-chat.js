// Signed in by a token: says what is typed and that something is being typed, shows both of others, comes back by itself, and
// plays with rooms, messages to one person, history, a stream and an upload by functions for a test.
const place = new URLSearchParams(location.search);
const message = document.getElementById("message");
const typing = document.getElementById("typing");

const connection = new signalR.HubConnectionBuilder()
  .withUrl("/hubs/chat", { accessTokenFactory: () => place.get("token") })
  .withAutomaticReconnect({ nextRetryDelayInMilliseconds: ({ previousRetryCount }) => Math.min(1000 * (previousRetryCount + 1), 10000) })
  .build();

function line(text) {
  const item = document.createElement("li");
  item.textContent = text;
  document.getElementById("messages").append(item);
}

connection.onreconnecting((error) => line(`Reconnecting: ${error?.message ?? ""}`));
connection.onreconnected((id) => line(`Back as ${id}`));
connection.onclose((error) => line(`Closed: ${error?.message ?? ""}`));

connection.on("ReceiveMessage", (user, said, utc) => line(`[${new Date(utc).getUTCFullYear()}] ${user}: ${said}`));
connection.on("Typing", (user, isTyping) => (typing.textContent = isTyping ? `${user} is typing…` : ""));

document.getElementById("send").addEventListener("click", async () => {
  try {
    await connection.invoke("SendMessage", message.value);
    message.value = "";
    await connection.invoke("SetTyping", false);
  } catch (error) {
    line(`Not sent: ${error.message}`);
  }
});

let pause;
message.addEventListener("input", async () => {
  clearTimeout(pause);
  pause = setTimeout(() => connection.invoke("SetTyping", false), 1200);
  await connection.invoke("SetTyping", true);
});

window.room = async (name, said) => {
  await connection.invoke("JoinRoom", name);
  await connection.invoke("SendToRoom", name, said);
  const history = await connection.invoke("RecentMessages", name, 50);
  history.forEach((each) => line(`kept ${each.fromUser}: ${each.content} ${new Date(each.utc).getUTCFullYear()}`));
  await connection.invoke("LeaveRoom", name);
};
window.whisper = (toUser, said) => connection.invoke("SendDirect", toUser, said);
window.ticks = (count) =>
  new Promise((resolve, reject) => {
    const heard = [];
    const stream = connection.stream("StreamTime").subscribe({
      next: (item) => {
        heard.push(item);
        if (heard.length === count) {
          stream.dispose();
          resolve(heard);
        }
      },
      error: reject,
      complete: () => reject(new Error("time has ended")),
    });
  });
window.upload = async (chunks) => {
  const subject = new signalR.Subject();
  const done = connection.invoke("UploadChunks", subject);
  chunks.forEach((chunk) => subject.next(btoa(chunk)));
  subject.complete();
  return done;
};

connection
  .start()
  .then(() => line(`Connected as ${connection.connectionId}`))
  .catch((error) => line(`Not connected: ${error.message}`));
