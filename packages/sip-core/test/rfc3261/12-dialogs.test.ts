import { describe, expect, test } from 'vitest';
import {
  createResponse,
  cseq,
  type Dialog,
  Dialogs,
  dialogFromNotify,
  dialogFromRequest,
  dialogFromResponse,
  event,
  type HeaderEdit,
  parseMessage,
  remove,
  type SipRequest,
  set,
  type Usage,
} from '../../src/index.ts';
import {
  endpoint,
  incoming,
  names,
  only,
  outgoing,
  sentResponse,
  T0,
  there,
  thereTcp,
} from '../support/sip.ts';

const always: Usage = { key: 'all', accepts: () => true };
const recorded = {
  'Record-Route': '<sip:p2.example.com;lr;x=1>, <sip:p1.example.com;lr>',
  From: '"Bob" <sip:bob@example.com>;tag=b1',
  CSeq: '7 SUBSCRIBE',
};

function subscription(name: string, id?: string): Usage {
  return {
    key: id === undefined ? `subscription ${name}` : `subscription ${name};${id}`,
    accepts: (request) => {
      const value = request.get(event);
      return value?.package === name && value.params.get('id') === id;
    },
  };
}

function read(bytes: Uint8Array): SipRequest {
  const message = parseMessage(bytes);
  if (message.type !== 'request') throw new Error('no request');
  return message;
}

function uas(fields: Record<string, string | undefined> = {}): Dialog {
  return dialogFromRequest(read(incoming('SUBSCRIBE', { ...recorded, ...fields })), {
    localTag: 'a1',
    contact: '<sip:alice@192.0.2.1>',
    peer: there,
  });
}

/** A dialog in a table, and requests in it. */
function opened(fields: Record<string, string | undefined> = {}, usage = always) {
  const dialogs = new Dialogs();
  const dialog = uas(fields);
  dialogs.open(dialog, usage);
  return { dialogs, dialog };
}

function inDialog(
  method: string,
  sequence: number,
  fields: Record<string, string | undefined> = {},
): Uint8Array {
  return incoming(method, {
    To: '<sip:alice@example.com>;tag=a1',
    CSeq: `${sequence} ${method}`,
    Via: `SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK${method}${sequence}`,
    ...fields,
  });
}

describe('a dialog made by a UAS (RFC 3261 §12.1.1)', () => {
  test('has its state from the request and the response (@req rfc3261:12.1.1:7, @req rfc3261:12.1.1:9, @req rfc3261:12.1.1:10, @req rfc3261:12.1.1:11, @req rfc3261:12.1.1:12, @req rfc3261:12.1.1:13, @req rfc3261:12.1.1:15)', () => {
    expect(uas()).toEqual({
      id: 'incoming-1@example.com a1 b1',
      callId: 'incoming-1@example.com',
      localTag: 'a1',
      remoteTag: 'b1',
      localUri: '<sip:alice@example.com>',
      remoteUri: '"Bob" <sip:bob@example.com>',
      remoteTarget: 'sip:bob@192.0.2.9',
      localContact: '<sip:alice@192.0.2.1>',
      localSequence: undefined,
      remoteSequence: 7,
      routeSet: ['<sip:p2.example.com;lr;x=1>', '<sip:p1.example.com;lr>'],
      secure: false,
      peer: there,
    });
  });

  test('has an empty route set without Record-Route (@req rfc3261:12.1.1:8)', () => {
    expect(uas({ 'Record-Route': undefined }).routeSet).toEqual([]);
  });

  test('takes a From without tag as one with a null tag (@req rfc3261:12.1.1:14)', () => {
    expect(uas({ From: 'sip:bob@example.com' }).remoteTag).toBe('');
  });

  test('is secure when a SIPS request came over TLS', () => {
    const request = read(incoming('SUBSCRIBE', { 'Request-URI': 'sips:alice@example.com' }));
    const local = { localTag: 'a1', contact: '<sips:alice@192.0.2.1>' };
    expect(dialogFromRequest(request, { ...local, peer: { ...there, transport: 'tls' } }).secure).toBe(true);
    expect(dialogFromRequest(request, { ...local, peer: there }).secure).toBe(false);
  });

  test('needs a Contact that is an address', () => {
    expect(() => uas({ Contact: undefined })).toThrow(
      expect.objectContaining({ code: 'missing', status: 400 }),
    );
    expect(() => uas({ Contact: '*' })).toThrow(expect.objectContaining({ code: 'value', status: 400 }));
  });

  test('is plain data: it survives being stored as JSON', () => {
    const dialog = uas();
    const restored: Dialog = JSON.parse(JSON.stringify(dialog));
    const dialogs = new Dialogs();
    dialogs.open(restored, always);
    expect(dialogs.receive(read(inDialog('SUBSCRIBE', 8))).type).toBe('in-dialog');
    expect(dialogs.request(dialog.id, 'NOTIFY').get(cseq)?.sequence).toBe(1);
  });
});

describe('a dialog made by a UAC (RFC 3261 §12.1.2)', () => {
  const request = outgoing('SUBSCRIBE', [
    set('Contact', '<sip:alice@192.0.2.1>'),
    set('CSeq', '5 SUBSCRIBE'),
  ]);
  const response = createResponse(request, 200, {
    toTag: 'b1',
    headers: [
      set('Contact', '<sip:bob@192.0.2.9:5070>'),
      set('Record-Route', '<sip:p1.example.com;lr>', '<sip:p2.example.com;lr>'),
    ],
  });

  test('has its state from both, the route set reversed (@req rfc3261:12.1.2:4, @req rfc3261:12.1.2:6, @req rfc3261:12.1.2:7, @req rfc3261:12.1.2:8, @req rfc3261:12.1.2:9, @req rfc3261:12.1.2:10, @req rfc3261:12.1.2:12)', () => {
    expect(dialogFromResponse(request, response, there)).toEqual({
      id: 'call-1@example.com a1 b1',
      callId: 'call-1@example.com',
      localTag: 'a1',
      remoteTag: 'b1',
      localUri: '<sip:alice@example.com>',
      remoteUri: '<sip:bob@example.com>',
      remoteTarget: 'sip:bob@192.0.2.9:5070',
      localContact: '<sip:alice@192.0.2.1>',
      localSequence: 5,
      remoteSequence: undefined,
      routeSet: ['<sip:p2.example.com;lr>', '<sip:p1.example.com;lr>'],
      secure: false,
      peer: there,
    });
  });

  test('has an empty route set without Record-Route, and a null tag without a tag (@req rfc3261:12.1.2:5, @req rfc3261:12.1.2:11)', () => {
    const bare = createResponse(request, 200, { headers: [set('Contact', '<sip:bob@192.0.2.9>')] });
    const dialog = dialogFromResponse(request, bare);
    expect(dialog.routeSet).toEqual([]);
    expect(dialog.remoteTag).toBe('');
  });

  test('made by a NOTIFY that overtakes the 2xx is the same, the route set in order (RFC 6665 §4.4.1)', () => {
    const notify = read(
      incoming('NOTIFY', {
        'Call-ID': 'call-1@example.com',
        From: '<sip:bob@example.com>;tag=b1',
        To: '<sip:alice@example.com>;tag=a1',
        'Record-Route': '<sip:p2.example.com;lr>, <sip:p1.example.com;lr>',
        Contact: '<sip:bob@192.0.2.9:5070>',
        CSeq: '3 NOTIFY',
      }),
    );
    const made = dialogFromNotify(notify, {
      contact: '<sip:alice@192.0.2.1>',
      localSequence: 5,
      peer: there,
    });
    expect(made).toEqual({ ...dialogFromResponse(request, response, there), remoteSequence: 3 });
  });
});

describe('requests in a dialog (RFC 3261 §12.2.1.1)', () => {
  test('take To, From, Call-ID and Contact from it (@req rfc3261:12.2.1.1:1, @req rfc3261:12.2.1.1:2, @req rfc3261:12.2.1.1:3, @req rfc3261:12.2.1.1:4, @req rfc3261:12.2.1.1:6)', () => {
    const { dialogs, dialog } = opened();
    const request = dialogs.request(dialog.id, 'NOTIFY', { headers: [set('Event', 'presence')] });
    expect(request.raw('To')).toEqual(['"Bob" <sip:bob@example.com>;tag=b1']);
    expect(request.raw('From')).toEqual(['<sip:alice@example.com>;tag=a1']);
    expect(request.raw('Call-ID')).toEqual(['incoming-1@example.com']);
    expect(request.raw('Contact')).toEqual(['<sip:alice@192.0.2.1>']);
    expect(request.raw('Event')).toEqual(['presence']);
    expect(request.raw('Max-Forwards')).toEqual(['70']);
  });

  test('leave a null tag out (@req rfc3261:12.2.1.1:5)', () => {
    const { dialogs, dialog } = opened({ From: '<sip:bob@example.com>' });
    expect(dialogs.request(dialog.id, 'NOTIFY').raw('To')).toEqual(['<sip:bob@example.com>']);
  });

  test('count CSeq by one (@req rfc3261:12.2.1.1:7, @req rfc3261:12.2.1.1:8, @req rfc3261:12.2.1.1:9, @req rfc3261:12.2.1.1:10)', () => {
    const { dialogs, dialog } = opened();
    const numbers = ['NOTIFY', 'NOTIFY', 'BYE'].map(
      (method) => dialogs.request(dialog.id, method).raw('CSeq')[0],
    );
    expect(numbers).toEqual(['1 NOTIFY', '2 NOTIFY', '3 BYE']);
    expect(dialogs.request(dialog.id, 'ACK', { sequence: 2 }).raw('CSeq')).toEqual(['2 ACK']);
    expect(dialogs.get(dialog.id)?.localSequence).toBe(3);
  });

  test('go to the remote target when there is no route set (@req rfc3261:12.2.1.1:11, @req rfc3261:12.2.1.1:12)', () => {
    const { dialogs, dialog } = opened({ 'Record-Route': undefined });
    const request = dialogs.request(dialog.id, 'NOTIFY');
    expect(request.uri).toBe('sip:bob@192.0.2.9');
    expect(request.has('Route')).toBe(false);
  });

  test('carry the route set to loose routers (@req rfc3261:12.2.1.1:13)', () => {
    const { dialogs, dialog } = opened();
    const request = dialogs.request(dialog.id, 'NOTIFY');
    expect(request.uri).toBe('sip:bob@192.0.2.9');
    expect(request.raw('Route').join(', ')).toBe('<sip:p2.example.com;lr;x=1>, <sip:p1.example.com;lr>');
  });

  test('go to a strict router in the Request-URI, the target at the end of the route (@req rfc3261:12.2.1.1:14, @req rfc3261:12.2.1.1:15, @req rfc3261:12.2.1.1:16)', () => {
    const { dialogs, dialog } = opened({
      'Record-Route': '<sip:strict.example.com;method=INVITE;x=1?Subject=no>, <sip:p1.example.com;lr>',
    });
    const request = dialogs.request(dialog.id, 'NOTIFY');
    expect(request.uri).toBe('sip:strict.example.com;x=1');
    expect(request.raw('Route').join(', ')).toBe('<sip:p1.example.com;lr>, <sip:bob@192.0.2.9>');
  });

  test('leave for the first route, loose or strict, or else for the target (§8.1.2)', () => {
    const loose = opened();
    expect(loose.dialogs.nextHop(loose.dialog.id)).toEqual({
      transport: 'udp',
      host: 'p2.example.com',
      port: 5060,
    });
    const strict = opened({ 'Record-Route': '<sip:strict.example.com:5070;transport=tcp>' });
    expect(strict.dialogs.nextHop(strict.dialog.id)).toEqual({
      transport: 'tcp',
      host: 'strict.example.com',
      port: 5070,
    });
    const direct = opened({ 'Record-Route': undefined });
    expect(direct.dialogs.nextHop(direct.dialog.id)).toMatchObject({ host: '192.0.2.9' });
    direct.dialogs.update({ ...direct.dialog, remoteTarget: 'sip:bob@192.0.2.10:5090' });
    expect(direct.dialogs.nextHop(direct.dialog.id)).toMatchObject({ host: '192.0.2.10', port: 5090 });
    direct.dialogs.update({ ...direct.dialog, remoteTarget: 'tel:+12125551234' });
    expect(direct.dialogs.nextHop(direct.dialog.id)).toBeUndefined();
    expect(direct.dialogs.nextHop('none')).toBeUndefined();
  });

  test('leave by the connection that the peer opened, while there is no route set', () => {
    const peer = { ...thereTcp, connection: 7 };
    const direct = opened({ 'Record-Route': undefined });
    direct.dialogs.update({ ...direct.dialog, peer });
    expect(direct.dialogs.nextHop(direct.dialog.id)).toEqual(peer);
    const routed = opened();
    routed.dialogs.update({ ...routed.dialog, peer });
    expect(routed.dialogs.nextHop(routed.dialog.id)).toMatchObject({ host: 'p2.example.com' });
  });

  test('need a dialog, and parts that can be written', () => {
    expect(() => new Dialogs().request('none', 'BYE')).toThrow(RangeError);
    const { dialogs, dialog } = opened();
    const made = (headers: HeaderEdit[], method = 'INFO') => dialogs.request(dialog.id, method, { headers });
    expect(() => made([set('Event', 'presence\r\nVia: x')])).toThrow(TypeError);
    expect(() => made([set('Event:', 'presence')])).toThrow(TypeError);
    expect(() => made([remove('Event')])).toThrow(TypeError);
    expect(() => made([], 'IN FO')).toThrow(TypeError);
    expect(() => dialogs.request(dialog.id, 'INFO', { body: new Uint8Array(1) })).toThrow(TypeError);
    expect(dialogs.request(dialog.id, 'INFO').raw('CSeq')).toEqual(['1 INFO']);
  });

  test('carry what is not ASCII as it is', () => {
    const { dialogs, dialog } = opened({ From: '"Bjørn" <sip:bob@example.com>;tag=b1' });
    const request = dialogs.request(dialog.id, 'INFO', {
      body: new TextEncoder().encode('hei'),
      contentType: 'text/plain',
    });
    expect(request.raw('To')).toEqual(['"Bjørn" <sip:bob@example.com>;tag=b1']);
    expect(request.raw('Call-ID')).toEqual(['incoming-1@example.com']);
    expect(new TextDecoder().decode(request.body)).toBe('hei');
  });
});

describe('requests received in a dialog (RFC 3261 §12.2.2)', () => {
  test('find the usage that accepts them, several of one dialog apart', () => {
    const { dialogs, dialog } = opened({}, subscription('presence'));
    dialogs.open(dialog, subscription('presence', 'two'));
    dialogs.open(dialog, subscription('message-summary'));
    const usageOf = (sequence: number, Event: string) => {
      const found = dialogs.receive(read(inDialog('SUBSCRIBE', sequence, { Event })));
      return found.type === 'in-dialog' ? found.usage?.key : found.type;
    };
    expect(usageOf(8, 'presence;id=two')).toBe('subscription presence;two');
    expect(usageOf(9, 'presence')).toBe('subscription presence');
    expect(usageOf(10, 'message-summary')).toBe('subscription message-summary');
    expect(usageOf(11, 'dialog')).toBeUndefined();
  });

  test('set and raise the remote sequence number, gaps allowed (@req rfc3261:12.2.2:3, @req rfc3261:12.2.2:6)', () => {
    const { dialogs, dialog } = opened();
    dialogs.update({ ...dialog, remoteSequence: undefined });
    dialogs.receive(read(inDialog('MESSAGE', 3)));
    expect(dialogs.get(dialog.id)?.remoteSequence).toBe(3);
    dialogs.receive(read(inDialog('MESSAGE', 90)));
    expect(dialogs.get(dialog.id)?.remoteSequence).toBe(90);
  });

  test('with a lower sequence number are refused with 500 (@req rfc3261:12.2.2:4)', () => {
    const dialogs = new Dialogs();
    dialogs.open(uas(), always);
    const machine = endpoint({ dialogs });
    const response = sentResponse(
      machine.handle({ type: 'received', peer: there, bytes: inDialog('SUBSCRIBE', 6) }, T0),
    );
    expect(response.status).toBe(500);
    expect(dialogs.get(uas().id)?.remoteSequence).toBe(7);
  });

  test('of no dialog are refused with 481, and an ACK dropped (@req rfc3261:12.2.2:2)', () => {
    const machine = endpoint();
    const received = (bytes: Uint8Array) => machine.handle({ type: 'received', peer: there, bytes }, T0);
    expect(sentResponse(received(inDialog('NOTIFY', 1))).status).toBe(481);
    expect(sentResponse(received(inDialog('SUBSCRIBE', 2))).status).toBe(481);
    expect(names(received(inDialog('ACK', 2)))).toEqual(['dropped']);
    // A PUBLISH belongs to no dialog, whatever a client copies into its To.
    expect(names(received(inDialog('PUBLISH', 3)))).toEqual(['request PUBLISH']);
  });

  test('move the remote target when they refresh it (@req rfc3261:12.2.2:7)', () => {
    const { dialogs, dialog } = opened();
    dialogs.receive(read(inDialog('SUBSCRIBE', 8, { Contact: '<sip:bob@198.51.100.7>' })), thereTcp);
    expect(dialogs.get(dialog.id)?.remoteTarget).toBe('sip:bob@198.51.100.7');
    expect(dialogs.get(dialog.id)?.peer).toEqual(thereTcp);
    dialogs.receive(read(inDialog('MESSAGE', 9, { Contact: '<sip:bob@203.0.113.1>' })));
    expect(dialogs.get(dialog.id)?.remoteTarget).toBe('sip:bob@198.51.100.7');
    dialogs.receive(read(inDialog('SUBSCRIBE', 10, { Contact: undefined })));
    expect(dialogs.get(dialog.id)?.remoteTarget).toBe('sip:bob@198.51.100.7');
  });

  test('reach the user of the endpoint with dialog and usage', () => {
    const dialogs = new Dialogs();
    dialogs.open(uas(), subscription('presence'));
    const machine = endpoint({ dialogs });
    const bytes = inDialog('SUBSCRIBE', 8, { Event: 'presence' });
    const action = only(machine.handle({ type: 'received', peer: there, bytes }, T0), 'request');
    expect(action.usage).toBe('subscription presence');
    expect(action.dialog?.remoteSequence).toBe(8);
  });

  test('an ACK for a 2xx reaches the user by its dialog, without a transaction', () => {
    const dialogs = new Dialogs();
    dialogs.open(uas(), always);
    const machine = endpoint({ dialogs });
    const action = only(
      machine.handle({ type: 'received', peer: there, bytes: inDialog('ACK', 7) }, T0),
      'request',
    );
    expect(action.transaction).toBe('');
    expect(action.dialog?.id).toBe(uas().id);
    expect(dialogs.get(uas().id)?.remoteSequence).toBe(7);
  });
});

describe('the life of a dialog', () => {
  test('ends with its last usage', () => {
    const { dialogs, dialog } = opened({}, subscription('presence'));
    dialogs.open(dialog, subscription('message-summary'));
    expect(dialogs.usages(dialog.id)).toEqual(['subscription presence', 'subscription message-summary']);
    dialogs.close(dialog.id, 'subscription presence');
    expect(dialogs.get(dialog.id)).toBeDefined();
    dialogs.close(dialog.id, 'subscription message-summary');
    expect(dialogs.get(dialog.id)).toBeUndefined();
    expect(dialogs.size).toBe(0);
    expect(dialogs.receive(read(inDialog('SUBSCRIBE', 8)))).toEqual({ type: 'reject', status: 481 });
  });

  test('begins before it is known: NOTIFYs of each fork are expected until no more', () => {
    const dialogs = new Dialogs();
    const half = { callId: 'incoming-1@example.com', localTag: 'a1' };
    dialogs.expect(half, subscription('presence'));
    const from = (tag: string) =>
      read(inDialog('NOTIFY', 1, { Event: 'presence', From: `<sip:bob@example.com>;tag=${tag}` }));
    expect(dialogs.receive(from('fork1'))).toMatchObject({
      type: 'expected',
      usage: { key: 'subscription presence' },
    });
    dialogs.open(
      dialogFromNotify(from('fork1'), { contact: '<sip:alice@192.0.2.1>', localSequence: 1 }),
      subscription('presence'),
    );
    expect(dialogs.receive(from('fork1')).type).toBe('in-dialog');
    expect(dialogs.receive(from('fork2')).type).toBe('expected');
    expect(
      dialogs.receive(read(inDialog('NOTIFY', 1, { Event: 'dialog', From: '<sip:b@c>;tag=x' }))).type,
    ).toBe('reject');
    dialogs.unexpect(half, 'subscription presence');
    expect(dialogs.receive(from('fork2'))).toEqual({ type: 'reject', status: 481 });
    expect(dialogs.receive(from('fork1')).type).toBe('in-dialog');
  });
});
