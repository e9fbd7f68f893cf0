import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../src/config/options.ts';
import { type Server, startServer } from '../src/server.ts';
import { type Message, pidf, publishHeaders, SipClient, subscribeHeaders } from './sip-client.ts';

const log = pino({ level: 'silent' });
let server: Server;
let users = 0;
let alice = '';
const clients: SipClient[] = [];

async function start(config: Partial<Config> = {}): Promise<Server> {
  server = await startServer({ sipPort: 0, httpPort: 0, ...config }, { log });
  return server;
}
async function client(transport: 'udp' | 'tcp'): Promise<SipClient> {
  const opened = await SipClient.open(transport, server.sipPort);
  clients.push(opened);
  return opened;
}
beforeEach(async () => {
  alice = `sip:alice${users++}@localhost`;
  await start();
});
afterEach(async () => {
  await server.close();
  for (const opened of clients.splice(0)) opened.close();
});

const publish = (by: SipClient, note: string, headers: readonly string[] = ['Expires: 600']) =>
  by.request({
    method: 'PUBLISH',
    uri: alice,
    headers: [...publishHeaders, ...headers],
    body: pidf(alice, note),
  });
const subscribe = (by: SipClient, headers: readonly string[] = ['Expires: 600']) =>
  by.request({ method: 'SUBSCRIBE', uri: alice, headers: [...subscribeHeaders, ...headers] });
const says = (note: string) => (message: Message) => message.body.includes(`<note>${note}</note>`);
/** The server still does what it is for. */
async function stillServes(): Promise<void> {
  const prober = await client('udp');
  const options = await prober.request({ method: 'OPTIONS', uri: 'sip:localhost' });
  expect(options.status).toBe(200);
}

describe.each(['udp', 'tcp'] as const)('over %s', (transport) => {
  test('what is published arrives, so do a change and the end by expiry', async () => {
    const [publisher, watcher] = [await client(transport), await client(transport)];
    const published = await publish(publisher, 'first');
    expect(published.status).toBe(200);
    expect(published.header('Expires')).toBe('600');
    const subscribed = await subscribe(watcher);
    expect(subscribed.status).toBe(200);
    expect(subscribed.header('Contact')).toContain(`:${server.sipPort}`);
    const first = await watcher.notify(says('first'));
    expect(first.header('Event')).toBe('presence');
    expect(first.header('Content-Type')).toBe('application/pidf+xml');
    expect(first.header('Subscription-State')).toMatch(/^active;expires=\d+$/);
    const etag = `SIP-If-Match: ${published.header('SIP-ETag')}`;
    const modified = await publish(publisher, 'second', [etag, 'Expires: 600']);
    expect(modified.header('SIP-ETag')).not.toBe(published.header('SIP-ETag'));
    const second = await watcher.notify(says('second'));
    expect(second.sequence).toBe(first.sequence + 1);
    const removed = await publisher.request({
      method: 'PUBLISH',
      uri: alice,
      headers: ['Event: presence', `SIP-If-Match: ${modified.header('SIP-ETag')}`, 'Expires: 0'],
    });
    expect(removed.status).toBe(200);
    const gone = await watcher.notify();
    expect(gone.body).not.toContain('<note>');
    expect(gone.body).toContain(`entity="${alice}"`);
  });

  test('unsubscribing brings a last NOTIFY', async () => {
    const watcher = await client(transport);
    const subscribed = await subscribe(watcher);
    await watcher.notify();
    const target = /<([^>]*)>/.exec(subscribed.header('Contact'))?.[1] ?? '';
    const ended = await watcher.request({
      method: 'SUBSCRIBE',
      uri: target,
      from: subscribed.header('From'),
      to: subscribed.header('To'),
      callId: subscribed.header('Call-ID'),
      sequence: 2,
      headers: [...subscribeHeaders, 'Expires: 0'],
    });
    expect(ended.status).toBe(200);
    expect((await watcher.notify()).header('Subscription-State')).toMatch(/^terminated;reason=timeout/);
  });

  test('OPTIONS says what is served', async () => {
    const response = await (await client(transport)).request({ method: 'OPTIONS', uri: 'sip:localhost' });
    expect(response.status).toBe(200);
    expect(response.header('Allow').split(/, */).sort()).toEqual([
      'NOTIFY',
      'OPTIONS',
      'PUBLISH',
      'SUBSCRIBE',
    ]);
    expect(response.header('Allow-Events')).toBe('presence');
    expect(response.header('Accept')).toBe('application/pidf+xml');
  });

  test('each kind of bad request gets the response that its RFC names', async () => {
    const by = await client(transport);
    const body = pidf(alice, 'x');
    const unknown = await by.request({ method: 'SUBSCRIBE', uri: alice, headers: ['Event: conference'] });
    expect([unknown.status, unknown.header('Allow-Events')]).toEqual([489, 'presence']);
    const publishUnknown = await by.request({ method: 'PUBLISH', uri: alice, headers: ['Event: reg'], body });
    expect(publishUnknown.status).toBe(489);
    const unsupported = await by.request({
      method: 'PUBLISH',
      uri: alice,
      headers: ['Event: presence', 'Content-Type: text/plain'],
      body: 'hello',
    });
    expect(unsupported.status).toBe(415);
    expect(unsupported.header('Accept')).toContain('application/pidf+xml');
    const malformed = await by.request({
      method: 'PUBLISH',
      uri: alice,
      headers: publishHeaders,
      body: `${body}<`,
    });
    expect(malformed.status).toBe(400);
    const brief = await publish(by, 'x', ['Expires: 1']);
    expect(brief.status).toBe(423);
    expect(Number(brief.header('Min-Expires'))).toBeGreaterThan(1);
    expect((await publish(by, 'x', ['SIP-If-Match: nobodys'])).status).toBe(412);
    const notify = await by.request({
      method: 'NOTIFY',
      uri: `sip:127.0.0.1:${server.sipPort}`,
      headers: ['Event: presence', 'Subscription-State: active'],
    });
    expect(notify.status).toBe(481);
    const inNoDialog = await by.request({
      method: 'SUBSCRIBE',
      uri: alice,
      to: `<${alice}>;tag=none`,
      headers: subscribeHeaders,
    });
    expect(inNoDialog.status).toBe(481);
    const invite = await by.request({ method: 'MESSAGE', uri: alice });
    expect([invite.status, invite.header('Allow')]).toEqual([405, expect.stringContaining('PUBLISH')]);
    expect((await by.request({ method: 'JUMP', uri: alice })).status).toBe(501);
    expect(
      (
        await by.request({
          method: 'SUBSCRIBE',
          uri: 'sip:alice@elsewhere.example',
          headers: subscribeHeaders,
        })
      ).status,
    ).toBe(404);
    const strange = await by.request({ method: 'OPTIONS', uri: alice, headers: ['Require: teleportation'] });
    expect([strange.status, strange.header('Unsupported')]).toEqual([420, 'teleportation']);
    await stillServes();
  });
});

describe('bad input', () => {
  test('garbage datagrams are dropped and counted, and nobody is answered', async () => {
    const by = await client('udp');
    const garbage = [
      '',
      '\r\n\r\n',
      '\u0000\u0001\u0002',
      'GET / HTTP/1.1\r\n\r\n',
      'SIP/2.0 200 OK\r\n\r\n',
      'x'.repeat(60_000),
    ];
    for (const bytes of garbage) by.sendRaw(bytes);
    for (let n = 0; n < 500; n++)
      by.sendRaw(Uint8Array.from({ length: n }, (_, at) => (at * 31 + n * 17) % 256));
    await stillServes();
    const metrics = await (await fetch(`http://127.0.0.1:${server.httpPort}/metrics`)).text();
    expect(metrics).toMatch(/simple_sip_dropped_total\{reason=/);
    expect(metrics).toContain('simple_sip_requests_total{method="OPTIONS",status="200"} 1');
  });

  test('a datagram cut off anywhere does no harm; one shorter than its Content-Length is answered 400', async () => {
    const by = await client('udp');
    const whole = by.build({
      method: 'PUBLISH',
      uri: alice,
      headers: publishHeaders,
      body: pidf(alice, 'cut'),
    });
    for (let length = 0; length < whole.length; length += 13) by.sendRaw(whole.slice(0, length));
    by.sendRaw(whole.slice(0, -5));
    const refused = await by.next(({ status }) => status === 400, 'a 400');
    expect(refused.header('Via')).toContain('127.0.0.1');
    await stillServes();
  });

  test('octets behind the Content-Length of a datagram are discarded (RFC 3261 §18.3)', async () => {
    const by = await client('udp');
    by.sendRaw(`${by.build({ method: 'OPTIONS', uri: 'sip:localhost' })}surplus`);
    expect((await by.next(({ status }) => status > 0)).status).toBe(200);
  });

  test('a connection that says a wrong Content-Length loses its framing, and only itself', async () => {
    const by = await client('tcp');
    const good = by.build({ method: 'OPTIONS', uri: 'sip:localhost' });
    by.sendRaw(good.replace('Content-Length: 0', 'Content-Length: -1'));
    expect((await by.next(({ status }) => status > 0)).status).toBe(400);
    await by.closed();
    await stillServes();
  });

  test('a message too large for the stream is refused and the connection closed', async () => {
    const by = await client('tcp');
    by.sendRaw(
      by
        .build({ method: 'OPTIONS', uri: 'sip:localhost' })
        .replace('Content-Length: 0', 'Content-Length: 999999999'),
    );
    const refused = await by.next(({ status }) => status > 0);
    expect([400, 413, 513]).toContain(refused.status);
    await by.closed();
    const endless = await client('tcp');
    endless.sendRaw(`OPTIONS sip:localhost SIP/2.0\r\nX: ${'y'.repeat(500_000)}`);
    await endless.closed();
    await stillServes();
  });

  test('a message that comes octet by octet, and several in one segment, are read alike', async () => {
    const by = await client('tcp');
    const one = by.build({ method: 'OPTIONS', uri: 'sip:localhost', callId: 'slow' });
    for (const octet of one) by.sendRaw(octet);
    expect((await by.next(({ status }) => status > 0)).header('Call-ID')).toBe('slow');
    by.sendRaw(
      ['a', 'b', 'c']
        .map((callId) => by.build({ method: 'OPTIONS', uri: 'sip:localhost', callId }))
        .join('\r\n\r\n'),
    );
    for (const callId of ['a', 'b', 'c']) {
      expect((await by.next((message) => message.header('Call-ID') === callId)).status).toBe(200);
    }
  });

  test('a document that would explode is refused', async () => {
    const by = await client('udp');
    const bomb = `<!DOCTYPE presence [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${pidf(alice, '&b;')}`;
    const refused = await by.request({ method: 'PUBLISH', uri: alice, headers: publishHeaders, body: bomb });
    expect(refused.status).toBe(400);
    await stillServes();
  });
});

describe('the running server', () => {
  test('tells where it listens, with health, metrics and a status page', async () => {
    const [udp, tcp, ws, http] = server.addresses;
    expect(udp).toBe(`sip:udp:127.0.0.1:${server.sipPort}`);
    expect(tcp).toBe(`sip:tcp:127.0.0.1:${server.sipPort}`);
    expect(ws).toBe(`sip:ws:127.0.0.1:${server.httpPort}`);
    expect(http).toBe(`http://127.0.0.1:${server.httpPort}`);
    const watcher = await client('udp');
    await subscribe(watcher);
    await watcher.notify();
    expect((await fetch(`${http}/health`)).status).toBe(200);
    const page = await (await fetch(`${http}/`)).text();
    expect(page).toContain(`sip:udp:127.0.0.1:${server.sipPort}`);
    const metrics = await (await fetch(`${http}/metrics`)).text();
    expect(metrics).toContain('simple_subscriptions 1');
    expect(metrics).toContain('simple_sip_requests_sent_total{method="NOTIFY",outcome="200"} 1');
  });

  test('ends every subscription with a NOTIFY when it ends, and waits for the answers', async () => {
    const watchers = [await client('udp'), await client('tcp')];
    for (const watcher of watchers) {
      await subscribe(watcher);
      await watcher.notify();
    }
    const started = Date.now();
    await server.close();
    expect(Date.now() - started).toBeLessThan(1500);
    for (const watcher of watchers) {
      const last = await watcher.notify();
      expect(last.header('Subscription-State')).toMatch(/^terminated;reason=deactivated/);
    }
  });

  test('does not wait for ever for those who do not answer', async () => {
    const watcher = await client('udp');
    await subscribe(watcher);
    await watcher.notify();
    watcher.answersNotify = false;
    const started = Date.now();
    await server.close();
    expect(Date.now() - started).toBeLessThan(4000);
  });

  test('a port in use is named with its flag', async () => {
    const port = server.sipPort;
    await expect(startServer({ sipPort: port, httpPort: 0 }, { log })).rejects.toMatchObject({
      code: 'port-in-use',
      message: `SIP port ${port} on 127.0.0.1 is in use: choose another with --sip-port`,
    });
  });
});

describe('the least expiry of publications', () => {
  test('can be set, and what is published for a second is gone after it', async () => {
    await server.close();
    await start({ publicationMinExpires: 1 });
    const [publisher, watcher] = [await client('udp'), await client('udp')];
    expect((await publish(publisher, 'short', ['Expires: 1'])).header('Expires')).toBe('1');
    await subscribe(watcher);
    await watcher.notify(says('short'));
    expect((await watcher.notify()).body).not.toContain('short');
  });
});

describe('policy', () => {
  test('whoever decides about watchers and publishers is asked, and obeyed', async () => {
    await server.close();
    const asked: string[] = [];
    server = await startServer(
      { sipPort: 0, httpPort: 0 },
      {
        log,
        authorize: async (question) => {
          const who = 'watcher' in question ? question.watcher : question.publisher;
          asked.push(`${who} ${question.resource}`);
          if (who.includes('broken')) throw new Error('the policy has a fault');
          return who.includes('mallory') ? 'block' : 'allow';
        },
      },
    );
    const by = await client('udp');
    const as = (method: string, user: string) => ({
      method,
      uri: alice,
      from: `<sip:${user}@localhost>;tag=${user}${method}`,
    });
    const document = { headers: publishHeaders, body: pidf(alice, 'x') };
    expect((await by.request({ ...as('PUBLISH', 'mallory'), ...document })).status).toBe(403);
    expect((await by.request({ ...as('PUBLISH', 'alice'), ...document })).status).toBe(200);
    expect((await by.request({ ...as('SUBSCRIBE', 'mallory'), headers: subscribeHeaders })).status).toBe(403);
    expect((await by.request({ ...as('SUBSCRIBE', 'bob'), headers: subscribeHeaders })).status).toBe(200);
    await by.notify(says('x'));
    // A policy that fails lets nobody in.
    expect((await by.request({ ...as('SUBSCRIBE', 'broken'), headers: subscribeHeaders })).status).toBe(200);
    expect((await by.notify()).header('Subscription-State')).toMatch(/^pending/);
    expect(asked).toContain(`sip:mallory@localhost ${alice}`);
  });
});

describe('with a data folder', () => {
  test('publications and subscriptions outlive a restart', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sip-simple-live-'));
    try {
      await server.close();
      await start({ data: directory });
      const publisher = await client('udp');
      const published = await publish(publisher, 'kept');
      await server.close();
      await start({ data: directory });
      const watcher = await client('udp');
      await subscribe(watcher);
      await watcher.notify(says('kept'));
      const again = await client('udp');
      const modified = await publish(again, 'changed', [`SIP-If-Match: ${published.header('SIP-ETag')}`]);
      expect(modified.status).toBe(200);
      await watcher.notify(says('changed'));
    } finally {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
