import { punycode } from './punycode.ts';

/**
 * The form of a domain by which domains are compared: percent-encoding undone, each label converted by
 * ToASCII, in lower case. Addresses in brackets are brought into their one short form.
 *
 * @returns `undefined` when it can't be converted; such a domain equals none
 * @see RFC 4745 §7.1.3, RFC 3490 §4.1
 */
export function domainKey(domain: string): string | undefined {
  if (PLAIN.test(domain)) return domain;
  if (domain.startsWith('[')) return addressKey(domain);
  let decoded: string;
  try {
    decoded = decodeURIComponent(domain);
  } catch {
    return undefined;
  }
  const labels: string[] = [];
  // RFC 3490 §3.1: these dots separate labels too.
  for (const label of decoded.split(/[.\u3002\uFF0E\uFF61]/)) {
    const ascii = toAscii(label);
    if (ascii === undefined) return undefined;
    labels.push(ascii);
  }
  return labels.join('.');
}

/**
 * ToASCII of one label (RFC 3490 §4.1), with UseSTD3ASCIIRules but for the underscore, which names in use have.
 * Case folding and normalization are those of the runtime's Unicode version instead of 3.2.
 */
function toAscii(label: string): string | undefined {
  let ascii = label;
  if (NOT_ASCII.test(label)) {
    const prepared = nameprep(label);
    if (prepared === undefined) return undefined;
    ascii = prepared;
    if (NOT_ASCII.test(prepared)) {
      if (prepared.startsWith('xn--')) return undefined;
      const encoded = punycode(prepared);
      if (encoded === undefined) return undefined;
      ascii = `xn--${encoded}`;
    }
  }
  ascii = ascii.toLowerCase();
  return ascii.length <= 63 && LABEL.test(ascii) ? ascii : undefined;
}

/** Nameprep (RFC 3491): map, normalize, prohibit, check the direction of writing. */
function nameprep(label: string): string | undefined {
  const mapped = fold(label.replace(MAPPED_TO_NOTHING, ''));
  const prepared = fold(mapped.normalize('NFKC')).normalize('NFKC');
  if (PROHIBITED.test(prepared)) return undefined;
  if (!RIGHT_TO_LEFT.test(prepared)) return prepared;
  const others = prepared.replace(/\P{L}/gu, '').replace(new RegExp(RIGHT_TO_LEFT, 'gu'), '');
  const [first = '', ...rest] = prepared;
  const isOneWay = others === '' && RIGHT_TO_LEFT.test(first) && RIGHT_TO_LEFT.test(rest.at(-1) ?? first);
  return isOneWay ? prepared : undefined;
}

/** Case folding, which lower case is but for these (RFC 3454 table B.2). */
function fold(text: string): string {
  return text.toLowerCase().replace(/ß/g, 'ss').replace(/ς/g, 'σ');
}

/** The eight groups of an IPv6 address, each without leading zeros (RFC 4291 §2.2). */
function addressKey(address: string): string | undefined {
  const [head = '', tail, more] = /^\[([0-9A-Fa-f:.]+)\]$/.exec(address)?.[1]?.split('::') ?? ['?'];
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  if (before === undefined || after === undefined || more !== undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array.from({ length: missing }, () => 0), ...after];
  return `[${groups.map((group) => group.toString(16)).join(':')}]`;
}

function groupsOf(text: string): readonly number[] | undefined {
  const groups: number[] = [];
  const parts = text === '' ? [] : text.split(':');
  for (const [index, part] of parts.entries()) {
    const dotted =
      index === parts.length - 1 ? /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(part) : null;
    const bytes = dotted?.slice(1).map(Number);
    if (bytes?.every((byte) => byte < 256)) {
      const [a = 0, b = 0, c = 0, d = 0] = bytes;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** Nearly all domains: nothing to convert. */
const PLAIN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;
const NOT_ASCII = /[^\0-\x7F]/;
// RFC 3454 table B.1.
const MAPPED_TO_NOTHING = /[\u00AD\u1806\u200B-\u200D\u2060\uFEFF]|\u034F|[\u180B-\u180D]|[\uFE00-\uFE0F]/g;
// RFC 3454 tables C.1.2 to C.9 and, as stored strings may not hold them, unassigned code points.
const PROHIBITED = /[\p{Zs}\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\u2028\u2029\u2FF0-\u2FFB\uFFFC\uFFFD]/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
