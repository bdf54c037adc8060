// One connection to each hub, with every name that it may tell; keeps and shows all that is told.
const NAMES = {
  chat: "ReceiveMessage Typing ReceivePrivateMessage ReceiveGroupMessage ReceiveBroadcast UserConnected UserDisconnected StateRestored MissedMessages ReconnectComplete",
  typedchat: "ReceiveMessage ReceivePrivateMessage UserJoined UserLeft UpdateUserList",
  rooms: "RoomCreated JoinedRoom UserJoinedRoom UserLeftRoom RoomMessage Error",
  notifications: "ReceiveNotification ReceiveNotifications NotificationRead AllNotificationsRead",
  dashboard: "UpdateDashboard UpdateMetric Alert",
  secure: "DeviceConnected AdminMessage PremiumResponse",
  securemessages: "ReceiveSecureMessage",
  optimized: "ReceiveMessages",
  processing: "ProcessingProgress",
  streaming: "",
};

const token = new URLSearchParams(location.search).get("token");
window.heard = [];
window.hubs = {};

function tell(hub, name, heard) {
  window.heard.push({ hub, name, arguments: heard });
  const item = document.createElement("li");
  item.textContent = `${hub} ${name} ${JSON.stringify(heard)}`;
  document.getElementById("heard").append(item);
}

async function connect(hub, names) {
  const connection = new signalR.HubConnectionBuilder().withUrl(`/hubs/${hub}`, { accessTokenFactory: () => token }).build();
  names.split(" ").filter(Boolean).forEach((name) => connection.on(name, (...heard) => tell(hub, name, heard)));
  window.hubs[hub] = connection;
  await connection.start();
}

window.call = (hub, method, given) => window.hubs[hub].invoke(method, ...given);
window.items = (hub, method, given, count) =>
  new Promise((resolve, reject) => {
    const heard = [];
    const stream = window.hubs[hub].stream(method, ...given).subscribe({
      next: (item) => {
        heard.push(item);
        if (heard.length === count) {
          stream.dispose();
          resolve(heard);
        }
      },
      error: reject,
      complete: () => reject(new Error(`${method} has ended`)),
    });
  });
window.process = async (chunks) => {
  const subject = new signalR.Subject();
  const done = window.hubs.processing.invoke("ProcessDataStream", subject);
  chunks.forEach((chunk) => subject.next(chunk));
  subject.complete();
  return done;
};

Promise.all(Object.entries(NAMES).map(([hub, names]) => connect(hub, names)))
  .then(() => (document.title = "connected"))
  .catch((error) => (document.title = `not connected: ${error.message}`));
