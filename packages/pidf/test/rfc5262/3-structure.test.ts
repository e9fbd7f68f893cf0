import { bytesOf, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { parse as parsePresence, serialize as serializePresence } from '../../src/index.ts';
import { fullOf, parse, presenceOf, serialize, validate } from '../../src/partial/index.ts';
import { diff, document, fixture, full, tuple } from './documents.ts';

const rules = (bytes: Uint8Array | string) => validate(bytes).map(({ path, rule }) => `${path} ${rule}`);

describe('documents (§3)', () => {
  test('<pidf-full> holds what a presence document does, and a version (@req rfc5262:3.1:1)', () => {
    const read = parse(fixture('rfc5262/6-full.xml'));
    expect(read).toMatchObject({
      type: 'pidf-full',
      value: {
        version: 567,
        entity: 'pres:someone@example.com',
        tuples: [{ id: 'sg89ae' }, { id: 'cg231jcr', contact: { priority: 1 } }, { id: 'r1230d' }],
        notes: [{ text: 'Full state presence document', language: 'en' }],
        persons: [{ id: 'p123' }],
        devices: [{ id: 'u600b40c7', deviceId: 'urn:esn:600b40c7' }],
      },
    });
  });

  test('<pidf-diff> holds operations, and may name version and presentity (@req rfc5262:3.2:1)', () => {
    const read = parse(fixture('rfc5262/6-diff.xml'));
    expect(read).toMatchObject({
      type: 'pidf-diff',
      value: { version: 568, entity: 'pres:someone@example.com' },
    });
    if (read.type !== 'pidf-diff') throw new Error('it is partial');
    expect(read.value.operations.map(({ type, value }) => `${type} ${value.sel}`)).toEqual([
      'add presence/note',
      "replace */tuple[@id='r1230d']/status/basic/text()",
      'remove */d:person/r:activities/r:busy',
      "replace */tuple[@id='cg231jcr']/contact/@priority",
    ]);
    expect(rules(document('pidf-diff', '', ''))).toEqual([]);
  });

  test('what is not well-formed is refused (@req rfc5262:3:2)', () => {
    for (const broken of ['<p:pidf-diff/>', '<a></b>', '', '<!DOCTYPE a><a/>']) {
      expect(() => parse(broken)).toThrow(expect.objectContaining({ code: 'not-well-formed', status: 400 }));
      expect(() => validate(broken)).toThrow(expect.objectContaining({ code: 'not-well-formed' }));
    }
  });

  test('ids are unique names, as in PIDF (@req rfc5262:3:1)', () => {
    expect(rules(document('pidf-full', tuple('a') + tuple('a')))).toEqual([
      '/p:pidf-full/tuple[2]/@id duplicate-id',
    ]);
    expect(rules(document('pidf-full', tuple('1a')))).toEqual(['/p:pidf-full/tuple[1]/@id invalid-value']);
    expect(rules(document('pidf-full', `${tuple('a')}<dm:person id="a"/>`))).toEqual([
      '/p:pidf-full/dm:person[1]/@id duplicate-id',
    ]);
  });

  test('<presence> is no root of this media type, though the schema has it', () => {
    const bytes = bytesOf(
      '<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="a:b"/>',
    );
    expect(() => parse(bytes)).toThrow(expect.objectContaining({ code: 'wrong-root', status: 400 }));
    expect(rules(bytes)).toEqual(['/presence wrong-element']);
  });

  test('versions are unsigned 32 bit integers (§7)', () => {
    for (const root of ['pidf-full', 'pidf-diff'] as const) {
      const at = (version: string) => document(root, '', `entity="a:b" version="${version}"`);
      expect(rules(at('4294967295'))).toEqual([]);
      for (const wrong of ['4294967296', '-1', '1.0', '']) {
        expect(rules(at(wrong))).toEqual([`/p:${root}/@version invalid-value`]);
        expect(parse(at(wrong)).value.version).toBeUndefined();
      }
    }
    const value = { entity: 'a:b', version: -1 };
    expect(() => serialize({ type: 'pidf-full', value })).toThrow(RangeError);
  });

  test('elements at the point of extension are of other namespaces than PIDF (§7)', () => {
    expect(rules(document('pidf-full', '<x:a/><p:b/>'))).toEqual([]);
    expect(rules(document('pidf-full', '<unknown/>'))).toEqual([
      '/p:pidf-full/unknown[1] unexpected-element',
    ]);
    expect(full(1, '<x:a/><unknown/>').value).toMatchObject({
      extra: [{ local: 'a' }, { local: 'unknown' }],
    });
  });
});

describe('character sets (§10)', () => {
  const content = `${tuple('t1')}<note>é</note>`;
  const utf16 = (bytes: Uint8Array) => {
    const units = [...`\uFEFF${textOf(bytes).replace('UTF-8', 'UTF-16')}`].map((each) => each.charCodeAt(0));
    return Uint8Array.from(units.flatMap((unit) => [unit & 0xff, unit >> 8]));
  };

  test('UTF-8 and UTF-16 are read, full and partial (@req rfc5262:10:1, @req rfc5262:10:3)', () => {
    const patch = document('pidf-diff', '<p:add sel="*"><note>ü</note></p:add>', 'version="2"');
    for (const encode of [(bytes: Uint8Array) => bytes, utf16]) {
      expect(parse(encode(document('pidf-full', content))).value).toMatchObject({ notes: [{ text: 'é' }] });
      expect(parse(encode(patch)).value).toMatchObject({
        operations: [{ value: { content: [{ children: [{ value: 'ü' }] }] } }],
      });
    }
  });

  test('UTF-8 is written (@req rfc5262:10:2)', () => {
    const written = serialize(parse(utf16(document('pidf-full', content))));
    expect(new TextDecoder('utf-8', { fatal: true }).decode(written)).toContain('<note>é</note>');
    expect(textOf(written)).toContain('encoding="UTF-8"');
  });

  test('the charset parameter is right where it differs', () => {
    const bytes = Uint8Array.from(textOf(document('pidf-full', content)), (each) => each.charCodeAt(0));
    expect(parse(bytes, { charset: 'iso-8859-1' }).value).toMatchObject({ notes: [{ text: 'é' }] });
    expect(() => parse(bytes, { charset: 'utf-8' })).toThrow(expect.objectContaining({ code: 'charset' }));
  });
});

describe('a presence document and its full document hold the same', () => {
  test('a full document is a presence document under another root, and back', () => {
    const presence = parsePresence(
      '<?xml version="1.0"?><!--a--><impp:presence xmlns:impp="urn:ietf:params:xml:ns:pidf" entity="a:b">\n' +
        '  <impp:tuple id="t"><impp:status><impp:basic>open</impp:basic></impp:status></impp:tuple><!--b-->\n</impp:presence>',
    );
    const made = fullOf(presence, 7);
    expect(made).toMatchObject({ version: 7, entity: 'a:b', tuples: [{ id: 't' }] });
    const bytes = serialize({ type: 'pidf-full', value: made });
    expect(validate(bytes)).toEqual([]);
    expect(textOf(bytes)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><!--a--><p:pidf-full xmlns:p="urn:ietf:params:xml:ns:pidf-diff"' +
        ' xmlns:impp="urn:ietf:params:xml:ns:pidf" entity="a:b" version="7">\n' +
        '  <impp:tuple id="t"><impp:status><impp:basic>open</impp:basic></impp:status></impp:tuple><!--b-->\n</p:pidf-full>',
    );
    expect(textOf(serializePresence(presenceOf(made)))).toBe(
      textOf(serializePresence({ ...presence })).replace(
        'xmlns:impp',
        'xmlns:p="urn:ietf:params:xml:ns:pidf-diff" xmlns:impp',
      ),
    );
  });

  test('prefixes that are taken are left alone', () => {
    const presence = parsePresence(
      '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:p="urn:p" entity="a:b"><p:x/></presence>',
    );
    const bytes = serialize({ type: 'pidf-full', value: fullOf(presence) });
    expect(textOf(bytes)).toContain('<p1:pidf-full xmlns:p1="urn:ietf:params:xml:ns:pidf-diff"');
    expect(parse(bytes).value).toMatchObject({
      version: undefined,
      extra: [{ namespace: 'urn:p', local: 'x' }],
    });
    const inner = parse(
      '<f xmlns="urn:ietf:params:xml:ns:pidf-diff" xmlns:pidf="urn:q" entity="a:b"/>'.replace(
        /<f/,
        '<pidf-full',
      ),
    );
    if (inner.type !== 'pidf-full') throw new Error('it is full');
    expect(textOf(serializePresence(presenceOf(inner.value)))).toContain(
      '<pidf1:presence xmlns:pidf1="urn:ietf:params:xml:ns:pidf"',
    );
  });

  test('a value that was never a document is one too', () => {
    const made = fullOf({ entity: 'sip:a@b', tuples: [{ id: 't', status: { basic: 'open' } }] }, 1);
    expect(validate(serialize({ type: 'pidf-full', value: made }))).toEqual([]);
    expect(presenceOf(made)).toMatchObject({ entity: 'sip:a@b', tuples: [{ id: 't' }] });
    expect(diff(2).type).toBe('pidf-diff');
  });
});
