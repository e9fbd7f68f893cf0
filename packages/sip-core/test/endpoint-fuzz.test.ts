import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createResponse,
  Dialogs,
  dialogFromRequest,
  type EndpointInput,
  type Peer,
  parseMessage,
} from '../src/index.ts';
import { endpoint, incoming, outgoing, T0, there, thereTcp } from './support/sip.ts';

const runs = 400 * Number(process.env['FUZZ_RUNS'] ?? 1);
const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);

const seeds: readonly string[] = [
  ...['INVITE', 'ACK', 'CANCEL', 'BYE', 'MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'OPTIONS'].map(
    (method) => text(incoming(method)),
  ),
  text(
    incoming('SUBSCRIBE', { To: '<sip:alice@example.com>;tag=a1', CSeq: '9 SUBSCRIBE', Event: 'presence' }),
  ),
  text(incoming('ACK', { To: '<sip:alice@example.com>;tag=a1' })),
  text(incoming('NOTIFY', { To: '<sip:alice@example.com>;tag=a1', From: '<sip:c@d>;tag=new' })),
  'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n',
];

/** What breaks parsers: pieces cut out, doubled, replaced; the characters with a meaning put anywhere. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 0, max: 30 }),
  insert: fc.oneof(
    fc.constantFrom(
      '',
      '\r\n',
      '\r\n\r\n',
      ':',
      ';',
      ',',
      '<',
      '>',
      '"',
      '\\',
      '@',
      '=',
      ' ',
      '\t',
      '\0',
      '%',
      '[',
      '*',
    ),
    fc.constantFrom(
      ';tag=',
      ';branch=',
      ';rport',
      ';maddr=',
      'z9hG4bK',
      'SIP/2.0',
      '-1',
      '99999999999',
      '%zz',
      'é',
    ),
    fc.string({ maxLength: 8 }),
  ),
});
const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(mutation, { maxLength: 4 }))
  .map(([seed, mutations]) =>
    mutations.reduce((whole, { at, length, insert }) => {
      const start = Math.floor(at * whole.length);
      return whole.slice(0, start) + insert + whole.slice(start + length);
    }, seed),
  )
  .map((whole) => new TextEncoder().encode(whole));
const peers: fc.Arbitrary<Peer> = fc.constantFrom(
  there,
  { ...thereTcp, connection: 1 },
  { ...there, host: '2001:db8::9' },
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('received' as const), peer: peers, bytes: mutated }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('received' as const),
      peer: peers,
      bytes: fc.uint8Array({ maxLength: 200 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('answer' as const),
      status: fc.integer({ min: 100, max: 699 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('send' as const),
      method: fc.constantFrom('INVITE', 'OPTIONS'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('transport-failed' as const), peer: peers }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      milliseconds: fc.integer({ min: 0, max: 40_000 }),
    }),
  },
);

describe('an endpoint among peers that send anything', () => {
  test('never throws, and is empty again when all time has passed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const dialogs = new Dialogs();
        const opening = parseMessage(incoming('SUBSCRIBE'));
        if (opening.type !== 'request') throw new Error('no request');
        dialogs.open(dialogFromRequest(opening, { localTag: 'a1', contact: '<sip:alice@192.0.2.1>' }), {
          key: 'all',
          accepts: (request) => request.raw('Event').length > 0,
        });
        const machine = endpoint({ dialogs });
        let now = T0;
        const pending: Extract<ReturnType<typeof machine.handle>[number], { type: 'request' }>[] = [];
        const give = (input: EndpointInput) => {
          for (const action of machine.handle(input, now))
            if (action.type === 'request') pending.push(action);
        };
        for (const [index, each] of steps.entries()) {
          if (each.type === 'wait') {
            now += each.milliseconds;
            give({ type: 'tick' });
          } else if (each.type === 'answer') {
            const action = pending.shift();
            if (action === undefined || action.transaction === '') continue;
            if (each.status < 200) pending.push(action);
            const response = createResponse(action.request, each.status);
            give({ type: 'respond', transaction: action.transaction, response });
          } else if (each.type === 'send') {
            give({ type: 'send', id: `${index}`, request: outgoing(each.method), to: there });
            give({ type: 'cancel', id: `${index}` });
          } else give(each);
        }
        // Users answer everything in the end; INVITEs that nobody answers would wait for ever, as they must.
        for (const { transaction, request } of pending) {
          if (transaction !== '')
            give({ type: 'respond', transaction, response: createResponse(request, 500, { toTag: 'x' }) });
        }
        for (let at = machine.deadline; at !== undefined; at = machine.deadline) {
          now = Math.max(now, at);
          give({ type: 'tick' });
        }
        expect(machine.transactions.counts.servers).toBe(0);
      }),
      { numRuns: runs },
    );
  });
});
