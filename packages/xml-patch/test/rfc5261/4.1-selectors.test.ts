import { describe, expect, test } from 'vitest';
import { failure, patched } from '../patched.ts';

const target = '<doc><!-- c --><foo id="x" xml:id="f">one</foo><foo id="y"><k>v</k></foo></doc>';

describe('locating the target (§4.1)', () => {
  test('one node is located, by predicates in any order', () => {
    expect(patched(target, `<replace sel="doc/foo[2][@id='y'][k='v']/@id">z</replace>`)).toContain('id="z"');
    expect(patched(target, `<replace sel="doc/*[.='one']/@id">z</replace>`)).toContain('<foo id="z"');
    expect(patched(target, `<remove sel="/doc/foo[@id='y']"/>`)).not.toContain('id="y"');
  });

  test('it may be a comment, after which siblings are inserted', () => {
    expect(patched(target, '<add sel="doc/comment()" pos="after"><n/></add>')).toContain(
      '<!-- c --><n/><foo',
    );
  });

  test('several nodes are an error, and so are none', () => {
    expect(failure(target, '<remove sel="doc/foo"/>')).toBe('unlocated-node 0');
    expect(failure(target, '<remove sel="doc/bar"/>')).toBe('unlocated-node 0');
  });

  test('operations are applied in order, each to what the one before left (§4)', () => {
    const operations = `<remove sel="doc/foo[1]"/><replace sel="doc/foo[1]/@id">z</replace>`;
    expect(patched(target, operations)).toBe('<doc><!-- c --><foo id="z"><k>v</k></foo></doc>');
  });

  test('id() finds what xml:id identifies, or what is said to be of type ID (@req rfc5261:4.1:4)', () => {
    expect(patched(target, `<replace sel="id('f')/text()">two</replace>`)).toContain('>two<');
    const isId = ({ local, namespace }: { local: string; namespace: string }) =>
      local === 'id' && namespace === '';
    expect(patched(target, `<remove sel='id("y")'/>`, '', { isId })).not.toContain('id="y"');
    expect(failure(target, `<remove sel="id('y')"/>`)).toBe('unsupported-id-function 0');
    expect(failure(target, `<remove sel="id('nothing')"/>`, '', { isId })).toBe('unlocated-node 0');
  });
});
