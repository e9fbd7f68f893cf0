import type { Peer } from '../endpoint/peer.ts';

/**
 * A dialog as one of its two ends sees it (RFC 3261 §12): plain data, so that it can be stored and restored.
 *
 * Every change gives a new object; {@link Dialogs} keeps the newest.
 */
export interface Dialog {
  /** Made of Call-ID, local tag and remote tag; unique at this element. */
  readonly id: string;
  readonly callId: string;
  readonly localTag: string;
  /** Empty when the peer follows RFC 2543 and sent none (§12.1.1). */
  readonly remoteTag: string;
  /** The whole From or To value without its tag, as written: `"Ann" <sip:ann@example.com>`. */
  readonly localUri: string;
  readonly remoteUri: string;
  /** The URI that requests to the peer are sent to. */
  readonly remoteTarget: string;
  /** The Contact value this side gives in its requests. */
  readonly localContact: string;
  /** The last CSeq number sent; `undefined` before the first. */
  readonly localSequence: number | undefined;
  /** The last CSeq number received; `undefined` before the first. */
  readonly remoteSequence: number | undefined;
  /** Route values in the order in which requests visit them. */
  readonly routeSet: readonly string[];
  /** Set up by a SIPS request over TLS (§12.1). */
  readonly secure: boolean;
  /** Where the peer's last request came from: the flow to prefer when there is no route set. */
  readonly peer?: Peer | undefined;
}

/** The key of a dialog in {@link Dialogs}. Tags are compared as written (RFC 3261 §19.3 makes them random). */
export function dialogId(callId: string, localTag: string, remoteTag: string): string {
  // None of the three may contain a space (callid is made of `word`, tags are tokens).
  return `${callId} ${localTag} ${remoteTag}`;
}
