import { type Address, readAddress, readBracketed, writeAddress } from './address.ts';
import { instantOf } from './date-time.ts';
import { escapeText, unescapeText } from './escape.ts';
import { ABSOLUTE_URI, LANGUAGE_TAG, NAME } from './grammar.ts';
import type { Header } from './header.ts';
import { type HeaderLens, type HeaderType, lens } from './lens.ts';
import type { CpimMessage } from './message.ts';
import { CPIM_HEADERS, type ExpandedName, expand, resolve } from './namespaces.ts';

/** What a message is about, in one language. */
export interface Subject {
  /** The text, without escape sequences. */
  readonly text: string;
  /** A tag of RFC 3066. Without one, the language is `i-default` (§3.3). */
  readonly language?: string | undefined;
}

/** The declaration of a namespace. */
export interface Namespace {
  /** The prefix; without one, the namespace is that of the names without prefix. */
  readonly prefix?: string | undefined;
  readonly uri: string;
}

/** The sender (RFC 3862 §4.1). */
export const from: HeaderLens<Address> = /* @__PURE__ */ lens(/* @__PURE__ */ addressType('From'));
/** The intended recipients (RFC 3862 §4.2). */
export const to: HeaderLens<Address> = /* @__PURE__ */ lens(/* @__PURE__ */ addressType('To'));
/** Those who get a courtesy copy (RFC 3862 §4.3). */
export const cc: HeaderLens<Address> = /* @__PURE__ */ lens(/* @__PURE__ */ addressType('cc'));

/**
 * When the message was sent, as written, with the offset of the sender's clock; see `instantOf` and `dateTimeOf`
 * (RFC 3862 §4.4).
 */
export const dateTime: HeaderLens<string> = /* @__PURE__ */ lens({
  namespace: CPIM_HEADERS,
  name: 'DateTime',
  read: ({ value }) => (instantOf(value.trim()) === undefined ? undefined : value.trim()),
  write(value) {
    if (instantOf(value) === undefined) throw new RangeError(`"${value}" is no date-time of RFC 3339`);
    return { value };
  },
});

/** The topic; one header for each language (RFC 3862 §4.5). */
export const subject: HeaderLens<Subject> = /* @__PURE__ */ lens({
  namespace: CPIM_HEADERS,
  name: 'Subject',
  read(header) {
    const text = unescapeText(header.value);
    const language = languageOf(header);
    return language === undefined ? { text } : { text, language };
  },
  write({ text, language }) {
    // §2.2: no white space at the beginning or end of a line, and §2.3.1: a space is not to be escaped.
    const value = escapeText(text).replace(/^ +| +$/g, '');
    if (language === undefined) return { value };
    if (!LANGUAGE_TAG.test(language)) throw new RangeError(`"${language}" is no language tag`);
    return { value, parameters: [{ name: 'lang', value: language }] };
  },
});

/**
 * The declarations of namespaces (RFC 3862 §4.6). Lenses make those that their headers need; one made here stands
 * where it is put, and declares for what follows.
 */
export const ns: HeaderLens<Namespace> = /* @__PURE__ */ lens({
  namespace: CPIM_HEADERS,
  name: 'NS',
  read({ value }) {
    const found = readBracketed(value);
    if (found === undefined) return undefined;
    return found.before === '' ? { uri: found.uri } : { prefix: found.before, uri: found.uri };
  },
  write({ prefix, uri }) {
    if (!ABSOLUTE_URI.test(uri)) throw new RangeError(`"${uri}" is no absolute URI`);
    if (prefix === undefined) return { value: `<${uri}>` };
    if (!NAME.test(prefix)) throw new RangeError(`"${prefix}" is no prefix`);
    return { value: `${prefix} <${uri}>` };
  },
});

/**
 * The headers and features that the recipient must understand, by the names that this message has for them
 * (RFC 3862 §4.7); see `required` for what they mean.
 */
export const requires: HeaderLens<readonly string[]> = /* @__PURE__ */ lens({
  namespace: CPIM_HEADERS,
  name: 'Require',
  read: ({ value }) => namesIn(value),
  write(names) {
    for (const name of names) {
      if (!name.split('.', 2).every((part) => NAME.test(part)))
        throw new RangeError(`"${name}" is no header name`);
    }
    // Require-header = "Require" ": " Header-name *( "," Header-name )
    return { value: names.join(',') };
  },
});

/**
 * The headers and features that a message requires of its recipient. A message with one that the recipient does
 * not understand must not be processed as if it did; one whose prefix is not declared is understood by nobody.
 *
 * @see RFC 3862 §3.5
 */
export function required(message: CpimMessage): readonly ExpandedName[] {
  const { names } = resolve(message.headers);
  return names.flatMap(({ namespace, local, scope }, at) => {
    const header = message.headers[at];
    if (header === undefined || local !== 'Require' || namespace !== CPIM_HEADERS) return [];
    return namesIn(header.value).map((name) => expand(name, scope));
  });
}

/** The language of the text in a header, if it says one (RFC 3862 §3.3). */
export function languageOf(header: Header): string | undefined {
  return header.parameters.find(({ name }) => name === 'lang')?.value;
}

function addressType(name: string): HeaderType<Address> {
  return {
    namespace: CPIM_HEADERS,
    name,
    read: ({ value }) => readAddress(value),
    write: (address) => ({ value: writeAddress(address) }),
  };
}

function namesIn(value: string): readonly string[] {
  return value.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
}
