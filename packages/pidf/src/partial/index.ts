export { diffOf, updateBody } from './changes.ts';
export { type CopyUpdate, PresenceCopy, type PresenceCopyOptions, patched } from './copy.ts';
export {
  MEDIA_TYPE,
  type PartialPidf,
  type PartialPidfInit,
  parse,
  serialize,
  toDocument,
  validate,
} from './document.ts';
export { fullOf, presenceOf } from './root.ts';
export {
  PIDF_DIFF,
  type PidfDiff,
  type PidfDiffInit,
  type PidfFull,
  type PidfFullInit,
  pidfDiff,
  pidfFull,
} from './schema.ts';
