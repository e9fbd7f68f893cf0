import { bytesOf, textOf } from '@sip-simple/testkit';
import { enumeration, optional, string, vocabulary } from '@sip-simple/xml/schema';
import { describe, expect, test } from 'vitest';
import { extension, parse, serialize, validate } from '../../src/index.ts';
import { document, tuple } from '../documents.ts';
import { fixture } from '../fixtures.ts';

const example = vocabulary('http://id.mycompany.com/presence/', 'myex');
const first = example.leaf('ex1', string);
const second = example.leaf('ex2', string);
const complex = (fields: Parameters<typeof example.element>[1]) =>
  extension(example.element('complexExtension', fields));

describe('namespaces (§4.2.1, §4.2.2)', () => {
  test('a prefix is free to choose', () => {
    const prefixed = parse(fixture('rfc3863/4.2.2-prefix.xml'));
    const unprefixed = parse(fixture('rfc3863/4.2.2-default-namespace.xml'));
    expect(JSON.stringify(prefixed)).toBe(JSON.stringify(unprefixed));
  });

  test.each(['relative', '//host/path', 'urn:x#fragment', 'a b:c'])(
    'the namespace "%s" is reported (@req rfc3863:4.2.2:1, @req rfc3863:4.2.2:2)',
    (namespace) => {
      const bytes = document(tuple('', `<y:z xmlns:y="${namespace}"/>`));
      expect(validate(bytes)).toMatchObject([{ rule: 'relative-namespace' }]);
    },
  );
});

describe('names that are not recognised (§4.2.3)', () => {
  test('are passed over with all they hold (@req rfc3863:4.2.3:1)', () => {
    const presence = parse(
      document(
        `<x:tuple id="no"><tuple id="no"/></x:tuple><p:unknown><note>no</note></p:unknown>${tuple(
          '<x:contact>no:no</x:contact><p:other><contact>no:no</contact></p:other>',
          '<x:basic>closed</x:basic><p:more><basic>closed</basic></p:more>',
        )}`,
      ),
    );
    expect(presence.tuples).toHaveLength(1);
    expect(presence.tuples[0]).toMatchObject({ id: 't1', contact: undefined, notes: [] });
    expect(presence.tuples[0]?.status.basic).toBeUndefined();
    expect(presence.notes).toEqual([]);
  });

  test('the elements of RFC 3863 are recognised without mustUnderstand (@req rfc3863:4.2.3:2, @req rfc3863:4.2.3:3)', () => {
    const timestamp = '2026-01-31T12:00:00Z';
    const content = `<contact>sip:a@b</contact><note>n</note><timestamp>${timestamp}</timestamp>`;
    expect(parse(document(`${tuple(content)}<note>m</note>`))).toMatchObject({
      tuples: [
        {
          id: 't1',
          status: { basic: 'open' },
          contact: { uri: 'sip:a@b' },
          notes: [{ text: 'n' }],
          timestamp,
        },
      ],
      notes: [{ text: 'm' }],
    });
  });

  test('mustUnderstand is for extensions: the elements of RFC 3863 do not have it, and it is a boolean', () => {
    const on = (status: string) => validate(document(tuple('', status))).map(({ rule }) => rule);
    expect(on('<basic p:mustUnderstand="1">open</basic>')).toEqual(['unexpected-attribute']);
    expect(on('<x:mood p:mustUnderstand="true"/>')).toEqual([]);
    expect(on('<x:mood p:mustUnderstand="yes"/>')).toEqual(['invalid-value']);
  });

  test('an extension holding what must be understood and is not, is ignored (§4.3.3, @req rfc3863:4.3.3:1)', () => {
    const [read] = parse(fixture('rfc3863/4.3.3-must-understand.xml')).tuples;
    if (read === undefined) throw new Error('the example has a tuple');
    expect(complex({ one: optional(first), two: optional(second) }).of(read)).toMatchObject({
      one: 'val1',
      two: 'val2',
    });
    expect(complex({ one: optional(first) }).of(read)).toMatchObject({ one: 'val1' });
    expect(complex({ two: optional(second) }).of(read)).toBeUndefined();
  });

  test.each(['true', '1', 'false', '0'])(
    'mustUnderstand="%s" on what is understood, or within the unknown, changes nothing',
    (value) => {
      const attribute = `xmlns:m="http://id.mycompany.com/presence/" p:mustUnderstand="${value}"`;
      const inner = `<x:unknown><x:deep p:mustUnderstand="${value}"/></x:unknown>`;
      const [read] = parse(
        document(
          tuple(
            '',
            `<m:complexExtension ${attribute}><m:ex1 p:mustUnderstand="${value}">v</m:ex1>${inner}</m:complexExtension>`,
          ),
        ),
      ).tuples;
      expect(complex({ one: optional(first) }).of(read?.status ?? {})).toMatchObject({ one: 'v' });
    },
  );

  test('what can not be understood makes what must hold it not understood either', () => {
    const middle = example.element('middle', { one: optional(first) });
    const lens = complex({ middle: optional(middle), two: optional(second) });
    const holding = (flag: string) =>
      parse(
        document(
          tuple(
            `<m:complexExtension xmlns:m="http://id.mycompany.com/presence/"><m:middle ${flag}><x:new p:mustUnderstand="1"/></m:middle><m:ex2>v</m:ex2></m:complexExtension>`,
          ),
        ),
      ).tuples[0] ?? {};
    expect(lens.of(holding(''))).toMatchObject({ two: 'v', middle: undefined });
    expect(lens.of(holding('p:mustUnderstand="true"'))).toBeUndefined();
  });
});

describe('extensions as lenses (§4.2.4)', () => {
  const local = vocabulary('urn:example-com:pidf-status-type', 'local');
  const location = extension(local.leaf('location', enumeration('home', 'office', 'car')));

  test('are read from the element they extend', () => {
    const status = parse(fixture('rfc3863/4.2.4-status-value.xml')).tuples[0]?.status;
    expect(location.of(status ?? {})).toBe('home');
    expect(location.of({})).toBeUndefined();
    expect(
      location.of({
        extra: parse(document('<location xmlns="urn:example-com:pidf-status-type">moon</location>')).extra,
      }),
    ).toBeUndefined();
  });

  test('are changed in their place, and nothing else is', () => {
    const bytes = fixture('rfc3863/4.2.4-status-value.xml');
    const presence = parse(bytes);
    const tuples = presence.tuples.map((tuple) => ({
      ...tuple,
      status: location.set(tuple.status, 'office'),
    }));
    expect(textOf(serialize({ ...presence, tuples }))).toBe(normal(bytes).replace('home', 'office'));
  });

  test('are added with a declaration of their namespace, and removed', () => {
    const presence = parse(document(tuple('')));
    const [only] = presence.tuples;
    if (only === undefined) throw new Error('there is a tuple');
    const added = serialize({ ...presence, tuples: [{ ...only, status: location.set(only.status, 'car') }] });
    expect(validate(added)).toEqual([]);
    const [again] = parse(added).tuples;
    expect(location.of(again?.status ?? {})).toBe('car');
    expect(textOf(added)).toContain('<basic>open</basic><local:location>car</local:location>');
    expect(location.set(again?.status ?? { extra: [] }, undefined).extra).toEqual([]);
  });
});

test('an element of no namespace is no extension (§4.4, ##other)', () => {
  const bytes = bytesOf(textOf(document(tuple('', '<basic>open</basic><bare xmlns=""/>'))));
  expect(validate(bytes)).toMatchObject([
    { rule: 'unexpected-element', path: '/presence/tuple[1]/status[1]/bare[1]' },
  ]);
  expect(parse(bytes).tuples[0]?.status.extra).toMatchObject([{ local: 'bare' }]);
});

/** The document as the serializer spaces its tags. */
function normal(bytes: Uint8Array): string {
  return textOf(bytes).replace(/\n {4}(?=xmlns|entity)/g, ' ');
}
