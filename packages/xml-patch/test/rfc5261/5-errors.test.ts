import { parse, serializeToString } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import {
  apply,
  PatchError,
  type PatchErrorCode,
  PatchOpsErrorError,
  parsePatch,
  parsePatchOpsError,
  patchOpsErrorOf,
  serializePatchOpsError,
  validatePatchOpsError,
} from '../../src/index.ts';
import { fixture } from '../fixtures.ts';
import { failure } from '../patched.ts';

const target = '<!--c--><d xmlns:p="u:" a="1"><e>x</e><e/><p:f/></d>';

/** All that a patch can fail for, by the error of §5.1. */
const FAILURES: readonly (readonly [PatchErrorCode, string])[] = [
  ['invalid-attribute-value', '<remove sel=""/>'],
  ['invalid-attribute-value', '<remove sel="d[last()]"/>'],
  ['invalid-attribute-value', '<remove sel="//e"/>'],
  ['invalid-attribute-value', '<remove sel="d/e[1]" ws="around"/>'],
  ['invalid-attribute-value', '<add sel="d" pos="inside"><x/></add>'],
  ['invalid-attribute-value', '<add sel="d/@a"><x/></add>'],
  ['invalid-attribute-value', '<add sel="d" type="a">1</add>'],
  ['invalid-attribute-value', '<add sel="d" type="e/@a">1</add>'],
  ['invalid-attribute-value', '<add sel="d" type="/@b">1</add>'],
  ['invalid-attribute-value', '<add sel="d" type="@b"><![CDATA[1]]></add>'],
  ['invalid-attribute-value', '<add sel="d" type="@a">1</add>'],
  ['invalid-namespace-prefix', '<remove sel="q:d"/>'],
  ['invalid-namespace-prefix', '<remove sel="d/namespace::p"/>'],
  ['invalid-namespace-prefix', '<add sel="d" type="@q:b">1</add>'],
  ['invalid-namespace-prefix', '<add sel="d" type="namespace::p">v:</add>'],
  ['invalid-namespace-uri', '<add sel="d" type="namespace::q"></add>'],
  ['invalid-namespace-uri', '<add sel="d" type="namespace::q">http://www.w3.org/2000/xmlns/</add>'],
  ['invalid-namespace-uri', '<replace sel="d/e[1]/namespace::p">v:</replace>'],
  ['invalid-node-types', '<replace sel="d/e[1]">text</replace>'],
  ['invalid-node-types', '<replace sel="d/e[1]"><x/><y/></replace>'],
  ['invalid-node-types', '<replace sel="d/e/text()"><x/></replace>'],
  ['invalid-node-types', '<replace sel="comment()"><x/></replace>'],
  ['invalid-patch-directive', '<add sel="d/e/text()"><x/></add>'],
  ['invalid-patch-directive', '<add sel="comment()" type="@b">1</add>'],
  ['invalid-root-element-operation', '<remove sel="d"/>'],
  ['invalid-root-element-operation', '<add sel="d" pos="after"><x/></add>'],
  ['invalid-xml-prolog-operation', '<add sel="comment()" pos="after">text</add>'],
  ['invalid-whitespace-directive', '<remove sel="d/e[1]" ws="both"/>'],
  ['invalid-whitespace-directive', '<remove sel="d/@a" ws="after"/>'],
  ['unlocated-node', '<remove sel="d/e"/>'],
  ['unlocated-node', '<remove sel="d/x"/>'],
  ['unsupported-id-function', '<remove sel="id(&apos;x&apos;)"/>'],
];

describe('errors (§5)', () => {
  test.each(FAILURES)('%s: %s', (code, operation) => {
    const first = '<add sel="d"><first/></add>';
    expect(failure(target, first + operation)).toBe(`${code} 1`);
  });

  test('of a patch that fails nothing is applied', () => {
    const document = parse(target);
    const patch = parsePatch('<diff><remove sel="d/@a"/><remove sel="d/nothing"/></diff>');
    expect(() => apply(document, patch)).toThrow(PatchError);
    expect(serializeToString(document)).toBe(target);
  });

  test.each([
    ['invalid-diff-format', '<diff><add>'],
    ['invalid-diff-format', '<!DOCTYPE diff><diff/>'],
    ['invalid-diff-format', '<diff><add/></diff>'],
    ['invalid-entity-declaration', '<diff><add sel="d">&nbsp;</add></diff>'],
    ['invalid-patch-directive', '<diff><move sel="d"/></diff>'],
  ])('%s when it is read: %s (@req rfc5261:3:5, @req rfc5261:11:1)', (code, diff) => {
    expect(() => parsePatch(diff)).toThrow(
      expect.objectContaining({ name: 'PatchError', code, status: 400 }),
    );
  });

  test('elements of other namespaces among the operations are passed over', () => {
    const patch = parsePatch('<diff xmlns:x="x:">text<x:move/><remove sel="d"/></diff>');
    expect(patch.operations).toEqual([{ type: 'remove', value: { sel: 'd' } }]);
  });

  test('selectors that take too much work are refused', () => {
    const wide = `<d>${'<e/>'.repeat(1000)}</d>`;
    expect(failure(wide, `<remove sel="d/e[.='x']"/>`, '', { work: 500 })).toBe('invalid-attribute-value 0');
    expect(failure(wide, '<remove sel="d/e[500]"/>'.repeat(50), '', { work: 5000 })).toMatch(
      /^invalid-attribute-value/,
    );
    expect(failure(wide, `<remove sel="d${'[e]'.repeat(5000)}"/>`)).toBe('invalid-attribute-value 0');
  });
});

describe('the error document (§5.1)', () => {
  const example = fixture('rfc5261/5.1-patch-ops-error.xml');

  test('is read', () => {
    const document = parsePatchOpsError(example);
    expect(document.errors).toMatchObject([
      {
        type: 'unlocated-node',
        value: {
          phrase: 'a unique node could not be located with the id() function.',
          operations: [{ local: 'add', namespace: 'urn:ietf:params:xml:ns:pidf-diff' }],
        },
      },
    ]);
    expect(validatePatchOpsError(example)).toEqual([]);
  });

  test('is written back as it came, and when it is changed, with nothing lost', () => {
    const bytes = new TextEncoder().encode(example);
    const document = parsePatchOpsError(bytes);
    expect(serializePatchOpsError(document)).toBe(bytes);
    const [error] = document.errors;
    if (error?.type !== 'unlocated-node') throw new TypeError('another error');
    const changed = { ...document, errors: [{ ...error, value: { ...error.value, language: 'en' } }] };
    expect(new TextDecoder().decode(serializePatchOpsError(changed))).toContain('xml:lang="en"');
  });

  test.each(FAILURES)('is made and valid for %s: %s', (code, operation) => {
    const diff = `<p:diff xmlns:p="urn:p" xmlns="">${operation.replace(/<(\/?)(add|replace|remove)\b/g, '<$1p:$2')}</p:diff>`;
    const patch = parsePatch(diff);
    let error: unknown;
    try {
      apply(parse(target), patch);
    } catch (thrown) {
      error = thrown;
    }
    if (!(error instanceof PatchError)) throw new TypeError('no error');
    expect(error.rfc).toMatch(/^RFC 5261 §/);
    const written = serializePatchOpsError(
      patchOpsErrorOf(error, { namespace: 'urn:p', namespaces: patch.namespaces }),
    );
    expect(validatePatchOpsError(written)).toEqual([]);
    const [read] = parsePatchOpsError(written).errors;
    expect(read).toMatchObject({ type: code, value: { phrase: error.message } });
    const shown = read !== undefined && 'operations' in read.value ? read.value.operations[0] : undefined;
    expect(shown).toMatchObject({ namespace: 'urn:p', local: error.operation?.type });
  });

  test('of a diff that can’t be read says that', () => {
    const error = new PatchError('invalid-diff-format', 'RFC 5261 §3', 'not well-formed');
    expect(patchOpsErrorOf(error, { namespace: 'urn:p' })).toEqual({
      errors: [{ type: 'invalid-diff-format', value: { phrase: 'not well-formed' } }],
    });
    const entity = new PatchError('invalid-entity-declaration', 'RFC 5261 §3', '&nbsp;');
    const written = serializePatchOpsError(patchOpsErrorOf(entity, { namespace: 'urn:p' }));
    expect(validatePatchOpsError(written)).toEqual([]);
  });

  test.each([
    ['not-well-formed', '<patch-ops-error'],
    ['wrong-root', '<patch-ops-error/>'],
  ])('%s', (code, body) => {
    expect(() => parsePatchOpsError(body)).toThrow(PatchOpsErrorError);
    expect(() => parsePatchOpsError(body)).toThrow(expect.objectContaining({ code }));
  });
});
