import { describe, expect, test } from 'vitest';
import { attributeOf, parse } from '../../src/index.ts';
import { parseFilterExpression, select } from '../../src/select/index.ts';

const document = parse(`<presence xmlns="urn:p" xmlns:r="urn:r">
  <tuple id="a"><status><basic>open</basic></status><type>device</type><r:class>IM</r:class></tuple>
  <tuple id="b"><status><basic>closed</basic></status><r:class>MMS</r:class><tuple id="c" n="5"/></tuple>
  <watcher id="d" duration-subscribed="499.5"/><watcher id="e" duration-subscribed=" 500 " event="rejected"/>
</presence>`);
const namespaces = new Map([
  ['', 'urn:nobody'],
  ['p', 'urn:p'],
  ['r', 'urn:r'],
]);

function found(expression: string): string {
  return select(document, parseFilterExpression(expression, namespaces))
    .map((place) => {
      if (place.type === 'attribute') return `@${place.node.value.trim()}`;
      return place.type === 'element' ? (attributeOf(place.node, 'id') ?? place.node.local) : place.type;
    })
    .join(' ');
}

describe('an expression of a filter (RFC 4661 §5)', () => {
  test.each([
    ['/p:presence/p:tuple/p:status/p:basic', 'basic basic'],
    ['//p:tuple', 'a b c'],
    ['//p:tuple//p:tuple', 'c'],
    ['//*[p:status/p:basic="open"]', 'a'],
    ['/p:presence/p:tuple[*/p:basic="open"]', 'a'],
    ['/p:presence/p:tuple[*//p:basic="open"]', 'a'],
    ['/p:presence/p:tuple[*//p:type="device"]', ''],
    ['//p:watcher[@duration-subscribed<500]', 'd'],
    ['//p:watcher[@duration-subscribed=500]', 'e'],
    ['//p:watcher[@duration-subscribed="500"]', ''],
    ['//p:watcher[@duration-subscribed>-1]', 'd e'],
    ['//p:tuple[p:status/p:basic<5]', ''],
    ['/*/p:watcher[@event="rejected"]', 'e'],
    ['//p:tuple[p:status/p:basic="open" and p:type="device"]', 'a'],
    ['//p:tuple[p:status/p:basic="open" and p:type="phone" or @id="b"]', 'b'],
    ['//p:tuple[@id="b" or p:status/p:basic="open" and p:type="phone"]', 'b'],
    ['//p:watcher/@duration-subscribed', '@499.5 @500'],
    ['//@n', '@5'],
    ['//@n[.="5"]', '@5'],
    ['//@n[..=""]', '@5'],
    ['//p:basic[.="open"]', 'basic'],
    ['//p:basic[..="open"]', 'basic'],
    ['//p:tuple[p:tuple/@id="c"]', 'b'],
    ['/p:presence[..="x"]', ''],
    ['//presence', ''],
    ['//p:tuple[class="IM"]', ''],
    [
      `\n /p:presence/p:tuple[r:class="IM" or r:class="SMS"\n or r:class="MMS"]/p:status/\n p:basic \n`,
      'basic basic',
    ],
  ])('%s', (expression, expected) => {
    expect(found(expression)).toBe(expected);
  });

  test.each([
    '',
    'a',
    '/',
    '///a',
    '/a/',
    '/a[',
    '/a[b]',
    '/a[b="c" xor d="e"]',
    '/a[b="c"]["d"]',
    '/a[1]',
    '/a[b=c]',
    '/a[b!="c"]',
    '/a[b<="c"]',
    '/a/@b/c',
    '/a/@*',
    '/a | /b',
    '/a/text()',
    '/a[count(b)=1]',
    '/a[(b="c")]',
    '/a/..',
    '/a[/b="c"]',
  ])('%s is none', (expression) => {
    expect(() => parseFilterExpression(expression, namespaces)).toThrow(
      expect.objectContaining({ name: 'SelectorError', code: 'selector-syntax', rfc: 'RFC 4661 §5' }),
    );
  });
});
