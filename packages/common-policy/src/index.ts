export { parse, serialize, toDocument, validate } from './codec.ts';
export { PolicyError } from './errors.ts';
export * from './presence-rules.ts';
export * from './ruleset.ts';
