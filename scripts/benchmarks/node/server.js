// Node's socket.io: one broadcast per frame to all viewers that have room for it.
// Acknowledged by the event `frame_ack`, a window of two, the newest frame waiting.

import { createServer } from "node:http";
import { Server } from "socket.io";

const PAYLOAD_BYTES = 100_000;
const WINDOW = 2;
const HEAD_BYTES = 34;

const template = Buffer.alloc(PAYLOAD_BYTES);
for (let i = HEAD_BYTES; i < PAYLOAD_BYTES; i++) template[i] = (i * 2654435761) >>> 13;
template.writeUInt16BE(0xffd8, 0);
template.writeUInt16BE(0xfffe, 2);
template.writeUInt16BE(HEAD_BYTES - 4, 4);
template.write("eyepiece", 6);
template.writeUInt32BE(PAYLOAD_BYTES, 14);
template.writeUInt16BE(0xffd9, PAYLOAD_BYTES - 2);

const http = createServer();
const io = new Server(http);
const viewers = new Map();
let made = 0;

function publish() {
  const jpeg = Buffer.from(template);
  jpeg.writeBigUInt64BE(BigInt(++made), 18);
  // The machine's monotonic clock, as in the other servers.
  jpeg.writeDoubleBE(Number(process.hrtime.bigint()) / 1e9, 26);
  const frame = [{ frame_id: made, width: 1280, height: 720, captured_at: Date.now() / 1000 }, jpeg];
  const ready = [];
  for (const [id, viewer] of viewers) {
    if (viewer.inFlight < WINDOW) {
      viewer.inFlight++;
      ready.push(id);
    } else {
      viewer.waiting = frame;
    }
  }
  if (ready.length) io.to(ready).emit("frame", frame);
}

io.on("connection", (socket) => {
  const viewer = { inFlight: 0, waiting: null };
  viewers.set(socket.id, viewer);
  socket.on("disconnect", () => viewers.delete(socket.id));
  socket.on("frame_ack", () => {
    viewer.inFlight--;
    if (viewer.waiting) {
      viewer.inFlight++;
      socket.emit("frame", viewer.waiting);
      viewer.waiting = null;
    }
  });
});

process.stdin.on("data", (letters) => {
  for (const letter of letters.toString()) if (letter === "f") publish();
});
process.stdin.on("end", () => process.exit());
http.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: http.address().port })));
