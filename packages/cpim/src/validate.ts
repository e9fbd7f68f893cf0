import { readAddress, readBracketed } from './address.ts';
import { contentHeader } from './content.ts';
import { instantOf } from './date-time.ts';
import { endOfString } from './escape.ts';
import { ABSOLUTE_URI, LANGUAGE_TAG, NAME, TOKEN } from './grammar.ts';
import { type Header, lineOf } from './header.ts';
import type { CpimMessage } from './message.ts';
import { CPIM_HEADERS, resolve } from './namespaces.ts';

/** The rule that a message breaks; the names are part of the API. */
export type CpimRule =
  | 'name'
  | 'space'
  | 'utf-8'
  | 'control-character'
  | 'escape'
  | 'parameter'
  | 'undeclared-prefix'
  | 'value'
  | 'content-type';

/** Something wrong in a message. */
export interface CpimViolation {
  readonly rule: CpimRule;
  /** Which of the headers, from 0; `undefined` when it is the content. */
  readonly header: number | undefined;
  readonly message: string;
  /** The section that is violated. */
  readonly rfc: string;
}

/**
 * Checks a message exactly, by the rules of RFC 3862 §§2 to 4. Nobody needs it to read a message; it is for who
 * answers for one.
 *
 * @returns what is wrong, in order; nothing when the message is valid
 */
export function validate(message: CpimMessage): readonly CpimViolation[] {
  const violations: CpimViolation[] = [];
  const { names } = resolve(message.headers);
  message.headers.forEach((header, index) => {
    const report = (rule: CpimRule, rfc: string, text: string): void => {
      violations.push({ rule, header: index, message: `${header.name}: ${text}`, rfc: `RFC 3862 §${rfc}` });
    };
    checkLine(header, report);
    const name = names[index];
    if (name === undefined || name.namespace === undefined) {
      report('undeclared-prefix', '3.4', 'the prefix is not declared in the headers before');
    } else if (name.namespace === CPIM_HEADERS) {
      const problem = VALUES.get(name.local)?.(header);
      if (problem !== undefined) report('value', `4.${SECTIONS.indexOf(name.local)}`, problem);
    }
  });
  if (contentHeader(message.content, 'Content-Type') === undefined) {
    const text = 'the content must have a Content-Type';
    violations.push({ rule: 'content-type', header: undefined, message: text, rfc: 'RFC 3862 §2.4' });
  }
  return violations;
}

type Report = (rule: CpimRule, rfc: string, text: string) => void;

function checkLine(header: Header, report: Report): void {
  const bytes = lineOf(header);
  const line = textOf(bytes);
  if (line === undefined) {
    report('utf-8', '2.2', 'not in UTF-8');
    return;
  }
  const { name } = header;
  const dot = name.indexOf('.');
  if (!NAME.test(name.slice(dot + 1)) || (dot >= 0 && !NAME.test(name.slice(0, dot)))) {
    report('name', '3.1', 'no header name');
  }
  const end = endOfParameters(line, name.length + 1);
  if (end < 0) report('parameter', '3.6', 'parameters that break the syntax');
  else if (line[end] !== ' ') report('space', '2.2', 'a single space must stand before the value');
  const value = end < 0 ? '' : line.slice(end + 1);
  if (value.startsWith(' ') || line.endsWith('  ') || (value !== '' && value.endsWith(' '))) {
    report('space', '2.2', 'white space around the value');
  }
  if (/[\0-\x1f\x7f]/.test(line)) report('control-character', '2.2', 'control characters must be escaped');
  // Escape = "\" ( "u" 4(HEXDIG) / "b" / "t" / "n" / "r" / DQUOTE / "'" / "\" )
  if (/\\/.test(line.replace(/\\(?:u[0-9A-Fa-f]{4}|[btnr"'\\])/g, ''))) {
    report('escape', '3.6', 'a backslash that begins no escape sequence');
  }
  for (const [sequence, digits] of line.matchAll(/\\(?:u([0-9A-Fa-f]{4})|[\s\S])/g)) {
    if (digits !== undefined && !MUST_BE_LONG.test(String.fromCharCode(Number.parseInt(digits, 16)))) {
      report('escape', '2.3.1', `${sequence} must not be escaped, or not so`);
    }
  }
}

/** Where the parameters end that begin at a place: behind the last of them, or -1 when they break the syntax. */
function endOfParameters(line: string, start: number): number {
  let at = start;
  while (line[at] === ';') {
    const equals = line.indexOf('=', at);
    const name = line.slice(at + 1, equals);
    if (equals < 0 || !NAME.test(name)) return -1;
    const isString = line[equals + 1] === '"';
    const end = isString ? endOfString(line, equals + 1) : endOfWord(line, equals + 1);
    if (end < 0) return -1;
    const value = line.slice(equals + 1, end);
    if (name === 'lang' ? !LANGUAGE_TAG.test(value) : !isString && !TOKEN.test(value)) return -1;
    at = end;
  }
  return at;
}

function endOfWord(line: string, start: number): number {
  let at = start;
  while (at < line.length && line[at] !== ';' && line[at] !== ' ') at += 1;
  return at;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return STRICT.decode(bytes);
  } catch {
    return undefined;
  }
}

function checkAddress({ value }: Header): string | undefined {
  const address = readAddress(value);
  if (address === undefined || !ABSOLUTE_URI.test(address.uri)) return 'must be [ Formal-name ] "<" URI ">"';
  // Formal-name = 1*( Token SP ) / String
  const before = value.slice(0, value.lastIndexOf('<'));
  const isFormalName = before.startsWith('"')
    ? endOfString(before, 0) === before.length
    : before === '' ||
      (before.endsWith(' ') &&
        before
          .slice(0, -1)
          .split(' ')
          .every((word) => TOKEN.test(word)));
  return isFormalName ? undefined : 'the name must be of tokens that end with a space each, or in quotes';
}

function checkDateTime({ value }: Header): string | undefined {
  return instantOf(value) === undefined ? 'must be a date-time of RFC 3339' : undefined;
}

function checkRequire({ value }: Header): string | undefined {
  return REQUIRE.test(value) ? undefined : 'must be header names, separated by commas';
}

function checkNamespace({ value }: Header): string | undefined {
  const declared = readBracketed(value);
  if (declared === undefined || !ABSOLUTE_URI.test(declared.uri)) {
    return 'must be [ Name-prefix ] "<" URI ">", the URI absolute and without fragment';
  }
  if (declared.before !== '' && !NAME.test(declared.before)) return 'no prefix';
  // NS-header = "NS" ": " [ Name-prefix ] "<" URI ">"; the RFC's own examples have a space behind the prefix.
  return /^(?:[^ <]+ ?)?<[^ ]*>$/.test(value) ? undefined : 'white space where there must be none';
}

const VALUES: ReadonlyMap<string, (header: Header) => string | undefined> = /* @__PURE__ */ new Map([
  ['From', checkAddress],
  ['To', checkAddress],
  ['cc', checkAddress],
  ['DateTime', checkDateTime],
  ['NS', checkNamespace],
  ['Require', checkRequire],
]);
const SECTIONS: readonly string[] = ['', 'From', 'To', 'cc', 'DateTime', 'Subject', 'NS', 'Require'];
const REQUIRE = /^[!#-'*+\-.0-9A-Z^-z|~]+(?:,[!#-'*+\-.0-9A-Z^-z|~]+)*$/;
// §2.3.1: what \uxxxx is for: the control characters that have no shorter sequence.
const MUST_BE_LONG = /[\0-\x07\x0b\x0c\x0e-\x1f\x7f]/;
const STRICT = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
