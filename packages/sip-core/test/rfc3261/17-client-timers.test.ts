import { describe, expect, test } from 'vitest';
import { answer, endpoint, names, outgoing, play, sentRequest, T0, there, thereTcp } from '../support/sip.ts';

const INVITE = outgoing('INVITE');
const MESSAGE = outgoing('MESSAGE');

describe('an INVITE client transaction (RFC 3261 §17.1.1)', () => {
  test('retransmits over UDP at intervals that double from T1, and times out after 64*T1 (§17.1.1.2, @req rfc3261:17.1.1.2:3, @req rfc3261:17.1.1.2:5, @req rfc3261:17.1.1.2:6, @req rfc3261:17.1.1.2:7, @req rfc3261:17.1.1.2:8)', () => {
    const machine = endpoint();
    expect(names(machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0))).toEqual([
      'send INVITE',
    ]);
    expect(play(machine)).toEqual([
      [500, 'send INVITE'],
      [1500, 'send INVITE'],
      [3500, 'send INVITE'],
      [7500, 'send INVITE'],
      [15_500, 'send INVITE'],
      [31_500, 'send INVITE'],
      [32_000, 'failed timeout'],
    ]);
    expect(machine.transactions.counts).toEqual({ clients: 0, servers: 0, hosts: 0 });
  });

  test('backs off the same way whatever T1 is (@req rfc3261:17.1.1.2:12)', () => {
    const machine = endpoint({ timers: { t1: 100 } });
    machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0);
    expect(play(machine).map(([at]) => at)).toEqual([100, 300, 700, 1500, 3100, 6300, 6400]);
  });

  test('retransmits the very bytes it sent first (@req rfc3261:17.1.1.2:6)', () => {
    const machine = endpoint();
    const [first] = machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0);
    expect(machine.handle({ type: 'tick' }, T0 + 500)).toEqual([first]);
  });

  test('sends once over TCP, and times out after 64*T1', () => {
    const machine = endpoint();
    expect(names(machine.handle({ type: 'send', id: 'x', request: INVITE, to: thereTcp }, T0))).toEqual([
      'send INVITE',
    ]);
    expect(play(machine)).toEqual([[32_000, 'failed timeout']]);
  });

  test('stops retransmitting and timing out at a provisional response (§17.1.1.2, @req rfc3261:17.1.1.2:16, @req rfc3261:17.1.1.2:17)', () => {
    const machine = endpoint();
    const request = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0));
    const ringing = { type: 'received', peer: there, bytes: answer(request, 180) } as const;
    expect(names(machine.handle(ringing, T0 + 100))).toEqual(['response 180']);
    expect(machine.deadline).toBeUndefined();
    expect(names(machine.handle(ringing, T0 + 60_000))).toEqual(['response 180']);
  });

  test('acknowledges a refusal, and its retransmissions for 32 s, but delivers it once (@req rfc3261:17.1.1.2:18, @req rfc3261:17.1.1.2:19, @req rfc3261:17.1.1.2:22, @req rfc3261:17.1.1.2:23, @req rfc6026:8.4:2, @req rfc6026:8.4:4, @req rfc6026:8.4:5, @req rfc6026:8.4:6)', () => {
    const machine = endpoint({ timers: { t1: 100 } });
    const request = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0));
    const busy = { type: 'received', peer: there, bytes: answer(request, 486) } as const;
    expect(names(machine.handle(busy, T0 + 50))).toEqual(['send ACK', 'response 486']);
    expect(names(machine.handle(busy, T0 + 550))).toEqual(['send ACK']);
    expect(machine.deadline).toBe(T0 + 50 + 32_000);
    machine.handle({ type: 'tick' }, T0 + 50 + 32_000);
    expect(names(machine.handle(busy, T0 + 33_000))).toEqual(['dropped']);
    expect(machine.transactions.counts.clients).toBe(0);
  });

  test('is gone at once after a refusal over TCP, whose ACK it sent (@req rfc3261:17.1.1.2:19)', () => {
    const machine = endpoint();
    const request = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: thereTcp }, T0));
    const busy = { type: 'received', peer: thereTcp, bytes: answer(request, 486) } as const;
    expect(names(machine.handle(busy, T0 + 50))).toEqual(['send ACK', 'response 486']);
    expect(machine.transactions.counts.clients).toBe(0);
    expect(machine.deadline).toBeUndefined();
  });

  test('makes no ACK when it times out (@req rfc3261:17.1.1.2:14)', () => {
    const machine = endpoint();
    machine.handle({ type: 'send', id: 'x', request: INVITE, to: thereTcp }, T0);
    expect(names(machine.handle({ type: 'tick' }, T0 + 32_000))).toEqual(['failed timeout']);
  });
});

describe('a non-INVITE client transaction (RFC 3261 §17.1.2)', () => {
  test('retransmits over UDP at intervals that double up to T2, and times out after 64*T1 (§17.1.2.2, @req rfc3261:17.1.2.2:2, @req rfc3261:17.1.2.2:3)', () => {
    const machine = endpoint();
    expect(names(machine.handle({ type: 'send', id: 'x', request: MESSAGE, to: there }, T0))).toEqual([
      'send MESSAGE',
    ]);
    const log = play(machine);
    expect(log.map(([at]) => at)).toEqual([
      500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500, 32_000,
    ]);
    expect(log.at(-1)).toEqual([32_000, 'failed timeout']);
    expect(machine.transactions.counts).toEqual({ clients: 0, servers: 0, hosts: 0 });
  });

  test('retransmits every T2 once it was answered provisionally, and still times out (@req rfc3261:17.1.2.2:5, @req rfc3261:17.1.2.2:7, @req rfc3261:17.1.2.2:8)', () => {
    const machine = endpoint();
    const request = sentRequest(machine.handle({ type: 'send', id: 'x', request: MESSAGE, to: there }, T0));
    expect(play(machine, 600).map(([at]) => at)).toEqual([500]);
    const trying = { type: 'received', peer: there, bytes: answer(request, 100) } as const;
    expect(names(machine.handle(trying, T0 + 600))).toEqual(['response 100']);
    const log = play(machine);
    expect(log.map(([at]) => at)).toEqual([1500, 5500, 9500, 13_500, 17_500, 21_500, 25_500, 29_500, 32_000]);
    expect(log.at(-1)).toEqual([32_000, 'failed timeout']);
  });

  test('delivers the final response once, absorbs its retransmissions for T4, and is gone (@req rfc3261:17.1.2.2:6, @req rfc3261:17.1.2.2:10, @req rfc3261:17.1.2.2:11, @req rfc3261:17.1.2.2:12)', () => {
    const machine = endpoint();
    const request = sentRequest(machine.handle({ type: 'send', id: 'x', request: MESSAGE, to: there }, T0));
    const ok = { type: 'received', peer: there, bytes: answer(request, 200) } as const;
    expect(names(machine.handle(ok, T0 + 200))).toEqual(['response 200']);
    expect(names(machine.handle(ok, T0 + 300))).toEqual([]);
    expect(machine.deadline).toBe(T0 + 200 + 5000);
    machine.handle({ type: 'tick' }, T0 + 5200);
    expect(machine.transactions.counts).toEqual({ clients: 0, servers: 0, hosts: 0 });
    expect(names(machine.handle(ok, T0 + 5300))).toEqual(['dropped']);
  });

  test('takes a final response after a provisional one (@req rfc3261:17.1.2.2:9)', () => {
    const machine = endpoint();
    const request = sentRequest(machine.handle({ type: 'send', id: 'x', request: MESSAGE, to: there }, T0));
    machine.handle({ type: 'received', peer: there, bytes: answer(request, 100) }, T0 + 600);
    expect(
      names(machine.handle({ type: 'received', peer: there, bytes: answer(request, 404) }, T0 + 700)),
    ).toEqual(['response 404']);
    expect(machine.deadline).toBe(T0 + 700 + 5000);
  });

  test('waits no time after the final response over TCP', () => {
    const machine = endpoint();
    const request = sentRequest(
      machine.handle({ type: 'send', id: 'x', request: MESSAGE, to: thereTcp }, T0),
    );
    machine.handle({ type: 'received', peer: thereTcp, bytes: answer(request, 200) }, T0 + 10);
    expect(machine.transactions.counts.clients).toBe(0);
    expect(machine.deadline).toBeUndefined();
  });
});

describe('matching responses (RFC 3261 §17.1.3)', () => {
  test('needs the branch and the method of CSeq, whatever else agrees', () => {
    const machine = endpoint();
    const request = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0));
    const text = new TextDecoder().decode(answer(request, 180));
    const received = (changed: string) =>
      names(machine.handle({ type: 'received', peer: there, bytes: new TextEncoder().encode(changed) }, T0));
    expect(received(text.replace(/branch=z9hG4bK\w+/, 'branch=z9hG4bKother'))).toEqual(['dropped']);
    expect(received(text.replace('1 INVITE', '1 CANCEL'))).toEqual(['dropped']);
    expect(received(text)).toEqual(['response 180']);
  });
});
