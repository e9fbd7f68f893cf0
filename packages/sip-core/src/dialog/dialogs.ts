import type { Peer } from '../endpoint/peer.ts';
import { callId, cseq, from, to } from '../headers/index.ts';
import type { HeaderEdit, SipRequest } from '../message/index.ts';
import { type Dialog, dialogId } from './dialog.ts';
import { buildRequest, type DialogRoute, routeOf } from './request.ts';
import { contactUri, refreshesTarget } from './target.ts';
import type { Usage } from './usage.ts';

/** Where a request belongs; see {@link Dialogs.receive}. */
export type Reception =
  | { readonly type: 'in-dialog'; readonly dialog: Dialog; readonly usage: Usage | undefined }
  | { readonly type: 'expected'; readonly usage: Usage }
  | { readonly type: 'out-of-dialog' }
  | { readonly type: 'reject'; readonly status: 481 | 500 };

/** The parts of a request that a dialog does not know. */
export interface DialogRequestParts {
  /** Made in their order; not to name what the dialog sets. */
  readonly headers?: readonly HeaderEdit[] | undefined;
  readonly body?: Uint8Array | undefined;
  readonly contentType?: string | undefined;
  /** For ACK: the CSeq number of its INVITE. Others count on by themselves. */
  readonly sequence?: number | undefined;
}

/** A dialog with what it is used for: nearly always one thing. */
interface Entry {
  /** Up to date but for `localSequence`. */
  dialog: Dialog;
  localSequence: number | undefined;
  /** Made for the first request; to be made again when the dialog has changed. */
  route: DialogRoute | undefined;
  usages: readonly Usage[];
}

/**
 * All dialogs of an element with what they are used for. A dialog lives as long as one of its usages.
 *
 * Plain data structure: the endpoint asks it where a request belongs, the machines above open and close.
 */
export class Dialogs {
  readonly #entries: Map<string, Entry> = new Map();
  readonly #expected: Map<string, readonly Usage[]> = new Map();

  /** How many dialogs there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** Adds a usage to a dialog, which becomes known by that; a dialog already known keeps its newest state. */
  open(dialog: Dialog, usage: Usage): void {
    const entry = this.#entries.get(dialog.id);
    if (entry !== undefined) entry.usages = withUsage(entry.usages, usage);
    else {
      const { localSequence } = dialog;
      this.#entries.set(dialog.id, { dialog, localSequence, route: undefined, usages: [usage] });
    }
  }

  /** Removes a usage; the dialog goes with its last one. */
  close(id: string, usageKey: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.usages = without(entry.usages, usageKey);
    if (entry.usages.length === 0) this.#entries.delete(id);
  }

  /**
   * Awaits requests of dialogs that will be made by them: a NOTIFY that overtakes the 2xx, or one of each fork
   * (RFC 6665 §4.4.1). Each such request is 'expected' until {@link unexpect}, whatever its From tag.
   */
  expect(half: { readonly callId: string; readonly localTag: string }, usage: Usage): void {
    const key = dialogId(half.callId, half.localTag, '');
    this.#expected.set(key, withUsage(this.#expected.get(key) ?? [], usage));
  }

  /** Ends an expectation. */
  unexpect(half: { readonly callId: string; readonly localTag: string }, usageKey: string): void {
    const key = dialogId(half.callId, half.localTag, '');
    const usages = without(this.#expected.get(key) ?? [], usageKey);
    if (usages.length === 0) this.#expected.delete(key);
    else this.#expected.set(key, usages);
  }

  /** The newest state of a dialog. */
  get(id: string): Dialog | undefined {
    const entry = this.#entries.get(id);
    return entry === undefined ? undefined : newest(entry);
  }

  /** The keys of a dialog's usages. */
  usages(id: string): readonly string[] {
    return (this.#entries.get(id)?.usages ?? []).map(({ key }) => key);
  }

  /** Replaces the state of a known dialog, for instance with the target that a 2xx to a refresh gave. */
  update(dialog: Dialog): void {
    const entry = this.#entries.get(dialog.id);
    if (entry === undefined) return;
    entry.dialog = dialog;
    entry.localSequence = dialog.localSequence;
    entry.route = undefined;
  }

  /**
   * Makes the next request to send in a dialog: CSeq counted on, To, From, Call-ID, Contact and Route set
   * (§12.2.1.1).
   *
   * @throws RangeError when the dialog is not known
   * @throws TypeError when a part can't be written
   * @throws SipError when the route set is malformed
   */
  request(id: string, method: string, parts: DialogRequestParts = {}): SipRequest {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new RangeError(`no dialog ${id}`);
    const last = entry.localSequence ?? 0;
    const sequence = parts.sequence ?? last + 1;
    entry.route ??= routeOf(entry.dialog);
    const request = buildRequest(entry.route, method, sequence, parts);
    if (sequence > last) entry.localSequence = sequence;
    return request;
  }

  /** The CSeq number of the last request sent in a dialog; `undefined` before the first. */
  lastSequence(id: string): number | undefined {
    return this.#entries.get(id)?.localSequence;
  }

  /**
   * Where the next request in a dialog is to be sent: to its first route or its target, or back over the
   * connection that the peer opened.
   *
   * @returns `undefined` when the dialog is not known, or leads nowhere
   * @throws SipError when the route set is malformed
   */
  nextHop(id: string): Peer | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    entry.route ??= routeOf(entry.dialog);
    return entry.route.peer;
  }

  /**
   * Finds where a received request belongs, and takes over its CSeq number and, when it refreshes the target,
   * its Contact (§12.2.2).
   *
   * @param peer where the request came from; becomes the dialog's flow
   * @throws SipError when From, To, Call-ID, CSeq or Contact is malformed
   */
  receive(request: SipRequest, peer?: Peer): Reception {
    const localTag = request.get(to)?.params.get('tag');
    if (localTag === undefined) return { type: 'out-of-dialog' };
    const half = dialogId(request.get(callId) ?? '', localTag, '');
    const entry = this.#entries.get(half + (request.get(from)?.params.get('tag') ?? ''));
    if (entry === undefined) {
      const usage = firstAccepting(this.#expected.get(half), request);
      return usage === undefined ? { type: 'reject', status: 481 } : { type: 'expected', usage };
    }
    const refused = this.#takeOver(entry, request, peer);
    if (refused !== undefined) return refused;
    return { type: 'in-dialog', dialog: newest(entry), usage: firstAccepting(entry.usages, request) };
  }

  #takeOver(entry: Entry, request: SipRequest, peer: Peer | undefined): Reception | undefined {
    const { dialog } = entry;
    const sequence = request.get(cseq)?.sequence ?? 0;
    // ACK and CANCEL carry the number of the request they are about (§12.2.1.1).
    const counts = request.method !== 'ACK' && request.method !== 'CANCEL';
    if (counts && dialog.remoteSequence !== undefined && sequence < dialog.remoteSequence)
      return { type: 'reject', status: 500 };
    const target = refreshesTarget(request.method) ? contactUri(request) : undefined;
    if (counts || target !== undefined) {
      entry.dialog = {
        ...dialog,
        remoteSequence: counts ? sequence : dialog.remoteSequence,
        remoteTarget: target ?? dialog.remoteTarget,
        peer: peer ?? dialog.peer,
      };
      entry.route = undefined;
    }
    return undefined;
  }
}

function newest(entry: Entry): Dialog {
  const { dialog, localSequence } = entry;
  if (dialog.localSequence !== localSequence) entry.dialog = { ...dialog, localSequence };
  return entry.dialog;
}

function firstAccepting(usages: readonly Usage[] | undefined, request: SipRequest): Usage | undefined {
  return usages?.find((usage) => usage.accepts(request));
}

/** With the usage at the end, or in the place of the one with its key. */
function withUsage(usages: readonly Usage[], usage: Usage): readonly Usage[] {
  const isKnown = usages.some(({ key }) => key === usage.key);
  return isKnown ? usages.map((each) => (each.key === usage.key ? usage : each)) : [...usages, usage];
}

function without(usages: readonly Usage[], key: string): readonly Usage[] {
  return usages.filter((usage) => usage.key !== key);
}
