export { XcapError, type XcapErrorCode } from '../errors.ts';
export { compile, type XsdOptions, type XsdValidator } from './compile.ts';
export type { SchemaSource } from './sources.ts';
