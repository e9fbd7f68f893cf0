import { describe, expect, test } from 'vitest';
import { parse } from '../../src/index.ts';
import { type Place, parsePatchSelector, SelectorError, select } from '../../src/select/index.ts';

const document = parse(`<!-- before --><?one a?><doc xmlns="urn:d" xmlns:p="urn:p" a="1">
  <note xml:id="n">first</note><note lang="en">sec<!-- c -->ond<![CDATA[ half]]></note>
  <p:note p:k="v">third<?one b?><?two c?></p:note><box xmlns:q="urn:q"><name>x</name><name>y</name></box>
</doc><!-- after -->`);

function shown(place: Place): string {
  switch (place.type) {
    case 'element':
      return `${place.node.local}@${place.index}`;
    case 'text':
      return JSON.stringify(place.value);
    case 'comment':
      return 'value' in place.node ? `<!--${place.node.value}-->` : '';
    case 'pi':
      return 'target' in place.node ? `<?${place.node.target} ${place.node.data}?>` : '';
    case 'attribute':
      return `${place.node.local}=${place.node.value}`;
    case 'namespace':
      return `${place.prefix}=${place.namespace}${place.parent === place.declaredBy ? '' : ' from outside'}`;
    case 'namespaces':
      return 'namespaces';
  }
}

const found = (selector: string, namespaces: [string, string][] = [['', 'urn:d']]): string =>
  select(document, parsePatchSelector(selector, new Map(namespaces)))
    .map(shown)
    .join(' ');

describe('a selector of a patch operation (RFC 5261 §4.1)', () => {
  test.each([
    ['doc', 'doc@2'],
    ['/doc', 'doc@2'],
    ['*', 'doc@2'],
    ['doc/note', 'note@1 note@2'],
    ['doc/*[3]', 'note@4'],
    ['doc/note[2]', 'note@2'],
    ["doc/note[@lang='en']", 'note@2'],
    ['doc/note[@lang="en"][1]', 'note@2'],
    ["doc/note[2][@lang='en'][.='second half']", 'note@2'],
    ["doc/note[2][@lang='de']", ''],
    ["doc/*[.='first']", 'note@1'],
    ["doc/*[name='y']", 'box@5'],
    ["doc/box/name[.='y']", 'name@1'],
    ['doc/note[2]/text()[2]', '"ond half"'],
    ['doc/note[2]/text()', '"sec" "ond half"'],
    ['doc/note/comment()[1]', '<!-- c -->'],
    ['comment()', '<!-- before --> <!-- after -->'],
    ['comment()[2]', '<!-- after -->'],
    ['text()', ''],
    ['processing-instruction()', '<?one a?>'],
    ["doc/*/processing-instruction('two')", '<?two c?>'],
    ['doc/*/processing-instruction()[2]', '<?two c?>'],
    ['doc/@a', 'a=1'],
    ['doc/@xmlns', ''],
    ['doc/namespace::p', 'p=urn:p'],
    ['doc/note[1]/namespace::p', 'p=urn:p from outside'],
    ['doc/namespace::q', ''],
    ["id('n')", 'note@1'],
    ["/id('n')/text()", '"first"'],
    ["id('x')", ''],
    ['id()', ''],
  ])('%s', (selector, expected) => {
    expect(found(selector)).toBe(expected);
  });

  test('prefixes and the default namespace are those of the diff document (§4.2.1)', () => {
    expect(
      found('x:doc/y:note', [
        ['x', 'urn:d'],
        ['y', 'urn:p'],
      ]),
    ).toBe('note@4');
    expect(found('doc', [])).toBe('');
    expect(
      found('x:doc/y:note/@y:k', [
        ['x', 'urn:d'],
        ['y', 'urn:p'],
      ]),
    ).toBe('k=v');
    expect(
      found('x:doc/y:note/@k', [
        ['x', 'urn:d'],
        ['y', 'urn:p'],
      ]),
    ).toBe('');
    expect(found("doc/note[@xml:id='n']")).toBe('note@1');
  });

  test('id() knows the attributes that the caller says are of type ID', () => {
    const isId = ({ local }: { local: string }): boolean => local === 'lang';
    expect(select(document, parsePatchSelector("id('en')", new Map()), { isId }).map(shown)).toEqual([
      'note@2',
    ]);
  });

  test.each([
    ['', 0],
    ['/', 1],
    ['//a', 1],
    ['a/', 2],
    ['a//b', 2],
    ['a[', 2],
    ['a[1', 3],
    ['a[x]', 3],
    ["a[@x='y]", 5],
    ["a[@x='y'z']", 8],
    ['a[@x=1]', 5],
    ['a[last()]', 6],
    ['a/text()[.="b"]', 9],
    ['a/text()[1][2]', 11],
    ['a/@b/c', 5],
    ['a/@b[1]', 4],
    ['a/@*', 3],
    ['a/namespace::*', 13],
    ["a/id('b')", 2],
    ["id('a b')", 3],
    ['a/..', 2],
    ['a/.', 2],
    ['a | b', 1],
    ['a [1]', 1],
    ['child::a', 5],
    ['a[1 or 2]', 3],
    ['1', 0],
    ['a/b:', 4],
  ])('%s is none', (selector, offset) => {
    let error: unknown;
    try {
      parsePatchSelector(selector, new Map([['b', 'urn:b']]));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SelectorError);
    expect(error).toMatchObject({ code: 'selector-syntax', offset, rfc: 'RFC 5261 §4.1' });
  });

  test('a prefix must be declared', () => {
    expect(() => found('p:a')).toThrow(expect.objectContaining({ code: 'prefix-undeclared', offset: 0 }));
  });
});
