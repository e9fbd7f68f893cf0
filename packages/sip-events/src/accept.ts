/** One element of an Accept header field, as sip-core reads it. */
export interface AcceptRange {
  /** `type/subtype`, `type/*` or `* /*` without the space; lower case. */
  readonly type: string;
  readonly params: ReadonlyMap<string, string | undefined>;
}

/**
 * Picks the media type for a peer: of those `offered` (best first) the one it gives the highest `q`, the earlier
 * one among equals.
 * @param ranges the peer's Accept header field; `undefined` when it sent none, which means the first offered
 * @returns `undefined` when nothing offered is accepted, to be answered with 406 (RFC 6665 §4.1.2.1)
 * @see RFC 3261 §20.1
 */
export function negotiate(
  offered: readonly [string, ...string[]],
  ranges: readonly AcceptRange[] | undefined,
): string | undefined {
  if (ranges === undefined) return offered[0];
  let best: string | undefined;
  let bestQuality = 0;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > bestQuality) {
      best = type;
      bestQuality = quality;
    }
  }
  return best;
}

/** The `q` that the most specific matching range gives; 0 when none matches. */
function qualityOf(type: string, ranges: readonly AcceptRange[]): number {
  let specificity = 0;
  let quality = 0;
  for (const range of ranges) {
    const found = specificityOf(range.type, type);
    if (found <= specificity) continue;
    specificity = found;
    quality = qvalue(range.params.get('q'));
  }
  return quality;
}

/** 3 for the very type, 2 for `type/*`, 1 for anything, 0 for no match. */
function specificityOf(range: string, type: string): 0 | 1 | 2 | 3 {
  if (range === type) return 3;
  if (range === '*/*') return 1;
  return range.endsWith('/*') && type.startsWith(range.slice(0, -1)) ? 2 : 0;
}

/** `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )`; anything else counts as 1. */
function qvalue(text: string | undefined): number {
  return text !== undefined && /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 1;
}
