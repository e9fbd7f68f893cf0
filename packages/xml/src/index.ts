export type { EqualsOptions } from './equals.ts';
export { equals } from './equals.ts';
export type { XmlErrorCode } from './errors.ts';
export { XmlError } from './errors.ts';
export type { XmlLimits } from './limits.ts';
export { DEFAULT_LIMITS } from './limits.ts';
export { parse } from './parse.ts';
export { serialize, serializeToString } from './serialize.ts';
export * from './tree.ts';
