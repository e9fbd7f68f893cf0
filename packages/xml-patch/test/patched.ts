import { parse, serializeToString } from '@sip-simple/xml';
import { type ApplyOptions, apply, PatchError, parsePatch } from '../src/index.ts';

/** The target after the operations, both as text; `declared` stands in the start tag around the operations. */
export function patched(target: string, operations: string, declared = '', options?: ApplyOptions): string {
  const patch = parsePatch(
    `<patch:diff xmlns:patch="urn:patch" ${declared}>${named(operations)}</patch:diff>`,
  );
  return serializeToString(apply(parse(target), patch, options));
}

/** The code and index of the error that the operations end in. */
export function failure(target: string, operations: string, declared = '', options?: ApplyOptions): string {
  try {
    patched(target, operations, declared, options);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    return `${error.code} ${error.index ?? ''}`.trim();
  }
  return 'none';
}

// So that operations can be written without prefix in a patch that has a default namespace, or none.
function named(operations: string): string {
  return operations.replace(/<(\/?)(add|replace|remove)\b/g, '<$1patch:$2');
}
