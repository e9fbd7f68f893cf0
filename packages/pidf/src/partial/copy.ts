import type { XmlDocument, XmlElement } from '@sip-simple/xml';
import { readDocument } from '@sip-simple/xml/schema';
import { apply, PatchError, readPatch } from '@sip-simple/xml-patch';
import { toDocument as toPresenceDocument } from '../document.ts';
import { PidfError } from '../errors.ts';
import { type Presence, presence } from '../schema.ts';
import { type PartialPidf, toDocument } from './document.ts';
import { asFull, asPresence, presenceOf } from './root.ts';
import type { PidfDiff, PidfFull } from './schema.ts';

/** What became of a document that was received. */
export type CopyUpdate =
  /** The copy is the document's now. */
  | { readonly type: 'replaced'; readonly needsRefresh: false }
  /** The document's changes are made. */
  | { readonly type: 'patched'; readonly needsRefresh: false }
  /** Its version is not later than that of the copy: it was passed over. */
  | { readonly type: 'discarded'; readonly needsRefresh: false }
  /** Documents before it were missed, so that its changes can't be made. */
  | { readonly type: 'missed'; readonly needsRefresh: true }
  /** Its changes can't be made. */
  | { readonly type: 'failed'; readonly needsRefresh: true; readonly error: PatchError | PidfError };

export interface PresenceCopyOptions {
  /** The most elements that patches may let the copy grow to, 100 000 by default. */
  readonly maxElements?: number | undefined;
}

/**
 * A watcher's local copy of a presence document, kept by the documents of one subscription in the order of
 * their versions. When an update `needsRefresh`, refresh the subscription to get a full document.
 *
 * @see RFC 5263 §4.5
 */
export class PresenceCopy {
  #tree: XmlDocument | undefined;
  #presence: Presence | undefined;
  #version: number | undefined;
  readonly #maxElements: number;

  constructor({ maxElements = 100_000 }: PresenceCopyOptions = {}) {
    this.#maxElements = maxElements;
  }

  /** The presence document, `undefined` while there is no full one. */
  get presence(): Presence | undefined {
    return this.#presence;
  }

  /** The version counter, `undefined` before the first document with a version. */
  get version(): number | undefined {
    return this.#version;
  }

  /**
   * Processes the next document of the subscription.
   *
   * @see RFC 5263 §4.5, RFC 5262 §3
   */
  apply(document: PartialPidf): CopyUpdate {
    const { version } = document.value;
    const known = this.#version;
    if (version !== undefined && known !== undefined && version <= known) {
      return { type: 'discarded', needsRefresh: false };
    }
    if (document.type === 'pidf-full') return this.#replace(document.value);
    if (known === undefined) this.#version = version;
    const isNext = known === undefined ? version === undefined : version === known + 1;
    if (this.#tree === undefined || !isNext) return { type: 'missed', needsRefresh: true };
    return this.#patch(this.#tree, document.value);
  }

  /**
   * Forgets the presence document and keeps the version counter: for a notification of another media type,
   * after which versions go on as before.
   *
   * @see RFC 5263 §4.5
   */
  discard(): void {
    this.#tree = undefined;
    this.#presence = undefined;
  }

  #replace(full: PidfFull): CopyUpdate {
    this.#presence = presenceOf(full);
    this.#tree = toPresenceDocument(this.#presence);
    this.#version = full.version ?? this.#version;
    return { type: 'replaced', needsRefresh: false };
  }

  #patch(tree: XmlDocument, diff: PidfDiff): CopyUpdate {
    try {
      const patched = patch(tree, diff);
      if (hasMoreElements(patched.tree.root, this.#maxElements)) {
        const message = `the patch makes more than ${this.#maxElements} elements`;
        const error = new PidfError('limit', 'RFC 5263 §4.5', message);
        return { type: 'failed', needsRefresh: true, error };
      }
      this.#presence = patched.presence;
      this.#tree = patched.tree;
      this.#version = diff.version;
      return { type: 'patched', needsRefresh: false };
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      return { type: 'failed', needsRefresh: true, error };
    }
  }
}

/**
 * Makes the changes of a document in a presence document, whatever its version.
 *
 * @throws {PatchError} for the first operation that fails; `invalid-attribute-value` where it is about another
 *   presentity
 * @see RFC 5262 §3, RFC 5261 §4
 */
export function patched(document: Presence, diff: PidfDiff): Presence {
  return patch(toPresenceDocument(document), diff).presence;
}

function patch(tree: XmlDocument, diff: PidfDiff): { tree: XmlDocument; presence: Presence } {
  const before = tree.root.attributes.find(({ local, namespace }) => local === 'entity' && namespace === '');
  if (diff.entity !== undefined && diff.entity !== before?.value.trim()) {
    const message = `the patch is for ${diff.entity}`;
    throw new PatchError('invalid-attribute-value', 'RFC 5262 §3.2', message);
  }
  // From the tree, where an operation that RFC 5261 doesn't have is refused, which a lenient reader passes over.
  const operations = readPatch(toDocument({ type: 'pidf-diff', value: diff }).root);
  const isFull = operations.operations.some(({ value }) => NAMES_PIDF_FULL.test(value.sel));
  const result = apply(isFull ? asFull(tree) : tree, operations);
  const next = isFull ? asPresence(result) : result;
  const value = readDocument(presence, next);
  if (value !== undefined) return { tree: next, presence: value };
  const message = 'the patch makes something else of the presence document';
  throw new PatchError('invalid-root-element-operation', 'RFC 5261 §5.1', message);
}

// RFC 5262 §6 selects `presence/note` in a document whose root is <pidf-full>: `*` and both names are understood.
const NAMES_PIDF_FULL = /^\/?(?:[^:/[]+:)?pidf-full(?:[/[]|$)/;

function hasMoreElements(root: XmlElement, most: number): boolean {
  const pending = [root];
  let count = 0;
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    count += 1;
    if (count > most) return true;
    for (const child of element.children) if (child.type === 'element') pending.push(child);
  }
  return false;
}
