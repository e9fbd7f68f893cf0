import { describe, expect, test } from 'vitest';
import { parseMessage, parseUri, type SipRequest, via } from '../../src/index.ts';
import { isServerFailure, Resolver } from '../../src/resolve/index.ts';
import { all, answer, endpoint, outgoing, parsedResponse, T0 } from '../support/sip.ts';
import { a, settle, srv, type Zone } from '../support/zone.ts';

const zone: Zone = {
  'SRV _sip._udp.example.com': [srv('0 0 5060 one.example.com'), srv('1 0 5070 two.example.com')],
  'A one.example.com': [a('192.0.2.11')],
  'A two.example.com': [a('192.0.2.12')],
};

function located() {
  const input = { type: 'locate', id: '1', uri: parseUri('sip:example.com') } as const;
  const [found] = settle(new Resolver({ transports: ['udp'] }), zone, input).located;
  const [first, second] = found?.peers ?? [];
  if (first === undefined || second === undefined) throw new Error('two servers are expected');
  return { first, second };
}

type Actions = ReturnType<ReturnType<typeof endpoint>['handle']>;

/** What was sent, and where to. */
function sent(actions: Actions): { host: string; port: number; method: string; request: SipRequest }[] {
  return all(actions, 'transmit').map(({ peer, bytes }) => {
    const message = parseMessage(bytes);
    if (message.type !== 'request') throw new Error('a response was sent');
    return { host: peer.host, port: peer.port, method: message.method, request: message };
  });
}

describe('failure of a server (RFC 3263 §4.3)', () => {
  test('is a transport error, a timeout without any response, or a 503', () => {
    const response = (status: number) => {
      const [only] = sent(
        endpoint().handle({ type: 'send', id: 'x', request: outgoing('OPTIONS'), to: located().first }, T0),
      );
      if (only === undefined) throw new Error('nothing was sent');
      return parsedResponse(answer(only.request, status));
    };
    expect(isServerFailure('transport')).toBe(true);
    expect(isServerFailure('timeout')).toBe(true);
    expect(isServerFailure('timeout', true)).toBe(false);
    expect(isServerFailure(response(503))).toBe(true);
    for (const status of [200, 302, 404, 480, 500, 600])
      expect(isServerFailure(response(status))).toBe(false);
  });

  test('makes the same request go to the next one, with another branch (@req rfc3263:4.3:1)', () => {
    const { first, second } = located();
    const machine = endpoint();
    const request = outgoing('OPTIONS');
    const [attempt] = sent(machine.handle({ type: 'send', id: 'x/1', request, to: first }, T0));
    const failed = all(machine.handle({ type: 'transport-failed', peer: first }, T0 + 10), 'failed');
    expect(failed).toMatchObject([{ id: 'x/1', reason: 'transport' }]);
    const [next] = sent(machine.handle({ type: 'send', id: 'x/2', request, to: second }, T0 + 10));
    expect([attempt?.host, next?.host, next?.port]).toEqual(['192.0.2.11', '192.0.2.12', 5070]);
    const branchOf = (of?: SipRequest) => of?.get(via)?.params.get('branch');
    expect(branchOf(next?.request)).not.toBe(branchOf(attempt?.request));
    const rest = (of?: SipRequest) => [...(of?.headers() ?? [])].filter(([name]) => name !== 'Via');
    expect(rest(next?.request)).toEqual(rest(attempt?.request));
    expect(next?.request.uri).toBe(attempt?.request.uri);
  });
});

describe('a server that was reached (RFC 3263 §4, §4.4)', () => {
  test('gets all retransmissions, and the ACK for a failure (@req rfc3263:4:1, @req rfc3263:4:2, @req rfc3263:4.4:1)', () => {
    const { first } = located();
    const machine = endpoint();
    const begun = machine.handle({ type: 'send', id: 'x', request: outgoing('INVITE'), to: first }, T0);
    const again = machine.handle({ type: 'tick' }, T0 + 500);
    const [invite] = sent(begun);
    if (invite === undefined) throw new Error('nothing was sent');
    const bytes = answer(invite.request, 486);
    const peer = { transport: 'udp', host: '192.0.2.11', port: 5060 } as const;
    const ended = machine.handle({ type: 'received', peer, bytes }, T0 + 600);
    const everything = [begun, again, ended].flatMap(sent);
    expect(everything.map(({ method, host, port }) => `${method} ${host} ${port}`)).toEqual([
      'INVITE 192.0.2.11 5060',
      'INVITE 192.0.2.11 5060',
      'ACK 192.0.2.11 5060',
    ]);
  });

  test('gets the CANCEL (@req rfc3263:4:3)', () => {
    const { second } = located();
    const machine = endpoint();
    const [invite] = sent(
      machine.handle({ type: 'send', id: 'x', request: outgoing('INVITE'), to: second }, T0),
    );
    if (invite === undefined) throw new Error('nothing was sent');
    const bytes = answer(invite.request, 180);
    machine.handle({ type: 'received', peer: second, bytes }, T0 + 100);
    const [cancel] = sent(machine.handle({ type: 'cancel', id: 'x' }, T0 + 200));
    expect(cancel).toMatchObject({ method: 'CANCEL', host: '192.0.2.12', port: 5070 });
  });
});
