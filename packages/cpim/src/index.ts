export { type Address, isAbsoluteUri, readAddress, writeAddress } from './address.ts';
export { type Content, type ContentHeader, contentHeader, type MediaType, mediaType } from './content.ts';
export { type ContentInit, create } from './create.ts';
export { dateTimeOf, instantOf } from './date-time.ts';
export { CpimError, type CpimErrorCode } from './errors.ts';
export { escapeText, quote, unescapeText } from './escape.ts';
export { type Header, header, type Parameter } from './header.ts';
export {
  cc,
  dateTime,
  from,
  languageOf,
  type Namespace,
  ns,
  required,
  requires,
  type Subject,
  subject,
  to,
} from './headers.ts';
export { type HeaderLens, type HeaderText, type HeaderType, lens } from './lens.ts';
export { type CpimMessage, MESSAGE_CPIM, serialize } from './message.ts';
export { CPIM_HEADERS, type ExpandedName, namesOf } from './namespaces.ts';
export { type CpimLimits, DEFAULT_LIMITS, type ParseOptions, parse, parseContent } from './parse.ts';
export { type CpimRule, type CpimViolation, validate } from './validate.ts';
