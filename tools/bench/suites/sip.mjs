// SIP messages: parse, parse with every core header decoded, change and serialize; beside the JavaScript rivals.
// Everyone starts from the bytes that a socket gives and ends at bytes or at what its own transport would send.
import * as ours from '@sip-simple/sip-core';
import drachtio from 'drachtio-sip';
import JsSIP from 'jssip';
import sip from 'sip';
import sipParsing from 'sip-parsing';
import { long, messages } from '../corpus/sip.mjs';
import { Parser as JsSIPParser } from '../rivals/jssip.mjs';
import { Parser as SipJsParser } from '../rivals/sip-js.mjs';

const corpus = Object.values(messages);
const bytes = corpus.reduce((sum, m) => sum + m.length, 0);
const each = (run) => () => {
  let last;
  for (const message of corpus) last = run(message);
  return last;
};
const contender = (name, run) => ({ name, run: each(run), ops: corpus.length, bytes });

const single = [
  ours.from,
  ours.to,
  ours.callId,
  ours.cseq,
  ours.maxForwards,
  ours.contentLength,
  ours.contentType,
  ours.expires,
  ours.event,
];
const many = [ours.via, ours.contact, ours.route, ours.recordRoute];

function decodeOurs(bytes) {
  const message = ours.parseMessage(bytes);
  for (const header of single) message.get(header);
  for (const header of many) message.getAll(header);
  return message;
}

const silent = { log() {}, warn() {}, error() {}, debug() {} };
const names = [
  'Via',
  'From',
  'To',
  'Contact',
  'Route',
  'Record-Route',
  'CSeq',
  'Content-Type',
  'Content-Length',
];

function decodeDrachtio(bytes) {
  const message = new drachtio.SipMessage(bytes.toString());
  for (const name of names) if (message.has(name)) message.getParsedHeader(name);
  return message;
}

const parse = () => [
  contender('sip-simple', (m) => ours.parseMessage(m)),
  contender('sip-parsing', (m) => sipParsing.parse(m.toString())),
  contender('drachtio-sip', (m) => new drachtio.SipMessage(m.toString())),
];

const decode = () => [
  contender('sip-simple', decodeOurs),
  contender('sip', (m) => sip.parse(m)),
  contender('drachtio-sip', decodeDrachtio),
  contender('jssip', (m) => JsSIPParser.parseMessage(m.toString(), { logger: silent })),
  contender('sip.js', (m) => SipJsParser.parseMessage(m.toString(), silent)),
];

// What a proxy does to a request: a Via on top, one hop less, its Route gone.
const parsedOurs = corpus.map((m) => ours.parseMessage(m));
const parsedSip = corpus.map((m) => sip.parse(m));
const hop = {
  protocol: 'SIP',
  version: '2.0',
  transport: 'UDP',
  host: '192.0.2.99',
  port: 5060,
  params: new Map([['branch', 'z9hG4bKabcdef']]),
};
const hopSip = {
  version: '2.0',
  protocol: 'UDP',
  host: '192.0.2.99',
  port: 5060,
  params: { branch: 'z9hG4bKabcdef' },
};
const serialize = () => [
  {
    name: 'sip-simple',
    ops: corpus.length,
    bytes,
    run: () => {
      let last;
      for (const message of parsedOurs)
        last = message
          .with(ours.prepend(ours.via, hop), ours.set(ours.maxForwards, 69), ours.remove(ours.route))
          .toBytes();
      return last;
    },
  },
  {
    name: 'sip',
    ops: corpus.length,
    bytes,
    run: () => {
      let last;
      for (const message of parsedSip) {
        const changed = sip.copyMessage(message);
        changed.headers.via = [hopSip, ...changed.headers.via];
        changed.headers['max-forwards'] = 69;
        delete changed.headers.route;
        last = Buffer.from(sip.stringify(changed), 'binary');
      }
      return last;
    },
  },
];

// Ten times the size in ten times the time, and no more.
const sizes = () =>
  [4_000, 40_000].map((size) => {
    const message = long(size);
    return {
      name: `sip-simple, ${Math.round(message.length / 1000)} KB of headers`,
      ops: 1,
      bytes: message.length,
      run: () => decodeOurs(message),
    };
  });

export const suites = [
  { name: 'SIP: parse', unit: 'messages', contenders: parse, targets: [['sip-simple', 'sip-parsing', 3]] },
  {
    name: 'SIP: parse, all core headers decoded',
    unit: 'messages',
    contenders: decode,
    targets: [['sip-simple', 'sip', 4]],
  },
  {
    name: 'SIP: change and serialize',
    unit: 'messages',
    contenders: serialize,
    targets: [['sip-simple', 'sip', 3]],
  },
  { name: 'SIP: bytes a second by size', unit: 'messages', contenders: sizes, targets: [] },
];

JsSIP.debug?.disable?.();
