import { parse, validate } from '@sip-simple/resource-lists';
import {
  accept,
  authorization,
  contact,
  createResponse,
  headerOf,
  parseMultipart,
  type SipRequest,
  via,
} from '@sip-simple/sip-core';
import { describe, expect, test } from 'vitest';
import { readListMessage } from '../../src/lists/index.ts';
import { requestFixture } from '../fixture.ts';
import { LIST, ListWorld, listMessage, peer } from '../list-world.ts';
import { epoch, Network, request, textOf } from '../network.ts';

const three = [
  'sip:bill@example.com copyControl=to',
  'sip:joe@example.org copyControl=cc',
  'sip:ted@example.net',
];

function copies(message: SipRequest, world = new ListWorld()): readonly SipRequest[] {
  return world.receive(message).copies;
}

function first(message: SipRequest, world = new ListWorld()): SipRequest {
  const [copy] = copies(message, world);
  if (copy === undefined) throw new Error(`no copy: ${world.response.status}`);
  return copy;
}

function said(copy: SipRequest): string[] {
  return readListMessage(copy).content.map(textOf);
}

describe('a list service (RFC 5365 §7)', () => {
  test('answers 202, without a body, and sends a MESSAGE to each recipient', () => {
    const world = new ListWorld();
    const { status, copies } = world.receive(listMessage(three));
    expect([status, world.response.body.length, world.response.has(contact)]).toEqual([202, 0, false]);
    expect(copies.map(({ method, uri }) => `${method} ${uri}`)).toEqual([
      'MESSAGE sip:bill@example.com',
      'MESSAGE sip:joe@example.org',
      'MESSAGE sip:ted@example.net',
    ]);
    expect(copies.map(said)).toEqual([['Hello World!'], ['Hello World!'], ['Hello World!']]);
  });

  test('sends nothing before the policy has spoken, and nothing when it is silent', () => {
    const world = new ListWorld();
    const [asked, ...rest] = world.handle(
      { type: 'request', transaction: 't', request: listMessage(three), peer },
      epoch,
    );
    expect(rest).toEqual([]);
    expect(asked).toMatchObject({
      type: 'authorize',
      sender: 'sip:alice@example.com',
      recipients: ['sip:bill@example.com', 'sip:joe@example.org', 'sip:ted@example.net'],
    });
    expect(world.service.deadline).toBe(epoch + 10_000);
    world.handle({ type: 'tick' }, epoch + 10_000);
    expect(world.response.status).toBe(504);
    const { list } = asked as Extract<typeof asked, { type: 'authorize' }>;
    expect([world.decide(list, 'allow').copies, world.service.deadline]).toEqual([[], undefined]);
  });

  test('refuses a body that is not one for a list service', () => {
    const status = (message: SipRequest) => new ListWorld().receive(message).status;
    expect(status(request([], 'hi', LIST))).toBe(400);
    expect(status(request([], '', LIST))).toBe(400);
    expect(status(listMessage([]))).toBe(400);
    expect(status(listMessage(['sip:']))).toBe(400);
    expect(status(listMessage(['http://example.com/']))).toBe(400);
    expect(status(listMessage(three, [], { parts: [] }))).toBe(400);
    expect(status(listMessage(three, [], { around: () => '<list>' }))).toBe(400);
    expect(status(request(['Content-Type: multipart/mixed'], 'x', LIST))).toBe(400);
    const strange = new ListWorld();
    expect(strange.receive(listMessage(three, [], { type: 'text/uri-list' })).status).toBe(415);
    expect(strange.response.getAll(accept).map(({ type }) => type)).toContain(
      'application/resource-lists+xml',
    );
  });
});

describe('intended recipients (RFC 5365 §7.1, RFC 5363 §4.1)', () => {
  test('get one message however often they are listed (@req rfc5365:7.1:1)', () => {
    const entries = [
      'sip:bill@example.com',
      'sip:b%69ll@EXAMPLE.com:5060 copyControl=to',
      'sip:bill@example.com;method=INVITE',
    ];
    const sent = copies(listMessage(entries));
    expect(sent.map(({ uri }) => uri)).toEqual(['sip:bill@example.com']);
    // the highest copy control counts (RFC 5364 §4)
    const { recipients } = readListMessage(sent[0] ?? request([]));
    expect(recipients?.map(({ uri, copyControl }) => [uri, copyControl])).toEqual([
      ['sip:bill@example.com', 'to'],
    ]);
  });

  test('are those of all lists, and of lists within them; what is referred to is left out (§7)', () => {
    const around = (entries: string) =>
      `<list cp:copyControl="cc">${entries}<list><entry uri="sip:in@example.com"/></list>` +
      '<entry-ref ref="resource-lists/users/sip:a@example.com/index/~~/x"/><external anchor="http://example.com/x"/></list>' +
      '<list><entry uri="sip:other@example.com"/></list>';
    const message = listMessage(['sip:bill@example.com'], [], { around });
    expect(copies(message).map(({ uri }) => uri)).toEqual([
      'sip:bill@example.com',
      'sip:in@example.com',
      'sip:other@example.com',
    ]);
  });

  test('of several parts are one list', () => {
    const part =
      'Content-Type: application/resource-lists+xml\r\nContent-Disposition: Recipient-List\r\n\r\n' +
      '<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list><entry uri="sip:ann@example.com"/><entry uri="sip:bill@example.com"/></list></resource-lists>';
    const parts = ['Content-Type: text/plain\r\n\r\nhi', part];
    const sent = copies(listMessage(['sip:bill@example.com'], [], { parts }));
    expect(sent.map(({ uri }) => uri)).toEqual(['sip:ann@example.com', 'sip:bill@example.com']);
  });

  test('are no lists: 482', () => {
    const isList = (uri: string) => uri.startsWith('sip:friends@');
    expect(new ListWorld({ isList }).receive(listMessage([...three, 'sip:friends@example.com'])).status).toBe(
      482,
    );
    expect(new ListWorld().receive(listMessage([...three, 'sip:LIST-service.example.com;x=y'])).status).toBe(
      482,
    );
  });

  test('are not too many: 413', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `sip:u${at}@example.com`);
    const limits = { recipients: 4 };
    const isCongestionSafe = () => true;
    expect(new ListWorld({ limits, isCongestionSafe }).receive(listMessage(many(4))).copies).toHaveLength(4);
    expect(new ListWorld({ limits }).receive(listMessage(many(5))).status).toBe(413);
    expect(new ListWorld({ limits: { bodyBytes: 100 } }).receive(listMessage(many(1))).status).toBe(413);
    const full = new ListWorld({ limits: { copies: 3 } });
    expect([full.receive(listMessage(many(4))).status, full.response.raw('Retry-After')]).toEqual([
      503,
      ['60'],
    ]);
    const waiting = new ListWorld({ limits: { waiting: 0 } });
    expect(waiting.receive(listMessage(many(1))).status).toBe(503);
  });
});

describe('an outgoing MESSAGE (RFC 5365 §7.2)', () => {
  test('is from the sender, with another tag, and to the recipient (@req rfc5365:7.2:1 @req rfc5365:7.2:2)', () => {
    const sent = copies(listMessage(three));
    expect(sent.map((copy) => copy.raw('From')[0]?.replace(/tag=.*/, ''))).toEqual(
      Array(3).fill('"Alice" <sip:alice@example.com>;'),
    );
    expect(new Set(sent.map((copy) => copy.raw('From')[0])).size).toBe(3);
    expect(sent.map((copy) => copy.raw('To'))).toEqual(sent.map(({ uri }) => [`<${uri}>`]));
    expect(sent.some((copy) => copy.raw('From')[0]?.includes('49583'))).toBe(false);
  });

  test('leaves it to a privacy service to hide the sender, and asks for it (@req rfc5365:7.2:1)', () => {
    const copy = first(listMessage(three, ['Privacy: header;user']));
    expect(copy.raw('Privacy')).toEqual(['header;user']);
  });

  test('has its own Call-ID, CSeq and Max-Forwards (@req rfc5365:7.2:3 @req rfc5365:7.2:9 @req rfc5365:7.2:10)', () => {
    const sent = copies(listMessage(three, ['CSeq: 77 MESSAGE', 'Max-Forwards: 3']));
    const ids = sent.map((copy) => copy.raw('Call-ID')[0]);
    expect([new Set(ids).size, ids.includes('asd88asd77a')]).toEqual([3, false]);
    expect(sent.map((copy) => [copy.raw('CSeq')[0], copy.raw('Max-Forwards')[0]])).toEqual(
      Array(3).fill(['1 MESSAGE', '70']),
    );
  });

  test('has the Via of this server and no other (@req rfc5365:7.2:11)', () => {
    const network = new Network();
    const server = network.element('192.0.2.1', ['recipient-list-message']);
    const world = new ListWorld();
    network.element('192.0.2.2').answer = (message) => createResponse(message, 200);
    for (const action of world.handle(
      { type: 'request', transaction: 't', request: listMessage(['sip:bill@192.0.2.2']), peer },
      epoch,
    )) {
      if (action.type === 'authorize') {
        world.handle({ type: 'decision', list: action.list, decision: 'allow' }, epoch);
      }
    }
    server.perform(world.actions.filter((action) => action.type === 'send'));
    const vias = network.requests('192.0.2.2').map((message) => message.getAll(via).map(({ host }) => host));
    expect(vias).toEqual([['192.0.2.1']]);
  });

  test('keeps what the sender says of the message, and not what is for this hop', () => {
    const copy = first(
      listMessage(three, [
        's: Lunch',
        'Priority: urgent',
        'X-Other: 1',
        'Record-Route: <sip:edge.example.com;lr>',
        'Contact: <sip:alice@192.0.2.10>',
        'Proxy-Require: privacy',
        'Expires: 60',
        'Date: Thu, 01 Jan 2026 00:00:00 GMT',
      ]),
    );
    expect(['Subject', 'Priority', 'X-Other', 'Expires', 'Date'].map((name) => copy.raw(name)[0])).toEqual([
      'Lunch',
      'urgent',
      '1',
      '60',
      'Thu, 01 Jan 2026 00:00:00 GMT',
    ]);
    const absent = ['Record-Route', 'Contact', 'Proxy-Require', 'Require', 'Route'];
    expect(absent.filter((name) => copy.has(name))).toEqual([]);
  });

  const asserted = ['P-Asserted-Identity: <sip:alice@example.com>'];
  const trusting = { isTrusted: () => true, isTrustedNextHop: () => true };

  test('keeps the asserted identity between trusted elements (@req rfc5365:7.2:4)', () => {
    const copy = first(listMessage(three, [...asserted, 'Privacy: id']), new ListWorld(trusting));
    expect(copy.raw('P-Asserted-Identity')).toEqual(['<sip:alice@example.com>']);
  });

  test('loses it towards others, and when it comes from others (@req rfc5365:7.2:5)', () => {
    for (const options of [{}, { isTrusted: () => true }, { isTrustedNextHop: () => true }]) {
      const copy = first(listMessage(three, [...asserted, 'Privacy: id']), new ListWorld(options));
      expect(copy.has('P-Asserted-Identity')).toBe(false);
    }
  });

  test('keeps credentials, but not those for this server (@req rfc5365:7.2:7 @req rfc5365:7.2:8)', () => {
    const credentials = (realm: string) =>
      `Digest username="alice",realm="${realm}",nonce="n",uri="sip:x",response="00000000000000000000000000000000"`;
    const lines = ['example.com', 'example.org'].flatMap((realm) => [
      `Authorization: ${credentials(realm)}`,
      `Proxy-Authorization: ${credentials(realm)}`,
    ]);
    const copy = first(listMessage(three, lines), new ListWorld({ realms: ['example.com'] }));
    expect(copy.getAll(authorization).map(({ params }) => params.get('realm'))).toEqual(['"example.org"']);
    expect(copy.raw('Authorization')).toHaveLength(1);
    expect(copy.raw('Proxy-Authorization').map((value) => value.includes('example.org'))).toEqual([true]);
  });
});

describe('the bodies of an outgoing MESSAGE (RFC 5365 §7.3)', () => {
  test('have a list of to and cc, marked as history and optional (@req rfc5365:4:2 @req rfc5365:7.3:2 @req rfc5365:7.3:3 @req rfc5365:7.3:5)', () => {
    const copy = first(listMessage(three));
    const boundary = /boundary="(.*)"/.exec(copy.raw('Content-Type')[0] ?? '')?.[1] ?? '';
    const [, history] = parseMultipart(copy.body, boundary);
    if (history === undefined) throw new Error('no history');
    expect(headerOf(history, 'Content-Disposition')).toBe('recipient-list-history; handling=optional');
    expect(headerOf(history, 'Content-Type')).toBe('application/resource-lists+xml');
    expect(validate(history.body)).toEqual([]);
    expect(parse(history.body).lists[0]?.members.map(({ value }) => value.copyControl)).toEqual(['to', 'cc']);
  });

  test('tell nobody of blind copies, nor who is anonymous (@req rfc5365:7.3:4)', () => {
    const entries = [
      'sip:bill@example.com copyControl=to anonymize=true',
      'sip:joe@example.org copyControl=to',
      'sip:ted@example.net copyControl=bcc',
      'sip:ann@example.net',
    ];
    const seen = copies(listMessage(entries)).map((copy) => [
      copy.uri,
      readListMessage(copy).recipients?.map(({ uri, copyControl }) => `${copyControl} ${uri}`),
    ]);
    const open = ['to sip:joe@example.org', 'to sip:anonymous@anonymous.invalid'];
    expect(seen).toEqual([
      ['sip:bill@example.com', open],
      ['sip:joe@example.org', open],
      ['sip:ted@example.net', [...open, 'bcc sip:ted@example.net']],
      ['sip:ann@example.net', [...open, 'bcc sip:ann@example.net']],
    ]);
  });

  test('are one without a wrapper when one is left, with its own header fields (@req rfc5365:7.3:8)', () => {
    const parts = [
      'Content-Type: text/html;charset=UTF-8\r\nContent-Language: en\r\nContent-ID: <a@b>\r\n\r\n<p>Hi',
    ];
    const copy = first(listMessage(['sip:ted@example.net'], [], { parts }));
    expect([
      textOf(copy),
      copy.raw('Content-Type'),
      copy.raw('Content-Language'),
      copy.raw('Content-ID'),
    ]).toEqual(['<p>Hi', ['text/html;charset=UTF-8'], ['en'], ['<a@b>']]);
    expect(copy.raw('Content-Disposition')).toEqual([]);
  });

  test('leave out what can be no header field of SIP', () => {
    const parts = ['Content-Type: text/plain\r\nContent-[x]: 1\r\nContent-Length: 99\r\nX-Part: 1\r\n\r\nHi'];
    const copy = first(listMessage(['sip:ted@example.net'], [], { parts }));
    expect([textOf(copy), copy.raw('Content-Length'), copy.has('X-Part')]).toEqual(['Hi', ['2'], false]);
  });

  test('are all that there were, to the octet (@req rfc5365:7.3:7)', () => {
    const cpim =
      'From: <im:a@example.com>\r\nimdn.Message-ID: 34jk324j\r\n\r\nContent-Type: text/plain\r\n\r\nhi';
    const parts = [
      `Content-Type: message/cpim\r\n\r\n${cpim}`,
      'Content-Type: image/png\r\n\r\n\u0001\u0002\r\n--b',
    ];
    expect(said(first(listMessage(three, [], { parts })))).toEqual([cpim, '\u0001\u0002\r\n--b']);
  });

  test('are not those for the service (@req rfc5365:7.3:1)', () => {
    const parts = [
      'Content-Type: text/plain\r\n\r\nhi',
      'Content-Type: application/pkcs7-mime\r\nX-For: service\r\n\r\nfor the service',
      'Content-Type: application/resource-lists+xml\r\nContent-Disposition: recipient-list-history\r\n\r\nforged',
    ];
    const world = new ListWorld({ isForService: (part) => headerOf(part, 'X-For') === 'service' });
    const copy = first(listMessage(['sip:ted@example.net'], [], { parts }), world);
    expect(textOf(copy)).toBe('hi');
  });

  test('have no list when that would make the message too large; the message is refused when it is', () => {
    const message = (length: number) =>
      listMessage(three, [], { parts: [`Content-Type: text/plain\r\n\r\n${'x'.repeat(length)}`] });
    const small = first(message(600));
    expect([readListMessage(small).recipients, textOf(small).length]).toEqual([undefined, 600]);
    expect(new ListWorld().receive(message(2000)).status).toBe(513);
    const safe = new ListWorld({ isCongestionSafe: () => true });
    expect(readListMessage(first(message(2000), safe)).recipients).toHaveLength(2);
  });
});

describe('requests formed from URIs (RFC 5365 §7.3, RFC 3261 §19.1.5)', () => {
  const copyFor = (uri: string, lines: readonly string[] = []) => first(listMessage([uri], lines));

  test('have the header fields that the URI asks for (@req rfc5365:7.3:9 @req rfc5365:7.3:10)', () => {
    const copy = copyFor(
      'sip:bob@example.com?Accept-Contact=*%3bmobility%3d%22mobile%22&amp;Subject=caf%C3%A9',
      ['Subject: x'],
    );
    expect([copy.uri, copy.raw('Accept-Contact'), copy.raw('Subject'), copy.raw('To')]).toEqual([
      'sip:bob@example.com',
      ['*;mobility="mobile"'],
      ['café'],
      ['<sip:bob@example.com>'],
    ]);
  });

  test('but not the dangerous ones, nor a body, nor a line of its own', () => {
    const wanted = [
      'From=%3csip:eve%40example.com%3e',
      'Call-ID=1',
      'Via=x',
      'Route=%3csip:eve.example.com%3e',
      'User-Agent=x',
      'P-Asserted-Identity=%3csip:eve%40example.com%3e',
      'body=other',
      'Content-Type=text%2fhtml',
      'i=1',
      'X-Split=a%0d%0aX-Other:%20b',
      'X-Broken=%ff',
    ];
    const copy = copyFor(`sip:bob@example.com?${wanted.join('&amp;')}`);
    const absent = [
      'Via',
      'Route',
      'User-Agent',
      'P-Asserted-Identity',
      'X-Split',
      'X-Other',
      'X-Broken',
      'body',
    ];
    expect(absent.filter((name) => copy.has(name))).toEqual([]);
    expect([copy.raw('From')[0]?.includes('alice'), copy.raw('Content-Type'), textOf(copy)]).toEqual([
      true,
      ['text/plain'],
      'Hello World!',
    ]);
    expect(copy.raw('Call-ID')).not.toEqual(['1']);
  });

  test('are MESSAGE whatever method the URI names (@req rfc5365:7.3:11 @req rfc5365:7.3:12)', () => {
    const copy = copyFor('sip:bob@example.com;method=BYE;transport=tcp');
    expect([copy.method, copy.uri, copy.raw('CSeq')]).toEqual([
      'MESSAGE',
      'sip:bob@example.com;transport=tcp',
      ['1 MESSAGE'],
    ]);
  });
});

describe('to one recipient one at a time (RFC 3428 §8)', () => {
  test('of several lists', () => {
    const world = new ListWorld();
    const [one] = world.receive(listMessage(['sip:bill@example.com'])).copies;
    expect(world.receive(listMessage(['sip:bill@EXAMPLE.com'])).copies).toEqual([]);
    if (one === undefined) throw new Error('nothing was sent');
    const response = createResponse(one, 200);
    const next = world.handle({ type: 'response', id: 'message-list/1', response }, epoch);
    expect(
      next.map((action) =>
        action.type === 'copied' ? `${action.recipient} ${action.outcome}` : action.type,
      ),
    ).toEqual(['sip:bill@example.com delivered', 'send']);
    const last = world.handle({ type: 'failed', id: 'message-list/2', reason: 'timeout' }, epoch);
    expect(last).toMatchObject([{ type: 'copied', outcome: 'failed', status: 408 }]);
  });

  test('more than may wait for one are not sent', () => {
    const world = new ListWorld({ limits: { copiesPerRecipient: 1 } });
    for (let at = 0; at < 2; at += 1) world.receive(listMessage(['sip:bill@example.com']));
    expect(world.actions.at(-1)).toMatchObject({ type: 'copied', outcome: 'overrun', status: undefined });
  });
});

describe('the example (RFC 5365 §9)', () => {
  test('figure 2 makes figure 3', () => {
    const incoming = requestFixture('rfc5365/9-figure-2');
    const printed = requestFixture('rfc5365/9-figure-3');
    const world = new ListWorld();
    const { status, copies } = world.receive(incoming);
    expect([status, copies.length]).toEqual([202, 7]);
    const [copy = incoming] = copies;
    const said = (message: SipRequest) => {
      const { content, recipients } = readListMessage(message);
      return [content.map((part) => [part.headers, textOf(part)]), recipients];
    };
    expect(said(copy)).toEqual(said(printed));
    const shape = (message: SipRequest) => [
      message.uri,
      message.raw('To'),
      message.raw('CSeq'),
      message.raw('Max-Forwards'),
    ];
    expect(shape(copy)).toEqual(shape(printed));
    const from = (message: SipRequest) =>
      message
        .raw('From')[0]
        ?.replace(/tag=.*/, '')
        .replaceAll('"', '');
    expect(from(copy)).toBe(from(printed));
    expect([...copy.headers()].map(([name]) => name).sort()).toEqual(
      [...printed.headers()]
        .map(([name]) => name)
        .filter((name) => name !== 'Via')
        .sort(),
    );
  });
});
