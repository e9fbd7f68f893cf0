import { describe, expect, test } from 'vitest';
import { choosePrefix } from '../../src/mangle.ts';
import { failure, patched } from '../patched.ts';

describe('namespaces in selectors (§4.2.1)', () => {
  test('prefixes are resolved in the diff and names in the target (@req rfc5261:4.2:2, @req rfc5261:4.2.1:1)', () => {
    const sel = '<add sel="a:bar" type="@n">1</add>';
    expect(patched('<bar xmlns="foo:"/>', sel, 'xmlns:a="foo:"')).toBe('<bar xmlns="foo:" n="1"/>');
    expect(patched('<z:bar xmlns:z="foo:"/>', sel, 'xmlns:a="foo:"')).toBe('<z:bar xmlns:z="foo:" n="1"/>');
    expect(failure('<a:bar xmlns:a="else:"/>', sel, 'xmlns:a="foo:"')).toBe('unlocated-node 0');
  });

  test('names without prefix are in the default namespace of the diff (@req rfc5261:4.2.1:2, @req rfc5261:4.2.1:3)', () => {
    const sel = '<add sel="bar" type="@n">1</add>';
    expect(patched('<z:bar xmlns:z="foo:"/>', sel, 'xmlns="foo:"')).toBe('<z:bar xmlns:z="foo:" n="1"/>');
    expect(patched('<bar xmlns="foo:"/>', sel, 'xmlns="foo:"')).toBe('<bar xmlns="foo:" n="1"/>');
    expect(failure('<bar/>', sel, 'xmlns="foo:"')).toBe('unlocated-node 0');
  });

  test('also in the value of a predicate, where attributes are in none', () => {
    const target = '<z:bar xmlns:z="foo:"><z:k i="1">v</z:k></z:bar>';
    expect(patched(target, `<remove sel="bar[k='v']/k[@i='1']"/>`, 'xmlns="foo:"')).toBe(
      '<z:bar xmlns:z="foo:"/>',
    );
  });

  test('without a default namespace they are in none (@req rfc5261:4.2.1:4)', () => {
    const sel = '<add sel="bar" type="@n">1</add>';
    expect(patched('<bar/>', sel, 'xmlns:a="foo:"')).toBe('<bar n="1"/>');
    expect(failure('<bar xmlns="foo:"/>', sel, 'xmlns:a="foo:"')).toBe('unlocated-node 0');
  });

  test('a prefix that the diff does not declare is an error (@req rfc5261:4.2:3)', () => {
    expect(failure('<z:bar xmlns:z="foo:"/>', '<remove sel="z:bar"/>')).toBe('invalid-namespace-prefix 0');
    expect(failure('<bar/>', '<add sel="bar" type="@z:n">1</add>')).toBe('invalid-namespace-prefix 0');
  });

  test('an operation may declare its own', () => {
    const operation = '<add sel="q:bar" type="@n" xmlns:q="foo:">1</add>';
    expect(patched('<bar xmlns="foo:"/>', operation)).toBe('<bar xmlns="foo:" n="1"/>');
  });
});

describe('namespaces of added content (§4.2.3)', () => {
  test('content takes the prefix that the target has (@req rfc5261:4.2.3:1, @req rfc5261:4.2.3:3, @req rfc5261:4.2.3:4)', () => {
    const add = '<add sel="*"><a:bar a:n="1"><a:in/></a:bar></add>';
    expect(patched('<doc xmlns:b="foo:"/>', add, 'xmlns:a="foo:"')).toBe(
      '<doc xmlns:b="foo:"><b:bar b:n="1"><b:in/></b:bar></doc>',
    );
    expect(patched('<doc xmlns="foo:"/>', '<add sel="*"><a:bar/></add>', 'xmlns:a="foo:"')).toBe(
      '<doc xmlns="foo:"><bar/></doc>',
    );
    expect(patched('<b:doc xmlns:b="foo:"/>', '<add sel="*"><bar/></add>', 'xmlns="foo:"')).toBe(
      '<b:doc xmlns:b="foo:"><b:bar/></b:doc>',
    );
  });

  test('what the target does not declare is declared in the content (@req rfc5261:4.2.3:2)', () => {
    expect(patched('<doc/>', '<add sel="*"><a:bar><a:in/></a:bar></add>', 'xmlns:a="foo:"')).toBe(
      '<doc><a:bar xmlns:a="foo:"><a:in/></a:bar></doc>',
    );
    expect(patched('<doc/>', '<add sel="*"><bar><in/></bar></add>', '').replace('sel', '')).toBe(
      '<doc><bar><in/></bar></doc>',
    );
    expect(patched('<a:doc xmlns:a="else:"/>', '<add sel="*"><a:bar/></add>', 'xmlns:a="foo:"')).toBe(
      '<a:doc xmlns:a="else:"><ns1:bar xmlns:ns1="foo:"/></a:doc>',
    );
    expect(patched('<doc xmlns="else:"/>', '<add sel="*"><bar/></add>', '')).toBe(
      '<doc xmlns="else:"><bar xmlns=""/></doc>',
    );
    expect(patched('<doc/>', '<add sel="*"><x/></add><add sel="*"><bar/></add>', 'xmlns="foo:"')).toBe(
      '<doc><x xmlns="foo:"/><bar xmlns="foo:"/></doc>',
    );
  });

  test('local declarations are copied unaltered', () => {
    const add = '<add sel="*"><a:bar xmlns:a="foo:"><a:in xmlns="x:"/></a:bar></add>';
    expect(patched('<doc xmlns:b="foo:"/>', add)).toBe(
      '<doc xmlns:b="foo:"><a:bar xmlns:a="foo:"><a:in xmlns="x:"/></a:bar></doc>',
    );
  });

  test('a prefix of the target that the content binds otherwise can’t be taken', () => {
    const add = '<add sel="*"><a:bar><x xmlns:b="hide:"><a:in/></x></a:bar></add>';
    expect(patched('<doc xmlns:b="foo:"/>', add, 'xmlns:a="foo:"')).toBe(
      '<doc xmlns:b="foo:"><b:bar xmlns:a="foo:"><x xmlns:b="hide:"><a:in/></x></b:bar></doc>',
    );
  });

  test('of several prefixes, that of the diff is taken (@req rfc5261:4.2.3:6)', () => {
    const target = '<c:doc xmlns:a="foo:" xmlns:b="foo:" xmlns:c="foo:"/>';
    expect(patched(target, '<add sel="*"><b:bar/></add>', 'xmlns:b="foo:"')).toContain('<b:bar/>');
  });

  test('no prefix too, where the target has the default namespace (@req rfc5261:4.2.3:7)', () => {
    const target = '<c:doc xmlns:c="foo:" xmlns="foo:"/>';
    expect(patched(target, '<add sel="*"><bar/></add>', 'xmlns="foo:"')).toContain('<bar/>');
  });

  test('then that of the element the content comes into (@req rfc5261:4.2.3:8)', () => {
    const target = '<c:doc xmlns:a="foo:" xmlns:b="foo:" xmlns:c="foo:"><b:in/></c:doc>';
    const operation = (sel: string, pos: string) => `<add sel="${sel}"${pos}><z:bar/></add>`;
    expect(patched(target, operation('*/*', ''), 'xmlns:z="foo:"')).toContain('<b:in><b:bar/></b:in>');
    expect(patched(target, operation('*/*', ' pos="after"'), 'xmlns:z="foo:"')).toContain('<b:in/><c:bar/>');
    expect(patched(target, '<replace sel="*/*"><z:bar/></replace>', 'xmlns:z="foo:"')).toContain(
      '><c:bar/><',
    );
    const byDefault = '<doc xmlns:a="foo:" xmlns="foo:"/>';
    expect(patched(byDefault, operation('*', ''), 'xmlns:z="foo:"')).toContain('<bar/>');
  });

  test('then the one before it in the alphabet, or the first (@req rfc5261:4.2.3:9, @req rfc5261:4.2.3:10, @req rfc5261:4.2.3:11)', () => {
    expect(choosePrefix('xx', ['y', 'x'], undefined)).toBe('x');
    expect(choosePrefix('z', ['y', 'x'], undefined)).toBe('y');
    expect(choosePrefix('a', ['y', 'x'], undefined)).toBe('x');
    expect(choosePrefix('a', ['y', '', 'x'], undefined)).toBe('');
    const target = '<doc xmlns:y="foo:" xmlns:x="foo:"/>';
    expect(patched(target, '<add sel="*"><xx:bar/></add>', 'xmlns:xx="foo:"')).toContain('<x:bar/>');
    expect(patched(target, '<add sel="*"><a:bar/></add>', 'xmlns:a="foo:"')).toContain('<x:bar/>');
    const withDefault = '<d:doc xmlns:d="d:" xmlns:y="foo:" xmlns="foo:"/>';
    expect(patched(withDefault, '<add sel="*"><a:bar/></add>', 'xmlns:a="foo:"')).toContain('<bar/>');
  });

  test('declarations that nothing needs stay (@req rfc5261:4.2.3:12)', () => {
    const target = '<doc xmlns:a="foo:"><a:bar/></doc>';
    expect(patched(target, '<remove sel="doc/*"/>')).toBe('<doc xmlns:a="foo:"/>');
    expect(patched('<doc/>', '<add sel="*"><x xmlns:unused="u:"/></add>')).toBe(
      '<doc><x xmlns:unused="u:"/></doc>',
    );
  });
});
