import { describe, expect, test } from 'vitest';
import {
  from,
  lens,
  namesOf,
  ns,
  required,
  requires,
  subject,
  unescapeText,
  validate,
} from '../../src/index.ts';
import { linesOf, withHeaders } from '../text.ts';

const trap = lens({
  namespace: 'http://id.acme.widgets/wily-headers/',
  name: 'runner-trap',
  prefix: 'acme',
  read: ({ value }) => unescapeText(value),
  write: (value) => ({ value }),
});

describe('RFC 3862 §3.4: namespaces', () => {
  test.each([
    ['a prefix', ['NS: acme <http://id.acme.widgets/wily-headers/>', 'acme.runner-trap: set']],
    ['another prefix', ['NS: widget <http://id.acme.widgets/wily-headers/>', 'widget.runner-trap: set']],
    ['the default namespace', ['NS: <http://id.acme.widgets/wily-headers/>', 'runner-trap: set']],
    [
      'a declaration without the space',
      ['NS: acme<http://id.acme.widgets/wily-headers/>', 'acme.runner-trap: set'],
    ],
  ])('a header means the same with %s', (_, lines) => {
    const message = withHeaders(...lines);
    expect(trap.of(message)).toBe('set');
    expect(validate(message)).toEqual([]);
    expect(linesOf(trap.set(message, 'off'))).toEqual(lines.map((line) => line.replace(/set$/, 'off')));
  });

  test('a declaration precedes the use of its prefix (@req rfc3862:3.4:4)', () => {
    const late = withHeaders('acme.runner-trap: set', 'NS: acme <http://id.acme.widgets/wily-headers/>');
    expect(trap.of(late)).toBeUndefined();
    expect(validate(late)).toMatchObject([{ rule: 'undeclared-prefix', header: 0 }]);
    expect(linesOf(trap.set(withHeaders('From: <im:a@example.com>'), 'set'))).toEqual([
      'From: <im:a@example.com>',
      'NS: acme <http://id.acme.widgets/wily-headers/>',
      'acme.runner-trap: set',
    ]);
  });

  test('a prefix that is taken is not taken twice', () => {
    const taken = withHeaders('NS: acme <urn:other>', 'acme.runner-trap: x', 'acme2.y: z');
    const lines = linesOf(trap.set(taken, 'set'));
    expect(lines.slice(3)).toEqual([
      'NS: acme3 <http://id.acme.widgets/wily-headers/>',
      'acme3.runner-trap: set',
    ]);
    expect(trap.of(trap.set(taken, 'set'))).toBe('set');
  });

  test('a namespace is an absolute URI without a fragment (@req rfc3862:3.4:2, @req rfc3862:3.4:3)', () => {
    for (const uri of ['relative', '/path', '//host/path', 'http://example.com/#fragment', 'http://a b']) {
      expect(
        validate(withHeaders(`NS: a <${uri}>`)).map(({ rule }) => rule),
        uri,
      ).toEqual(['value']);
      expect(() => ns.set(withHeaders(), { prefix: 'a', uri }), uri).toThrow(RangeError);
    }
    expect(validate(withHeaders('NS: a <urn:x:y>', 'NS: <mid:MessageFeatures@id.foo.com>'))).toEqual([]);
  });

  test('with another default namespace, the headers of this RFC need a prefix', () => {
    const message = withHeaders(
      'NS: c <urn:ietf:params:cpim-headers:>',
      'NS: <urn:other>',
      'From: <im:other@example.com>',
      'c.From: <im:a@example.com>',
      'NS: x <urn:x>',
      'x.y: not declared by that',
      'c.NS: x <urn:x>',
      'x.y: declared',
    );
    expect(from.of(message)).toEqual({ uri: 'im:a@example.com' });
    expect(ns.all(message)).toHaveLength(3);
    expect(namesOf(message)[3]).toEqual({ namespace: 'urn:ietf:params:cpim-headers:', local: 'From' });
    expect(namesOf(message)[5]).toEqual({ namespace: undefined, local: 'y' });
    expect(validate(message)).toMatchObject([{ rule: 'undeclared-prefix', header: 5 }]);
    expect(linesOf(subject.set(message, { text: 't' })).at(-1)).toBe('c.Subject: t');
  });

  test('where NS itself has lost its name, declarations go to the beginning', () => {
    const message = withHeaders('NS: <urn:other>', 'x: y');
    const lines = linesOf(subject.set(trap.set(message, 'set'), { text: 't' }));
    expect(lines).toEqual([
      'NS: ns <urn:ietf:params:cpim-headers:>',
      'ns.Subject: t',
      'NS: acme <http://id.acme.widgets/wily-headers/>',
      'acme.runner-trap: set',
      'NS: <urn:other>',
      'x: y',
    ]);
  });

  test('a header that moves under another prefix is written anew, the others keep their octets', () => {
    const one = 'NS: a <http://id.acme.widgets/wily-headers/>';
    const two = 'NS: b <http://id.acme.widgets/wily-headers/>';
    const message = withHeaders(
      one,
      'a.runner-trap: 1\\u0031',
      'a.runner-trap: 2\\u0032',
      two,
      'b.runner-trap: 3\\u0033',
    );
    const lines = linesOf(trap.setAll(message, ['0', ...trap.all(message)]));
    expect(lines).toEqual([
      one,
      'a.runner-trap: 0',
      'a.runner-trap: 1\\u0031',
      two,
      'b.runner-trap: 22',
      'b.runner-trap: 3\\u0033',
    ]);
    expect(trap.setAll(message, trap.all(message))).toBe(message);
  });
});

describe('RFC 3862 §3.5: Require', () => {
  test('names in Require mean what their prefixes do there, so that a recipient can tell what it must understand (@req rfc3862:3.5:1)', () => {
    const message = withHeaders(
      'NS: my <urn:a>',
      'Require: my.Vital,Other',
      'NS: my <urn:b>',
      'Require: my.Vital, Locale.MustRenderKanji',
    );
    expect(required(message)).toEqual([
      { namespace: 'urn:a', local: 'Vital' },
      { namespace: 'urn:ietf:params:cpim-headers:', local: 'Other' },
      { namespace: 'urn:b', local: 'Vital' },
      { namespace: undefined, local: 'MustRenderKanji' },
    ]);
    expect(requires.all(message)).toEqual([
      ['my.Vital', 'Other'],
      ['my.Vital', 'Locale.MustRenderKanji'],
    ]);
    expect(validate(message)).toMatchObject([{ rule: 'value', header: 3 }]);
  });

  test('it is written with commas alone, and only with names', () => {
    const message = requires.set(withHeaders(), ['a.B', 'C']);
    expect(linesOf(message)).toEqual(['Require: a.B,C']);
    expect(() => requires.set(message, ['a b'])).toThrow(RangeError);
  });
});
