import type { DomDocument } from '@sip-simple/xml/dom';
import { type ApplyOptions, applyTo, budgetOf } from '../apply.ts';
import type { Patch } from '../operation.ts';
import { DomEditor } from './dom-editor.ts';

/**
 * Applies a patch to a DOM document, in place: all operations, or, when one fails, none; what was done is
 * undone then. The rules are those of `apply`. Nodes that no operation is about stay the nodes they are, save
 * in elements whose namespace a `<replace>` changes, as a DOM can't.
 *
 * Selectors are read by the grammar of RFC 5261 first. What `xpath` gets to evaluate is made here from what
 * was read: one step without predicates, for one node.
 *
 * @param document of any DOM: a browser's, xmldom's
 * @throws {PatchError} for the first operation that fails, with the name of the error element as `code`
 * @throws what the DOM throws for names that it does not allow; nothing is done then, either
 * @see RFC 5261 §4
 */
export function patchDom(document: DomDocument, patch: Patch, options: ApplyOptions = {}): void {
  const editor = new DomEditor(document, budgetOf(options), options.isId);
  try {
    applyTo(editor, patch, options);
  } catch (error) {
    editor.undo();
    throw error;
  }
}
