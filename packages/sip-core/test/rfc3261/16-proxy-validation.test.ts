import { describe, expect, test } from 'vitest';
import { createResponse, proxyAuthenticate, set, unsupported } from '../../src/index.ts';
import { fieldsOf, forked, peerAt, requestOf, written } from '../support/proxies.ts';

/** Sends bytes to a proxy, and says what Bob got and what Alice was answered. */
function sent(bytes: Uint8Array, setup: Parameters<typeof forked>[1] = {}) {
  const { world, alice, proxy } = forked(['bob'], setup);
  world.transmit(alice, peerAt(proxy), bytes);
  world.run();
  const answers = world.to('alice').flatMap((each) => (each.type === 'response' ? [each] : []));
  return { world, proxy, bob: world.to('bob'), answers, statuses: answers.map(({ status }) => status) };
}

const to = (method: string) => `${method} sip:bob@b.example`;

describe('what is validated before a request is forwarded (RFC 3261 §16.3)', () => {
  test.each([
    ['From', fieldsOf('MESSAGE').filter((field) => !field.startsWith('From'))],
    ['CSeq', [...fieldsOf('MESSAGE').filter((field) => !field.startsWith('CSeq')), 'CSeq: 1 INVITE']],
    ['Max-Forwards', ['Max-Forwards: lots', ...fieldsOf('MESSAGE').slice(1)]],
    ['Route', fieldsOf('MESSAGE', ['Route: sip:no-brackets@p'])],
    ['Via', fieldsOf('MESSAGE', ['Max-Forwards: 3'])],
  ])(
    'a request whose %s is not well-formed is answered 400 (@req rfc3261:16.3:1, @req rfc3261:16.3:2, @req rfc3261:16.3:4, @req rfc3261:16.3:5)',
    (_, fields) => {
      const { bob, statuses } = sent(written(to('MESSAGE'), fields));
      expect(statuses).toEqual([400]);
      expect(bob).toEqual([]);
    },
  );

  test('other header fields may be anything, and go on as they are (@req rfc3261:16.3:6, @req rfc3261:16.3:7)', () => {
    const odd = [
      'Date: the day after tomorrow',
      'Contact: <<<',
      'X-Unknown:   spaces, kept ;;; ',
      'Subject: one',
      'Subject: two',
      'Require: what-nobody-knows',
    ];
    const { world, bob, statuses } = sent(written(to('FROB'), fieldsOf('FROB', odd), 'body'));
    const [request] = bob;
    const text = new TextDecoder().decode(request?.toBytes());
    for (const field of odd) expect(text).toContain(`\r\n${field}\r\n`);
    expect(text).toMatch(/^FROB sip:bob@10\.0\.1\.1 SIP/);
    // Bob is a UAS, and refuses what is there twice; that is his to do.
    expect(statuses).toEqual([400]);
    expect(world.ladder().at(-2)).toBe('bob 400 p');
  });

  test('a Request-URI of a scheme not understood is answered 416 (@req rfc3261:16.3:8)', () => {
    expect(sent(written('MESSAGE weird:bob', fieldsOf('MESSAGE'))).statuses).toEqual([416]);
    expect(sent(written('MESSAGE tel:+358-555-1234567', fieldsOf('MESSAGE'))).statuses).toEqual([416]);
  });

  test('a request with Max-Forwards 0 is answered 483, with 1 it goes on, without it too (@req rfc3261:16.3:9, @req rfc3261:16.3:11)', () => {
    const fields = (value: string[]) => [...value, ...fieldsOf('MESSAGE').slice(1)];
    for (const method of ['MESSAGE', 'OPTIONS']) {
      const spent = ['Max-Forwards: 0', ...fieldsOf(method).slice(1)];
      const { bob, statuses } = sent(written(to(method), spent));
      expect(statuses).toEqual([483]);
      expect(bob).toEqual([]);
    }
    expect(sent(written(to('MESSAGE'), fields(['Max-Forwards: 1']))).statuses).toEqual([200]);
    expect(sent(written(to('MESSAGE'), fields([]))).statuses).toEqual([200]);
  });

  test('what Proxy-Require names and is not understood is answered 420 and named (@req rfc3261:16.3:15, @req rfc3261:16.3:16)', () => {
    const bytes = written(
      to('MESSAGE'),
      fieldsOf('MESSAGE', ['Proxy-Require: known, foo', 'Proxy-Require: bar']),
    );
    const { bob, answers } = sent(bytes, { supported: ['known'] });
    expect(answers.map(({ status }) => status)).toEqual([420]);
    expect(answers[0]?.getAll(unsupported)).toEqual(['foo', 'bar']);
    expect(bob).toEqual([]);
    const known = written(to('MESSAGE'), fieldsOf('MESSAGE', ['Proxy-Require: Known']));
    expect(sent(known, { supported: ['known'] }).statuses).toEqual([200]);
  });

  test('another version is answered 505', () => {
    const text = new TextDecoder().decode(written(to('MESSAGE'), fieldsOf('MESSAGE')));
    const bytes = new TextEncoder().encode(text.replace('example SIP/2.0\r', 'example SIP/3.0\r'));
    expect(sent(bytes).statuses).toEqual([505]);
  });

  test('what answers itself has a To tag, like any UAS (@req rfc3261:16.1:2)', () => {
    const { answers } = sent(written('MESSAGE weird:bob', fieldsOf('MESSAGE')));
    expect(answers[0]?.raw('To')[0]).toMatch(/;tag=.{16}$/);
  });

  test('an ACK is never answered, whatever is wrong with it', () => {
    for (const line of ['ACK weird:bob', 'ACK sip:bob@elsewhere.example']) {
      const { bob, statuses, proxy } = sent(written(line, fieldsOf('ACK')));
      expect([bob, statuses]).toEqual([[], []]);
      expect(proxy.heard.map(({ type }) => type)).toEqual(['dropped']);
    }
  });
});

describe('credentials (RFC 3261 §16.3 step 6, §22.3)', () => {
  const challenge = { scheme: 'Digest', params: new Map([['realm', '"b.example"']]) };

  test('nothing is forwarded that was not admitted; the refusal is what was said (@req rfc3261:16.3:17, @req rfc3261:22.3:2)', () => {
    const { world, alice, proxy } = forked(['bob']);
    proxy.isSlow = true;
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    const [question] = proxy.asked;
    expect(question).toMatchObject({ type: 'admit', reach: 'here' });
    proxy.give({
      type: 'refused',
      id: question?.id ?? '',
      status: 407,
      headers: [set(proxyAuthenticate, challenge)],
    });
    world.run();
    expect(world.to('bob')).toEqual([]);
    expect(world.response('alice', 407).getAll(proxyAuthenticate)).toEqual([challenge]);
    expect(proxy.core.size).toBe(0);
  });

  test('nobody relays to elsewhere unless admitted to', () => {
    const { world, alice, proxy } = forked(['bob']);
    alice.send(requestOf('MESSAGE', 'sip:x@10.0.1.1'), peerAt(proxy));
    world.run();
    expect(proxy.asked).toMatchObject([{ type: 'admit', reach: 'elsewhere' }]);
    expect(alice.finals()).toEqual([403]);
    expect(world.to('bob')).toEqual([]);
  });

  test('a 407 from further on goes back like any response; Proxy-Authorization is never added to (@req rfc3261:22.3:3, @req rfc3261:22.3:4)', () => {
    const { world, alice, bobs, proxy } = forked(['bob']);
    const [bob] = bobs;
    const credentials = ['Digest realm="other", nonce="1"', 'Digest realm="b.example", nonce="2"'];
    if (bob !== undefined)
      bob.answers = (request) => [
        createResponse(request, 407, { toTag: 'x', headers: [set(proxyAuthenticate, challenge)] }),
      ];
    const headers = [set('Proxy-Authorization', ...credentials)];
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example', headers), peerAt(proxy));
    world.run();
    expect(world.request('bob', 'MESSAGE').raw('Proxy-Authorization')).toEqual(credentials);
    expect(world.response('alice', 407).getAll(proxyAuthenticate)).toEqual([challenge]);
  });

  test('challenges, credentials and what comes of them pass untouched (@req rfc7616:3.6:7, @req rfc7616:3.6:8)', () => {
    const { world, alice, bobs, proxy } = forked(['bob']);
    const [bob] = bobs;
    const back = [
      set('WWW-Authenticate', 'Digest  realm="b",nonce="x" , qop="auth,auth-int"'),
      set('Authentication-Info', 'nextnonce="47364c23432d2e131a5fb210812c",qop=auth'),
    ];
    if (bob !== undefined)
      bob.answers = (request) => [createResponse(request, 401, { toTag: 'x', headers: back })];
    const credentials = 'Digest username="bob",realm="b" ,uri="sip:bob@b.example", response="00"';
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example', [set('Authorization', credentials)]), peerAt(proxy));
    world.run();
    expect(world.request('bob', 'MESSAGE').raw('Authorization')).toEqual([credentials]);
    const answer = world.response('alice', 401);
    expect(answer.raw('WWW-Authenticate')).toEqual(['Digest  realm="b",nonce="x" , qop="auth,auth-int"']);
    expect(answer.raw('Authentication-Info')).toEqual(['nextnonce="47364c23432d2e131a5fb210812c",qop=auth']);
  });

  test('a question that is never answered ends in 500 and leaves nothing', () => {
    const { world, alice, proxy } = forked(['bob']);
    proxy.isSlow = true;
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(alice.finals()).toEqual([500]);
    expect(proxy.core.size).toBe(0);
  });

  test('more requests under way than the limit are answered 503 with Retry-After', () => {
    const { world, alice, proxy } = forked(['bob'], { limits: { contexts: 1, retryAfterSeconds: 7 } });
    proxy.isSlow = true;
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    alice.send(requestOf('OPTIONS', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    expect(world.response('alice', 503).raw('Retry-After')).toEqual(['7']);
    expect(proxy.core.size).toBe(1);
  });
});
