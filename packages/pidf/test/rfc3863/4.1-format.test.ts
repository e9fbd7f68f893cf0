import { bytesOf, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { instantOf, parse, priorityOf, serialize, timestampAfter, validate } from '../../src/index.ts';
import { document, tuple } from '../documents.ts';

const rules = (bytes: Uint8Array | string) => validate(bytes).map(({ path, rule }) => `${path} ${rule}`);
const PRESENCE = '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:a@b"><note>é</note></presence>';

describe('encoding (§3.1, §4.1, §7)', () => {
  test('a document without an XML declaration is read, and reported (§4.1, @req rfc3863:4.1:1)', () => {
    expect(parse(PRESENCE).entity).toBe('sip:a@b');
    expect(rules(bytesOf(PRESENCE))).toEqual(['/ missing-declaration']);
    expect(textOf(serialize(parse(bytesOf(PRESENCE))))).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>/);
    expect(textOf(serialize({ entity: 'sip:a@b' }))).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>/);
  });

  test('UTF-8 is accepted and generated (§4.1, §7, @req rfc3863:4.1:2, @req rfc3863:7:1, @req rfc4479:9:2)', () => {
    const bytes = document('<note>日本 é 😀</note>');
    expect(parse(bytes).notes[0]?.text).toBe('日本 é 😀');
    const changed = serialize({ ...parse(bytes), notes: [{ text: 'ß 😀' }] });
    expect(new TextDecoder('utf-8', { fatal: true }).decode(changed)).toContain('<note>ß 😀</note>');
  });

  test('without charset the encoding is found as XML says: byte order mark, declaration, else UTF-8 (§3.1, @req rfc3863:3.1:2)', () => {
    expect(parse(bytesOf(PRESENCE)).notes[0]?.text).toBe('é');
    const utf16 = utf16Of(`<?xml version="1.0" encoding="UTF-16"?>${PRESENCE}`);
    expect(parse(utf16).notes[0]?.text).toBe('é');
    expect(textOf(serialize(parse(utf16)))).toBe(`<?xml version="1.0" encoding="UTF-8"?>${PRESENCE}`);
    const latin = latin1Of(`<?xml version="1.0" encoding="UTF-8"?>${PRESENCE}`);
    expect(() => parse(latin)).toThrow(expect.objectContaining({ code: 'not-well-formed', status: 400 }));
  });

  test('the charset parameter takes precedence over the declaration (§4.1)', () => {
    const latin = latin1Of(`<?xml version="1.0" encoding="UTF-8"?>${PRESENCE}`);
    const presence = parse(latin, { charset: 'ISO-8859-1' });
    expect(presence.notes[0]?.text).toBe('é');
    expect(textOf(serialize(presence))).toContain('<note>é</note>');
    expect(() => parse(latin, { charset: 'utf-8' })).toThrow(expect.objectContaining({ code: 'charset' }));
    expect(() => parse(latin, { charset: 'no-such' })).toThrow(
      expect.objectContaining({ code: 'charset', status: 400 }),
    );
  });
});

describe('<presence> (§4.1.1)', () => {
  test('must have an entity; readers do without (@req rfc3863:4.1.1:2)', () => {
    const bytes = document('', '');
    expect(rules(bytes)).toEqual(['/presence missing-attribute']);
    expect(parse(bytes).entity).toBe('');
    // @ts-expect-error the type asks for it too
    expect(() => serialize({ tuples: [] })).toThrow(TypeError);
  });

  test.each([
    ['no namespace', '<presence entity="sip:a@b"/>'],
    ['another', '<presence xmlns="urn:ietf:params:xml:ns:cpim-pidf" entity="sip:a@b"/>'],
    ['another element', '<tuple xmlns="urn:ietf:params:xml:ns:pidf" id="a"/>'],
  ])(
    'is in the namespace of RFC 3863 and declares it, refused with %s (@req rfc3863:4.1.1:3, @req rfc3863:4.1.1:4)',
    (_, root) => {
      const bytes = bytesOf(`<?xml version="1.0"?>${root}`);
      expect(() => parse(bytes)).toThrow(expect.objectContaining({ code: 'wrong-root', status: 400 }));
      expect(rules(bytes)).toEqual([expect.stringContaining('wrong-element')]);
      expect(textOf(serialize({ entity: 'sip:a@b' }))).toContain(
        '<presence xmlns="urn:ietf:params:xml:ns:pidf"',
      );
    },
  );

  test('holds tuples, then notes, then extensions; readers take any order (§4.4)', () => {
    const bytes = document(`<x:ext/><note>n</note>${tuple('')}`);
    expect(parse(bytes)).toMatchObject({
      tuples: [{ id: 't1' }],
      notes: [{ text: 'n' }],
      extra: [{ local: 'ext' }],
    });
    expect(rules(bytes)).toEqual(['/presence/note[1] wrong-order', '/presence/tuple[1] wrong-order']);
  });
});

describe('<tuple> (§4.1.2)', () => {
  test('must have an id (@req rfc3863:4.1.2:2)', () => {
    const bytes = document('<tuple><status><basic>open</basic></status></tuple>');
    expect(rules(bytes)).toEqual(['/presence/tuple[1] missing-attribute']);
    expect(parse(bytes).tuples).toMatchObject([{ id: '', status: { basic: 'open' } }]);
    expect(() => serialize({ entity: 'a:b', tuples: [{ id: '', status: {} }] })).toThrow(RangeError);
  });

  test('has an id of its own (@req rfc3863:4.1.2:3)', () => {
    const bytes = document(tuple('', undefined, 'same') + tuple('', undefined, 'same'));
    expect(rules(bytes)).toEqual(['/presence/tuple[2]/@id duplicate-id']);
    expect(parse(bytes).tuples).toHaveLength(2);
  });

  test('holds status, extensions, contact, notes and timestamp in this order (@req rfc3863:4.2.3:4)', () => {
    const parts = [
      '<x:e/>',
      '<contact>a:b</contact>',
      '<note>n</note>',
      '<timestamp>2026-01-31T12:00:00Z</timestamp>',
    ];
    expect(rules(document(tuple(parts.join(''))))).toEqual([]);
    for (let index = 1; index < parts.length; index += 1) {
      const swapped = [...parts];
      swapped.splice(index - 1, 2, parts[index] ?? '', parts[index - 1] ?? '');
      expect(rules(document(tuple(swapped.join(''))))).toEqual([expect.stringContaining('wrong-order')]);
      expect(parse(document(tuple(swapped.join('')))).tuples).toMatchObject([
        { contact: { uri: 'a:b' }, notes: [{}] },
      ]);
    }
    expect(rules(document('<tuple id="a"/>'))).toEqual(['/presence/tuple[1] missing-element']);
  });
});

describe('<status> and <basic> (§4.1.3, §4.1.4)', () => {
  test('at least one status value, which need not be <basic> (@req rfc3863:4.1.3:2)', () => {
    expect(rules(document(tuple('', '')))).toEqual(['/presence/tuple[1]/status[1] empty-status']);
    expect(rules(document(tuple('', '<x:mood/>')))).toEqual([]);
  });

  test.each(['open', 'closed'] as const)('%s is a value', (value) => {
    const bytes = document(tuple('', `<basic>${value}</basic>`));
    expect(parse(bytes).tuples[0]?.status.basic).toBe(value);
    expect(rules(bytes)).toEqual([]);
  });

  test.each(['OPEN', '', 'busy', 'open closed'])(
    '"%s" is none, counts as absent, and is written back',
    (value) => {
      const bytes = document(tuple('', `<basic>${value}</basic>`));
      const presence = parse(bytes);
      expect(presence.tuples[0]?.status.basic).toBeUndefined();
      expect(rules(bytes)).toEqual(['/presence/tuple[1]/status[1]/basic[1] invalid-value']);
      expect(textOf(serialize({ ...presence, entity: 'a:b' }))).toContain(`<basic>${value}</basic>`);
    },
  );

  test('white space around the value is the readers’ to forgive', () => {
    expect(parse(document(tuple('', '<basic>\n open </basic>'))).tuples[0]?.status.basic).toBe('open');
  });
});

describe('<contact> (§4.1.5)', () => {
  const priority = (written: string) => document(tuple(`<contact priority="${written}">sip:a@b</contact>`));

  test.each(['0', '0.021', '0.5', '1.00', '1', '0.', '0.000'])(
    'priority %s (@req rfc3863:4.1.5:1)',
    (written) => {
      expect(rules(priority(written))).toEqual([]);
      expect(parse(priority(written)).tuples[0]?.contact?.priority).toBe(Number(written));
    },
  );

  test.each(['1.001', '2', '-0.1', '0.1234', '1e-1', 'high', '', '0123', '1000'])(
    'priority "%s" is invalid and counts as absent (@req rfc3863:4.1.5:1, @req rfc3863:4.1.5:3)',
    (written) => {
      expect(rules(priority(written))).toEqual(['/presence/tuple[1]/contact[1]/@priority invalid-value']);
      expect(parse(priority(written)).tuples[0]?.contact).toMatchObject({
        uri: 'sip:a@b',
        priority: undefined,
      });
    },
  );

  test('a priority that is none is not written', () => {
    for (const wrong of [1.5, -1, 0.12345, Number.NaN]) {
      const contact = { uri: 'sip:a@b', priority: wrong };
      expect(() => serialize({ entity: 'a:b', tuples: [{ id: 't', status: {}, contact }] })).toThrow(
        RangeError,
      );
    }
  });

  test('without priority a contact has the lowest (@req rfc3863:4.1.5:2)', () => {
    const presence = parse(
      document(tuple('<contact>sip:a@b</contact>') + tuple('<contact priority="7">c:d</contact>')),
    );
    expect(presence.tuples.map(({ contact }) => contact && priorityOf(contact))).toEqual([0, 0]);
    expect(priorityOf({ uri: 'sip:a@b', priority: 0.021 })).toBe(0.021);
  });
});

describe('<note> (§4.1.6)', () => {
  test('has its text as written and its language', () => {
    const presence = parse(document('<note xml:lang="fr"> Tokyo\n</note><note>x</note>'));
    expect(presence.notes).toMatchObject([
      { text: ' Tokyo\n', language: 'fr' },
      { text: 'x', language: undefined },
    ]);
    expect(rules(document('<note xml:lang="en_US">x</note>'))).toEqual([
      '/presence/note[1]/@xml:lang invalid-value',
    ]);
  });
});

describe('<timestamp> (§4.1.7)', () => {
  const stamp = (written: string) => document(tuple(`<timestamp>${written}</timestamp>`));

  test.each([
    ['2001-10-27T16:49:29Z', Date.UTC(2001, 9, 27, 16, 49, 29)],
    ['2001-10-27T16:49:29.1234567+05:30', Date.UTC(2001, 9, 27, 11, 19, 29, 123)],
    ['2000-02-29T23:59:59-00:30', Date.UTC(2000, 2, 1, 0, 29, 59)],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
  ])('%s keeps its form and names a moment (@req rfc3863:4.1.7:1)', (written, instant) => {
    expect(rules(stamp(written))).toEqual([]);
    expect(parse(stamp(written)).tuples[0]?.timestamp).toBe(written);
    expect(instantOf(written)).toBe(instant);
  });

  test.each([
    '2001-10-27t16:49:29Z',
    '2001-10-27T16:49:29z',
    '2001-10-27 16:49:29Z',
    '2001-10-27T16:49:29',
    '2001-02-29T00:00:00Z',
    '2001-10-27T24:00:00Z',
    '12001-10-27T16:49:29Z',
    'yesterday',
    '',
  ])('"%s" is no timestamp (@req rfc3863:4.1.7:1, @req rfc3863:4.1.7:2)', (written) => {
    expect(rules(stamp(written))).toEqual(['/presence/tuple[1]/timestamp[1] invalid-value']);
    expect(parse(stamp(written)).tuples).toHaveLength(1);
    const tuples = [{ id: 't', status: {}, timestamp: written }];
    expect(() => serialize({ entity: 'a:b', tuples })).toThrow(RangeError);
  });

  test('the timestamp of the next document is never that of the last (@req rfc3863:4.1.7:4)', () => {
    const now = Date.UTC(2026, 0, 31, 12);
    const first = timestampAfter(undefined, now);
    expect(first).toBe('2026-01-31T12:00:00Z');
    const second = timestampAfter(first, now);
    const third = timestampAfter(second, now - 5_000);
    expect([second, third]).toEqual(['2026-01-31T12:00:00.001Z', '2026-01-31T12:00:00.002Z']);
    expect(timestampAfter(third, now + 1_000)).toBe('2026-01-31T12:00:01Z');
  });
});

function utf16Of(text: string): Uint8Array {
  const units = Uint16Array.from(`\ufeff${text}`, (char) => char.charCodeAt(0));
  return new Uint8Array(units.buffer);
}

function latin1Of(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
