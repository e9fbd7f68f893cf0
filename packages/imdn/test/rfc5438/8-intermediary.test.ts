import { type CpimMessage, from, parse, serialize, to, validate } from '@sip-simple/cpim';
import { array, assert, boolean, constantFrom, integer, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AggregatorAction,
  type AggregatorOptions,
  aggregated,
  type DispositionEvent,
  forward,
  ImdnAggregator,
  imdnRoute,
  messageId,
  type NotifyOptions,
  notificationFor,
  notificationsIn,
  parse as parseDocument,
  payloadsOf,
  RULES,
  recordRoute,
  retarget,
  validate as validateDocument,
  withoutRecipients,
} from '../../src/index.ts';
import { documentWith, fixture, im, requesting } from '../fixtures.ts';

const ALL = 'positive-delivery, negative-delivery, processing, display';
const options: NotifyOptions = { role: 'intermediary', consent: 'given', messageId: 'new1', sent: new Set() };
const list = { uri: 'im:list@example.com' };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function reported(message: CpimMessage, event: DispositionEvent, more: Partial<NotifyOptions> = {}) {
  const outgoing = notificationFor(message, event, { ...options, ...more });
  if (outgoing === undefined) return undefined;
  const [{ notification } = { notification: undefined }] = notificationsIn(outgoing.message);
  return `${notification?.type} ${notification?.value.status.result}`;
}

describe('RFC 5438 §8.1, §8.2, §12.2: notifications of intermediaries', () => {
  test('processing is notified of where it was requested', () => {
    expect(reported(requesting('processing'), { type: 'processed' })).toBe('processing processed');
    expect(reported(requesting('processing'), { type: 'stored' })).toBe('processing stored');
    expect(reported(requesting('processing'), { type: 'error', disposition: 'processing' })).toBe(
      'processing error',
    );
    expect(
      reported(requesting('positive-delivery, negative-delivery, display'), { type: 'stored' }),
    ).toBeUndefined();
  });

  test('once (@req rfc5438:8.1:1)', () => {
    expect(reported(requesting(ALL), { type: 'stored' }, { sent: new Set(['processing']) })).toBeUndefined();
    expect(reported(requesting(ALL), { type: 'stored' }, { sent: new Set(['delivery']) })).toBe(
      'processing stored',
    );
  });

  test('a failure is notified of where that was requested, once (@req rfc5438:8.2:2)', () => {
    expect(reported(requesting('negative-delivery'), { type: 'failed' })).toBe('delivery failed');
    expect(reported(requesting('positive-delivery'), { type: 'failed' })).toBeUndefined();
    const sent = new Set(['delivery'] as const);
    expect(reported(requesting(ALL), { type: 'failed' }, { sent })).toBeUndefined();
    expect(reported(requesting(ALL), { type: 'forbidden', disposition: 'delivery' })).toBe(
      'delivery forbidden',
    );
    expect(
      reported(requesting(ALL), { type: 'forbidden', disposition: 'delivery' }, { sent }),
    ).toBeUndefined();
  });

  test('a 2xx for the forwarded message is no delivery (@req rfc5438:12.2:2)', () => {
    for (const status of [200, 202])
      expect(reported(requesting(ALL), { type: 'response', status })).toBeUndefined();
    expect(reported(requesting(ALL), { type: 'delivered' })).toBeUndefined();
    expect(reported(requesting(ALL), { type: 'displayed' })).toBeUndefined();
    const results = Object.values(RULES.intermediary).map(({ result }) => result);
    expect(results).not.toContain('delivered');
  });

  test('a 4xx, 5xx or 6xx for it is a failure (@req rfc5438:12.2:3)', () => {
    for (const status of [404, 480, 500, 503, 600, 699]) {
      expect(reported(requesting('negative-delivery'), { type: 'response', status })).toBe('delivery failed');
      expect(
        reported(requesting('positive-delivery, processing, display'), { type: 'response', status }),
      ).toBeUndefined();
    }
    for (const status of [100, 180, 302])
      expect(reported(requesting(ALL), { type: 'response', status })).toBeUndefined();
  });
});

describe('RFC 5438 §8: IMDNs on their way back', () => {
  const routed = recordRoute(recordRoute(requesting(ALL), { uri: 'im:a@example.com' }), {
    uri: 'im:b@example.com',
  });
  const imdn =
    notificationFor(routed, { type: 'delivered' }, { ...options, role: 'recipient' })?.message ?? im();

  test('each intermediary removes itself, and forwards to the next, and to the sender at last', () => {
    const first = forward(imdn, (uri) => uri === 'im:b@example.com');
    expect(first?.target).toBe('im:a@example.com');
    expect(imdnRoute.all(first?.message ?? im())).toEqual([{ uri: 'im:a@example.com' }]);
    const second = forward(first?.message ?? im(), (uri) => uri === 'im:a@example.com');
    expect(second?.target).toBe('im:alice@example.com');
    expect(imdnRoute.all(second?.message ?? im())).toEqual([]);
    expect(second?.message.content).toBe(imdn.content);
  });

  test('one that is not on top forwards the IMDN as it is', () => {
    const passed = forward(imdn, (uri) => uri === 'im:a@example.com');
    expect(passed).toEqual({ message: imdn, target: 'im:b@example.com' });
    expect(forward(to.set(imdnRoute.set(imdn, undefined), undefined), () => true)).toBeUndefined();
  });

  test('nothing tells the recipient of a list whose members are not disclosed (@req rfc5438:8:6, @req rfc5438:14.2:2)', () => {
    const told = withoutRecipients(imdn, list);
    expect(text(serialize(told))).not.toContain('bob');
    expect(from.of(told)).toEqual(list);
    const [document] = notificationsIn(told);
    expect(document).toMatchObject({ messageId: '34jk324j', notification: { type: 'delivery' } });
    expect(validateDocument(told.content.body)).toEqual([]);
    const many = withoutRecipients(parse(fixture('rfc5438/8.3-aggregated.cpim')), list);
    expect(text(serialize(many))).not.toContain('bob');
    expect(notificationsIn(many).map(({ notification }) => notification?.type)).toEqual([
      'delivery',
      'display',
    ]);
    const extended = {
      ...imdn,
      content: { ...imdn.content, body: new TextEncoder().encode(documentWith('<x:bob/>', '<!-- bob -->')) },
    };
    expect(text(serialize(withoutRecipients(extended, list)))).not.toContain('bob');
    const broken = { ...imdn, content: { ...imdn.content, body: new TextEncoder().encode('<bob') } };
    expect(text(serialize(withoutRecipients(broken, list)))).not.toContain('bob');
  });
});

describe('RFC 5438 §8.3: aggregation', () => {
  const members = ['im:a@example.com', 'im:b@example.com', 'im:c@example.com'];
  const original = recordRoute(requesting('positive-delivery, display'), { uri: 'im:store@example.com' });

  function aggregator(more: Partial<AggregatorOptions> = {}) {
    const ids = ['id1', 'id2', 'id3', 'id4', 'id5', 'id6'];
    return new ImdnAggregator(
      {
        message: original,
        list,
        recipients: members,
        waitMilliseconds: 10_000,
        lifetimeMilliseconds: 60_000,
        discloses: 'members',
        nextMessageId: () => ids.shift() ?? 'more',
        ...more,
      },
      0,
    );
  }

  function imdnOf(member: string, type: 'delivered' | 'displayed' | 'failed' = 'delivered'): CpimMessage {
    const copy = retarget(recordRoute(requesting(ALL), list), { uri: member });
    const sent = notificationFor(copy, { type }, { ...options, role: 'recipient', messageId: `of-${type}` });
    if (sent === undefined) throw new TypeError('an IMDN');
    return sent.message;
  }

  const told = (actions: readonly AggregatorAction[]) =>
    actions.map((action) =>
      action.type === 'done'
        ? 'done'
        : notificationsIn(action.message).map(
            ({ recipientUri, notification }) => `${recipientUri} ${notification?.type}`,
          ),
    );

  test('IMDNs are sent together when all have come', () => {
    const machine = aggregator();
    const inputs = (['delivered', 'displayed'] as const).flatMap((type) =>
      members.map((uri) => imdnOf(uri, type)),
    );
    const last = inputs.pop() ?? im();
    for (const message of inputs) expect(machine.handle({ type: 'imdn', message }, 1_000)).toEqual([]);
    const actions = machine.handle({ type: 'imdn', message: last }, 2_000);
    expect(actions.map(({ type }) => type)).toEqual(['send', 'done']);
    expect(machine.deadline).toBeUndefined();
    const [action] = actions;
    if (action?.type !== 'send') throw new TypeError('an IMDN');
    expect(action.target).toBe('im:store@example.com');
    const read = parse(serialize(action.message));
    expect(validate(read)).toEqual([]);
    expect(messageId.of(read)).toBe('id1');
    expect([from.of(read)?.uri, to.of(read)?.uri]).toEqual(['im:list@example.com', 'im:alice@example.com']);
    expect(imdnRoute.all(read)).toEqual([{ uri: 'im:store@example.com' }]);
    expect(notificationsIn(read)).toHaveLength(6);
  });

  test('what has come by the end of the wait is sent, and the next batch waits anew', () => {
    const machine = aggregator();
    expect(machine.deadline).toBe(60_000);
    machine.handle({ type: 'imdn', message: imdnOf('im:a@example.com') }, 1_000);
    machine.handle({ type: 'imdn', message: imdnOf('im:b@example.com') }, 2_000);
    expect(machine.deadline).toBe(11_000);
    expect(machine.handle({ type: 'tick' }, 10_999)).toEqual([]);
    expect(told(machine.handle({ type: 'tick' }, 11_000))).toEqual([
      ['im:a@example.com delivery', 'im:b@example.com delivery'],
    ]);
    expect(machine.deadline).toBe(60_000);
    machine.handle({ type: 'imdn', message: imdnOf('im:a@example.com', 'displayed') }, 55_000);
    expect(machine.deadline).toBe(60_000);
    expect(told(machine.handle({ type: 'tick' }, 60_000))).toEqual([['im:a@example.com display'], 'done']);
    expect(machine.handle({ type: 'imdn', message: imdnOf('im:c@example.com') }, 61_000)).toEqual([]);
  });

  test('an IMDN about another message, by a stranger, or for the second time, does not count', () => {
    const machine = aggregator();
    const other = aggregator({ message: messageId.set(original, 'other') });
    expect(other.handle({ type: 'imdn', message: imdnOf('im:a@example.com') }, 0)).toEqual([]);
    expect(other.deadline).toBe(60_000);
    machine.handle({ type: 'imdn', message: imdnOf('im:stranger@example.com') }, 0);
    machine.handle({ type: 'imdn', message: im() }, 0);
    expect(machine.deadline).toBe(60_000);
    machine.handle({ type: 'imdn', message: imdnOf('im:a@example.com') }, 0);
    machine.handle({ type: 'imdn', message: imdnOf('im:a@example.com', 'failed') }, 0);
    expect(told(machine.handle({ type: 'tick' }, 10_000))).toEqual([['im:a@example.com delivery']]);
  });

  test('aggregated IMDNs can be aggregated again', () => {
    const machine = aggregator();
    machine.handle({ type: 'imdn', message: imdnOf('im:a@example.com') }, 0);
    machine.handle({ type: 'imdn', message: imdnOf('im:b@example.com') }, 0);
    const [action] = machine.handle({ type: 'tick' }, 10_000);
    if (action?.type !== 'send') throw new TypeError('an IMDN');
    const outer = aggregator();
    outer.handle({ type: 'imdn', message: action.message }, 0);
    expect(told(outer.handle({ type: 'tick' }, 10_000))).toEqual([
      ['im:a@example.com delivery', 'im:b@example.com delivery'],
    ]);
  });

  test('members that are not disclosed are not in it (@req rfc5438:14.2:2)', () => {
    const machine = aggregator({ discloses: 'number' });
    machine.handle({ type: 'imdn', message: imdnOf('im:a@example.com') }, 0);
    const [action] = machine.handle({ type: 'tick' }, 10_000);
    if (action?.type !== 'send') throw new TypeError('an IMDN');
    expect(text(serialize(action.message))).not.toContain('im:a@example.com');
    expect(notificationsIn(action.message)).toHaveLength(1);
  });

  test('of a list whose number of members is not disclosed there is one aggregated IMDN (@req rfc5438:14.2:3)', () => {
    const step = tuple(
      constantFrom(...members),
      constantFrom('delivered', 'displayed', 'failed'),
      integer({ min: 1, max: 30_000 }),
      boolean(),
    );
    assert(
      property(array(step, { maxLength: 20 }), (steps) => {
        const machine = aggregator({ discloses: 'nothing' });
        let now = 0;
        let sent = 0;
        const count = (actions: readonly AggregatorAction[]) => {
          sent += actions.filter(({ type }) => type === 'send').length;
        };
        for (const [member, type, later, isTick] of steps) {
          now += later;
          count(
            machine.handle(isTick ? { type: 'tick' } : { type: 'imdn', message: imdnOf(member, type) }, now),
          );
        }
        count(machine.handle({ type: 'tick' }, 1e9));
        expect(sent).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 * Number(process.env['FUZZ_RUNS'] ?? 1) },
    );
  });

  test('failures alone are awaited for the lifetime', () => {
    const machine = aggregator({ message: requesting('negative-delivery') });
    for (const uri of members) machine.handle({ type: 'imdn', message: imdnOf(uri, 'failed') }, 0);
    expect(told(machine.handle({ type: 'tick' }, 10_000))).toHaveLength(1);
    expect(machine.handle({ type: 'tick' }, 60_000)).toEqual([{ type: 'done' }]);
  });
});

describe('multipart contents', () => {
  const bytes = (each: string) => new TextEncoder().encode(each);

  test('documents come back as they are, whatever is in them', () => {
    const documents = [
      '',
      'a',
      '--imdn-1-boundary--\r\n',
      '\r\n--imdn-2-boundary\r\n\r\n',
      '\r\n',
      '--',
      'imdn-3',
      'imdn-99999999999999999999',
    ].map(bytes);
    const content = aggregated(documents);
    expect(text(content.body)).toContain('--imdn-4-boundary\r\n');
    expect(payloadsOf({ headers: [], content })).toEqual(documents);
  });

  test('parts of other types are passed over, and so are bodies that are none', () => {
    const message = (body: string, type = 'multipart/mixed;boundary=b') =>
      parse(bytes(`\r\nContent-Type: ${type}\r\n\r\n${body}`));
    const imdn = 'Content-Type: message/imdn+xml\r\n\r\n';
    expect(
      payloadsOf(
        message(`preamble\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\n${imdn}y\n--b--\n--b\n${imdn}z`),
      ).map(text),
    ).toEqual(['y']);
    expect(payloadsOf(message(`--b\n${imdn}open`)).map(text)).toEqual(['open']);
    expect(payloadsOf(message('x--b\nno'))).toEqual([]);
    expect(payloadsOf(message('--b\n', 'multipart/mixed'))).toEqual([]);
    expect(payloadsOf(message('--b\n', `multipart/mixed;boundary=${'b'.repeat(71)}`))).toEqual([]);
    expect(parseDocument(documentWith('', '')).messageId).toBe('34jk324j');
  });

  test('hostile ones take linear time', () => {
    const start = performance.now();
    const dashes = bytes(
      `\r\nContent-Type: multipart/mixed;boundary=${'-'.repeat(70)}\r\n\r\n${'-'.repeat(1_000_000)}`,
    );
    expect(payloadsOf(parse(dashes))).toEqual([]);
    const parts = bytes(`\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n${'--b\n'.repeat(200_000)}`);
    expect(payloadsOf(parse(parts))).toEqual([]);
    aggregated([bytes(Array.from({ length: 100_000 }, (_, at) => `--imdn-${at}-boundary\r\n`).join(''))]);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
