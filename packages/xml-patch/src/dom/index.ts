export type { ApplyOptions } from '../apply.ts';
export { PatchError, type PatchErrorCode } from '../errors.ts';
export { patchDom } from './patch-dom.ts';
