import { describe, expect, test } from 'vitest';
import { parse, serializeToString, text } from '../../src/index.ts';
import {
  attribute,
  content,
  declarations,
  optional,
  read,
  string,
  validate,
  vocabulary,
  write,
} from '../../src/schema/index.ts';

const ns = vocabulary('urn:mixed', 'm');
const paragraph = ns.element('p', {
  selector: optional(attribute('sel', string)),
  namespaces: declarations(),
  content: content(1),
});
const { root } = parse(
  '<m:p xmlns:m="urn:mixed" xmlns="urn:d" sel="m:x">some <b>bold</b><!-- c --><![CDATA[<]]><?pi?></m:p>',
);

describe('content that is kept as it is', () => {
  test('reads as the nodes, whatever they are', () => {
    const value = read(paragraph, root);
    expect(value?.content).toBe(root.children);
    expect(value?.namespaces).toEqual(
      new Map([
        ['m', 'urn:mixed'],
        ['', 'urn:d'],
      ]),
    );
    expect(read(paragraph, parse('<p xmlns="urn:mixed"/>').root)?.content).toEqual([]);
  });

  test('is written as it was, or as it is given', () => {
    const value = read(paragraph, root);
    if (value === undefined) throw new TypeError('not read');
    expect(write(paragraph, value)).toBe(root);
    expect(serializeToString(write(paragraph, { ...value, content: [text('x')] }))).toBe(
      '<m:p xmlns:m="urn:mixed" xmlns="urn:d" sel="m:x">x</m:p>',
    );
    expect(serializeToString(write(paragraph, { ...value, selector: 'y' }))).toContain(
      'sel="y">some <b>bold</b>',
    );
    expect(
      serializeToString(write(paragraph, { namespaces: new Map([['q', 'urn:q']]), content: [text('x')] })),
    ).toBe('<m:p xmlns:m="urn:mixed" xmlns:q="urn:q">x</m:p>');
    expect(
      serializeToString(write(paragraph, { ...value, namespaces: new Map([['m', 'urn:mixed']]) })),
    ).toMatch(/^<m:p xmlns:m="urn:mixed" sel="m:x">some <b xmlns="urn:d">/);
    expect(serializeToString(write(paragraph, {}))).toBe('<m:p xmlns:m="urn:mixed"/>');
  });

  test('is valid with any elements, laxly, up to the number allowed', () => {
    expect(validate(paragraph, root)).toEqual([]);
    const two = parse('<p xmlns="urn:mixed"><a/>text<b/></p>').root;
    expect(validate(paragraph, two)).toMatchObject([{ path: '/p/b[1]', rule: 'too-many-elements' }]);
    const number = ns.leaf('n', { ...string, name: 'n', isValid: (written) => written === '1' });
    const within = parse('<p xmlns="urn:mixed"><a><n>2</n></a></p>').root;
    expect(validate(paragraph, within, { elements: [number] })).toMatchObject([{ rule: 'invalid-value' }]);
  });
});
