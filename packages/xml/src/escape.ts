import { XmlError } from './errors.ts';
import { isCharacterData, isNCName } from './names.ts';
import type { XmlCData, XmlComment, XmlPi } from './tree.ts';

/**
 * Writes character data so that it reads back as it is: the escapes of Canonical XML.
 *
 * @throws XmlError `character`
 */
export function escapeText(value: string): string {
  if (!TEXT_SPECIAL.test(value)) return value;
  return checkCharacters(value).replace(/[&<>\r]/g, escapeCharacter);
}

/**
 * Writes the value of an attribute for double quotes. Tab and line ends are escaped as well, which attribute
 * value normalization (XML 1.0 §3.3.3) would else turn into spaces.
 *
 * @throws XmlError `character`
 */
export function escapeAttribute(value: string): string {
  if (!ATTRIBUTE_SPECIAL.test(value)) return value;
  return checkCharacters(value).replace(/[&<"\t\n\r]/g, escapeCharacter);
}

/**
 * Writes a CDATA section; as more than one where it holds what none can, `]]>` or a carriage return.
 *
 * @throws XmlError `character`
 */
export function writeCData({ value }: XmlCData): string {
  const written = checkCharacters(value)
    .replaceAll(']]>', ']]]]><![CDATA[>')
    .replaceAll('\r', ']]>&#xD;<![CDATA[');
  return `<![CDATA[${written}]]>`;
}

/**
 * Writes a comment.
 *
 * @throws XmlError `comment-syntax` for `--` or a `-` at the end, `character`
 * @see XML 1.0 §2.5
 */
export function writeComment({ value }: XmlComment): string {
  if (value.includes('--') || value.endsWith('-')) {
    throw new XmlError('comment-syntax', 'XML 1.0 §2.5', 'a comment with "--", or with "-" at its end');
  }
  return `<!--${checkRaw(value)}-->`;
}

/**
 * Writes a processing instruction.
 *
 * @throws XmlError `name`, `pi-syntax`, `character`
 * @see XML 1.0 §2.6, Namespaces in XML 1.0 §7
 */
export function writePi({ target, data }: XmlPi): string {
  checkName(target);
  if (/^xml$/i.test(target)) throw new XmlError('pi-syntax', 'XML 1.0 §2.6', 'the target "xml" is reserved');
  if (data === '') return `<?${target}?>`;
  if (data.includes('?>') || /^[ \t\r\n]/.test(data)) {
    throw new XmlError('pi-syntax', 'XML 1.0 §2.6', 'data with "?>", or with white space at its start');
  }
  return `<?${target} ${checkRaw(data)}?>`;
}

/**
 * Gives back a name, prefix or target that is without colon and otherwise legal.
 *
 * @throws XmlError `name`
 */
export function checkName(name: string): string {
  if (isNCName(name)) return name;
  throw new XmlError('name', 'Namespaces in XML 1.0 §3', `${JSON.stringify(name)} is no NCName`);
}

// Comments and instructions have no escapes; a carriage return in them would read back as a line feed.
function checkRaw(value: string): string {
  if (!value.includes('\r')) return checkCharacters(value);
  throw new XmlError('character', 'XML 1.0 §2.11', 'a carriage return where none can be escaped');
}

function checkCharacters(value: string): string {
  if (isCharacterData(value)) return value;
  throw new XmlError('character', 'XML 1.0 §2.2', 'a character that XML does not allow');
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '"':
      return '&quot;';
    default:
      return `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
  }
}

// What is to be escaped and, beside it, whatever may be no Char; surrogates get their second look in pairs.
const TEXT_SPECIAL = /[&<>\x00-\x08\x0B-\x1F\uD800-\uDFFF\uFFFE\uFFFF]/;
const ATTRIBUTE_SPECIAL = /[&<"\x00-\x1F\uD800-\uDFFF\uFFFE\uFFFF]/;
