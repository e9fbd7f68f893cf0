import { skipClass, skipSpace, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import { type Params, quote, readParams, serializeParams, unquote } from '../params.ts';
import { readNumber, type Source } from '../source.ts';
import { skipDigits } from '../uri.ts';
import type { HeaderType } from './header-type.ts';
import { headerType, maxDeltaSeconds, text, token } from './syntax.ts';

/** A Retry-After value (RFC 3261 §20.33). */
export interface RetryAfter {
  readonly seconds: number;
  readonly comment?: string | undefined;
  /** `duration`: how long the called party will be reachable then. */
  readonly params: Params;
}

/** A Warning value (RFC 3261 §20.43). */
export interface Warning {
  /** 300 to 399 in SIP. */
  readonly code: number;
  /** The host or pseudonym that adds the warning. */
  readonly agent: string;
  readonly text: string;
}

/** A Timestamp value in seconds (RFC 3261 §20.38). */
export interface Timestamp {
  /** As written: its digits are significant. */
  readonly timestamp: string;
  readonly delay?: string | undefined;
}

/** A Reason value (RFC 3326 §2). */
export interface Reason {
  /** `SIP`, `Q.850`, ... */
  readonly protocol: string;
  /** `cause`, `text` (a quoted-string), ... */
  readonly params: Params;
}

/** RFC 3261 §20.33. */
export const retryAfter: HeaderType<RetryAfter> = headerType({
  name: 'Retry-After',
  read: readRetryAfter,
  serialize: (value) => {
    const comment = value.comment === undefined ? '' : ` (${value.comment})`;
    return `${value.seconds}${comment}${serializeParams(value.params)}`;
  },
});
/** RFC 3261 §20.17: a moment, in milliseconds since the Unix epoch, whole seconds. */
export const date: HeaderType<number> = {
  name: 'Date',
  list: false,
  parse: parseDate,
  serialize: serializeDate,
};
/** RFC 3261 §20.43. */
export const warning: HeaderType<Warning> = {
  name: 'Warning',
  list: true,
  parse: parseWarning,
  serialize: (value) => `${String(value.code).padStart(3, '0')} ${value.agent} ${quote(value.text)}`,
};
/** RFC 3261 §20.38. */
export const timestamp: HeaderType<Timestamp> = {
  name: 'Timestamp',
  list: false,
  parse: parseTimestamp,
  serialize: (value) => (value.delay === undefined ? value.timestamp : `${value.timestamp} ${value.delay}`),
};
/** RFC 3261 §20.41. */
export const userAgent: HeaderType<string> = text('User-Agent');
/** RFC 3261 §20.35. */
export const server: HeaderType<string> = text('Server');
/** RFC 3261 §20.36. */
export const subject: HeaderType<string> = text('Subject', 's');
/** RFC 3261 §20.25. */
export const organization: HeaderType<string> = text('Organization');
/** RFC 3261 §20.26: `emergency`, `urgent`, `normal`, `non-urgent`, or another token. */
export const priority: HeaderType<string> = token('Priority', 'RFC 3261 §20.26');
/** RFC 3326 §2: the protocol, `cause` and `text`. */
export const reason: HeaderType<Reason> = headerType({
  name: 'Reason',
  list: true,
  read: (source, start, end) => {
    const stop = skipClass(source.bytes, start, end, TOKEN);
    if (stop === start)
      throw new SipError('value', 'Reason has no protocol', { rfc: 'RFC 3326 §2', offset: start });
    return { protocol: source.slice(start, stop), params: readParams(source, stop, end) };
  },
  serialize: (value) => value.protocol + serializeParams(value.params),
});

/** `Retry-After = delta-seconds [ comment ] *( SEMI retry-param )` */
function readRetryAfter(source: Source, start: number, end: number): RetryAfter {
  const { bytes } = source;
  const rfc = 'RFC 3261 §20.33';
  const numberEnd = skipDigits(bytes, start, end);
  const seconds = readNumber(bytes, start, numberEnd, maxDeltaSeconds, rfc);
  const at = skipSpace(bytes, numberEnd, end);
  if (at === end || bytes[at] !== 0x28)
    return { seconds, comment: undefined, params: readParams(source, at, end) };
  const stop = endOfComment(bytes, at, end, rfc);
  return { seconds, comment: source.slice(at + 1, stop - 1), params: readParams(source, stop, end) };
}

/** `comment = LPAREN *(ctext / quoted-pair / comment) RPAREN`: counted, so no depth is too deep. */
function endOfComment(bytes: Uint8Array, start: number, end: number, rfc: string): number {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === 0x5c) at++;
    else if (byte === 0x28) depth++;
    else if (byte === 0x29 && --depth === 0) return at + 1;
  }
  throw new SipError('value', 'a comment does not end', { rfc, offset: start });
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `rfc1123-date = wkday "," SP date1 SP time SP "GMT"` */
function parseDate(value: string): number {
  const parts = /^([A-Z][a-z]{2}), (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(value);
  const [, day = '', dayOfMonth, month = '', year, hours, minutes, seconds] = parts ?? [];
  const monthIndex = months.indexOf(month);
  const isInRange = Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) <= 60;
  const moment = Date.UTC(
    Number(year),
    monthIndex,
    Number(dayOfMonth),
    Number(hours),
    Number(minutes),
    Number(seconds),
  );
  if (parts === null || !days.includes(day) || monthIndex === -1 || !isInRange || Number(dayOfMonth) > 31) {
    throw new SipError('value', 'not an RFC 1123 date in GMT', { rfc: 'RFC 3261 §20.17', offset: 0 });
  }
  return moment;
}

function serializeDate(moment: number): string {
  if (!Number.isFinite(moment)) throw new RangeError(`Date: ${moment}`);
  return new Date(moment).toUTCString();
}

/** `warning-value = warn-code SP warn-agent SP warn-text` */
function parseWarning(value: string): Warning {
  const [, code, agent, rest = ''] = /^(\d{3}) +([^ "]+) +("(?:[^"\\]|\\.)*")$/s.exec(value) ?? [];
  if (code === undefined || agent === undefined) {
    throw new SipError('value', 'not a Warning', { rfc: 'RFC 3261 §20.43', offset: 0 });
  }
  return { code: Number(code), agent, text: unquote(rest) };
}

/** `Timestamp = 1*(DIGIT) [ "." *(DIGIT) ] [ LWS delay ]` */
function parseTimestamp(value: string): Timestamp {
  const parts = /^(\d+(?:\.\d*)?)(?:[ \t]+(\d*(?:\.\d*)?))?$/.exec(value);
  const [, moment, delay] = parts ?? [];
  if (moment === undefined) {
    throw new SipError('value', 'not a Timestamp', { rfc: 'RFC 3261 §20.38', offset: 0 });
  }
  return { timestamp: moment, delay };
}
