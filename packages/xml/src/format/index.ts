export { DocumentError, type DocumentErrorCode } from './errors.ts';
export { type Format, type FormatOptions, type FormatValidateOptions, format } from './format.ts';
export { type Failure, open, type ParseOptions } from './open.ts';
