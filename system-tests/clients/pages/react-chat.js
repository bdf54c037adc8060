// A component of React that holds a connection for as long as it is shown, hears what is said and says what is typed.
const { createElement: element, useEffect, useRef, useState } = React;

function Chat({ user }) {
  const [messages, setMessages] = useState([]);
  const [connection, setConnection] = useState(null);
  const input = useRef(null);

  useEffect(() => {
    const opened = new signalR.HubConnectionBuilder().withUrl("/chatHub").build();
    opened.on("ReceiveMessage", (author, message) => setMessages((before) => [...before, { author, message }]));
    opened
      .start()
      .then(() => setConnection(opened))
      .catch((error) => console.error("not connected:", error));
    return () => opened.stop();
  }, []);

  const say = () => connection.invoke("SendMessage", user, input.current.value).catch((error) => console.error("not sent:", error));

  return element(
    "div",
    null,
    element("h1", null, "Everybody"),
    element(
      "div",
      { id: "messages" },
      messages.map(({ author, message }, index) => element("p", { key: index }, element("strong", null, author), `: ${message}`)),
    ),
    element("input", { ref: input, "aria-label": "Message" }),
    element("button", { onClick: say, disabled: connection === null }, "Send"),
  );
}

ReactDOM.createRoot(document.getElementById("root")).render(
  element(Chat, { user: new URLSearchParams(location.search).get("user") }),
);
