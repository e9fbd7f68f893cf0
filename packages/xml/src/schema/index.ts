export {
  anyUri,
  dateTime,
  dateTimeOf,
  id,
  instantOf,
  internetDateTime,
  language,
  languageOrNone,
  ncName,
} from './datatypes.ts';
export {
  type AttributeItem,
  anyAttribute,
  anyElement,
  anyOther,
  attribute,
  choice,
  type ElementCheck,
  type ElementSchema,
  type Fields,
  type Infer,
  type Input,
  type Item,
  inOrder,
  interleave,
  lazy,
  many,
  type Occurs,
  optional,
  otherwise,
  text,
  type Vocabulary,
  vocabulary,
  xmlLang,
} from './describe.ts';
export { type Extensible, type Lens, lens } from './lens.ts';
export { type ReadOptions, read, readDocument } from './read.ts';
export {
  boolean,
  collapse,
  decimal,
  enumeration,
  integer,
  list,
  type NumberBounds,
  pattern,
  present,
  type SimpleType,
  string,
  token,
} from './simple.ts';
export { type ValidateOptions, type Violation, validate } from './validate.ts';
export { write, writeDocument } from './write.ts';
