/**
 * Numbers for the names of header fields that are known, so that a scan compares and stores numbers and makes no
 * strings. A name that isn't here is as good, only found by its bytes.
 */

/** `Name`, `Name/compact`; `!` before those that may be there once only. */
const known = (
  'Via/v !From/f !To/t !Call-ID/i !CSeq !Max-Forwards Route Record-Route Contact/m !Content-Type/c ' +
  '!Content-Length/l !Expires !Event/o Allow Supported/k Require Proxy-Require !User-Agent !Server Accept ' +
  'Allow-Events/u !Subscription-State !SIP-ETag !SIP-If-Match Content-Encoding/e !Content-Disposition ' +
  'Content-Language Accept-Encoding Accept-Language Unsupported !Min-Expires !Retry-After !Date Warning !Timestamp ' +
  '!Subject/s !Organization !Priority Reason !MIME-Version !Reply-To In-Reply-To Path Service-Route Authorization ' +
  'WWW-Authenticate Proxy-Authorization Proxy-Authenticate Authentication-Info Proxy-Authentication-Info P-Asserted-Identity ' +
  'P-Preferred-Identity !Privacy !RAck !RSeq !Refer-To/r !Referred-By/b !Replaces !Session-Expires/x !Min-SE ' +
  'Accept-Contact/a Reject-Contact/j Request-Disposition/d Alert-Info Call-Info Error-Info History-Info'
).split(' ');

/** The number of a name that is not known. */
export const UNKNOWN = 0;
/** The numbers that the code here has to know. */
export const VIA = 1;
export const FROM = 2;
export const TO = 3;
export const CALL_ID = 4;
export const CSEQ = 5;
export const MAX_FORWARDS = 6;
export const CONTENT_TYPE = 10;
export const CONTENT_LENGTH = 11;
export const TIMESTAMP = 35;
/** No header field: a line that is none, and the empty line. */
export const NONE = 255;

/** Gives the number of a name in any case or compact form; `UNKNOWN` when there is none. */
export function numberOf(name: string): number {
  return numbers.get(name) ?? numbers.get(name.toLowerCase()) ?? UNKNOWN;
}

/** Says whether the known header field `number` may be there once only. */
export function isSingle(number: number): boolean {
  return known[number - 1]?.startsWith('!') === true;
}

/** Gives the canonical spelling of a known header field's name. */
export function nameOfNumber(number: number): string {
  return canonical[number] ?? '';
}

/** Gives how long the canonical spelling of a known header field's name is; 0 for `UNKNOWN`. */
export function lengthOfName(number: number): number {
  return lengths[number] ?? 0;
}

/** Gives a byte's column in the trie; 0 for one that no token has (§25.1), so none that a name has. */
export const columns: Uint8Array = /* @__PURE__ */ columnTable();
/** Columns in one row of the trie. */
const WIDTH = 40;
/** Where a walk through the trie begins. */
export const ROOT: number = WIDTH;
/**
 * The names, letter by letter: `trie[row + column]` is the next row, 0 when no name goes on like that. Names are found
 * while they are passed over, exactly, whatever their case.
 */
export const trie: Uint16Array = /* @__PURE__ */ new Uint16Array(WIDTH * 800);
/** The number of the name that ends at a row. */
export const numberAt: Uint8Array = /* @__PURE__ */ new Uint8Array(WIDTH * 800);
const canonical: readonly string[] = ['', ...known.map((entry) => /[^!/]+/.exec(entry)?.[0] ?? '')];
const lengths: Uint8Array = /* @__PURE__ */ Uint8Array.from(canonical, (name) => name.length);
const numbers: ReadonlyMap<string, number> = /* @__PURE__ */ fillTrie();

function fillTrie(): Map<string, number> {
  const found = new Map<string, number>();
  let rows = 2;
  for (const [index, entry] of known.entries()) {
    for (const spelling of entry.replace('!', '').split('/')) {
      found.set(spelling, index + 1).set(spelling.toLowerCase(), index + 1);
      let row = ROOT;
      for (let at = 0; at < spelling.length; at++) {
        const cell = row + (columns[spelling.charCodeAt(at)] ?? 0);
        if (trie[cell] === 0) trie[cell] = rows++ * WIDTH;
        row = trie[cell] ?? 0;
      }
      numberAt[row] = index + 1;
    }
  }
  return found;
}

/** Letters of both cases share a column, as do the token characters that no known name has. */
function columnTable(): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of ".!%*_+`'~") table[character.charCodeAt(0)] = 38;
  const distinct = 'abcdefghijklmnopqrstuvwxyz0123456789-';
  for (let index = 0; index < distinct.length; index++) {
    const character = distinct.charAt(index);
    table[character.charCodeAt(0)] = index + 1;
    table[character.toUpperCase().charCodeAt(0)] = index + 1;
  }
  return table;
}
