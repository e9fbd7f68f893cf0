export { type Lens, lens as extension, type Violation } from '@sip-simple/xml/schema';
export { Composer, type ComposerAction, type ComposerInput, type ComposerOptions } from './composer.ts';
export { MEDIA_TYPE, parse, serialize, toDocument, validate } from './document.ts';
export { IsComposingError, type IsComposingErrorCode } from './errors.ts';
export { Observer, type ObserverAction, type ObserverInput } from './observer.ts';
export {
  type ComposingState,
  IS_COMPOSING,
  type IsComposing,
  type IsComposingInit,
  isComposing,
  stateOf,
} from './schema.ts';
export {
  COMPOSER,
  type ComposerEvent,
  type ComposerState,
  OBSERVER,
  type ObserverEvent,
  type Transition,
  type Transitions,
} from './transitions.ts';
