import { parse, serialize, validate } from '@sip-simple/pidf';
import { parse as parseXml } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import {
  ACTORS,
  type Capability,
  devcaps,
  EVENT_PACKAGES,
  EXTENSIONS,
  elements,
  METHODS,
  rules,
  type ServiceCapabilities,
  servcaps,
  supports,
  supportsPriority,
} from '../../src/index.ts';
import { advised, device, deviceOf, document, person, tuple, tupleOf, wrong } from '../documents.ts';
import { fixture } from '../fixtures.ts';

const service = (content: string) => `<caps:servcaps>${content}</caps:servcaps>`;
const capsOf = (content: string) => servcaps.of(tupleOf(service(content)));
const FLAGS = {
  audio: 'audio',
  application: 'application',
  data: 'data',
  control: 'control',
  video: 'video',
  text: 'text',
  message: 'message',
  automata: 'automata',
  isfocus: 'isFocus',
} as const;

test('the example of §5 reads as it is meant', () => {
  const presence = parse(fixture('rfc5196/5-example.xml'));
  const can = servcaps.of(presence.tuples[0] ?? {});
  expect(can).toMatchObject({ audio: true, message: true, video: false, text: undefined });
  expect(can?.descriptions.map(({ text, language }) => [language, text.trim()])).toEqual([
    ['en', 'Example service'],
    ['hu', "Pe'lda szolga'ltata's"],
  ]);
  expect(can?.methods?.supported?.values).toEqual(['ACK', 'BYE', 'INVITE', 'MESSAGE']);
  expect(supports(can?.duplex, 'full')).toBe(true);
  expect(supports(can?.schemes, 'sip')).toBe(true);
  expect(supportsPriority(can?.priority, 10)).toBe(true);
  expect(supports(devcaps.of(presence.devices[0] ?? {})?.mobility, 'mobile')).toBe(true);
});

test.each(Object.entries(FLAGS))('<%s> is true or false', (name, key) => {
  const flag = (text: string) => capsOf(`<caps:${name}>${text}</caps:${name}>`)?.[key];
  expect(['true', '1', 'false', '0', ' true ', 'TRUE', ''].map(flag)).toEqual([
    true,
    true,
    false,
    false,
    true,
    undefined,
    undefined,
  ]);
  expect(wrong(tuple(service(`<caps:${name}>TRUE</caps:${name}>`)))).toEqual([
    `/presence/tuple[1]/caps:servcaps[1]/caps:${name}[1] invalid-value`,
  ]);
});

const SETS: readonly (readonly [
  name: string,
  values: readonly string[],
  read: (can: ServiceCapabilities | undefined) => Capability<string> | undefined,
])[] = [
  ['actor', ACTORS, (can) => can?.actor],
  ['class', ['business', 'personal'], (can) => can?.class],
  ['duplex', ['full', 'half', 'receive-only', 'send-only'], (can) => can?.duplex],
  ['event-packages', EVENT_PACKAGES, (can) => can?.eventPackages],
  ['extensions', EXTENSIONS, (can) => can?.extensions],
  ['methods', METHODS, (can) => can?.methods],
];

describe.each(SETS)('<%s>', (name, values, read) => {
  const all = values.map((value) => `<caps:${value}/>`).join('');

  test('says what is supported and what is not, of all it has a name for, and more', () => {
    const content = `<caps:${name}><caps:supported>${all}<x:more/></caps:supported><caps:notsupported>${all}</caps:notsupported></caps:${name}>`;
    const can = read(capsOf(content));
    expect(can?.supported).toMatchObject({ values, extra: [{ local: 'more' }] });
    expect(can?.notSupported).toMatchObject({ values });
    expect(wrong(tuple(service(content)))).toEqual([]);
  });

  test('is in the order of the schema, each value once', () => {
    const [first = '', second = ''] = values;
    const found = (content: string) =>
      wrong(tuple(service(`<caps:${name}><caps:supported>${content}</caps:supported></caps:${name}>`)));
    const path = `/presence/tuple[1]/caps:servcaps[1]/caps:${name}[1]/caps:supported[1]`;
    expect(found(`<caps:${second}/><caps:${first}/>`)).toEqual([`${path}/caps:${first}[1] wrong-order`]);
    expect(found(`<caps:${first}/><caps:${first}/>`)).toEqual([`${path}/caps:${first}[2] too-many-elements`]);
  });
});

describe('values of other kinds', () => {
  test('languages and schemes are lists of texts', () => {
    const content =
      '<caps:languages><caps:notsupported><caps:l>hu</caps:l></caps:notsupported></caps:languages>' +
      '<caps:schemes><caps:supported><caps:s>sip</caps:s><caps:s> tel </caps:s></caps:supported></caps:schemes>';
    const read = capsOf(content);
    expect(read?.schemes?.supported?.values).toEqual(['sip', ' tel ']);
    expect([supports(read?.schemes, 'tel'), supports(read?.schemes, 'im')]).toEqual([true, undefined]);
    expect(supports(read?.languages, 'hu')).toBe(false);
    expect(wrong(tuple(service(content)))).toEqual([]);
    expect(wrong(tuple(service('<caps:schemes><caps:supported/></caps:schemes>')))).toEqual([
      '/presence/tuple[1]/caps:servcaps[1]/caps:schemes[1]/caps:supported[1] missing-element',
    ]);
  });

  test('types are type/subtype (@req rfc5196:3.2.9:1)', () => {
    const found = (type: string) => wrong(tuple(service(`<caps:type>${type}</caps:type>`)));
    for (const type of ['text/plain', 'application/vnd.x+xml', 'X-a/b.c_d!#'])
      expect(found(type)).toEqual([]);
    for (const type of ['text', 'text/', '/plain', 'text/plain; charset=utf-8', 'te xt/plain', 'a/b/c', '']) {
      expect(found(type)).toEqual(['/presence/tuple[1]/caps:servcaps[1]/caps:type[1] invalid-value']);
    }
    expect(() => servcaps.set({ extra: [] }, { types: ['text'] })).toThrow(RangeError);
  });

  test('types are in lower case (@req rfc5196:3.2.9:2)', () => {
    expect(advised(tuple(service('<caps:type>text/plain</caps:type>')))).toEqual([]);
    expect(advised(tuple(service('<caps:type>Text/plain</caps:type>')))).toEqual([
      '/presence/tuple[1]/caps:servcaps[1] upper-case',
    ]);
  });

  test('descriptions say their language (@req rfc5196:3.2.13:1 rfc5196:3.3.3:1)', () => {
    const named = '<caps:description xml:lang="en">d</caps:description>';
    const bare = '<caps:description>d</caps:description>';
    const inDevice = (content: string) => device(`<caps:devcaps>${content}</caps:devcaps>`);
    expect(advised(tuple(service(named)) + inDevice(named))).toEqual([]);
    expect(advised(tuple(service(named + bare)))).toEqual([
      '/presence/tuple[1]/caps:servcaps[1] no-language',
    ]);
    expect(advised(inDevice(bare))).toEqual(['/presence/dm:device[1]/caps:devcaps[1] no-language']);
  });
});

describe('priorities (§3.2.15)', () => {
  const read = (supported: string, not = '') =>
    capsOf(
      `<caps:priority><caps:supported>${supported}</caps:supported><caps:notsupported>${not}</caps:notsupported></caps:priority>`,
    )?.priority;
  const supported = (predicate: string) =>
    [9, 10, 11, 20, 21].map((value) => supportsPriority(read(predicate), value) ?? false);

  test('are supported by predicates that include their bounds', () => {
    expect(supported('<caps:equals value="10"/>')).toEqual([false, true, false, false, false]);
    expect(supported('<caps:lowerthan maxvalue="10"/>')).toEqual([true, true, false, false, false]);
    expect(supported('<caps:higherhan minvalue="20"/>')).toEqual([false, false, false, true, true]);
    expect(supported('<caps:range minvalue="10" maxvalue="20"/>')).toEqual([false, true, true, true, false]);
  });

  test('are read by the text’s name of higherthan too, which the schema misspells', () => {
    expect(supported('<caps:higherthan minvalue="20"/>')).toEqual([false, false, false, true, true]);
  });

  test('are supported where they are said to be both, and unknown where neither (§4.1)', () => {
    const both = read('<caps:equals value="10"/>', '<caps:lowerthan maxvalue="20"/>');
    expect([10, 20, 21].map((value) => supportsPriority(both, value))).toEqual([true, false, undefined]);
    expect(supportsPriority(undefined, 10)).toBeUndefined();
  });

  test('are whole numbers', () => {
    const content =
      '<caps:priority><caps:supported><caps:equals value="1.5"/></caps:supported></caps:priority>';
    expect(wrong(tuple(service(content)))).toEqual([expect.stringContaining('/@value invalid-value')]);
    expect(capsOf(content)?.priority?.supported?.equals).toEqual([]);
  });
});

test('what is said to be both supported and not is supported (§4.1)', () => {
  const methods = capsOf(
    '<caps:methods><caps:supported><caps:INVITE/></caps:supported><caps:notsupported><caps:INVITE/><caps:BYE/></caps:notsupported></caps:methods>',
  )?.methods;
  expect((['INVITE', 'BYE', 'ACK'] as const).map((method) => supports(methods, method))).toEqual([
    true,
    false,
    undefined,
  ]);
  expect(supports(undefined, 'x')).toBeUndefined();
});

describe('capabilities stand', () => {
  test('of a service in a tuple (@req rfc5196:3.2:1)', () => {
    expect(advised(tuple(service('')))).toEqual([]);
    expect(advised(person(service('')))).toEqual(['/presence/dm:person[1]/caps:servcaps[1] misplaced']);
    expect(advised(tuple('', `<basic>open</basic>${service('')}`))).toEqual([
      '/presence/tuple[1]/status[1]/caps:servcaps[1] misplaced',
    ]);
    expect(wrong(person(service('')))).toEqual([]);
  });

  test('of a device in a device (@req rfc5196:3.3:1)', () => {
    const content =
      '<caps:devcaps><caps:mobility><caps:supported><caps:fixed/></caps:supported></caps:mobility></caps:devcaps>';
    expect(devcaps.of(deviceOf(content))?.mobility?.supported?.values).toEqual(['fixed']);
    expect(advised(device(content))).toEqual([]);
    expect(advised(tuple(content))).toEqual(['/presence/tuple[1]/caps:devcaps[1] misplaced']);
  });

  test('in documents that follow RFC 3863 §4.1 (@req rfc5196:3.1:1)', () => {
    const bare = new TextDecoder().decode(document(tuple(service('')))).replace(/<\?.*\?>\n/, '');
    const found = validate(bare, { elements, check: rules });
    expect(found.map(({ rule }) => rule)).toEqual(['missing-declaration']);
    const { tuples } = parse(bare);
    const written = serialize({
      entity: 'a:b',
      tuples: tuples.map((value) => servcaps.set(value, { audio: true })),
    });
    expect(parseXml(written).declaration).toMatchObject({ version: '1.0', encoding: 'UTF-8' });
    expect(validate(written, { elements })).toEqual([]);
  });
});

test('what is written is in the order of the schema', () => {
  const value = servcaps.set(
    { extra: [] },
    {
      video: true,
      audio: true,
      methods: { supported: { values: ['INVITE', 'ACK', 'INVITE'] } },
      priority: { supported: { ranges: [{ minValue: 1, maxValue: 2 }], equals: [{ value: 5 }] } },
      schemes: { supported: { values: ['sip'] } },
    },
  );
  const written = serialize({
    entity: 'a:b',
    tuples: [{ id: 't', status: { basic: 'open' }, extra: value.extra }],
  });
  expect(validate(written, { elements })).toEqual([]);
  expect(servcaps.of(value)?.methods?.supported?.values).toEqual(['ACK', 'INVITE']);
});
