import {
  contentHeader,
  dateTime,
  from,
  mediaType,
  parse,
  serialize,
  subject,
  to,
  validate,
} from '@sip-simple/cpim';
import { describe, expect, test } from 'vitest';
import {
  type DispositionEvent,
  dispositionNotification,
  imdnRecordRoute,
  imdnRoute,
  isImdn,
  messageId,
  type NotifyOptions,
  nextHop,
  notificationFor,
  notificationsIn,
  parse as parseDocument,
  RULES,
  recordRoute,
  requestedBy,
  retarget,
  validate as validateDocument,
} from '../../src/index.ts';
import { fixture, im, requesting } from '../fixtures.ts';

const options: NotifyOptions = { role: 'recipient', consent: 'given', messageId: 'new1', sent: new Set() };
const ALL = 'positive-delivery, negative-delivery, processing, display';

function notify(message: ReturnType<typeof im>, event: DispositionEvent, more: Partial<NotifyOptions> = {}) {
  return notificationFor(message, event, { ...options, ...more });
}

function reported(
  message: ReturnType<typeof im>,
  event: DispositionEvent,
  more: Partial<NotifyOptions> = {},
) {
  const outgoing = notify(message, event, more);
  if (outgoing === undefined) return undefined;
  const [{ notification } = { notification: undefined }] = notificationsIn(outgoing.message);
  return `${notification?.type} ${notification?.value.status.result}`;
}

describe('RFC 5438 §7.2.1: constructing IMDNs', () => {
  test('an IMDN is a message from the recipient to the sender, with a document about the message', () => {
    const outgoing = notify(requesting(ALL), { type: 'delivered' });
    if (outgoing === undefined) throw new TypeError('an IMDN');
    expect(outgoing).toMatchObject({ disposition: 'delivery', target: 'im:alice@example.com' });
    const read = parse(serialize(outgoing.message));
    expect(validate(read)).toEqual([]);
    expect([from.of(read), to.of(read)]).toEqual([
      { name: 'Bob', uri: 'im:bob@example.com' },
      { name: 'Alice', uri: 'im:alice@example.com' },
    ]);
    expect(validateDocument(read.content.body)).toEqual([]);
    expect(new TextDecoder().decode(read.content.body)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>' +
        '<imdn xmlns="urn:ietf:params:xml:ns:imdn"><message-id>34jk324j</message-id>' +
        '<datetime>2006-04-04T12:16:49-05:00</datetime><recipient-uri>im:bob@example.com</recipient-uri>' +
        '<original-recipient-uri>im:bob@example.com</original-recipient-uri>' +
        '<delivery-notification><status><delivered/></status></delivery-notification></imdn>',
    );
  });

  test('it has a Message-ID of its own (@req rfc5438:7.2.1:7)', () => {
    const imdn = notify(requesting(ALL), { type: 'displayed' })?.message;
    expect(imdn && messageId.all(imdn)).toEqual(['new1']);
    expect(() => notify(requesting(ALL), { type: 'displayed' }, { messageId: '' })).toThrow(RangeError);
  });

  test('it says in Content-Type and Content-Disposition that it is a notification (@req rfc5438:7.2.1:12, @req rfc5438:11.1.8:1)', () => {
    const imdn = notify(requesting(ALL), { type: 'displayed' })?.message;
    expect(imdn && contentHeader(imdn.content, 'Content-Disposition')).toBe('notification');
    expect(imdn && mediaType(imdn.content)?.type).toBe('message/imdn+xml');
    expect(imdn && contentHeader(imdn.content, 'Content-Length')).toBe(String(imdn?.content.body.length));
  });

  test('several IMDNs can be made for a message (@req rfc5438:7.2.1:1)', () => {
    const message = requesting(ALL);
    const first = notify(message, { type: 'delivered' });
    const second = notify(message, { type: 'displayed' }, { messageId: 'new2', sent: new Set(['delivery']) });
    expect([first?.disposition, second?.disposition]).toEqual(['delivery', 'display']);
  });

  test('not more than one of a disposition type (@req rfc5438:7.2.1:2)', () => {
    const sent = new Set(['delivery'] as const);
    for (const event of [
      { type: 'failed' },
      { type: 'delivered' },
      { type: 'error', disposition: 'delivery' },
      { type: 'forbidden', disposition: 'delivery' },
    ] as const) {
      expect(reported(requesting(ALL), event)).toBeDefined();
      expect(reported(requesting(ALL), event, { sent })).toBeUndefined();
    }
  });

  test('what was not requested is not notified of', () => {
    expect(reported(im(), { type: 'delivered' })).toBeUndefined();
    expect(reported(requesting(''), { type: 'delivered' })).toBeUndefined();
    expect(reported(requesting('negative-delivery'), { type: 'delivered' })).toBeUndefined();
    expect(reported(requesting('negative-delivery'), { type: 'failed' })).toBe('delivery failed');
    expect(reported(requesting('positive-delivery'), { type: 'failed' })).toBeUndefined();
    expect(reported(requesting('positive-delivery'), { type: 'delivered' })).toBe('delivery delivered');
    expect(
      reported(requesting('positive-delivery, negative-delivery'), { type: 'displayed' }),
    ).toBeUndefined();
    expect(reported(requesting('display'), { type: 'displayed' })).toBe('display displayed');
    expect(reported(requesting('display'), { type: 'error', disposition: 'display' })).toBe('display error');
    expect(reported(requesting('unknown;a=b, display'), { type: 'displayed' })).toBe('display displayed');
  });

  test('recipients make no processing notifications (@req rfc5438:7.2.1:3)', () => {
    for (const event of [
      { type: 'processed' },
      { type: 'stored' },
      { type: 'error', disposition: 'processing' },
      { type: 'forbidden', disposition: 'processing' },
    ] as const) {
      expect(reported(requesting(ALL), event)).toBeUndefined();
    }
    expect(Object.values(RULES.recipient).some(({ notification }) => notification === 'processing')).toBe(
      false,
    );
  });

  test('there is no IMDN for an IMDN, even where one requests it, and an IMDN requests none (@req rfc5438:7.2.1:4, @req rfc5438:7.2.1:5, @req rfc5438:7.2.1:6)', () => {
    const imdn = notify(requesting(ALL), { type: 'delivered' })?.message ?? im();
    expect(dispositionNotification.all(imdn)).toEqual([]);
    let hostile = dispositionNotification.set(imdn, [{ type: 'positive-delivery' }, { type: 'display' }]);
    hostile = dateTime.set(hostile, '2006-04-04T12:16:49-05:00');
    expect(isImdn(hostile)).toBe(true);
    expect(requestedBy(hostile).size).toBe(0);
    expect(notify(hostile, { type: 'delivered' })).toBeUndefined();
    expect(notify(hostile, { type: 'displayed' })).toBeUndefined();
  });

  test('IMDN-Record-Route becomes IMDN-Route in its order, and the top one is where to send it (@req rfc5438:7.2.1:8, @req rfc5438:7.2.1:9)', () => {
    const routed = recordRoute(recordRoute(requesting(ALL), { uri: 'im:a@example.com', name: 'A' }), {
      uri: 'im:b@example.com',
    });
    const outgoing = notify(routed, { type: 'delivered' });
    if (outgoing === undefined) throw new TypeError('an IMDN');
    expect(imdnRoute.all(outgoing.message)).toEqual([
      { uri: 'im:b@example.com' },
      { uri: 'im:a@example.com', name: 'A' },
    ]);
    expect(imdnRecordRoute.all(outgoing.message)).toEqual([]);
    expect(outgoing.target).toBe('im:b@example.com');
  });

  test('without IMDN-Record-Route it is sent to the URI in From (@req rfc5438:7.2.1:11)', () => {
    expect(notify(requesting(ALL), { type: 'delivered' })?.target).toBe('im:alice@example.com');
  });

  test('an IMDN-Record-Route in an IMDN is ignored (@req rfc5438:7.2.1:10)', () => {
    const imdn = notify(requesting(ALL), { type: 'delivered' })?.message ?? im();
    const odd = imdnRecordRoute.set(imdn, { uri: 'im:evil@example.com' });
    expect(nextHop(odd)).toBe('im:alice@example.com');
    expect(notificationsIn(odd)).toHaveLength(1);
  });

  test('Original-To is the original recipient (@req rfc5438:11.1.4:1)', () => {
    const outgoing = notify(retarget(requesting(ALL), { uri: 'im:carol@example.com' }), {
      type: 'delivered',
    });
    const [document] = notificationsIn(outgoing?.message ?? im());
    expect(document).toMatchObject({
      recipientUri: 'im:carol@example.com',
      originalRecipientUri: 'im:bob@example.com',
    });
  });

  test('the subject comes with its text and language (@req rfc5438:11.1.5:1)', () => {
    const message = subject.setAll(requesting(ALL), [
      { text: 'Mittag & "mehr"', language: 'de' },
      { text: 'lunch' },
    ]);
    const outgoing = notify(message, { type: 'delivered' });
    const [document] = notificationsIn(outgoing?.message ?? im());
    expect(document?.subject).toMatchObject({ text: 'Mittag & "mehr"', language: 'de' });
    const plain = notify(subject.set(requesting(ALL), { text: 'lunch' }), { type: 'delivered' });
    expect(notificationsIn(plain?.message ?? im())[0]?.subject?.language).toBeUndefined();
  });

  test('a message without Message-ID or DateTime, or from nobody, can not be notified of', () => {
    const message = requesting(ALL);
    for (const broken of [
      messageId.set(message, undefined),
      dateTime.set(message, undefined),
      from.set(message, undefined),
      from.set(message, { uri: 'sip:anonymous@anonymous.invalid' }),
    ]) {
      expect(notify(broken, { type: 'delivered' })).toBeUndefined();
    }
  });
});

describe('RFC 5438 §12.1.3.1, §14.2: when there is none', () => {
  test('after a response that is no 2xx there is no IMDN, after a 2xx a failure is notified of (@req rfc5438:12.1.3.1:2, @req rfc5438:12.1.3.1:3)', () => {
    for (const response of [180, 302, 404, 503, 603]) {
      expect(reported(requesting(ALL), { type: 'failed' }, { response })).toBeUndefined();
    }
    for (const response of [200, 202]) {
      expect(reported(requesting(ALL), { type: 'failed' }, { response })).toBe('delivery failed');
    }
  });

  test('without the consent of the user there is none, or one that says so (@req rfc5438:14.2:1)', () => {
    expect(reported(requesting(ALL), { type: 'displayed' }, { consent: 'none' })).toBeUndefined();
    expect(reported(requesting(ALL), { type: 'displayed' }, { consent: 'forbidden' })).toBe(
      'display forbidden',
    );
    expect(reported(requesting(ALL), { type: 'displayed' }, { consent: 'given' })).toBe('display displayed');
  });
});

describe('RFC 5438 §7.1.2, §9: receiving IMDNs', () => {
  test.each([
    ['7.2.1.1-delivery', ['delivery']],
    ['7.2.1.2-display', ['display']],
    ['8.1-processing', ['processing']],
    ['8.3-aggregated', ['delivery', 'display']],
  ])('the example %s is told by its type, disposition and document (@req rfc5438:7.1.4:1)', (name, types) => {
    const message = parse(fixture(`rfc5438/${name}.cpim`));
    expect(isImdn(message)).toBe(true);
    const notifications = notificationsIn(message);
    expect(notifications.map(({ notification }) => notification?.type)).toEqual(types);
    expect(notifications.every(({ messageId }) => messageId === '34jk324j')).toBe(true);
  });

  test('without Content-Disposition: notification it notifies of nothing (@req rfc5438:7.1.2:1)', () => {
    const bytes = new TextDecoder().decode(fixture('rfc5438/7.2.1.1-delivery.cpim'));
    const message = (from: string, to: string) => parse(new TextEncoder().encode(bytes.replace(from, to)));
    expect(notificationsIn(message('Content-Disposition: notification\r\n', ''))).toEqual([]);
    expect(notificationsIn(message('Disposition: notification', 'Disposition: render'))).toEqual([]);
    expect(
      notificationsIn(message('Disposition: notification', 'Disposition: Notification;handling=optional')),
    ).toHaveLength(1);
    expect(notificationsIn(message('<imdn', '<other'))).toEqual([]);
    expect(isImdn(im())).toBe(false);
    expect(notificationsIn(im())).toEqual([]);
  });
});

describe('RFC 5438 §11.1: the document', () => {
  const text =
    '<imdn xmlns="urn:ietf:params:xml:ns:imdn"><message-id>a</message-id><datetime>b</datetime></imdn>';

  test('it is XML 1.0 in UTF-8, and the validator says where it is not (@req rfc5438:11.1:1, @req rfc5438:11.1:2)', () => {
    expect(validateDocument(text)).toEqual([]);
    expect(validateDocument(`<?xml version="1.1"?>${text}`)).toMatchObject([{ rule: 'not-xml-1.0' }]);
    const units = Array.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${text}`, (c) => c.charCodeAt(0));
    const bytes = new Uint8Array(new Uint16Array(units).buffer);
    expect(validateDocument(bytes)).toMatchObject([{ rule: 'not-utf-8' }]);
    expect(parseDocument(bytes).messageId).toBe('a');
    expect(() => validateDocument('<imdn>')).toThrow(
      expect.objectContaining({ name: 'ImdnError', code: 'not-well-formed', status: 400 }),
    );
    expect(() => parseDocument('<imdn/>')).toThrow(
      expect.objectContaining({ code: 'wrong-root', rfc: 'RFC 5438 §11.1' }),
    );
    expect(
      validateDocument(text.replace('</imdn>', '<recipient-uri>a:b</recipient-uri></imdn>')),
    ).toMatchObject([{ rule: 'missing-element' }]);
  });
});
