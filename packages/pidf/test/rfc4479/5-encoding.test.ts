import { textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { notesOf, type Person, parse, serialize, validate } from '../../src/index.ts';
import { document, tuple } from '../documents.ts';

const rules = (bytes: Uint8Array) => validate(bytes).map(({ path, rule }) => `${path} ${rule}`);
const person = (content: string, id = 'p1') => `<dm:person id="${id}">${content}</dm:person>`;
const device = (content: string, id = 'd1') => `<dm:device id="${id}">${content}</dm:device>`;
const deviceId = '<dm:deviceID>urn:x:1</dm:deviceID>';

describe('person and device (§5)', () => {
  test('stand in any order among other extensions', () => {
    const bytes = document(
      `${device(deviceId)}<x:a/>${person('')}${device(deviceId, 'd2')}${person('', 'p2')}<x:b/>`,
    );
    expect(rules(bytes)).toEqual([]);
    const presence = parse(bytes);
    expect(presence.persons.map(({ id }) => id)).toEqual(['p1', 'p2']);
    expect(presence.devices.map(({ id }) => id)).toEqual(['d1', 'd2']);
    expect(presence.extra.map(({ local }) => local)).toEqual(['a', 'b']);
  });

  test('have extensions, then the device ID, notes and a timestamp, of their own namespace', () => {
    const end = '<dm:note xml:lang="en">n</dm:note><dm:timestamp>2026-01-31T12:00:00Z</dm:timestamp>';
    expect(rules(document(person(`<x:a/>${end}`) + device(`<x:b/>${deviceId}${end}`)))).toEqual([]);
    expect(rules(document(person(`${end}<x:a/>`)))).toEqual(['/presence/dm:person[1]/x:a[1] wrong-order']);
    expect(rules(document(device('<x:b/>')))).toEqual(['/presence/dm:device[1] missing-element']);
    expect(parse(document(person(`${end}<x:a/>`))).persons).toMatchObject([
      { notes: [{ text: 'n', language: 'en' }], timestamp: '2026-01-31T12:00:00Z', extra: [{ local: 'a' }] },
    ]);
  });

  test('have an identifier that no tuple, person or device shares (§3.5)', () => {
    for (const twin of [person('', 't1'), device(deviceId, 't1')]) {
      expect(rules(document(tuple('') + twin))).toEqual([expect.stringContaining('/@id duplicate-id')]);
    }
    expect(rules(document('<dm:person/>'))).toEqual(['/presence/dm:person[1] missing-attribute']);
    expect(parse(document('<dm:person><x:a/></dm:person>')).persons).toMatchObject([{ id: '', extra: [{}] }]);
  });

  test('a service names the devices it runs on (§3.3.1)', () => {
    const other = '<dm:deviceID>urn:x:2</dm:deviceID>';
    const bytes = document(tuple(`${deviceId}<x:a/>${other}<contact>a:b</contact>`));
    expect(parse(bytes).tuples[0]?.deviceIds).toEqual(['urn:x:1', 'urn:x:2']);
    expect(rules(bytes)).toEqual([]);
  });

  test('extensions are of another namespace than what they extend (§6, @req rfc4479:6:3)', () => {
    expect(rules(document(person('<dm:mood/>')))).toEqual([
      '/presence/dm:person[1]/dm:mood[1] unexpected-element',
    ]);
    expect(rules(document(person('<note>of PIDF</note>')))).toEqual([]);
  });

  test('the notes of the document are about each person that has none (§5)', () => {
    const presence = parse(
      document(`<note>all</note>${person('<dm:note>own</dm:note>')}${person('', 'p2')}`),
    );
    const texts = (of: Person) => notesOf(presence, of).map(({ text }) => text);
    expect(presence.persons.map(texts)).toEqual([['own'], ['all']]);
  });
});

test('of a document that is not valid, all is read that can be (@req rfc4479:5:2)', () => {
  const bytes = document(
    `<dm:person><dm:note>busy</dm:note></dm:person><dm:device id="d 1"/>${tuple('', '<basic>ajar</basic>')}<note>last</note>`,
    '',
  );
  expect(validate(bytes).length).toBeGreaterThan(3);
  const { entity, persons, devices, tuples, notes } = parse(bytes);
  expect(entity).toBe('');
  expect(persons).toMatchObject([{ id: '', notes: [{ text: 'busy' }] }]);
  expect(devices).toMatchObject([{ deviceId: '' }]);
  expect(tuples.map(({ id, status }) => [id, status.basic])).toEqual([['t1', undefined]]);
  expect(notes).toMatchObject([{ text: 'last' }]);
});

describe('documents written (§5)', () => {
  test('are valid, with all there can be in them (@req rfc4479:5:1)', () => {
    const timestamp = '2026-01-31T12:00:00Z';
    const bytes = serialize({
      entity: 'sip:alice@example.com',
      tuples: [
        {
          id: 't1',
          status: { basic: 'open' },
          deviceIds: ['urn:x:1'],
          contact: { uri: 'sip:alice@pc.example.com', priority: 0.5 },
          notes: [{ text: 'At <the> desk & "here"', language: 'en' }],
          timestamp,
        },
      ],
      notes: [{ text: '' }],
      persons: [{ id: 'p1', notes: [{ text: 'Busy' }], timestamp }],
      devices: [{ id: 'd1', deviceId: 'urn:x:1', timestamp }],
    });
    expect(validate(bytes)).toEqual([]);
    const { tuples, persons, devices } = parse(bytes);
    expect(tuples).toMatchObject([
      { id: 't1', contact: { priority: 0.5 }, notes: [{ text: 'At <the> desk & "here"' }] },
    ]);
    expect(persons).toMatchObject([{ id: 'p1', notes: [{ text: 'Busy' }], timestamp }]);
    expect(devices).toMatchObject([{ id: 'd1', deviceId: 'urn:x:1', timestamp }]);
    // One declaration each, at the root.
    expect(textOf(bytes).match(/xmlns/g)).toHaveLength(2);
  });

  test('refuse identifiers that are no names, and parts that are missing', () => {
    expect(() => serialize({ entity: 'a:b', persons: [{ id: '1' }] })).toThrow(RangeError);
    expect(() => serialize({ entity: 'a:b', devices: [{ id: 'd', deviceId: ':' }] })).toThrow(RangeError);
    // @ts-expect-error the type asks for it too
    expect(() => serialize({ entity: 'a:b', devices: [{ id: 'd' }] })).toThrow(
      /presence.device: deviceId is required/,
    );
    // @ts-expect-error the type asks for it too
    expect(() => serialize({ entity: 'a:b', tuples: [{ id: 't' }] })).toThrow(TypeError);
  });
});
