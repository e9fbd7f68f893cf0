import {
  contact,
  createResponse,
  type Dialog,
  Dialogs,
  date,
  expires,
  type SipRequest,
  set,
} from '@sip-simple/sip-core';
import { DigestClient, DigestServer } from '@sip-simple/sip-core/digest';
import { describe, expect, test } from 'vitest';
import {
  MessageSender,
  type OutgoingMessage,
  type SenderAction,
  type SenderOptions,
} from '../../src/index.ts';
import { bytesOf, countingRandom, epoch, textOf } from '../network.ts';

const hello: OutgoingMessage = {
  from: '"Alice" <sip:alice@example.com>',
  to: 'sip:bob@example.com',
  body: bytesOf('Watson, come here.'),
  contentType: 'text/plain',
};

function sender(options: Partial<SenderOptions> = {}) {
  return new MessageSender({ random: countingRandom(), ...options });
}

function sentBy(actions: readonly SenderAction[]): SipRequest {
  const action = actions.find((each) => each.type === 'send');
  if (action?.type !== 'send') throw new Error('nothing was sent');
  return action.request;
}

function outcomesOf(actions: readonly SenderAction[]): unknown[] {
  return actions.flatMap((action) =>
    action.type === 'outcome' ? [[action.id, action.outcome, action.status]] : [],
  );
}

function answerOf(status: number) {
  const machine = sender();
  const request = sentBy(machine.handle({ type: 'message', id: 'a', message: hello }, epoch));
  const response = createResponse(request, status, { toTag: 'x' });
  return outcomesOf(machine.handle({ type: 'response', id: 'message/1', response }, epoch));
}

describe('a sender (RFC 3428 §4)', () => {
  test('sends text/plain to the address itself (@req rfc3428:4:1)', () => {
    const request = sentBy(sender().handle({ type: 'message', id: 'a', message: hello }, epoch));
    expect([request.method, request.uri, textOf(request)]).toEqual([
      'MESSAGE',
      'sip:bob@example.com',
      'Watson, come here.',
    ]);
    expect(request.raw('Content-Type')).toEqual(['text/plain']);
    expect(request.raw('To')).toEqual(['<sip:bob@example.com>']);
    expect(request.raw('From')[0]).toMatch(/^"Alice" <sip:alice@example.com>;tag=\w+$/);
    expect(request.raw('CSeq')).toEqual(['1 MESSAGE']);
    expect(request.raw('Max-Forwards')).toEqual(['70']);
  });

  test('inserts no Contact, not even one it is given (@req rfc3428:4:2)', () => {
    const headers = [set('Contact', '<sip:alice@192.0.2.1>'), set('Subject', 'Urgent')];
    const message = { ...hello, headers };
    const request = sentBy(sender().handle({ type: 'message', id: 'a', message }, epoch));
    expect([request.has(contact), request.raw('Subject')]).toEqual([false, ['Urgent']]);
  });

  test('names every message anew, so that no dialog joins them (@req rfc3428:2:1)', () => {
    const machine = sender();
    const requests = ['a', 'b'].map((id) =>
      sentBy(
        machine.handle({ type: 'message', id, message: { ...hello, to: `sip:${id}@example.com` } }, epoch),
      ),
    );
    const names = new Set(requests.flatMap((request) => [request.raw('Call-ID')[0], request.raw('From')[0]]));
    expect(names.size).toBe(4);
    expect(requests.every((request) => !request.raw('To')[0]?.includes('tag'))).toBe(true);
  });

  test('says of a 200 that it was delivered, and no more (@req rfc3428:4:4 @req rfc3428:4:6)', () => {
    // The outcomes have no word for "read", nor for "read here only".
    expect(answerOf(200)).toEqual([['a', 'delivered', 200]]);
  });

  test('does not take a 202 for a delivery (@req rfc3428:4:5)', () => {
    expect(answerOf(202)).toEqual([['a', 'accepted', 202]]);
  });

  test('tells what was refused from what was not delivered (§7)', () => {
    expect(answerOf(603)).toEqual([['a', 'refused', 603]]);
    expect(answerOf(404)).toEqual([['a', 'failed', 404]]);
    expect(answerOf(503)).toEqual([['a', 'failed', 503]]);
    expect(answerOf(180)).toEqual([]);
  });

  test.each([
    ['timeout', 408],
    ['transport', 503],
  ] as const)('takes %s for %i (RFC 3261 §8.1.3.1)', (reason, status) => {
    const machine = sender();
    machine.handle({ type: 'message', id: 'a', message: hello }, epoch);
    expect(outcomesOf(machine.handle({ type: 'failed', id: 'message/1', reason }, epoch))).toEqual([
      ['a', 'failed', status],
    ]);
  });

  test('sends with an Expires the Date from which it counts (@req rfc3428:4:8)', () => {
    const message = { ...hello, expiresSeconds: 300 };
    const request = sentBy(sender().handle({ type: 'message', id: 'a', message }, epoch + 1234));
    expect([request.get(expires), request.get(date)]).toEqual([300, epoch + 1000]);
    const atOnce = sentBy(
      sender().handle({ type: 'message', id: 'a', message: { ...hello, expiresSeconds: 0 } }, epoch),
    );
    expect([atOnce.get(expires), atOnce.has(date)]).toEqual([0, false]);
  });

  test('answers a challenge with the next CSeq (§11.1, @req rfc3428:11.1:1)', () => {
    const random = countingRandom();
    const server = new DigestServer({ realm: 'example.com', secret: random(32), random, proxy: true });
    const credentials = new DigestClient({
      random,
      credentials: () => ({ username: 'alice', password: 'secret' }),
    });
    const machine = sender({ credentials });
    const first = sentBy(machine.handle({ type: 'message', id: 'a', message: hello }, epoch));
    const challenge = createResponse(first, 407, { toTag: 'x', headers: server.challenge(epoch).headers });
    const again = machine.handle({ type: 'response', id: 'message/1', response: challenge }, epoch);
    const second = sentBy(again);
    expect([second.raw('CSeq'), second.raw('Call-ID')]).toEqual([['2 MESSAGE'], first.raw('Call-ID')]);
    expect(second.raw('Proxy-Authorization')[0]).toContain('username="alice"');
    expect(outcomesOf(again)).toEqual([]);
    const refused = machine.handle(
      { type: 'response', id: 'message/2', response: createResponse(second, 407) },
      epoch,
    );
    expect(outcomesOf(refused)).toEqual([['a', 'failed', 407]]);
  });
});

describe('instant message URIs (RFC 3428 §5)', () => {
  test('stand in To while the request goes where they were resolved to (@req rfc3428:5:1 @req rfc3428:5:3)', () => {
    const message = { ...hello, to: 'im:bob@example.com', target: 'sip:bob@im.example.com' };
    const request = sentBy(sender().handle({ type: 'message', id: 'a', message }, epoch));
    expect([request.uri, request.raw('To')[0]]).toEqual(['sip:bob@im.example.com', '<im:bob@example.com>']);
    const unresolved = { ...hello, to: 'im:bob@example.com' };
    expect(sentBy(sender().handle({ type: 'message', id: 'a', message: unresolved }, epoch)).uri).toBe(
      'im:bob@example.com',
    );
  });

  test('are in no Route (@req rfc3428:5:4)', () => {
    const message = { ...hello, route: ['<im:proxy@example.com>'] };
    expect(() => sender().handle({ type: 'message', id: 'a', message }, epoch)).toThrow(TypeError);
    const route = ['<sip:edge.example.com;lr>', '<sip:proxy.example.com;lr>'];
    const request = sentBy(
      sender().handle({ type: 'message', id: 'a', message: { ...hello, route } }, epoch),
    );
    expect(request.raw('Route')).toEqual(route);
  });
});

describe('in a dialog that is there (RFC 3428 §4)', () => {
  const dialogs = new Dialogs();
  const dialog: Dialog = {
    id: 'call local remote',
    callId: 'call',
    localTag: 'local',
    remoteTag: 'remote',
    localUri: 'sip:alice@example.com',
    remoteUri: 'sip:bob@example.com',
    remoteTarget: 'sip:bob@192.0.2.4',
    localContact: '<sip:alice@192.0.2.1>',
    routeSet: [],
    localSequence: 7,
    remoteSequence: undefined,
    secure: false,
  };

  test('messages have its tags, no Contact, and do not overlap (@req rfc3428:4:2 @req rfc3428:8:4)', () => {
    dialogs.open(dialog, { key: 'call', accepts: () => true });
    const machine = sender({ dialogs });
    const { body, contentType } = hello;
    const input = {
      type: 'message-in-dialog',
      id: 'a',
      dialog: dialog.id,
      message: { body, contentType },
    } as const;
    const request = sentBy(machine.handle(input, epoch));
    expect([
      request.raw('Call-ID')[0],
      request.raw('To')[0]?.includes('tag=remote'),
      request.has(contact),
    ]).toEqual(['call', true, false]);
    const other = { ...input, id: 'b' };
    expect(machine.handle(other, epoch)).toEqual([]);
    const response = createResponse(request, 200);
    const next = sentBy(machine.handle({ type: 'response', id: 'message/1', response }, epoch));
    expect([request, next].map((each) => each.raw('CSeq')[0])).toEqual(['8 MESSAGE', '9 MESSAGE']);
  });

  test('fails when the dialog is gone', () => {
    const { body, contentType } = hello;
    const input = {
      type: 'message-in-dialog',
      id: 'a',
      dialog: 'gone',
      message: { body, contentType },
    } as const;
    expect(outcomesOf(sender({ dialogs }).handle(input, epoch))).toEqual([['a', 'failed', 481]]);
  });
});
