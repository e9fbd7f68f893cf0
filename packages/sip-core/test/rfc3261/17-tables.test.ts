import { describe, expect, test } from 'vitest';
import {
  createResponse,
  type EndpointAction,
  type Peer,
  parseMessage,
  type SipRequest,
  set,
} from '../../src/index.ts';
import { TransactionLayer } from '../../src/transaction/layer.ts';
import {
  inviteClient,
  inviteServer,
  nonInviteClient,
  nonInviteServer,
  type TransactionInput,
  type TransactionState,
  type TransactionTable,
} from '../../src/transaction/tables.ts';
import { defaultTimers } from '../../src/transaction/timers.ts';
import type { Transaction } from '../../src/transaction/transaction.ts';
import { incoming, names, outgoing, T0, there } from '../support/sip.ts';

/**
 * The four machines as RFC 3261 §17 with RFC 6026 and RFC 4320 describe them, written a second time:
 * state, input, next state, what is done. Whatever is not listed must change nothing and do nothing.
 */
const expected: Record<string, string> = {
  'INVITE client': `
    calling     1xx              proceeding  response 180
    calling     2xx              accepted    response 200
    calling     300-699          completed   send ACK, response 486
    calling     transport error  terminated  failed transport
    calling     timer A          calling     send INVITE
    calling     timer B          terminated  failed timeout
    proceeding  1xx              proceeding  response 180
    proceeding  2xx              accepted    response 200
    proceeding  300-699          completed   send ACK, response 486
    proceeding  cancel           proceeding  send CANCEL
    accepted    2xx              accepted    response 200
    accepted    timer M          terminated
    completed   300-699          completed   send ACK
    completed   transport error  terminated  failed transport
    completed   timer D          terminated`,
  'non-INVITE client': `
    trying      1xx              proceeding  response 180
    trying      2xx              completed   response 200
    trying      300-699          completed   response 486
    trying      transport error  terminated  failed transport
    trying      timer E          trying      send MESSAGE
    trying      timer F          terminated  failed timeout
    proceeding  1xx              proceeding  response 180
    proceeding  2xx              completed   response 200
    proceeding  300-699          completed   response 486
    proceeding  transport error  terminated  failed transport
    proceeding  timer E          proceeding  send MESSAGE
    proceeding  timer F          terminated  failed timeout
    completed   timer K          terminated`,
  'INVITE server': `
    proceeding  request          proceeding  send 180
    proceeding  send 1xx         proceeding  send 180
    proceeding  send 2xx         accepted    send 200
    proceeding  send 300-699     completed   send 486
    proceeding  transport error  proceeding  unanswered transport
    accepted    ack              accepted    request ACK
    accepted    send 2xx         accepted    send 200
    accepted    transport error  accepted    unanswered transport
    accepted    timer L          terminated
    completed   request          completed   send 486
    completed   ack              confirmed
    completed   transport error  completed   unanswered transport
    completed   timer G          completed   send 486
    completed   timer H          terminated  unanswered timeout
    confirmed   timer I          terminated`,
  'non-INVITE server': `
    trying      send 2xx         completed   send 200
    trying      send 300-699     completed   send 486
    trying      timer 100        proceeding  send 100
    trying      timer F          terminated
    proceeding  request          proceeding  send 100
    proceeding  send 2xx         completed   send 200
    proceeding  send 300-699     completed   send 486
    proceeding  timer F          terminated
    completed   request          completed   send 200
    completed   timer J          terminated`,
};

const tables: readonly TransactionTable[] = [inviteClient, nonInviteClient, inviteServer, nonInviteServer];
const inputs: readonly TransactionInput[] = [
  '1xx',
  '2xx',
  '300-699',
  'request',
  'ack',
  'send 1xx',
  'send 2xx',
  'send 300-699',
  'cancel',
  'transport error',
];
const isServer = (table: TransactionTable) => table === inviteServer || table === nonInviteServer;

/** A layer with one transaction brought to a state, by inputs that lead there. */
class Bench {
  readonly layer: TransactionLayer;
  readonly transaction: Transaction;
  readonly request: SipRequest;
  now = T0;
  #actions: EndpointAction[] = [];

  constructor(table: TransactionTable, peer: Peer = there) {
    this.layer = new TransactionLayer(defaultTimers, (action) => this.#actions.push(action));
    const method = table === inviteClient || table === inviteServer ? 'INVITE' : 'MESSAGE';
    if (isServer(table)) {
      this.request = read(incoming(method));
      const begin = {
        key: 'z9hG4bKx',
        request: this.request,
        replyTo: peer,
        receivedVia: undefined,
        merge: undefined,
      };
      this.transaction = this.layer.receive(begin, this.now);
    } else {
      this.request = outgoing(method, [set('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx')]);
      const { request } = this;
      const sent = {
        id: 'id',
        request,
        bytes: request.toBytes(),
        branch: 'z9hG4bKx',
        peer,
        fallback: undefined,
      };
      this.layer.send(sent, this.now);
      const found = this.layer.client('z9hG4bKx', method);
      if (found === undefined) throw new Error('no transaction');
      this.transaction = found;
    }
    this.taken();
  }

  reach(state: TransactionState): this {
    const server = isServer(this.transaction.table);
    const invite = this.request.method === 'INVITE';
    if (state === 'proceeding') {
      if (invite || !server) this.give(server ? 'send 1xx' : '1xx');
      else this.until('timer 100');
    } else if (state === 'accepted') this.give(server ? 'send 2xx' : '2xx');
    else if (state === 'completed' && invite) this.give(server ? 'send 300-699' : '300-699');
    else if (state === 'completed') this.give(server ? 'send 2xx' : '2xx');
    else if (state === 'confirmed') {
      this.give('send 300-699');
      this.give('ack');
    }
    this.taken();
    expect(this.transaction.state).toBe(state);
    return this;
  }

  give(input: TransactionInput): void {
    const { layer, transaction, request, now } = this;
    const status = input.endsWith('1xx') ? 180 : input.endsWith('2xx') ? 200 : 486;
    if (input === 'request') layer.again(transaction, request, now);
    else if (input === 'ack') layer.again(transaction, read(incoming('ACK')), now);
    else if (input === 'cancel') layer.cancel('id', now);
    else if (input === 'transport error') layer.transportFailed(there, now);
    else if (input.startsWith('send '))
      layer.respond(transaction, status, createResponse(request, status).toBytes(), now);
    else layer.response(transaction, createResponse(request, status), now);
  }

  /** Lets time pass up to and with the next firing of a timer. */
  until(input: TransactionInput): void {
    const timer = input.slice('timer '.length);
    for (let steps = 0; steps < 50; steps += 1) {
      const { repeatTimer, repeatAt, endTimer, endAt } = this.transaction;
      const next = repeatAt <= endAt ? repeatTimer : endTimer;
      this.now = Math.min(repeatAt, endAt);
      this.taken();
      this.layer.tick(this.now);
      if (next === timer) return;
    }
    throw new Error(`${input} never fires`);
  }

  taken(): string[] {
    const actions = this.#actions;
    this.#actions = [];
    return names(actions);
  }
}

function read(bytes: Uint8Array): SipRequest {
  const message = parseMessage(bytes);
  if (message.type !== 'request') throw new Error('no request');
  return message;
}

function rows(table: TransactionTable): Map<string, { next: string; done: string[] }> {
  const lines = (expected[table.name] ?? '').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [state = '', input = '', next = '', done = ''] = line.trim().split(/ {2,}/);
      return [`${state} ${input}`, { next, done: done === '' ? [] : done.split(', ') }];
    }),
  );
}

describe.each(tables.map((table) => [table.name, table] as const))(
  '%s transaction, every state and input',
  (_, table) => {
    const listed = rows(table);
    const states = Object.keys(table.states).filter((state): state is TransactionState => state !== '');

    for (const state of states) {
      for (const input of inputs) {
        // A server never receives responses, a client never requests: the layer has no way to give it one.
        const forServer = input === 'request' || input === 'ack' || input.startsWith('send ');
        if (input !== 'transport error' && forServer !== isServer(table)) continue;
        const row = listed.get(`${state} ${input}`);
        test(`${state} x ${input} -> ${row === undefined ? 'nothing' : `${row.next}: ${row.done.join(', ')}`}`, () => {
          const bench = new Bench(table).reach(state);
          bench.give(input);
          expect(bench.taken()).toEqual(row?.done ?? []);
          expect(bench.transaction.state).toBe(row?.next ?? state);
        });
      }
    }

    for (const [pair, row] of listed) {
      const [state = '', input = ''] = pair.split(/ (?=timer )/);
      if (!input.startsWith('timer ')) continue;
      test(`${pair} -> ${row.next}: ${row.done.join(', ')}`, () => {
        const from = states.find((each) => each === state);
        if (from === undefined) throw new Error(`no state ${state}`);
        const bench = new Bench(table).reach(from);
        // `input` is the name of a timer's input, as the rows above are written.
        bench.until(input as TransactionInput);
        expect(bench.taken()).toEqual(row.done);
        expect(bench.transaction.state).toBe(row.next);
      });
    }

    test('no other timer is in the table', () => {
      const timers = states.flatMap((state) =>
        Object.keys(table.states[state] ?? {})
          .filter((input) => input.startsWith('timer '))
          .map((input) => `${state} ${input}`),
      );
      const known = [...listed.keys(), 'proceeding timer B', 'proceeding timer 100'];
      expect(timers.filter((pair) => !known.includes(pair))).toEqual([]);
    });
  },
);
