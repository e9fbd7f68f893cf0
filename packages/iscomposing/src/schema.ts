import {
  anyOther,
  dateTime,
  type Infer,
  type Input,
  optional,
  type SimpleType,
  string,
  vocabulary,
} from '@sip-simple/xml/schema';

/** The namespace of RFC 3994 (§6). */
export const IS_COMPOSING = 'urn:ietf:params:xml:ns:im-iscomposing';

const ns = vocabulary(IS_COMPOSING);
const POSITIVE_INTEGER = /^\+?0*[1-9][0-9]*$/;

/** `xs:positiveInteger`, of which a number has the exact value up to 2^53. */
const positiveInteger: SimpleType<number> = {
  name: 'xs:positiveInteger',
  whiteSpace: 'collapse',
  read: (text) => (POSITIVE_INTEGER.test(text) ? Number(text) : undefined),
  write: (value) => String(value),
};

/** `<isComposing>` (RFC 3994 §3.4, §6.1). */
export const isComposing = ns.element('isComposing', {
  /** The state as written: `active`, `idle`, or one of an extension; see `stateOf`. */
  state: ns.leaf('state', string),
  /** When content was added or edited last, as written. */
  lastActive: optional(ns.leaf('lastactive', dateTime)),
  /** The medium that is composed: a media type, or the part before its slash. */
  contentType: optional(ns.leaf('contenttype', string)),
  /** After how many seconds the next message is to be expected. */
  refreshSeconds: optional(ns.leaf('refresh', positiveInteger)),
  /** Further status. */
  extra: anyOther(),
});

/** A status message: whether somebody composes a message. */
export type IsComposing = Infer<typeof isComposing>;
/** What `serialize` takes: an `IsComposing` whose empty lists may be left out. */
export type IsComposingInit = Input<typeof isComposing>;

/** Whether somebody composes. */
export type ComposingState = 'idle' | 'active';

/**
 * The state that a status message tells: all but `active` is `idle`, states of extensions too.
 *
 * @see RFC 3994 §3.5
 */
export function stateOf({ state }: Pick<IsComposing, 'state'>): ComposingState {
  return state.trim() === 'active' ? 'active' : 'idle';
}
