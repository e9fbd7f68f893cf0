/**
 * NCName ::= Name - (Char* ':' Char*), by the characters of XML 1.0 fifth edition.
 *
 * @see Namespaces in XML 1.0 §3, XML 1.0 §2.3
 */
export function isNCName(name: string): boolean {
  return ASCII_NCNAME.test(name) || NCNAME.test(name);
}

/** True when a name begins as an NCName does. */
export function isNCNameStart(name: string): boolean {
  const code = name.charCodeAt(0) | 0x20;
  return (code >= 0x61 && code <= 0x7a) || NCNAME_START.test(name);
}

/** True when every character is allowed in a document: Char of XML 1.0 §2.2. Unpaired surrogates are not. */
export function isCharacterData(value: string): boolean {
  return !NOT_CHAR.test(value);
}

/** White space, S of XML 1.0 §2.3, from the start to the end of `value`. */
export function isWhiteSpace(value: string): boolean {
  return !/[^ \t\r\n]/.test(value);
}

// NameStartChar ::= ":" | [A-Z] | "_" | [a-z] | [#xC0-#xD6] | ... ; NameChar adds "-" | "." | [0-9] | #xB7 | ...
const START =
  'A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F' +
  '\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const NCNAME = new RegExp(`^[${START}][-.0-9\\xB7\\u0300-\\u036F\\u203F\\u2040${START}]*$`, 'u');
const NAME = new RegExp(`^[:${START}][-.0-9:\\xB7\\u0300-\\u036F\\u203F\\u2040${START}]*$`, 'u');
const NCNAME_START = new RegExp(`^[${START}]`, 'u');
const ASCII_NCNAME = /^[A-Z_a-z][-.\w]*$/;
const NOT_CHAR = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** A name as written, taken apart. */
export interface QualifiedName {
  readonly prefix: string;
  readonly local: string;
  /** The prefix that an attribute of this name declares; `undefined` when it is no namespace declaration. */
  readonly declares: string | undefined;
}

/** Takes a Name apart; `undefined` when it is neither PrefixedName nor UnprefixedName (Namespaces in XML 1.0 §4). */
export function splitName(name: string): QualifiedName | undefined {
  const colon = name.indexOf(':');
  if (colon < 0) return { prefix: '', local: name, declares: name === 'xmlns' ? '' : undefined };
  const prefix = name.slice(0, colon);
  const local = name.slice(colon + 1);
  if (prefix === '' || local.includes(':') || !isNCNameStart(local)) return undefined;
  return { prefix, local, declares: prefix === 'xmlns' ? local : undefined };
}

/** Where the Name that begins at `start` ends; `start` when none begins there. */
export function endOfName(source: string, start: number): number {
  let at = start;
  let isAscii = true;
  for (let code = source.charCodeAt(at); isNameCharacter(code); code = source.charCodeAt(++at)) {
    if (code >= 0x80) isAscii = false;
  }
  if (!isAscii) return NAME.test(source.slice(start, at)) ? at : start;
  // NameStartChar within ASCII: a letter, "_" or ":".
  const first = source.charCodeAt(start);
  const letter = first | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || first === 0x5f || first === 0x3a ? at : start;
}

/** `NameChar` within ASCII; beyond, all is taken here, and the whole name looked at. */
export function isNameCharacter(code: number): boolean {
  const letter = code | 0x20;
  if (letter >= 0x61 && letter <= 0x7a) return true;
  return (code >= 0x2d && code <= 0x3a && code !== 0x2f) || code === 0x5f || code >= 0x80;
}
