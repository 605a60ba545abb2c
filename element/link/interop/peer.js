// An echo server for the interop tests, on the npm package ws.
//
// usage: node peer.js WINDOW, where WINDOW is "default" or "off".
//
// Prints its port. Each message comes back after a ping with a payload; text
// that starts with "split" comes back in two fragments with a ping between.
'use strict';

let WebSocketServer;
try {
  ({ WebSocketServer } = require('ws'));
} catch {
  console.error('The npm package ws is missing: npm install ws in some directory and set NODE_PATH to its node_modules.');
  process.exit(1);
}

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: process.argv[2] === 'off' ? false : { threshold: 0 },
});
server.on('listening', () => console.log(server.address().port));
server.on('connection', (socket) => {
  socket.on('message', (data, binary) => {
    socket.ping('a payload that must not enter the window');
    if (!binary && data.subarray(0, 5).toString() === 'split') {
      const half = Math.floor(data.length / 2);
      socket.send(data.subarray(0, half), { binary, fin: false });
      socket.ping('between');
      socket.send(data.subarray(half), { binary, fin: true });
    } else {
      socket.send(data, { binary });
    }
  });
});
