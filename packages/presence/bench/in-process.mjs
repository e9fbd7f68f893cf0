// The presence agent without sockets: PUBLISH in, NOTIFYs out, every NOTIFY answered.
//   node packages/presence/bench/in-process.mjs [presentities] [watchers of each] [seconds] [save]
// Needs a build (`tsc -b`). Messages are bytes on both sides, as an adapter would hand them over.
import { randomBytes } from 'node:crypto';
import { PresenceAgent } from '@sip-simple/presence';
import { Dialogs, Endpoint } from '@sip-simple/sip-core';

const [presentities = 1000, watchers = 1, seconds = 5] = process.argv.slice(2, 5).map(Number);
const isPersistent = process.argv[5] === 'save';
const random = (length) => new Uint8Array(randomBytes(length));
const dialogs = new Dialogs();
const addresses = [{ transport: 'udp', host: '192.0.2.1', port: 5060 }];
const endpoint = new Endpoint({ addresses, dialogs, random, methods: PresenceAgent.methods });
const agent = new PresenceAgent({ dialogs, random, domains: ['bench.example'], addresses, isPersistent });
const peer = { transport: 'udp', host: '192.0.2.77', port: 5060 };
const text = new TextEncoder();
const latin = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).latin1Slice();

let now = Date.now();
let branch = 0;
let notifies = 0;
let saved = 0;
let outbox = [];
let lastResponse = '';

function receive(message) {
  toEndpoint({ type: 'received', peer, bytes: typeof message === 'string' ? text.encode(message) : message });
}
function toEndpoint(input) {
  for (const action of endpoint.handle(input, now)) {
    if (action.type === 'transmit') outbox.push(action.bytes);
    else if (action.type === 'request' || action.type === 'response' || action.type === 'failed') {
      for (const wanted of agent.handle(action, now)) {
        if (wanted.type === 'respond' || wanted.type === 'send') toEndpoint(wanted);
        else if (wanted.type === 'save') saved += wanted.record.length;
      }
    }
  }
}
/** Answers NOTIFYs; the answer is cut from the bytes, to cost as little of the measured time as it can. */
function drain() {
  while (outbox.length > 0) {
    const batch = outbox;
    outbox = [];
    for (const bytes of batch) {
      const head = latin(bytes.subarray(0, 700));
      if (!head.startsWith('NOTIFY')) {
        lastResponse = head;
        continue;
      }
      notifies += 1;
      const lines = head.slice(0, head.indexOf('\r\n\r\n')).split('\r\n');
      const kept = lines.filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
      receive(`SIP/2.0 200 OK\r\n${kept.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
    }
  }
}
const via = () => `Via: SIP/2.0/UDP 192.0.2.77:5060;branch=z9hG4bK${++branch}`;
const pidf = (i, n) =>
  `<?xml version="1.0" encoding="UTF-8"?>\r\n<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:p${i}@bench.example">\r\n <tuple id="t${i}">\r\n  <status><basic>${n & 1 ? 'open' : 'closed'}</basic></status>\r\n  <contact priority="0.8">sip:p${i}@127.0.0.1:5999</contact>\r\n  <note>lg-${n}-</note>\r\n  <timestamp>2024-01-01T00:00:00Z</timestamp>\r\n </tuple>\r\n</presence>\r\n`;

const tags = [];
const sequences = [];
function publish(i, n) {
  const uri = `sip:p${i}@bench.example`;
  const body = pidf(i, n);
  sequences[i] = (sequences[i] ?? 0) + 1;
  const match = tags[i] === undefined ? '' : `SIP-If-Match: ${tags[i]}\r\n`;
  receive(
    `PUBLISH ${uri} SIP/2.0\r\n${via()}\r\nMax-Forwards: 70\r\nFrom: <${uri}>;tag=p${i}\r\nTo: <${uri}>\r\nCall-ID: P${i}\r\nCSeq: ${sequences[i]} PUBLISH\r\nEvent: presence\r\nExpires: 3600\r\n${match}Content-Type: application/pidf+xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  drain();
  tags[i] = /SIP-ETag: (\S+)/.exec(lastResponse)[1];
}
function subscribe(i, w) {
  const uri = `sip:p${i}@bench.example`;
  receive(
    `SUBSCRIBE ${uri} SIP/2.0\r\n${via()}\r\nMax-Forwards: 70\r\nFrom: <sip:w${w}@bench.example>;tag=w${w}\r\nTo: <${uri}>\r\nCall-ID: W${w}\r\nCSeq: 1 SUBSCRIBE\r\nContact: <sip:w${w}@192.0.2.77:5060>\r\nEvent: presence\r\nAccept: application/pidf+xml\r\nExpires: 3600\r\nContent-Length: 0\r\n\r\n`,
  );
  drain();
  if (!lastResponse.startsWith('SIP/2.0 200')) throw new Error(lastResponse);
}

const settle = () => {
  // server transactions linger for 32 s (Timer J): let them go, as they do in a long run
  now += 33_000;
  toEndpoint({ type: 'tick' });
  global.gc?.();
  global.gc?.();
};
settle();
const before = process.memoryUsage().heapUsed;
let started = performance.now();
for (let i = 0, w = 0; i < presentities; i++) for (let k = 0; k < watchers; k++) subscribe(i, w++);
console.log(`${((presentities * watchers) / (performance.now() - started)).toFixed(1)} k SUBSCRIBE+NOTIFY/s`);
settle();
const subscribed = process.memoryUsage().heapUsed;
for (let i = 0; i < presentities; i++) publish(i, 0);
settle();
if (global.gc) {
  console.log(
    `${((subscribed - before) / (presentities * watchers)).toFixed(0)} bytes of heap a subscription`,
  );
  console.log(
    `${((process.memoryUsage().heapUsed - subscribed) / presentities).toFixed(0)} bytes of heap a publication`,
  );
}
for (let n = 1, end = performance.now() + 1000; performance.now() < end; n++) publish(n % presentities, n);
notifies = 0;
saved = 0;
let publishes = 0;
started = performance.now();
const cpuBefore = process.cpuUsage();
for (let n = 1; performance.now() - started < seconds * 1000; n++) {
  publish(n % presentities, n);
  publishes += 1;
  now += 0.1;
  if (n % 100 === 0) toEndpoint({ type: 'tick' });
}
const elapsed = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpuBefore);
const cpu = (used.user + used.system) / 1e6;
console.log(
  `${(publishes / elapsed / 1000).toFixed(2)} k PUBLISH/s, ${(notifies / elapsed / 1000).toFixed(2)} k NOTIFY/s, ${(saved / elapsed / 1e6).toFixed(1)} MB/s saved`,
);
console.log(
  `per CPU second (other work on the machine left out): ${(publishes / cpu / 1000).toFixed(2)} k PUBLISH, ${(notifies / cpu / 1000).toFixed(2)} k NOTIFY`,
);
