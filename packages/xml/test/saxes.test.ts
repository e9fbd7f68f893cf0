import * as fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { expect, it } from 'vitest';
import { parse, serializeToString, XmlError, type XmlNode } from '../src/index.ts';
import { element, runs } from './arbitrary.ts';

/** What saxes, a strict tokenizer that is not ours, makes of a document: its events, or `undefined` for a malformed one. */
function bySaxes(source: string): string[] | undefined {
  const parser = new SaxesParser({ xmlns: true });
  const events: string[] = [];
  parser.on('opentag', ({ uri, local, attributes }) => {
    const written = Object.values(attributes).map((each) => `${each.uri}|${each.local}=${each.value}`);
    events.push(`<${uri}|${local} ${written.join(' ')}`);
  });
  parser.on('closetag', ({ local }) => events.push(`/${local}`));
  parser.on('text', (value) => events.push(`"${value}`));
  parser.on('cdata', (value) => events.push(`[${value}`));
  parser.on('comment', (value) => events.push(`!${value}`));
  parser.on('processinginstruction', ({ target, body }) => events.push(`?${target} ${body}`));
  try {
    parser.write(source).close();
  } catch {
    return undefined;
  }
  return events;
}

function byUs(source: string): string[] | undefined {
  const events: string[] = [];
  const tell = (node: XmlNode): void => {
    if (node.type === 'text') events.push(`"${node.value}`);
    else if (node.type === 'cdata') events.push(`[${node.value}`);
    else if (node.type === 'comment') events.push(`!${node.value}`);
    else if (node.type === 'pi') events.push(`?${node.target} ${node.data}`);
    else {
      const attributes = node.attributes.map((each) => `${each.namespace}|${each.local}=${each.value}`);
      events.push(`<${node.namespace}|${node.local} ${attributes.join(' ')}`);
      for (const child of node.children) tell(child);
      events.push(`/${node.local}`);
    }
  };
  try {
    for (const child of parse(source).children) tell(child);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return undefined;
  }
  return events;
}

/** Saxes takes, or drops, what it should not; where it and we differ, this says why. */
function isItsFault(source: string): boolean {
  return (
    // Namespaces in XML 1.0 §3: prefixes that may not be undeclared, or bound to the reserved namespaces.
    /xmlns:[^=\s]*\s*=\s*(?:""|'')|http:\/\/www\.w3\.org\/(?:2000\/xmlns|XML\/1998)/.test(source) ||
    // It does not look at how a local name begins, and trims namespace names.
    /:[-.\d\u00B7\u203F\u2040\p{M}]/u.test(source) ||
    /xmlns[^=]*=\s*(?:"[^"]*(?:\s|&#)|'[^']*(?:\s|&#))/.test(source) ||
    // It drops white space at the very start, takes DOCTYPE and XML 1.1, and reads declarations as it likes.
    /^[ \t\r\n]|<!DOCTYPE|<\?xml[ \t\r\n?]/i.test(source) ||
    // XML 1.0 §2.6: white space after the target; Namespaces in XML 1.0 §7: no colon in it.
    /<\?[^?\s>]*[?:]/.test(source) ||
    // XML 1.0 §2.2: halves of surrogate pairs, also by reference.
    /[\uD800-\uDFFF]/u.test(source)
  );
}

const marks = fc.constantFrom(
  ...[
    '<',
    '>',
    '/',
    '</',
    '/>',
    '<a>',
    '</a>',
    '<!--',
    '-->',
    '--',
    '<![CDATA[',
    ']]>',
    '<?p ',
    '?>',
    '&',
    ';',
    '&lt;',
  ],
  ...[
    '&#65;',
    '&#x1F600;',
    '&#0;',
    '"',
    "'",
    '=',
    ' ',
    '\n',
    '\r\n',
    'a',
    'b="1"',
    " c='2'",
    'p:a',
    ':',
    '\u00E9',
    '\u00D7',
    '\u0001',
  ],
);
const edited = fc
  .tuple(element, fc.array(fc.tuple(fc.nat(), fc.nat(4), marks), { maxLength: 4 }))
  .map(([root, edits]) => {
    let text = serializeToString(root);
    for (const [place, length, mark] of edits) {
      const at = place % (text.length + 1);
      text = text.slice(0, at) + mark + text.slice(at + length);
    }
    return text;
  });

it('reads what saxes reads, and refuses what it refuses, in edited documents and in heaps of markup', () => {
  let refused = 0;
  let read = 0;
  const heaps = fc.array(marks, { maxLength: 12 }).map((parts) => `<a>${parts.join('')}</a>`);
  fc.assert(
    fc.property(fc.oneof(edited, heaps), (source) => {
      fc.pre(!isItsFault(source));
      const theirs = bySaxes(source);
      if (theirs === undefined) refused += 1;
      else read += 1;
      expect(byUs(source)).toEqual(theirs);
    }),
    runs(3000),
  );
  expect(Math.min(refused, read)).toBeGreaterThan(300);
});
