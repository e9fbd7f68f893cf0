export { type ApplyOptions, apply } from './apply.ts';
export { diff } from './diff/diff.ts';
export { parsePatch, readPatch, writePatch } from './document.ts';
export {
  PATCH_OPS_ERROR,
  type PatchOpsError,
  PatchOpsErrorError,
  type PatchOpsErrorInit,
  type PatchOrigin,
  parsePatchOpsError,
  patchOpsError,
  patchOpsErrorOf,
  serializePatchOpsError,
  validatePatchOpsError,
} from './error-document.ts';
export { PatchError, type PatchErrorCode, type PatchErrorPlace } from './errors.ts';
export type { Add, NamespaceMap, Operation, Patch, Remove, Replace } from './operation.ts';
export { type OperationsOptions, operations, type PatchFields, patchFields } from './schema.ts';
