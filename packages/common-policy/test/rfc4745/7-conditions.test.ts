import { boolean, vocabulary } from '@sip-simple/xml/schema';
import { describe, expect, test } from 'vitest';
import { condition, parse, validate } from '../../src/index.ts';
import { allowing, from, isAllowed, ruleset } from '../policies.ts';

describe('the conditions of a rule (§6, §7, §10.1)', () => {
  test('must all be true', () => {
    const document = ruleset(allowing('<identity><one id="sip:a@b"/></identity><sphere value="work"/>'));
    expect(isAllowed(document, { ...from('sip:a@b'), sphere: 'work' })).toBe(true);
    expect(isAllowed(document, { ...from('sip:c@b'), sphere: 'work' })).toBe(false);
    expect(isAllowed(document, { ...from('sip:a@b'), sphere: 'home' })).toBe(false);
  });

  test('are false in a namespace that is not known', () => {
    expect(isAllowed(ruleset(allowing('<x:moon phase="full"/>')), from('sip:a@b'))).toBe(false);
    expect(
      isAllowed(ruleset(allowing('<identity><one id="sip:a@b"/></identity><x:moon/>')), from('sip:a@b')),
    ).toBe(false);
    expect(isAllowed(ruleset(allowing('<bare xmlns=""/>')), from('sip:a@b'))).toBe(false);
    expect(isAllowed(ruleset(allowing('<weather/>')), from('sip:a@b'))).toBe(false);
  });

  test('may be given by whoever compiles, as values', () => {
    const raining = condition(vocabulary('urn:example:x').leaf('raining', boolean), (wanted) => ({
      holds: ({ sphere }) => (sphere === 'rain') === wanted,
    }));
    const document = ruleset(allowing('<x:raining>true</x:raining>'));
    const options = { conditions: [raining] };
    expect(isAllowed(document, { ...from('sip:a@b'), sphere: 'rain' }, options)).toBe(true);
    expect(isAllowed(document, { ...from('sip:a@b'), sphere: 'sun' }, options)).toBe(false);
    expect(isAllowed(document, { ...from('sip:a@b'), sphere: 'rain' })).toBe(false);
    const broken = ruleset(allowing('<x:raining>perhaps</x:raining>'));
    expect(isAllowed(broken, { ...from('sip:a@b'), sphere: 'rain' }, options)).toBe(false);
  });

  test('are false when they throw, or answer anything but true', () => {
    const schema = vocabulary('urn:example:x').leaf('odd', boolean);
    const document = ruleset(allowing('<x:odd>true</x:odd>'));
    const failing = condition(schema, () => ({
      holds: () => {
        throw new Error('no answer');
      },
    }));
    expect(isAllowed(document, from('sip:a@b'), { conditions: [failing] })).toBe(false);
    // A hook in JavaScript may answer what its type forbids, as a promise.
    const promising = condition(schema, () => ({ holds: () => Promise.resolve(true) as unknown as boolean }));
    expect(isAllowed(document, from('sip:a@b'), { conditions: [promising] })).toBe(false);
  });
});

describe('a rule that is not valid never matches:', () => {
  const grants = '<actions><pr:sub-handling>allow</pr:sub-handling></actions>';
  const rules: [string, string][] = [
    ['misspelt conditions', `<rule id="r"><condition><sphere value="x"/></condition>${grants}</rule>`],
    [
      'two conditions',
      `<rule id="r"><conditions/><conditions><sphere value="x"/></conditions>${grants}</rule>`,
    ],
    ['conditions after actions', `<rule id="r">${grants}<conditions><sphere value="x"/></conditions></rule>`],
    ['an unknown attribute of the rule', `<rule id="r" enabled="false">${grants}</rule>`],
    ['an unknown attribute of conditions', `<rule id="r"><conditions not="true"/>${grants}</rule>`],
    ['an unknown element in the rule', `<rule id="r"><x:disabled/>${grants}</rule>`],
    ['text in the rule', `<rule id="r">off${grants}</rule>`],
    ['text in conditions', `<rule id="r"><conditions>never</conditions>${grants}</rule>`],
    [
      'an attribute of identity',
      `<rule id="r"><conditions><identity not=""><many/></identity></conditions>${grants}</rule>`,
    ],
    ['no id', `<rule>${grants}</rule>`],
  ];
  test.each(rules)('%s', (_, xml) => {
    const document = ruleset(xml);
    parse(document);
    expect(validate(document)).not.toEqual([]);
    expect(isAllowed(document, { ...from('sip:a@b'), sphere: 'x' })).toBe(false);
  });

  test('but for its id, which says nothing about whom it matches', () => {
    expect(isAllowed(ruleset(`<rule id="1">${grants}</rule>`), from('sip:a@b'))).toBe(true);
  });
});

test('the validator reports an identifier used for two rules (§6.1, @req rfc4745:6.1:1)', () => {
  const document = ruleset(`${allowing('', 'same')}${allowing('', 'same')}`);
  expect(validate(document)).toEqual([
    expect.objectContaining({ rule: 'duplicate-id', path: '/ruleset/rule[2]/@id' }),
  ]);
});

test('an extension has a namespace of its own: in that of RFC 4745 it is not valid (§6.2, @req rfc4745:6.2:1)', () => {
  for (const part of ['conditions', 'actions', 'transformations']) {
    const document = (name: string) => ruleset(`<rule id="r"><${part}><${name}/></${part}></rule>`);
    expect(validate(document('mine'))).toEqual([expect.objectContaining({ rule: 'unexpected-element' })]);
    expect(validate(document('x:mine'))).toEqual([]);
  }
});
