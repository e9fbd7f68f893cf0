import { expect, test } from 'vitest';
import { parse, serializeToString } from '../../src/index.ts';
import {
  anyOther,
  attribute,
  integer,
  lens,
  optional,
  read,
  string,
  vocabulary,
  write,
} from '../../src/schema/index.ts';

const host = vocabulary('urn:host').element('host', { extra: anyOther() });
const guest = vocabulary('urn:guest', 'g');
// An extension of one's own, in a few lines.
const mood = lens(
  guest.element('mood', {
    level: attribute('level', integer()),
    cause: optional(guest.leaf('cause', string)),
  }),
);
const tag = lens(guest.leaf('tag', string));

const XML =
  '<host xmlns="urn:host" xmlns:q="urn:guest">\n <x xmlns="urn:x"/>\n <q:mood level="1" other="kept"><!-- kept --></q:mood>\n <q:tag a="b">one</q:tag>\n <q:mood level="x"/>\n</host>';

function value() {
  const found = read(host, parse(XML).root);
  if (found === undefined) throw new Error('a host was expected');
  return found;
}

test('a lens reads the first extension that can be read, or all of them', () => {
  expect(mood.of(value())).toMatchObject({ level: 1 });
  expect(mood.all(value())).toHaveLength(1);
  expect(tag.of(value())).toBe('one');
  expect(tag.all({})).toEqual([]);
});

test('an extension that was read and changed is patched in its place', () => {
  const found = mood.of(value());
  if (found === undefined) throw new Error('a mood was expected');
  const written = serializeToString(
    write(host, mood.setAll(value(), [{ ...found, level: 2, cause: 'rain' }])),
  );
  expect(written).toBe(
    XML.replace('level="1"', 'level="2"')
      .replace('<!-- kept -->', '<!-- kept --><q:cause>rain</q:cause>')
      .replace('\n <q:mood level="x"/>', ''),
  );
});

test('an extension made new takes the place of the old, or comes last', () => {
  const written = serializeToString(write(host, tag.set(value(), 'two')));
  expect(written).toBe(XML.replace('>one<', '>two<'));
  const more = tag.setAll(value(), ['one', 'two']);
  expect(serializeToString(write(host, more))).toContain('<q:mood level="x"/>\n <g:tag>two</g:tag>');
});

test('undefined removes an extension, and nothing else', () => {
  expect(serializeToString(write(host, tag.set(value(), undefined)))).toBe(
    XML.replace('\n <q:tag a="b">one</q:tag>', ''),
  );
});
