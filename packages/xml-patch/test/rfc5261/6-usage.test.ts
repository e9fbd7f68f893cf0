import { equals, parse, serializeToString } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { apply, diff, writePatch } from '../../src/index.ts';

const presence = `<presence xmlns="urn:pidf" xmlns:d="urn:dm" entity="pres:a@b">
 <tuple id="t1">
  <status><basic>open</basic></status>
  <contact priority="0.8">sip:a@b</contact>
 </tuple>
 <tuple id="t2">
  <status><basic>closed</basic></status>
 </tuple>
 <note xml:lang="en">at home</note>
 <d:person id="p1"><d:note>here</d:note></d:person>
</presence>`;

/** The operations of the patch from one text to another, as they are written; the patch is right. */
function patch(before: string, after: string): string {
  const [a, b] = [parse(before), parse(after)];
  const made = diff(a, b);
  expect(equals(apply(a, made), b)).toBe(true);
  return serializeToString(writePatch(made, 'urn:diff', 'p:diff'))
    .replace(/^<p:diff[^>]*>|<\/p:diff>$/g, '')
    .replaceAll('<p:', '<')
    .replaceAll('</p:', '</');
}

const changed = (...[from, to]: readonly [string | RegExp, string]): string => {
  const after = presence.replace(from, to);
  expect(after).not.toBe(presence);
  return patch(presence, after);
};

describe('a patch has what was modified, and no more (§6, @req rfc5261:6:1)', () => {
  test('a text', () => {
    expect(changed('closed', 'open')).toBe(`<replace sel="*/*[@id='t2']/*[1]/*[1]/text()">open</replace>`);
  });

  test('an attribute: another value, new, gone', () => {
    expect(changed('0.8', '0.7')).toBe(`<replace sel="*/*[@id='t1']/*[2]/@priority">0.7</replace>`);
    expect(changed('id="t2"', 'id="t2" d:x="1"')).toBe(`<add sel="*/*[@id='t2']" type="@a1:x">1</add>`);
    expect(changed(' xml:lang="en"', '')).toBe('<remove sel="*/*[3]/@xml:lang"/>');
    expect(changed('xml:lang="en"', 'xml:lang=""')).toBe('<replace sel="*/*[3]/@xml:lang"/>');
  });

  test('an element that is new, with the white space that comes with it', () => {
    expect(changed(' <note', ' <tuple id="t3"/>\n <note')).toBe(
      '<add sel="*/*[3]" pos="before"><tuple id="t3"/>\n </add>',
    );
    expect(changed('</d:person>', '</d:person>\n <d:device/>')).toBe('<add sel="*"> <d:device/>\n</add>');
    expect(patch('<d/>', '<d><e/></d>')).toBe('<add sel="*"><e/></add>');
  });

  test('an element that is gone, with white space before or after it', () => {
    expect(changed(/ <note .*\n/, '')).toBe('<remove sel="*/*[3]" ws="after"/>');
    expect(changed(/\n <d:person[\s\S]*person>/, '')).toBe(`<remove sel="*/*[@id='p1']" ws="before"/>`);
    expect(changed(/<note .*note>\n/, '\n')).toBe('<remove sel="*/*[3]"/>');
  });

  test('an element that moved is removed and added', () => {
    const moved = changed(
      /( <tuple id="t1">[\s\S]*?<\/tuple>\n)( <tuple id="t2">[\s\S]*?<\/tuple>\n)/,
      '$2$1',
    );
    expect(moved).toMatch(/^<(add|remove) .*<(add|remove) /s);
    expect(moved).not.toContain('replace');
  });

  test('comments and instructions, beside the root too', () => {
    const around =
      '<!-- a --><d><!-- b -->and a text that is long enough for a patch to be shorter<?c d?></d>';
    expect(patch(around, around.replace(' a ', ' x '))).toBe(
      '<replace sel="comment()[1]"><!-- x --></replace>',
    );
    expect(patch(around, around.replace(' b ', ' x '))).toBe(
      '<replace sel="*/comment()[1]"><!-- x --></replace>',
    );
    expect(patch(around, around.replace('c d', 'c'))).toBe(
      '<replace sel="*/processing-instruction()[1]"><?c?></replace>',
    );
    expect(patch(around, `${around}<?e?>`)).toBe('<add sel="*" pos="after"><?e?></add>');
  });

  test('nothing, where only prefixes, declarations and CDATA are other', () => {
    expect(
      patch('<a:d xmlns:a="u:" a:k="1">x</a:d>', '<d xmlns="u:" xmlns:b="u:" b:k="1"><![CDATA[x]]></d>'),
    ).toBe('');
  });

  test('the whole element, where that is shorter', () => {
    expect(changed(/<tuple id="t2">[\s\S]*?<\/tuple>/, '<tuple id="t2"><a/><b/><c/></tuple>')).toBe(
      `<replace sel="*/*[@id='t2']"><tuple id="t2"><a/><b/><c/></tuple></replace>`,
    );
  });

  test('selectors are relative to the root node (§4.1, @req rfc5261:4.1:2)', () => {
    const { operations } = diff(
      parse(presence),
      parse(presence.replaceAll('open', 'x').replace('"en"', '"de"')),
    );
    expect(operations.length).toBeGreaterThan(0);
    for (const { value } of operations) expect(value.sel).not.toMatch(/^\//);
  });

  test('an id that two elements have is not selected by', () => {
    const twice = (text: string) =>
      `<d><e id="x">${'long '.repeat(30)}</e><f id="x"><g>${text}</g>${'long '.repeat(30)}</f></d>`;
    expect(patch(twice('a'), twice('b'))).toBe('<replace sel="*/*[2]/*[1]/text()">b</replace>');
  });
});
