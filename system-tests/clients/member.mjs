// Members of a room in Node, one per line of the input: each line is the options of one as JSON, "go" lets them send, and any
// other word asks how they stand, which is answered by one line of JSON.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const SockJS = require("sockjs-client");
const EventBus = require("@vertx/eventbus-bridge-client.js");
require("./member.js");

const members = new Map();

createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (line.startsWith("{")) {
      const options = JSON.parse(line);
      members.set(options.name, globalThis.startMember({ ...options, SockJS, EventBus }));
    } else if (line === "go") {
      members.forEach((member) => member.go());
    } else {
      const all = {};
      members.forEach((member, name) => (all[name] = member.stands()));
      console.log(`STANDS ${line} ${JSON.stringify(all)}`);
    }
  })
  .on("close", () => process.exit(0));
