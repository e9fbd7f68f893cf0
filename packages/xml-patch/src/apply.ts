import type { XmlDocument } from '@sip-simple/xml';
import { Budget, type SelectOptions } from '@sip-simple/xml/select';
import { add } from './add.ts';
import { Draft } from './draft.ts';
import type { Editor } from './editor.ts';
import type { NamespaceMap, Patch } from './operation.ts';
import { remove } from './remove.ts';
import { replace } from './replace.ts';
import { Step } from './step.ts';

export interface ApplyOptions extends Pick<SelectOptions, 'isId'> {
  /** The namespaces in scope around the patch, where it is read from within a larger document. */
  readonly namespaces?: NamespaceMap | undefined;
  /** The most nodes that all selectors together look at, each time counted. Default 20 million, about a second’s work on a small machine. */
  readonly work?: number | undefined;
}

/**
 * Applies the operations of a patch one after the other, all of them or none: the document given stays as it
 * is, and the new one shares with it what did not change.
 *
 * @returns the patched document; the same document where the patch is empty
 * @throws {PatchError} for the first operation that fails, with the name of the error element as `code`
 * @see RFC 5261 §4
 */
export function apply(document: XmlDocument, patch: Patch, options: ApplyOptions = {}): XmlDocument {
  const draft = new Draft(document, { isId: options.isId, work: budgetOf(options) });
  applyTo(draft, patch, options);
  return draft.document;
}

/** The work that all selectors of a patch may do together. */
export function budgetOf({ work }: ApplyOptions): Budget {
  return new Budget(work ?? DEFAULT_WORK);
}

/**
 * Applies the operations of a patch to whatever is being edited.
 *
 * @throws {PatchError} for the first operation that fails; those before it are done
 */
export function applyTo(editor: Editor, patch: Patch, options: ApplyOptions): void {
  patch.operations.forEach((operation, index) => {
    const own = operation.value.namespaces;
    const step = new Step(editor, operation, index, options.isId !== undefined, {
      get: (prefix) => own?.get(prefix) ?? patch.namespaces?.get(prefix) ?? options.namespaces?.get(prefix),
    });
    if (operation.type === 'add') add(step, operation.value);
    else if (operation.type === 'replace') replace(step, operation.value);
    else remove(step, operation.value);
  });
}

const DEFAULT_WORK = 20_000_000;
