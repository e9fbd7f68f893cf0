import type { PresenceAgentAction, PresenceAgentInput } from '@sip-simple/presence';
import { createResponse, Endpoint, type Machine, type Peer } from '@sip-simple/sip-core';
import { random } from '@sip-simple/sip-core/node';
import { Registrar } from '@sip-simple/sip-core/registrar';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { Metrics } from '../../src/metrics.ts';
import { Switchboard } from '../../src/sip/switchboard.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { type Store, StoreError } from '../../src/store/store.ts';

const peer: Peer = { transport: 'udp', host: '127.0.0.1', port: 40_000 };
const record = new TextEncoder().encode('record');
let metrics: Metrics | undefined;
afterEach(() => metrics?.close());

type Agent = Machine<PresenceAgentInput, PresenceAgentAction>;
/** An agent that acknowledges every request after saving something, and breaks on the user `bug`. */
function savingAgent(seen: PresenceAgentInput[] = []): Agent {
  return {
    deadline: undefined,
    handle(input) {
      seen.push(input);
      if (input.type !== 'request') return [];
      if (input.request.uri.includes('bug')) throw new Error('a bug');
      return [
        { type: 'save', key: 'pub/1', record, expiresAt: Date.now() + 60_000 },
        { type: 'respond', transaction: input.transaction, response: createResponse(input.request, 200) },
      ];
    },
  };
}

function harness(agent: Agent, store: Store = memoryStore()) {
  const sent: string[] = [];
  const troubles: string[] = [];
  const logged: string[] = [];
  const endpoint = new Endpoint({
    random,
    methods: ['PUBLISH', 'REGISTER'],
    addresses: [{ transport: 'udp', host: '127.0.0.1', port: 5060 }],
  });
  metrics = new Metrics(() => ({ subscriptions: 0, publications: 0, dialogs: 0, held: 0 }));
  const switchboard = new Switchboard({
    endpoint,
    agent,
    registrar: new Registrar({ random, domains: ['localhost'] }),
    store,
    metrics,
    log: pino({}, { write: (line: string) => logged.push(line) }),
    transmit: (_, bytes) => sent.push(new TextDecoder().decode(bytes)),
    onStoreFailed: (reason) => troubles.push(reason),
  });
  let requests = 0;
  const publish = async (user: string, method = 'PUBLISH') => {
    const branch = `z9hG4bK${requests++}`;
    const text = [
      `${method} sip:${user}@localhost SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:40000;branch=${branch}`,
      'Max-Forwards: 70',
      `From: <sip:${user}@localhost>;tag=${branch}`,
      `To: <sip:${user}@localhost>`,
      `Call-ID: ${branch}`,
      `CSeq: 1 ${method}`,
      'Contact: <sip:127.0.0.1:40000>',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    const before = sent.length;
    switchboard.receive(peer, new TextEncoder().encode(text));
    for (let turn = 0; turn < 10 && sent.length === before; turn++) await new Promise(setImmediate);
    return sent.at(-1) ?? '';
  };
  return { switchboard, publish, sent, troubles, logged, metrics };
}

describe('the switchboard', () => {
  test('a fault of a machine is a 500, is counted, and the next request is served', async () => {
    const { publish, metrics: counted } = harness(savingAgent());
    expect(await publish('alice')).toMatch(/^SIP\/2\.0 200 /);
    expect(await publish('bug')).toMatch(/^SIP\/2\.0 500 /);
    expect(await publish('alice')).toMatch(/^SIP\/2\.0 200 /);
    expect(counted.totals).toEqual({ requests: 3, dropped: 0, errors: 1 });
  });

  test('faults that come in masses are all counted and seldom logged', async () => {
    const { publish, logged, metrics: counted } = harness(savingAgent());
    for (let n = 0; n < 50; n++) await publish('bug');
    expect(counted.totals.errors).toBe(50);
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.length).toBeLessThan(10);
    expect(logged[0]).toContain('a bug');
  });

  test('what is acknowledged is in the store', async () => {
    const store = memoryStore();
    const { publish } = harness(savingAgent(), store);
    await publish('alice');
    expect((await store.read('pub/1'))?.value).toEqual(record);
  });

  test('a binding that could not be stored is a 500, and is not there (RFC 3261 §10.3 step 7, @req rfc3261:10.3:31)', async () => {
    const memory = memoryStore();
    let isBroken = true;
    const store: Store = Object.assign(Object.create(memory), {
      write: (...written: Parameters<Store['write']>) =>
        isBroken ? Promise.reject(new StoreError('failed', 'no space left')) : memory.write(...written),
    });
    const { publish } = harness(savingAgent(), store);
    expect(await publish('alice', 'REGISTER')).toMatch(/^SIP\/2\.0 500 /);
    isBroken = false;
    const again = await publish('alice', 'REGISTER');
    expect(again).toMatch(/^SIP\/2\.0 200 /);
    expect(again.match(/\nContact:/g)).toHaveLength(1);
  });

  test('what could not be stored is not acknowledged: 504, and the agent learns what is stored', async () => {
    const seen: PresenceAgentInput[] = [];
    const memory = memoryStore();
    await memory.write('pub/1', new TextEncoder().encode('older'));
    const store: Store = Object.assign(Object.create(memory), {
      write: () => Promise.reject(new StoreError('failed', 'the disk is full')),
      read: (key: string) => memory.read(key),
    });
    const { publish, troubles } = harness(savingAgent(seen), store);
    expect(await publish('alice')).toMatch(/^SIP\/2\.0 504 /);
    await new Promise(setImmediate);
    expect(seen.at(-1)).toEqual({ type: 'restore', key: 'pub/1', record: new TextEncoder().encode('older') });
    expect(troubles).toEqual(['the disk is full']);
  });

  test('records are given back from the store, and one that breaks the agent does not stop the others', async () => {
    const seen: string[] = [];
    const agent: Agent = {
      deadline: undefined,
      handle(input) {
        if (input.type !== 'restore') return [];
        if (input.key === 'sub/2') throw new Error('a damaged record');
        seen.push(input.key);
        return [];
      },
    };
    const store = memoryStore();
    for (const key of ['sub/1', 'sub/2', 'sub/3', 'other']) await store.write(key, record);
    const { switchboard, metrics: counted } = harness(agent, store);
    expect(await switchboard.restore(store.list('sub/'))).toBe(3);
    expect(seen).toEqual(['sub/1', 'sub/3']);
    expect(counted.totals.errors).toBe(1);
  });

  test('who ends takes no more requests and says when to try again', async () => {
    const { switchboard, publish, sent } = harness(savingAgent());
    const drained = switchboard.drain(1000);
    const refused = await publish('alice');
    expect(refused).toMatch(/^SIP\/2\.0 503 /);
    expect(refused).toMatch(/^Retry-After: *5\r$/m);
    await drained;
    const count = sent.length;
    await publish('alice');
    expect(sent).toHaveLength(count);
  });
});
