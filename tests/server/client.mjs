// The plain JavaScript client: receives and acknowledges frames, prints what it saw as JSON.
// usage: node client.mjs URL PATH FRAMES TRANSPORT...
import { io } from "socket.io-client";

const [url, path, frames, ...transports] = process.argv.slice(2);
const socket = io(url, { path, transports });
const seen = { ids: [], bytes: 0, jpeg: true, state: null, transport: null, signals: 0 };

socket.on("connect_error", (error) => {
  console.error(error.message);
  process.exit(1);
});
socket.on("state", (text) => {
  seen.state = JSON.parse(text);
});
socket.on("signal", (text) => {
  JSON.parse(text);
  seen.signals += 1;
});
socket.on("frame", ([metadata, jpeg]) => {
  seen.ids.push(metadata.frame_id);
  seen.bytes += jpeg.length;
  seen.jpeg &&= jpeg[0] === 0xff && jpeg[1] === 0xd8 && jpeg.at(-2) === 0xff && jpeg.at(-1) === 0xd9;
  socket.emit("frame_ack");
  if (seen.ids.length === Number(frames)) {
    seen.transport = socket.io.engine.transport.name;
    console.log(JSON.stringify(seen));
    socket.disconnect();
  }
});
