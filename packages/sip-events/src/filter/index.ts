export { parse, serialize, toDocument, validate } from './document.ts';
export { FilterError, type FilterErrorCode } from './errors.ts';
export {
  filterFor,
  type InstalledFilter,
  type InstallLimits,
  type InstallOptions,
  installFilters,
} from './install.ts';
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
  type Selection,
  SIMPLE_FILTER,
  SIMPLE_FILTER_TYPE,
  type Trigger,
  type TriggerInit,
  trigger,
  type What,
  type WhatInit,
  what,
} from './schema.ts';
