import { type Presence, parse, serialize, validate } from '@sip-simple/pidf';
import { describe, expect, test } from 'vitest';
import { all, check, compose, neutral, type PublishedDocument } from '../src/compose.ts';

const ALICE = 'sip:alice@example.com';

describe('composition of publications (RFC 4479 §3.5, RFC 3856 §6.11.1)', () => {
  test('one publication about the presentity is passed on as the bytes it came in', () => {
    const body = document({ content: '<tuple   id="t1"><status><basic>open</basic></status></tuple>' });
    expect(serialize(compose(ALICE, [published('a', body)]))).toBe(body);
  });

  test('entity becomes the URI that watchers ask for, and nothing else changes (§3.1)', () => {
    const body = document({ entity: 'pres:alice@example.com', content: '<!-- kept --><note>hi</note>' });
    const composed = text(compose(ALICE, [published('a', body)]));
    expect(composed).toBe(decode(body).replace('pres:alice@example.com', ALICE));
  });

  test('tuples, notes and extensions of all publications are united, equal notes given once (@req rfc3856:6.9:1)', () => {
    const composed = compose(ALICE, [
      published(
        'a',
        document({ content: `${tuple('t1')}<note xml:lang="en">hi</note><x:one xmlns:x="urn:x"/>` }),
      ),
      published('b', document({ content: `${tuple('t2')}<note xml:lang="en">hi</note><note>ho</note>` })),
      published('c', document({ content: `${tuple('t3')}<x:two xmlns:x="urn:x"><deep/></x:two>` })),
    ]);
    expect(composed.tuples.map(({ id }) => id)).toEqual(['t1', 't2', 't3']);
    expect(composed.notes.map((note) => note.text)).toEqual(['hi', 'ho']);
    const again = parse(serialize(composed));
    expect(again.extra.map(({ local }) => local)).toEqual(['one', 'two']);
    expect(again.extra[1]?.children).toMatchObject([{ local: 'deep' }]);
  });

  test('a composed document is valid, whatever prefixes its parts were written with', () => {
    const other =
      '<?xml version="1.0"?><p:presence xmlns:p="urn:ietf:params:xml:ns:pidf" entity="x:y"' +
      ' xmlns:d="urn:ietf:params:xml:ns:pidf:data-model" xmlns:dm="urn:x"><p:tuple id="t1"><p:status><dm:s/></p:status></p:tuple>' +
      '<d:person id="p"/><dm:e/></p:presence>';
    const composed = compose(ALICE, [
      published('a', document({ content: tuple('t1') + device('d', 'urn:1') })),
      published('b', other),
    ]);
    expect(validate(serialize(composed))).toEqual([]);
    const again = parse(serialize(composed));
    expect(again.tuples[1]?.status.extra).toMatchObject([{ namespace: 'urn:x', local: 's' }]);
    expect(again.devices).toMatchObject([{ id: 'd', deviceId: 'urn:1' }]);
    expect(again.persons).toMatchObject([{ id: 'p' }]);
    expect(again.extra).toMatchObject([{ namespace: 'urn:x', local: 'e' }]);
  });

  test('occurrence identifiers that clash are told apart, and stay so while a publication is modified (§3.5)', () => {
    const older = published('a', document({ content: tuple('t1') }));
    const before = compose(ALICE, [older, published('b', document({ content: tuple('t1') }))]);
    const after = compose(ALICE, [
      published('a', document({ content: tuple('t1', 'closed') })),
      published('b', document({ content: tuple('t1', 'closed') + person('t1') })),
    ]);
    const ids = before.tuples.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toBe('t1');
    expect(after.tuples.map(({ id }) => id)).toEqual(ids);
    expect(ids).not.toContain(after.persons[0]?.id);
    expect(validate(serialize(after))).toEqual([]);
  });

  test('of several persons the one that changed last is shown, by timestamp before order (§3.2, §3.5)', () => {
    const late = published('a', document({ content: person('p1', '2026-01-31T12:00:00Z') }));
    const early = published('b', document({ content: person('p2', '2026-01-31T12:30:00+01:00') }));
    const timeless = published('c', document({ content: person('p3') }));
    expect(compose(ALICE, [late, early, timeless]).persons.map(({ id }) => id)).toEqual(['p1']);
    expect(compose(ALICE, [early, { ...timeless, receivedAt: Date.UTC(2027, 0) }]).persons).toMatchObject([
      { id: 'p3' },
    ]);
    expect(
      compose(ALICE, [timeless, published('d', document({ content: person('p4') }))]).persons,
    ).toMatchObject([{ id: 'p4' }]);
  });

  test("ambiguity within one publication is its publisher's and stays (§3.5)", () => {
    const two = published('a', document({ content: person('p1') + person('p2') }));
    const other = published('b', document({ content: tuple('t1') }));
    expect(compose(ALICE, [two, other]).persons.map(({ id }) => id)).toEqual(['p1', 'p2']);
  });

  test('of one device the description that changed last is shown; other devices stay (§3.4)', () => {
    const a = published(
      'a',
      document({ content: device('d1', 'urn:1', '2026-01-01T00:00:00Z') + device('d2', 'urn:2') }),
    );
    const b = published('b', document({ content: device('d3', 'urn:1', '2026-01-02T00:00:00Z') }));
    for (const publications of [
      [a, b],
      [b, a],
    ]) {
      const ids = compose(ALICE, publications).devices.map(({ id }) => id);
      expect([...ids].sort()).toEqual(['d2', 'd3']);
    }
  });

  test('a policy may show all descriptions instead', () => {
    const publications = ['a', 'b'].map((id) => published(id, document({ content: person('p') })));
    const { persons } = compose(ALICE, publications, { person: all });
    expect(persons).toHaveLength(2);
    expect(new Set(persons.map(({ id }) => id)).size).toBe(2);
  });

  test('thousands of equal identifiers are told apart in linear time', () => {
    const many = document({ content: tuple('t1').repeat(20_000) });
    const publications = [published('a', many), published('b', many)];
    const began = performance.now();
    const { tuples } = compose(ALICE, publications);
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(new Set(tuples.map(({ id }) => id)).size).toBe(40_000);
  });

  test('without publications the neutral state is composed', () => {
    expect(compose(ALICE, [])).toEqual(neutral(ALICE));
  });
});

describe('the neutral state (RFC 3856 §6.6.2)', () => {
  test('is a valid document that says nothing, the same for the unknown and the hidden presentity', () => {
    const bytes = serialize(neutral(ALICE, 'unknown'));
    expect(decode(bytes)).toBe(decode(serialize(neutral(ALICE, 'hidden'))));
    expect(validate(bytes)).toEqual([]);
    expect(parse(bytes)).toMatchObject({ entity: ALICE, tuples: [], notes: [] });
  });

  test('says in a note that a subscription is pending', () => {
    const pending = parse(serialize(neutral(ALICE, 'pending')));
    expect(pending.tuples).toEqual([]);
    expect(pending.notes).toMatchObject([{ language: 'en', text: expect.stringContaining('authorization') }]);
  });
});

test.each([
  ['not XML', 'hello'],
  ['not well-formed', '<presence xmlns="urn:ietf:params:xml:ns:pidf">'],
  ['another document', '<?xml version="1.0"?><list/>'],
  ['nothing', ''],
])('a publication with %s is refused with status 400', (_, body) => {
  expect(() => check(new TextEncoder().encode(body))).toThrow(
    expect.objectContaining({ name: 'PidfError', status: 400 }),
  );
});

test('the charset of the publication is heeded', () => {
  const body = new Uint8Array([
    ...document({ content: '<note>h' }),
    0xe9,
    ...new TextEncoder().encode('</note></presence>'),
  ]);
  const cut = decode(body).indexOf('</presence>');
  const latin = new Uint8Array([...body.subarray(0, cut), ...body.subarray(cut + '</presence>'.length)]);
  expect(check(latin, 'iso-8859-1').notes[0]?.text).toBe('hé');
});

function published(id: string, body: Uint8Array | string): PublishedDocument {
  return { id, document: parse(body) };
}

function document({ entity = ALICE, content = '' }): Uint8Array {
  return new TextEncoder().encode(
    `<?xml version="1.0" encoding="UTF-8"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf"` +
      ` xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" entity="${entity}">${content}</presence>`,
  );
}

function tuple(id: string, basic = 'open'): string {
  return `<tuple id="${id}"><status><basic>${basic}</basic></status></tuple>`;
}

function person(id: string, timestamp?: string): string {
  const written = timestamp === undefined ? '' : `<dm:timestamp>${timestamp}</dm:timestamp>`;
  return `<dm:person id="${id}">${written}</dm:person>`;
}

function device(id: string, deviceId: string, timestamp?: string): string {
  const written = timestamp === undefined ? '' : `<dm:timestamp>${timestamp}</dm:timestamp>`;
  return `<dm:device id="${id}"><dm:deviceID>${deviceId}</dm:deviceID>${written}</dm:device>`;
}

function text(presence: Presence): string {
  return decode(serialize(presence));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
