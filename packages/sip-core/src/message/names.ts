/**
 * Numbers for the names of header fields that are known, so that a scan compares and stores numbers and makes no
 * strings. A name that isn't here is as good, only found by its bytes.
 */

/** The number of a name that is not known. */
export const UNKNOWN = 0;

/** Gives the number of a name in any case or compact form; `UNKNOWN` when there is none. */
export function numberOf(name: string): number {
  return numbers.get(name) ?? numbers.get(name.toLowerCase()) ?? UNKNOWN;
}

/** Says whether the known header field `number` may be there once only. */
export function isSingle(number: number): boolean {
  return singles[number] === 1;
}

/** Gives a byte of a token folded to lower case, 0 for one that no token has. */
export const foldedTokenByte: Uint8Array = /* @__PURE__ */ foldTable();

/** Mixes a folded byte into the hash that `numberByHash` looks up. */
export function mixHash(hash: number, folded: number): number {
  return (Math.imul(hash, 33) + folded) | 0;
}

/** Gives the number of the name in `bytes` from `start` to `end`, given the hash of its folded bytes. */
export function numberByHash(hash: number, bytes: Uint8Array, start: number, end: number): number {
  for (let slot = hash & MASK; ; slot = (slot + 1) & MASK) {
    const spelling = spellings[slot];
    if (spelling === undefined) return UNKNOWN;
    if (spelling.hash === hash && spelling.text.length === end - start) {
      let at = start;
      while (at < end && foldedTokenByte[bytes[at] ?? 0] === spelling.text.charCodeAt(at - start)) at++;
      if (at === end) return spelling.number;
    }
  }
}

interface Spelling {
  readonly text: string;
  readonly hash: number;
  readonly number: number;
}

/** `Name`, `Name/compact`; `!` before those that may be there once only. */
const known = (
  'Via/v !From/f !To/t !Call-ID/i !CSeq !Max-Forwards Route Record-Route Contact/m !Content-Type/c ' +
  '!Content-Length/l !Expires !Event/o Allow Supported/k Require Proxy-Require !User-Agent !Server Accept ' +
  'Allow-Events/u !Subscription-State !SIP-ETag !SIP-If-Match Content-Encoding/e !Content-Disposition ' +
  'Content-Language Accept-Encoding Accept-Language Unsupported !Min-Expires !Retry-After !Date Warning !Timestamp ' +
  '!Subject/s !Organization !Priority Reason !MIME-Version !Reply-To In-Reply-To Path Service-Route Authorization ' +
  'WWW-Authenticate Proxy-Authorization Proxy-Authenticate Authentication-Info P-Asserted-Identity ' +
  'P-Preferred-Identity !Privacy !RAck !RSeq !Refer-To/r !Referred-By/b !Replaces !Session-Expires/x !Min-SE ' +
  'Accept-Contact/a Reject-Contact/j Request-Disposition/d Alert-Info Call-Info Error-Info History-Info'
).split(' ');

/** The numbers that the scan itself has to know. */
export const VIA = 1;
export const FROM = 2;
export const TO = 3;
export const CALL_ID = 4;
export const CSEQ = 5;
export const CONTENT_TYPE = 10;
export const CONTENT_LENGTH = 11;

const MASK = 511;
const singles = new Uint8Array(known.length + 1);
const numbers = new Map<string, number>();
const spellings: (Spelling | undefined)[] = /* @__PURE__ */ spellingTable();

function spellingTable(): (Spelling | undefined)[] {
  const table = new Array<Spelling | undefined>(MASK + 1).fill(undefined);
  for (const [index, entry] of known.entries()) {
    const number = index + 1;
    const isSingleValue = entry.startsWith('!');
    if (isSingleValue) singles[number] = 1;
    for (const spelling of entry.slice(isSingleValue ? 1 : 0).split('/')) {
      const text = spelling.toLowerCase();
      numbers.set(spelling, number).set(text, number);
      let hash = 0;
      for (let at = 0; at < text.length; at++) hash = mixHash(hash, text.charCodeAt(at));
      let slot = hash & MASK;
      while (table[slot] !== undefined) slot = (slot + 1) & MASK;
      table[slot] = { text, hash, number };
    }
  }
  return table;
}

/** `token`'s characters (§25.1). Folding with bit 5 keeps them apart: none of them differ in that bit but letters. */
function foldTable(): Uint8Array {
  const table = new Uint8Array(256);
  const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~";
  for (const character of characters) table[character.charCodeAt(0)] = character.toLowerCase().charCodeAt(0);
  return table;
}
