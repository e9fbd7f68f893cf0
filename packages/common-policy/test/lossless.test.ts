import { describeLossless, describePoints, samples, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import {
  parse,
  provideMood,
  provideServices,
  type Ruleset,
  serialize,
  subHandling,
  toDocument,
  validate,
} from '../src/index.ts';
import { FIXTURES } from './fixtures.ts';

describeLossless({ format: { parse, serialize }, samples: samples(/ruleset/), also: FIXTURES });

test.each(FIXTURES.map(([name, bytes]) => ({ name, bytes })))('$name is valid', ({ bytes }) => {
  expect(validate(bytes)).toEqual([]);
  expect(textOf(serialize(parse(bytes)))).toBe(textOf(bytes));
});

interface Parts {
  readonly inConditions?: string;
  readonly inIdentity?: string;
  readonly inOne?: string;
  readonly inMany?: string;
  readonly inActions?: string;
  readonly inTransformations?: string;
  readonly inServices?: string;
}

/** A document with something put at one of its points of extension. */
function document(parts: Parts): string {
  const { inConditions = '', inIdentity = '', inOne = '', inMany = '' } = parts;
  const { inActions = '', inTransformations = '', inServices = '' } = parts;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- rules --><cr:ruleset xmlns:cr="urn:ietf:params:xml:ns:common-policy" xmlns:x="urn:example:x">
  <cr:rule id="r1">
    <cr:conditions>${inConditions}
      <cr:sphere value="home"/>
      <cr:identity>${inIdentity}<cr:one id="sip:a@b"> ${inOne}</cr:one>
        <cr:many domain="b">${inMany}<cr:except id="sip:c@b"/></cr:many></cr:identity>
      <cr:validity><cr:from>2026-01-01T00:00:00Z</cr:from><!-- to --><cr:until>2026-01-02T00:00:00Z</cr:until></cr:validity>
    </cr:conditions>
    <cr:actions>${inActions}<p:sub-handling xmlns:p="urn:ietf:params:xml:ns:pres-rules">confirm</p:sub-handling></cr:actions>
    <cr:transformations xmlns:pr="urn:ietf:params:xml:ns:pres-rules">${inTransformations}
      <pr:provide-mood>false</pr:provide-mood>
      <pr:provide-services>${inServices}<pr:class>biz</pr:class></pr:provide-services>
    </cr:transformations>
  </cr:rule>
</cr:ruleset><?after all?>
`;
}

/** The document with each thing that is known changed. */
function changed(read: Ruleset): Ruleset {
  return {
    ...read,
    rules: read.rules.map((rule) => {
      const { conditions, actions, transformations } = rule;
      if (conditions === undefined || actions === undefined || transformations === undefined) return rule;
      const services = provideServices.of(transformations);
      if (services === undefined) return rule;
      return {
        ...rule,
        id: 'r2',
        conditions: {
          ...conditions,
          spheres: conditions.spheres.map((sphere) => ({ ...sphere, value: 'work' })),
          identities: conditions.identities.map((identity) => ({
            ...identity,
            one: identity.one.map((one) => ({ ...one, id: 'sip:new@b' })),
            many: identity.many.map((many) => ({
              ...many,
              domain: 'new',
              excepts: many.excepts.map((except) => ({ ...except, id: 'sip:other@b' })),
            })),
          })),
        },
        actions: subHandling.set(actions, 'allow'),
        transformations: provideServices.set(provideMood.set(transformations, true), {
          ...services,
          classes: ['home'],
        }),
      };
    }),
  };
}

describe('rule documents', () => {
  describePoints({
    points: [
      ['conditions', (foreign) => document({ inConditions: foreign })],
      ['identity', (foreign) => document({ inIdentity: foreign })],
      ['one', (foreign) => document({ inOne: foreign })],
      ['many', (foreign) => document({ inMany: foreign })],
      ['actions', (foreign) => document({ inActions: foreign })],
      ['transformations', (foreign) => document({ inTransformations: foreign })],
      ['provide-services', (foreign) => document({ inServices: foreign })],
    ],
    change: (bytes) => serialize(changed(parse(bytes))),
    expected: (text) =>
      text
        .replace('id="r1"', 'id="r2"')
        .replace('value="home"', 'value="work"')
        .replace('id="sip:a@b"', 'id="sip:new@b"')
        .replace('domain="b"', 'domain="new"')
        .replace('id="sip:c@b"', 'id="sip:other@b"')
        .replace('>confirm<', '>allow<')
        .replace('>false<', '>true<')
        .replace('>biz<', '>home<'),
  });
});

test('the tree of a document is what is written', () => {
  const read = parse(document({}));
  expect(toDocument(read).root.local).toBe('ruleset');
  expect(toDocument(read).root).toBe(toDocument(read).root);
});
