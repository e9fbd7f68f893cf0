import { bytesOf, describePoints, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { type Presence, parse, serialize } from '../src/index.ts';
import { document, tuple } from './documents.ts';
import { fixture } from './fixtures.ts';

const everything = fixture('rfc4479/5-everything.xml');
/** Tags that are changed are written anew, on one line and in double quotes; so that all may be compared alike. */
const normalized = (text: string): string => text.replace(/\n {4}xmlns:x=/, ' xmlns:x=').replaceAll("'", '"');
const normal = normalized(textOf(everything));

/** What a change of the value makes of the document. */
function changed(change: (presence: Presence) => Presence): string {
  return normalized(textOf(serialize(change(parse(everything)))));
}

function onTuple(change: (tuple: Presence['tuples'][number]) => Presence['tuples'][number]): string {
  return changed((presence) => {
    const [first, ...others] = presence.tuples;
    if (first === undefined) throw new Error('there are tuples');
    return { ...presence, tuples: [change(first), ...others] };
  });
}

describe('a changed field is all that changes in the document', () => {
  test.each<[string, string, [from: string, to: string]]>([
    [
      'entity',
      changed((p) => ({ ...p, entity: 'sip:bob@example.com' })),
      ['sip:alice@example.com', 'sip:bob@example.com'],
    ],
    ['id', onTuple((t) => ({ ...t, id: 't9' })), ['id="t1"', 'id="t9"']],
    [
      'status, within a CDATA section',
      onTuple((t) => ({ ...t, status: { ...t.status, basic: 'closed' } })),
      ['<![CDATA[open]]>', 'closed'],
    ],
    [
      'priority',
      onTuple((t) => ({ ...t, contact: { uri: 'sip:alice@pc.example.com', ...t.contact, priority: 0.75 } })),
      ['priority="0.50"', 'priority="0.75"'],
    ],
    [
      'contact',
      onTuple((t) => ({ ...t, contact: { ...t.contact, uri: 'sip:x@example.com' } })),
      ['sip:alice@pc.example.com', 'sip:x@example.com'],
    ],
    [
      'timestamp',
      onTuple((t) => ({ ...t, timestamp: '2027-01-01T00:00:00Z' })),
      ['2026-01-31T12:00:00.000+01:00', '2027-01-01T00:00:00Z'],
    ],
    [
      'text of a note',
      onTuple((t) => ({
        ...t,
        notes: t.notes.map((note, i) => (i === 1 ? { ...note, text: 'Weg' } : note)),
      })),
      ['Am Tisch &amp; da', 'Weg'],
    ],
    [
      'device ID',
      onTuple((t) => ({ ...t, deviceIds: [...t.deviceIds.slice(0, 1), 'urn:new'] })),
      ['>urn:x-mac:0003ba4811e4<', '>urn:new<'],
    ],
    [
      'note of a person',
      changed((p) => ({
        ...p,
        persons: p.persons.map((person) => ({
          ...person,
          notes: person.notes.map((n) => ({ ...n, language: 'fr' })),
        })),
      })),
      ['xml:lang="en">Busy', 'xml:lang="fr">Busy'],
    ],
    [
      'timestamp of a device, removed',
      changed((p) => ({ ...p, devices: p.devices.map((device) => ({ ...device, timestamp: undefined })) })),
      ['\n    <dm:timestamp>2026-01-31T11:00:00Z</dm:timestamp>', ''],
    ],
    ['extension, removed', changed((p) => ({ ...p, extra: p.extra.slice(0, 1) })), ['\n  <x:last/>', '']],
    [
      'tuple, removed',
      changed((p) => ({ ...p, tuples: p.tuples.slice(0, 1) })),
      [
        normal.slice(normal.indexOf('\n  <impp:tuple id="t2"'), normal.indexOf('\n  <impp:note>The whole')),
        '',
      ],
    ],
  ])('%s', (_, written, [from, to]) => {
    expect(normal).toContain(from);
    expect(written).toBe(normal.replace(from, to));
  });

  test('a new tuple, note, person and device come where the schema has them, indented as their like', () => {
    const written = changed((p) => ({
      ...p,
      tuples: [
        ...p.tuples,
        { id: 't3', status: { basic: 'open', extra: [] }, deviceIds: [], extra: [], notes: [] },
      ],
      notes: [{ text: 'First' }, ...p.notes],
      persons: [...p.persons, { id: 'p2', extra: [], notes: [] }],
    }));
    expect(written).toBe(
      normal
        .replace(
          '</impp:tuple>\n  <impp:note>The',
          '</impp:tuple>\n  <impp:tuple id="t3"><impp:status><impp:basic>open</impp:basic></impp:status></impp:tuple>\n  <impp:note>The',
        )
        .replace('<impp:note>The whole', '<impp:note>First</impp:note>\n  <impp:note>The whole')
        .replace('</dm:person>', '</dm:person>\n  <dm:person id="p2"/>'),
    );
  });

  test('the first of its kind comes after what the schema has before it', () => {
    const bytes = document(`\n  ${tuple('\n    <x:a/>\n  ')}\n  <x:b/>\n`);
    const presence = parse(bytes);
    const tuples = presence.tuples.map((t) => ({ ...t, notes: [{ text: 'n' }], contact: { uri: 'a:b' } }));
    const written = textOf(serialize({ ...presence, tuples, notes: [{ text: 'm' }] }));
    expect(written).toContain(
      '<x:a/>\n    <contact>a:b</contact>\n    <note>n</note>\n  </tuple>\n  <note>m</note>\n  <x:b/>',
    );
  });

  test('an order changed is written; what moves keeps its own content', () => {
    const written = changed((p) => ({ ...p, tuples: [...p.tuples].reverse() }));
    expect(written.indexOf('id="t2"')).toBeLessThan(written.indexOf('id="t1"'));
    expect(parse(written).tuples.map(({ id }) => id)).toEqual(['t2', 't1']);
    expect(written).toContain('<x:mood xmlns:x="urn:example:mood" level="3">calm<?pi in mood?></x:mood>');
  });

  test('a value taken over into another document takes all it held along', () => {
    const from = parse(everything);
    const into = parse(document('<note>here</note>'));
    const written = serialize({ ...into, tuples: from.tuples, persons: from.persons });
    const again = parse(written);
    expect(again.tuples).toMatchObject(
      JSON.parse(JSON.stringify(from.tuples.map(({ id, contact }) => ({ id, contact })))),
    );
    expect(textOf(written)).toContain('<!-- in person -->');
    expect(again.persons[0]?.extra).toMatchObject([{ namespace: 'urn:example:x', local: 'activity' }]);
  });
});

/** Each point of extension, with something foreign put there. */
const POINTS: readonly [name: string, around: (foreign: string) => string][] = [
  ['presence', (foreign) => `${tuple('')}${foreign}<dm:person id="p1"/>`],
  ['tuple', (foreign) => `${tuple(`${foreign}<contact>a:b</contact>`)}<dm:person id="p1"/>`],
  ['status', (foreign) => `${tuple('', `<basic>open</basic>${foreign}`)}<dm:person id="p1"/>`],
  ['person', (foreign) => `${tuple('')}<dm:person id="p1">${foreign}<dm:note>n</dm:note></dm:person>`],
  [
    'device',
    (foreign) =>
      `${tuple('')}<dm:person id="p1"/><dm:device id="d1">${foreign}<dm:deviceID>u:1</dm:deviceID></dm:device>`,
  ],
];
describePoints({
  points: POINTS.map(([name, around]) => [name, (foreign) => textOf(document(around(foreign)))]),
  change(bytes) {
    const presence = parse(bytes);
    const [first] = presence.tuples;
    if (first === undefined) throw new Error('there is a tuple');
    return serialize({
      ...presence,
      entity: 'sip:new@example.com',
      tuples: [{ ...first, id: 't2', status: { ...first.status, basic: 'closed' } }],
      persons: presence.persons.map((person) => ({ ...person, id: 'p2' })),
      devices: presence.devices.map((device) => ({ ...device, id: 'd2' })),
    });
  },
  expected: (text) =>
    text
      .replace('sip:alice@', 'sip:new@')
      .replace(/id="([tpd])1"/g, 'id="$12"')
      .replace('>open<', '>closed<'),
});

test('what stands around the root survives too', () => {
  const bytes = bytesOf(
    '<?xml version="1.0"?><!--a--><?b?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="a:b"/><!--c-->\n',
  );
  const written = textOf(serialize({ ...parse(bytes), entity: 'c:d' }));
  expect(written).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><!--a--><?b?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="c:d"/><!--c-->\n',
  );
});
