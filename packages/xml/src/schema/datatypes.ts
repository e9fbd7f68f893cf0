import { collapse, type SimpleType } from './simple.ts';

/**
 * An identifier that is unique in its document (`xs:ID`). Readers take any text, since documents with ids
 * like `1` are common; validators want a name without colon.
 *
 * @see XML Schema Part 2 §3.3.8
 */
export const id: SimpleType<string> = {
  name: 'xs:ID',
  whiteSpace: 'collapse',
  unique: true,
  read: (text) => (text === '' ? undefined : text),
  isValid: isNcName,
  write: (value) => value,
};

/** A name without colon. */
export const ncName: SimpleType<string> = {
  name: 'xs:NCName',
  whiteSpace: 'collapse',
  read: (text) => (isNcName(text) ? text : undefined),
  write: (value) => value,
};

/**
 * A URI reference (`xs:anyURI`). Readers take any text; validators want what RFC 3986 can parse once the
 * characters a URI can't hold are escaped.
 *
 * @see XML Schema Part 2 §3.2.17
 */
export const anyUri: SimpleType<string> = {
  name: 'xs:anyURI',
  whiteSpace: 'collapse',
  read: (text) => text,
  isValid: isUriReference,
  write: (value) => value,
};

/**
 * A URI reference as `anyUri`, and also the SIP URI of a host that is an IPv6 reference, `sip:a@[2001:db8::1]`,
 * which RFC 3261 §25.1 has and RFC 3986, and with it `xs:anyURI`, has not: a writer that refused it would have no
 * way to name such a host.
 */
export const sipOrAnyUri: SimpleType<string> = {
  ...anyUri,
  isValid: (text) => isUriReference(text.replace(IPV6_REFERENCE, '$1host')),
};

/** A language tag of RFC 3066 (`xs:language`). */
export const language: SimpleType<string> = {
  name: 'xs:language',
  whiteSpace: 'collapse',
  read: (text) => (LANGUAGE.test(text) ? text : undefined),
  write: (value) => value,
};

/** The value of `xml:lang`: a language, or the empty text that undoes one (XML 1.0 §2.12). */
export const languageOrNone: SimpleType<string> = {
  name: 'xs:language or empty',
  whiteSpace: 'preserve',
  read: (text) => (text === '' ? text : language.read(collapse(text))),
  write: (value) => value,
};

/**
 * A date and time (`xs:dateTime`) that keeps its written form; `instantOf` gives the moment it names.
 *
 * @see XML Schema Part 2 §3.2.7
 */
export const dateTime: SimpleType<string> = {
  name: 'xs:dateTime',
  whiteSpace: 'collapse',
  read: (text) => (COMMON_DATE_TIME.test(text) || instantOf(text) !== undefined ? text : undefined),
  isValid: (text) => isDateTime(text, false),
  write: (value) => value,
};

/**
 * A date and time as the Internet writes it: an `xs:dateTime` with four digits of year and a zone.
 *
 * @see RFC 3339 §5.6
 */
export const internetDateTime: SimpleType<string> = {
  ...dateTime,
  name: 'RFC 3339 date-time',
  isValid: (text) => isDateTime(text, true),
};

/**
 * The moment a date-time names, in milliseconds since 1970-01-01T00:00:00Z; digits beyond milliseconds are
 * cut off, a missing zone is read as UTC, and the leap second as the second that follows.
 * `undefined` when the text is no date-time.
 *
 * @see RFC 3339 §5.6
 */
export function instantOf(written: string): number | undefined {
  const parts = DATE_TIME.exec(collapse(written));
  if (parts === null || !isInCalendar(parts)) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', , sign, zoneHour, zoneMinute] = parts;
  const milliseconds = Number(fraction.slice(1, 4).padEnd(3, '0'));
  // Date.UTC reads the years 0 to 99 as 1900 and on; four hundred years are always the same number of days.
  const utc =
    Date.UTC(
      Number(year) + 400,
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    ) -
    FOUR_HUNDRED_YEARS +
    milliseconds;
  const offset = sign === undefined ? 0 : (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return sign === '-' ? utc + offset : utc - offset;
}

/** The date-time of a moment in UTC, `2026-01-31T12:00:00Z`, with milliseconds only where there are any. */
export function dateTimeOf(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

/** True for a URI reference of RFC 3986 whose characters beyond the URI ones are escaped for it first. */
export function isUriReference(text: string): boolean {
  // xs:anyURI lets these through by escaping them before the URI grammar applies (XML Schema Part 2 §3.2.17).
  return URI_REFERENCE.test(text.replace(/[^!-~]|[<>"{}|\\^`]/g, '_'));
}

function isNcName(text: string): boolean {
  return NC_NAME.test(text);
}

function isDateTime(text: string, internet: boolean): boolean {
  if (COMMON_DATE_TIME.test(text)) return true;
  const parts = DATE_TIME.exec(text);
  if (parts === null || !isInCalendar(parts)) return false;
  const [, year = '', , , hour, , second, , zone] = parts;
  // RFC 3339 has the leap second, which XML Schema 1.0 has not: it stays out of both.
  if (second === '60' || year === '0000' || LONG_YEAR_WITH_ZERO.test(year)) return false;
  return !internet || (YEAR_OF_FOUR.test(year) && zone !== undefined && hour !== '24');
}

function isInCalendar(parts: RegExpExecArray): boolean {
  const [, year, month, day, hour, minute, second, fraction = '', , , zoneHour, zoneMinute] = parts.map(
    (part, index) => (index === 7 ? part : (part ?? '0')),
  );
  const days = daysIn(Number(year), Number(month));
  if (Number(day) < 1 || Number(day) > days) return false;
  if (hour === '24') {
    if (minute !== '00' || second !== '00' || /[1-9]/.test(fraction)) return false;
  } else if (Number(hour) > 23) return false;
  if (Number(minute) > 59 || Number(second) > 60) return false;
  const zone = Number(zoneHour) * 60 + Number(zoneMinute);
  return zone <= 14 * 60 && Number(zoneMinute) < 60;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const FOUR_HUNDRED_YEARS = 146_097 * 86_400_000;
// 1 year 2 month 3 day 4 hour 5 minute 6 second 7 fraction 8 zone 9 sign 10 zone hour 11 zone minute
// What both standards allow and no calendar is needed for: nearly all there are.
const COMMON_DATE_TIME =
  /^[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])$/;
const DATE_TIME =
  /^(-?[0-9]{4,9})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|([+-])([0-9]{2}):([0-9]{2}))?$/;
const YEAR_OF_FOUR = /^[0-9]{4}$/;
const LONG_YEAR_WITH_ZERO = /^-?0[0-9]{4}/;
const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;
// RFC 3261 §25.1: SIP-URI = "sip:" [ userinfo ] hostport ...; host = ... / IPv6reference
const IPV6_REFERENCE = /^(sips?:(?:[^@[\]]*@)?)\[[0-9A-Fa-f:.]+\]/i;
// NCName of Namespaces in XML 1.0 §3, over the Name characters of XML 1.0 §2.3.
const NAME_START =
  'A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}-\\u{200D}\\u{2070}-\\u{218F}' +
  '\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';
const NC_NAME = new RegExp(
  `^[${NAME_START}][${NAME_START}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}]*$`,
  'u',
);
// RFC 3986 Appendix A: URI-reference, its parts put together by hand.
const PCHAR = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})";
const SEGMENT_NO_COLON = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=@]|%[0-9A-Fa-f]{2})+";
const AUTHORITY =
  "(?:(?:[A-Za-z0-9\\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*@)?" +
  "(?:\\[[0-9A-Fa-f:.]+\\]|\\[[vV][0-9A-Fa-f]+\\.[A-Za-z0-9\\-._~!$&'()*+,;=:]+\\]|(?:[A-Za-z0-9\\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)" +
  '(?::[0-9]*)?';
const PATH_ABEMPTY = `(?:/${PCHAR}*)*`;
const URI_REFERENCE = new RegExp(
  `^(?:[A-Za-z][A-Za-z0-9+\\-.]*:(?://${AUTHORITY}${PATH_ABEMPTY}|/(?:${PCHAR}+${PATH_ABEMPTY})?|${PCHAR}+${PATH_ABEMPTY}|)` +
    `|//${AUTHORITY}${PATH_ABEMPTY}|/(?:${PCHAR}+${PATH_ABEMPTY})?|${SEGMENT_NO_COLON}${PATH_ABEMPTY}|)` +
    `(?:\\?(?:${PCHAR}|[/?])*)?(?:#(?:${PCHAR}|[/?])*)?$`,
);
