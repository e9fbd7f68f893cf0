import { describe, expect, test } from 'vitest';
import { allow, createResponse, type Endpoint, retryAfter, to, unsupported } from '../../src/index.ts';
import { bytes, endpoint, incoming, names, only, sentResponse, T0, there, thereTcp } from '../support/sip.ts';

function receive(machine: Endpoint, message: Uint8Array, at = 0, peer = there) {
  return machine.handle({ type: 'received', peer, bytes: message }, T0 + at);
}

describe('the door of a UAS (RFC 3261 §8.2)', () => {
  test('refuses a method it does not take with 405 and Allow (§8.2.1, @req rfc3261:8.2.1:1, @req rfc3261:8.2.1:2, @req rfc3261:8.2.1:3, @req rfc3261:8.2.1:4)', () => {
    const machine = endpoint({ methods: ['MESSAGE', 'OPTIONS'] });
    const response = sentResponse(receive(machine, incoming('SUBSCRIBE')));
    expect(response.status).toBe(405);
    expect(response.getAll(allow)).toEqual(['MESSAGE', 'OPTIONS']);
  });

  test('refuses a method it has never heard of with 501 (§21.5.2)', () => {
    expect(sentResponse(receive(endpoint(), incoming('NEWMETHOD'))).status).toBe(501);
  });

  test('leaves OPTIONS to its user', () => {
    expect(names(receive(endpoint(), incoming('OPTIONS')))).toEqual(['request OPTIONS']);
  });

  test('refuses a scheme it does not know with 416 (§8.2.2.1)', () => {
    const machine = endpoint();
    expect(
      sentResponse(receive(machine, incoming('MESSAGE', { 'Request-URI': 'http://example.com' }))).status,
    ).toBe(416);
    const presence = incoming('SUBSCRIBE', { 'Request-URI': 'pres:alice@example.com', 'Call-ID': '2' });
    expect(names(receive(machine, presence))).toEqual(['request SUBSCRIBE']);
  });

  test('refuses extensions it must but does not understand with 420 and Unsupported (@req rfc3261:8.2.2.3:1, @req rfc3261:8.2.2.3:2)', () => {
    const machine = endpoint({ supported: ['eventlist'] });
    const response = sentResponse(
      receive(machine, incoming('MESSAGE', { Require: 'eventlist, 100rel, foo' })),
    );
    expect(response.status).toBe(420);
    expect(response.getAll(unsupported)).toEqual(['100rel', 'foo']);
    expect(names(receive(machine, incoming('OPTIONS', { Require: 'EventList' })))).toEqual([
      'request OPTIONS',
    ]);
  });

  test('ignores Require in a CANCEL (@req rfc3261:8.2.2.3:4)', () => {
    const machine = endpoint();
    receive(machine, incoming('INVITE'));
    expect(names(receive(machine, incoming('CANCEL', { Require: 'foo' })))).toEqual([
      'send 200',
      'cancelled',
    ]);
  });

  test('ignores header fields it does not know (@req rfc3261:8.2.2:1)', () => {
    expect(names(receive(endpoint(), incoming('MESSAGE', { 'X-Unheard-Of': 'yes' })))).toEqual([
      'request MESSAGE',
    ]);
  });

  test('refuses the same request come by another path with 482 (§8.2.2.2, @req rfc3261:8.2.2.2:1)', () => {
    const machine = endpoint();
    const second = { Via: 'SIP/2.0/UDP 192.0.2.8:5060;branch=z9hG4bKpath2' };
    only(receive(machine, incoming('MESSAGE')), 'request');
    expect(sentResponse(receive(machine, incoming('MESSAGE', second))).status).toBe(482);
    expect(names(receive(machine, incoming('MESSAGE', second), 1))).toEqual(['send 482']);
    const other = { Via: 'SIP/2.0/UDP 192.0.2.8:5060;branch=z9hG4bKpath3', CSeq: '2 MESSAGE' };
    expect(names(receive(machine, incoming('MESSAGE', other)))).toEqual(['request MESSAGE']);
  });

  test('answers 503 with Retry-After, keeping nothing, when it holds all the transactions it may', () => {
    const machine = endpoint({ limits: { transactions: 2, retryAfterSeconds: 7 } });
    const nth = (n: number) =>
      incoming('MESSAGE', { Via: `SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK${n}`, 'Call-ID': `${n}` });
    expect(names(receive(machine, nth(1)))).toEqual(['request MESSAGE']);
    expect(names(receive(machine, nth(2)))).toEqual(['request MESSAGE']);
    const response = sentResponse(receive(machine, nth(3)));
    expect(response.status).toBe(503);
    expect(response.get(retryAfter)?.seconds).toBe(7);
    expect(machine.transactions.counts.servers).toBe(2);
    expect(names(receive(machine, nth(2)))).toEqual([]);
  });

  test('limits what one host may hold, not the others', () => {
    const machine = endpoint({ limits: { transactionsPerHost: 1 } });
    const nth = (n: number) =>
      incoming('MESSAGE', { Via: `SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK${n}`, 'Call-ID': `${n}` });
    expect(names(receive(machine, nth(1)))).toEqual(['request MESSAGE']);
    expect(names(receive(machine, nth(2)))).toEqual(['send 503']);
    expect(names(receive(machine, nth(3), 0, { ...there, host: '192.0.2.77' }))).toEqual(['request MESSAGE']);
  });
});

describe('what is malformed', () => {
  const text = new TextDecoder().decode(incoming('MESSAGE'));
  const broken: [string, string, number][] = [
    ['no Call-ID', text.replace(/Call-ID.*\r\n/, ''), 400],
    ['another method in CSeq', text.replace('1 MESSAGE', '1 INVITE'), 400],
    [
      'a broken Contact-like line',
      text.replace('Contact: <sip:bob@192.0.2.9>', 'Contact <sip:bob@192.0.2.9>'),
      400,
    ],
    ['Content-Length beyond the datagram', text.replace('Content-Length: 0', 'Content-Length: 99'), 400],
    ['another version', text.replace('SIP/2.0\r\n', 'SIP/7.0\r\n'), 505],
    ['two From', text.replace('From:', 'From: <sip:x@y>;tag=1\r\nFrom:'), 400],
    ['more header fields than allowed', text.replace('Max-', `${'X: y\r\n'.repeat(1030)}Max-`), 513],
    ['a Request-URI that is too long', text.replace('alice@', `${'a'.repeat(20_000)}@`), 414],
    ['an unreadable Via', text.replace(/Via: .*\r\n/, 'Via: here\r\n'), 0],
    ['no Via', text.replace(/Via: .*\r\n/, ''), 0],
    ['an unreadable From', text.replace(/From: .*\r\n/, 'From: "broken <sip:x\r\n'), 400],
    ['an unreadable Request-URI', text.replace('sip:alice@192.0.2.1', 'sip:%zz@192.0.2.1'), 400],
    ['nothing like SIP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 0],
    ['a broken ACK', text.replaceAll('MESSAGE', 'ACK').replace('Max-Forwards: 70', 'Max-Forwards: many'), 0],
  ];
  test.each(broken)(
    '%s is answered if the Via can be read, else dropped (RFC 4475 §3.3.1)',
    (_, message, status) => {
      const machine = endpoint();
      const actions = receive(machine, bytes(message));
      if (status === 0) expect(names(actions)).toEqual(['dropped']);
      else expect(sentResponse(actions).status).toBe(status);
      expect(machine.transactions.counts.servers).toBe(0);
    },
  );

  test('the phrase of a 400 says what is wrong (§21.4.1)', () => {
    const response = sentResponse(receive(endpoint(), bytes(text.replace('1 MESSAGE', '1 INVITE'))));
    expect(response.reason).toMatch(/^Bad Request: .*CSeq/);
  });

  test('a request answered without a transaction gets the same To tag each time (@req rfc3261:8.2.7:5)', () => {
    const machine = endpoint();
    const message = bytes(text.replace('1 MESSAGE', '1 INVITE'));
    const tag = () => sentResponse(receive(machine, message)).get(to)?.params.get('tag');
    expect(tag()).toBe(tag());
    expect(tag()).toBeDefined();
  });

  test('malformed responses are dropped (§18.3, @req rfc3261:18.3:2)', () => {
    const response =
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx\r\nContent-Length: 10\r\n\r\n';
    expect(names(receive(endpoint(), bytes(response)))).toEqual(['dropped']);
  });

  test('the CRLFs that keep a NAT open are ignored', () => {
    expect(names(receive(endpoint(), bytes('\r\n\r\n')))).toEqual(['dropped']);
    expect(names(receive(endpoint(), Uint8Array.of(0)))).toEqual(['dropped']);
  });

  test('bytes beyond the body of a datagram are discarded (§18.3, @req rfc3261:18.3:1)', () => {
    const { request } = only(receive(endpoint(), bytes(`${text}more`)), 'request');
    expect(request.body).toHaveLength(0);
  });
});

describe('responses (RFC 3261 §8.2.6)', () => {
  test('get the same To tag in all of a transaction, but for the 100 (§8.2.6.2, @req rfc3261:8.2.6.2:6, @req rfc3261:8.2.6.2:7)', () => {
    const machine = endpoint();
    const { transaction, request } = only(receive(machine, incoming('INVITE')), 'request');
    const tagOf = (status: number) =>
      sentResponse(
        machine.handle({ type: 'respond', transaction, response: createResponse(request, status) }, T0),
      )
        .get(to)
        ?.params.get('tag');
    expect(tagOf(100)).toBeUndefined();
    const tag = tagOf(180);
    expect(tag).toMatch(/^\w{16}$/);
    expect(tagOf(183)).toBe(tag);
    expect(tagOf(486)).toBe(tag);
  });

  test('keep a To tag that the request has (@req rfc3261:8.2.6.2:5)', () => {
    const machine = endpoint();
    const message = incoming('OPTIONS', { To: '<sip:alice@example.com>;tag=old' });
    const { transaction, request } = only(receive(machine, message), 'request');
    const response = createResponse(request, 200);
    const sent = sentResponse(machine.handle({ type: 'respond', transaction, response }, T0));
    expect(sent.raw('To')).toEqual(['<sip:alice@example.com>;tag=old']);
  });

  test('carry the Via values of the request in their order (@req rfc3261:8.2.6.2:4)', () => {
    const machine = endpoint();
    const via = 'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1, SIP/2.0/UDP first.example.com;branch=z9hG4bK0';
    const { transaction, request } = only(receive(machine, incoming('OPTIONS', { Via: via })), 'request');
    const sent = sentResponse(
      machine.handle({ type: 'respond', transaction, response: createResponse(request, 200) }, T0),
    );
    expect(sent.raw('Via').join(', ')).toBe(via);
  });

  test('for a transaction that is over go nowhere', () => {
    const machine = endpoint();
    const { transaction, request } = only(receive(machine, incoming('OPTIONS'), 0, thereTcp), 'request');
    const respond = () =>
      machine.handle({ type: 'respond', transaction, response: createResponse(request, 200) }, T0);
    expect(names(respond())).toEqual(['send 200']);
    expect(names(respond())).toEqual([]);
  });
});
