import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type Server, startServer } from '../src/server.ts';
import { SipClient } from './sip-client.ts';

const log = pino({ level: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'sip-simple-registrar-'));
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(data?: string): Promise<Server> {
  const server = await startServer({ sipPort: 0, httpPort: 0, data }, { log });
  open.push(server);
  return server;
}

async function client(server: Server, transport: 'udp' | 'tcp' = 'udp'): Promise<SipClient> {
  const opened = await SipClient.open(transport, server.sipPort);
  open.push(opened);
  return opened;
}

const register = (by: SipClient, headers: readonly string[], user = 'alice', sequence = 1) =>
  by.request({
    method: 'REGISTER',
    uri: 'sip:localhost',
    from: `<sip:${user}@localhost>;tag=1`,
    to: '<sip:alice@localhost>',
    callId: 'registration',
    sequence,
    headers,
  });

describe.each(['udp', 'tcp'] as const)('registering over %s (RFC 3261 §10)', (transport) => {
  test('binds contacts, says which there are, and forgets them', async () => {
    const phone = await client(await start(), transport);
    const made = await register(phone, ['Expires: 600']);
    expect(made.status).toBe(200);
    expect(made.header('Contact')).toMatch(/^<sip:127\.0\.0\.1:\d+.*>;.*expires=600/);
    expect(made.header('Date')).toMatch(/GMT$/);
    const gone = await register(phone, ['Expires: 0'], 'alice', 2);
    expect([gone.status, gone.header('Contact')]).toEqual([200, '']);
  });

  test('for another address-of-record is forbidden, too brief an interval is answered 423', async () => {
    const phone = await client(await start(), transport);
    expect((await register(phone, ['Expires: 600'], 'mallory')).status).toBe(403);
    const brief = await register(phone, ['Expires: 5'], 'alice', 2);
    expect([brief.status, brief.header('Min-Expires')]).toEqual([423, '60']);
  });
});

test('bindings, and the key of GRUUs, are there after a restart', async () => {
  const data = join(folder, 'data');
  const instance = '+sip.instance="<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>"';
  const first = await start(data);
  const phone = await client(first);
  const text = phone
    .build({
      method: 'REGISTER',
      uri: 'sip:localhost',
      from: '<sip:alice@localhost>;tag=1',
      to: '<sip:alice@localhost>',
      headers: ['Supported: gruu', 'Expires: 600'],
    })
    .replace(/(Contact: <[^>]*>)/, `$1;${instance}`);
  phone.sendRaw(text);
  const made = await phone.next((message) => message.status === 200);
  const publicGruu = /pub-gruu="([^"]*)"/.exec(made.header('Contact'))?.[1];
  expect(publicGruu).toMatch(/^sip:alice@localhost;gr=/);
  await first.close();
  open.splice(open.indexOf(first), 1);

  const query = await client(await start(data));
  const lines = ['Supported: gruu'];
  const asked = query
    .build({
      method: 'REGISTER',
      uri: 'sip:localhost',
      from: '<sip:alice@localhost>;tag=2',
      to: '<sip:alice@localhost>',
      headers: lines,
    })
    .replace(/Contact: .*\r\n/, '');
  query.sendRaw(asked);
  const known = await query.next((message) => message.status === 200);
  expect(known.header('Contact')).toContain(`pub-gruu="${publicGruu}"`);
});
