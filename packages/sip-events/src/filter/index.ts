export { parse, serialize, toDocument, validate } from './document.ts';
export { FilterError, type FilterErrorCode } from './errors.ts';
export {
  type Changed,
  changed,
  exclude,
  type Filter,
  type FilterInit,
  type FilterSet,
  type FilterSetInit,
  filter,
  filterSet,
  include,
  nsBindings,
  SIMPLE_FILTER,
  type Selection,
  type Trigger,
  type TriggerInit,
  trigger,
  type What,
  type WhatInit,
  what,
} from './schema.ts';
