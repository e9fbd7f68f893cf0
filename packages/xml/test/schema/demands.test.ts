import { expect, test } from 'vitest';
import { attributeOf, elementsOf, parse, type XmlElement } from '../../src/index.ts';
import {
  anyOther,
  attribute,
  choice,
  type Demands,
  demandsOf,
  many,
  optional,
  otherwise,
  string,
  text,
  vocabulary,
} from '../../src/schema/index.ts';

const ns = vocabulary('urn:d');
const item = ns.element('item', {
  id: attribute('id', string),
  kind: otherwise(attribute('kind', string), 'none'),
  note: optional(attribute('note', string)),
  text: text(string),
});
const root = ns.element('root', {
  head: choice({ a: ns.leaf('a', string), b: ns.leaf('b', string) }),
  items: many(item, { min: 2 }),
  tail: optional(ns.leaf('tail', string)),
  extra: anyOther(),
});

const { root: element } = parse(
  '<root xmlns="urn:d"><b/><item id="1" kind="k" note="n"/><item/><tail/><x xmlns="urn:x"/></root>',
);
const child = (local: string): XmlElement => {
  const one = [...elementsOf(element), ...elementsOf(element, 'x', 'urn:x')].find(
    (each) => each.local === local,
  );
  if (one === undefined) throw new Error(`no ${local}`);
  return one;
};
const demands: Demands = demandsOf(root);

test('of children a description demands as many as it must have, a choice and its like counting together', () => {
  expect(demands.ofChild(child('b'))?.least).toBe(1);
  expect(demands.ofChild(child('b'))?.kind).toBe(demands.ofChild({ ...child('b'), local: 'a' })?.kind);
  expect(demands.ofChild(child('item'))?.least).toBe(2);
  expect(demands.ofChild(child('tail'))?.least).toBe(0);
  expect(demands.ofChild(child('x'))).toBeUndefined();
  expect(demands.hasText).toBe(false);
});

test('of attributes those that are required, forgiven by readers or not', () => {
  const inner = demands.ofChild(child('item'))?.demands;
  const needed = child('item').attributes.filter((one) => inner?.needs(one));
  expect(needed.map(({ local }) => local)).toEqual(['id', 'kind']);
  expect(attributeOf(child('item'), 'note')).toBe('n');
  expect(inner?.hasText).toBe(true);
  expect(demands.ofChild(child('b'))?.demands.hasText).toBe(true);
});
