import { describe, expect, it } from 'vitest';
import { attributeOf, elementsOf, firstElement, parse, qualifiedName, textOf, XML } from '../src/index.ts';

const { root } = parse(
  '<p:a xmlns:p="urn:p" id="1" p:id="2" xml:lang="en">x<!-- y --><p:b/><![CDATA[z]]><b/><p:b n="2">w</p:b></p:a>',
);

describe('readers', () => {
  it('attributes are found by namespace', () => {
    expect(attributeOf(root, 'id')).toBe('1');
    expect(attributeOf(root, 'id', 'urn:p')).toBe('2');
    expect(attributeOf(root, 'lang', XML)).toBe('en');
    expect(attributeOf(root, 'lang')).toBeUndefined();
  });

  it('text is what stands directly in an element', () => {
    expect(textOf(root)).toBe('xz');
  });

  it('child elements are found by name, in the namespace of their parent unless said otherwise', () => {
    expect(elementsOf(root)).toHaveLength(3);
    expect(elementsOf(root, 'b').map((child) => attributeOf(child, 'n'))).toEqual([undefined, '2']);
    expect(elementsOf(root, 'b', '')).toHaveLength(1);
    expect(firstElement(root, 'b')).toBe(root.children[2]);
    expect(firstElement(root, 'b', '')).toBe(root.children[4]);
    expect(firstElement(root, 'c')).toBeUndefined();
  });

  it('names are told as written', () => {
    expect([qualifiedName(root), ...root.attributes.map(qualifiedName)]).toEqual([
      'p:a',
      'xmlns:p',
      'id',
      'p:id',
      'xml:lang',
    ]);
  });
});
