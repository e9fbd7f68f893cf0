import { parse, serialize } from '@sip-simple/pidf';
import { describe, expect, test } from 'vitest';
import { card, displayName, homepage, icon, map, sound } from '../../src/index.ts';
import { advised, device, person, personOf, tuple, wrong } from '../documents.ts';
import { fixture } from '../fixtures.ts';

const uris = { card, homepage, icon, map, sound };

test('the example of §4 reads as it is meant', () => {
  const [p1 = {}] = parse(fixture('rfc4482/4-cipid.xml')).persons;
  expect(card.of(p1)).toBe('http://example.com/~alice/card.vcd');
  expect(displayName.of(p1)).toMatchObject({ text: 'Alice Lewis', language: undefined });
  expect(homepage.of(p1)).toBe('http://example.com/~alice');
  expect(icon.of(p1)).toBe('http://example.com/~alice/me.png');
  expect(map.of(p1)).toBe('http://example.com/~alice/gml-map.xml');
  expect(sound.of(p1)).toBe('http://example.com/~alice/hello.wav');
});

test('the example of §4 with RPID tells of another person', () => {
  const presence = parse(fixture('rfc4482/4-rpid-and-cipid.xml'));
  expect(presence.tuples.map((value) => card.of(value))).toEqual([
    undefined,
    'http://example.com/~assistant/card.vcd',
  ]);
});

describe.each(Object.entries(uris))('<%s>', (name, lens) => {
  const content = `<c:${name}>http://example.com/</c:${name}>`;

  test('is a URI', () => {
    expect(lens.of(personOf(content))).toBe('http://example.com/');
    expect(wrong(person(`<c:${name}>http://[</c:${name}>`))).toEqual([
      `/presence/dm:person[1]/c:${name}[1] invalid-value`,
    ]);
  });

  test('is there at most once (§3)', () => {
    expect(wrong(person(content + content))).toEqual([`/presence/dm:person[1]/c:${name}[2] repeated`]);
  });

  test('stands in a person, or in a service of somebody else (§1)', () => {
    expect(wrong(person(content))).toEqual([]);
    expect(wrong(device(content))).toEqual([`/presence/dm:device[1]/c:${name}[1] misplaced`]);
    const service = (value: string) => tuple(`<r:relationship><r:${value}/></r:relationship>${content}`);
    expect(wrong(service('assistant'))).toEqual([]);
    expect(advised(service('assistant'))).toEqual([]);
    for (const own of [service('self'), tuple(content)]) {
      expect(wrong(own)).toEqual([]);
      expect(advised(own)).toEqual([`/presence/tuple[1]/c:${name}[1] own-contact`]);
    }
  });
});

test('display names are several if in several languages (§3.2)', () => {
  const name = (language: string) => `<c:display-name${language}>n</c:display-name>`;
  const both = name(' xml:lang="ko"') + name(' xml:lang="en"') + name('');
  expect(wrong(person(both))).toEqual([]);
  expect(displayName.all(personOf(both)).map(({ language }) => language)).toEqual(['ko', 'en', undefined]);
  const path = '/presence/dm:person[1]/c:display-name[2]';
  expect(wrong(person(name(' xml:lang="en"') + name(' xml:lang="EN"')))).toEqual([`${path} same-language`]);
  expect(wrong(person(name('') + name('')))).toEqual([`${path} same-language`]);
});

test('names of any script are written in UTF-8 (§7, @req rfc4482:7:1)', () => {
  const value = displayName.setAll(personOf(''), [
    { text: '앨리스', language: 'ko' },
    { text: 'Алиса', language: 'ru' },
  ]);
  const written = serialize({ entity: 'a:b', persons: [value] });
  const text = new TextDecoder('utf-8', { fatal: true }).decode(written);
  expect(text).toContain('encoding="UTF-8"');
  expect(text).toContain('>앨리스</');
  expect(displayName.all(parse(written).persons[0] ?? {}).map(({ text }) => text)).toEqual([
    '앨리스',
    'Алиса',
  ]);
});
