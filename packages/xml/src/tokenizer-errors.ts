import { placeAt, XmlError, type XmlErrorCode } from './errors.ts';

/**
 * Turns what saxes says into our error.
 *
 * @param position where saxes stood: behind the character it complains about
 */
export function fromTokenizer(message: string, source: string, position: number): XmlError {
  let offset = Math.max(0, Math.min(position, source.length) - 1);
  const unit = source.charCodeAt(offset);
  if (unit >= 0xdc00 && unit < 0xe000 && offset > 0) offset--;
  const atLess = source.charCodeAt(offset) === 0x3c;
  if (message === 'disallowed character.' && atLess) {
    return new XmlError(
      'attribute-syntax',
      'XML 1.0 §3.1',
      '"<" in an attribute value',
      placeAt(source, offset),
    );
  }
  for (const [beginning, code, section] of MEANINGS) {
    if (message.startsWith(beginning)) {
      if (code === 'tag-mismatch') offset = Math.max(0, source.lastIndexOf('</', offset));
      if (code === 'unclosed-element' || code === 'unexpected-end') offset = source.length;
      return new XmlError(code, `XML 1.0 §${section}`, message.replace(/\.$/, ''), placeAt(source, offset));
    }
  }
  return new XmlError('markup-syntax', 'XML 1.0 §2.1', message.replace(/\.$/, ''), placeAt(source, offset));
}

const MEANINGS: readonly (readonly [beginning: string, code: XmlErrorCode, section: string])[] = [
  ['document must contain a root element', 'no-root', '2.1'],
  ['text data outside of root node', 'content-outside-root', '2.1'],
  ['documents may contain only one root', 'content-outside-root', '2.1'],
  ['inappropriately located doctype', 'doctype', '2.8'],
  ['unclosed tag', 'unclosed-element', '3'],
  ['unexpected end', 'unexpected-end', '2.1'],
  ['unexpected close tag', 'tag-mismatch', '3'],
  ['unmatched closing tag', 'tag-mismatch', '3'],
  ['weird empty close tag', 'tag-syntax', '3.1'],
  ['disallowed character in tag name', 'tag-syntax', '3.1'],
  ['disallowed character in closing tag', 'tag-syntax', '3.1'],
  ['forward-slash in opening tag', 'tag-syntax', '3.1'],
  ['disallowed character in attribute name', 'attribute-syntax', '3.1'],
  ['attribute without value', 'attribute-syntax', '3.1'],
  ['unquoted attribute value', 'attribute-syntax', '3.1'],
  ['no whitespace between attributes', 'attribute-syntax', '3.1'],
  ['duplicate attribute', 'attribute-duplicate', '3.1'],
  ['disallowed character in processing', 'pi-syntax', '2.6'],
  ['processing instruction without', 'pi-syntax', '2.6'],
  ['an XML declaration must be', 'declaration-syntax', '2.8'],
  ['the XML declaration must appear', 'declaration-syntax', '2.8'],
  ['malformed comment', 'comment-syntax', '2.5'],
  ['the string "]]>" is disallowed', 'cdata-end-in-text', '2.4'],
  ['disallowed character in entity name', 'reference', '4.1'],
  ['empty entity name', 'reference', '4.1'],
  ['undefined entity', 'reference', '4.1'],
  ['malformed character entity', 'reference', '4.1'],
  ['disallowed character', 'character', '2.2'],
  ['incorrect syntax', 'markup-syntax', '2.1'],
];
