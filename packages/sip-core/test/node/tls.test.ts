import { readFileSync } from 'node:fs';
import { connect as plain } from 'node:net';
import { connect, createServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { Peer } from '../../src/index.ts';
import { listenTls, type TlsOptions } from '../../src/node.ts';
import { incoming } from '../support/sip.ts';

const pem = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
const credentials = (name: string) => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });
const HOST = '127.0.0.1';
const MESSAGE = incoming('MESSAGE');
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** A listener whose news are awaited one by one. */
async function listener(name: string, options: Partial<TlsOptions> = {}) {
  const news: unknown[] = [];
  const waiting: ((entry: unknown) => void)[] = [];
  const add = (entry: unknown) => {
    const first = waiting.shift();
    if (first === undefined) news.push(entry);
    else first(entry);
  };
  const transport = await listenTls({
    host: HOST,
    port: 0,
    ca: pem('ca.pem'),
    ...credentials(name),
    onReceived: (peer, bytes) => add({ peer, text: new TextDecoder().decode(bytes) }),
    onFailed: (peer, error) => add({ peer, error: error.message }),
    ...options,
  });
  open.push(transport);
  const next = () =>
    news.length > 0 ? Promise.resolve(news.shift()) : new Promise<unknown>((done) => waiting.push(done));
  const to = (domain: string): Peer => ({ transport: 'tls', host: HOST, port: transport.local.port, domain });
  return { transport, next, to };
}

describe('over TLS (RFC 3261 §26.3.2.1)', () => {
  test('messages go both ways on one connection', async () => {
    const [alice, bob] = [await listener('biloxi'), await listener('example')];
    alice.transport.send(bob.to('example.com'), MESSAGE);
    const { peer, text } = (await bob.next()) as { peer: Peer; text: string };
    expect(text).toBe(new TextDecoder().decode(MESSAGE));
    expect(peer).toMatchObject({ transport: 'tls', host: HOST, identities: [] });
    expect(bob.transport.local.transport).toBe('tls');
    bob.transport.send(peer, MESSAGE);
    expect(await alice.next()).toMatchObject({ peer: { transport: 'tls', domain: 'example.com' }, text });
  });

  test.each([
    ['another domain', 'example', 'example.org'],
    ['a DNS name beside a sip: URI', 'example', 'example.net'],
    ['an authority that is not trusted', 'stranger', 'example.com'],
  ])(
    'a server whose certificate is for %s is not talked to (@req rfc5922:7.3:1, @req rfc5922:7.3:2, @req rfc5922:7.3:3, @req rfc5922:7.1:1)',
    async (_, name, domain) => {
      const [alice, mallory] = [await listener('biloxi'), await listener(name)];
      alice.transport.send(mallory.to(domain), MESSAGE);
      expect(await alice.next()).toMatchObject({
        peer: { domain },
        error: expect.stringMatching(/certificate/),
      });
      const silence = new Promise((done) => setTimeout(() => done('nothing'), 100));
      expect(await Promise.race([mallory.next(), silence])).toBe('nothing');
    },
  );

  test('a connection proved for one domain is not used for another', async () => {
    const [alice, bob] = [await listener('biloxi'), await listener('example')];
    alice.transport.send(bob.to('example.com'), MESSAGE);
    await bob.next();
    alice.transport.send(bob.to('example.org'), MESSAGE);
    expect(await alice.next()).toMatchObject({ error: expect.stringContaining('not for example.org') });
  });

  test('a client is known by the domains of its certificate, when asked (§7.4, @req rfc5922:7.4:1, @req rfc5922:7.4:2)', async () => {
    const [alice, stranger] = [await listener('biloxi'), await listener('stranger')];
    const bob = await listener('example', { clientCertificates: 'request' });
    alice.transport.send(bob.to('example.com'), MESSAGE);
    expect(await bob.next()).toMatchObject({ peer: { identities: ['biloxi.example.com'] } });
    stranger.transport.send(bob.to('example.com'), MESSAGE);
    expect(await bob.next()).toMatchObject({ peer: { identities: [] } });
  });

  test('who must have a certificate and has none is not let in', async () => {
    const [stranger, bob] = [
      await listener('stranger'),
      await listener('example', { clientCertificates: 'require' }),
    ];
    stranger.transport.send(bob.to('example.com'), MESSAGE);
    expect(await stranger.next()).toMatchObject({ error: expect.any(String) });
  });

  test('names the domain in the handshake (@req rfc5922:7.8:1)', async () => {
    const alice = await listener('biloxi');
    const asked = new Promise<string>((done) => {
      const server = createServer({
        ...credentials('example'),
        SNICallback: (name, callback) => {
          done(name);
          callback(null);
        },
      });
      server.on('secureConnection', (socket) => socket.resume());
      open.push({ close: () => new Promise((closed) => server.close(() => closed())) });
      server.listen(0, HOST, () => {
        const address = server.address();
        if (address !== null && typeof address === 'object')
          alice.transport.send(
            { transport: 'tls', host: HOST, port: address.port, domain: 'example.com' },
            MESSAGE,
          );
      });
    });
    expect(await asked).toBe('example.com');
  });

  test('who does not shake hands is dropped, and disturbs nobody', async () => {
    const bob = await listener('example', { limits: { connectMilliseconds: 150 } });
    const socket = plain(bob.transport.local.port, HOST);
    socket.on('error', () => undefined);
    await new Promise((done) => socket.on('close', done));
    const late = connect({
      host: HOST,
      port: bob.transport.local.port,
      ca: pem('ca.pem'),
      servername: 'localhost',
      checkServerIdentity: () => undefined,
    });
    await new Promise<void>((done) => late.on('secureConnect', () => done()));
    late.write(MESSAGE);
    expect(await bob.next()).toMatchObject({ peer: { transport: 'tls' } });
    late.destroy();
  });
});
