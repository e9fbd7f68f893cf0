import type { Peer } from '../endpoint/peer.ts';
import { callId, cseq, from, to } from '../headers/index.ts';
import type { HeaderEdit, SipRequest } from '../message/index.ts';
import { type Dialog, dialogId } from './dialog.ts';
import { buildRequest } from './request.ts';
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
  readonly headers?: readonly HeaderEdit[] | undefined;
  readonly body?: Uint8Array | undefined;
  readonly contentType?: string | undefined;
  /** For ACK: the CSeq number of its INVITE. Others count on by themselves. */
  readonly sequence?: number | undefined;
}

interface Entry {
  dialog: Dialog;
  readonly usages: Map<string, Usage>;
}

/**
 * All dialogs of an element with what they are used for. A dialog lives as long as one of its usages.
 *
 * Plain data structure: the endpoint asks it where a request belongs, the machines above open and close.
 */
export class Dialogs {
  readonly #entries: Map<string, Entry> = new Map();
  readonly #expected: Map<string, Map<string, Usage>> = new Map();

  /** How many dialogs there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** Adds a usage to a dialog, which becomes known by that; a dialog already known keeps its newest state. */
  open(dialog: Dialog, usage: Usage): void {
    const entry = this.#entries.get(dialog.id);
    if (entry === undefined) this.#entries.set(dialog.id, { dialog, usages: new Map([[usage.key, usage]]) });
    else entry.usages.set(usage.key, usage);
  }

  /** Removes a usage; the dialog goes with its last one. */
  close(id: string, usageKey: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.usages.delete(usageKey);
    if (entry.usages.size === 0) this.#entries.delete(id);
  }

  /**
   * Awaits requests of dialogs that will be made by them: a NOTIFY that overtakes the 2xx, or one of each fork
   * (RFC 6665 §4.4.1). Each such request is 'expected' until {@link unexpect}, whatever its From tag.
   */
  expect(half: { readonly callId: string; readonly localTag: string }, usage: Usage): void {
    const key = dialogId(half.callId, half.localTag, '');
    const usages = this.#expected.get(key);
    if (usages === undefined) this.#expected.set(key, new Map([[usage.key, usage]]));
    else usages.set(usage.key, usage);
  }

  /** Ends an expectation. */
  unexpect(half: { readonly callId: string; readonly localTag: string }, usageKey: string): void {
    const key = dialogId(half.callId, half.localTag, '');
    const usages = this.#expected.get(key);
    usages?.delete(usageKey);
    if (usages?.size === 0) this.#expected.delete(key);
  }

  /** The newest state of a dialog. */
  get(id: string): Dialog | undefined {
    return this.#entries.get(id)?.dialog;
  }

  /** The keys of a dialog's usages. */
  usages(id: string): readonly string[] {
    return [...(this.#entries.get(id)?.usages.keys() ?? [])];
  }

  /** Replaces the state of a known dialog, for instance with the target that a 2xx to a refresh gave. */
  update(dialog: Dialog): void {
    const entry = this.#entries.get(dialog.id);
    if (entry !== undefined) entry.dialog = dialog;
  }

  /**
   * Makes the next request to send in a dialog: CSeq counted on, To, From, Call-ID, Contact and Route set
   * (§12.2.1.1).
   *
   * @throws RangeError when the dialog is not known
   */
  request(id: string, method: string, parts: DialogRequestParts = {}): SipRequest {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new RangeError(`no dialog ${id}`);
    const { dialog } = entry;
    const sequence = parts.sequence ?? (dialog.localSequence ?? 0) + 1;
    if (sequence > (dialog.localSequence ?? 0)) entry.dialog = { ...dialog, localSequence: sequence };
    return buildRequest(dialog, method, sequence, parts);
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
    return { type: 'in-dialog', dialog: entry.dialog, usage: firstAccepting(entry.usages, request) };
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
    }
    return undefined;
  }
}

function firstAccepting(usages: Map<string, Usage> | undefined, request: SipRequest): Usage | undefined {
  if (usages === undefined) return undefined;
  for (const usage of usages.values()) if (usage.accepts(request)) return usage;
  return undefined;
}
