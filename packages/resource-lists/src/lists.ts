import type { XmlAttribute, XmlElement } from '@sip-simple/xml';
import {
  anyAttribute,
  anyOther,
  anyUri,
  attribute,
  choice,
  type ElementSchema,
  type Infer,
  type Input,
  lazy,
  many,
  optional,
  string,
  text,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';
import { type CopyControl, copyControlFields } from './copy-control.ts';

/** The namespace of resource lists (RFC 4826 §3.1). */
export const RESOURCE_LISTS = 'urn:ietf:params:xml:ns:resource-lists';
/** The media type of resource lists (RFC 4826 §3.4.2). */
export const RESOURCE_LISTS_TYPE = 'application/resource-lists+xml';

const rl = vocabulary(RESOURCE_LISTS, 'rl');
const inDefaultNamespace = vocabulary(RESOURCE_LISTS);

/** `<display-name>`: a name for people. */
export const displayName = rl.element('display-name', {
  /** The name as written. */
  text: text(string),
  /** The language of the name (`xml:lang`). */
  language: optional(xmlLang),
});

const memberFields = {
  ...copyControlFields,
  /** Attributes of other namespaces. */
  attributes: anyAttribute(),
  displayName: optional(displayName),
  /** Elements of other namespaces. */
  extra: anyOther(),
};

/** `<entry>`: a resource. */
export const entry = rl.element('entry', {
  /** The URI of the resource. */
  uri: attribute('uri', anyUri),
  ...memberFields,
});

/** `<entry-ref>`: an entry that stands in another list of the same XCAP root. */
export const entryRef = rl.element('entry-ref', {
  /** Where the entry is, relative to the XCAP root. */
  ref: attribute('ref', anyUri),
  ...memberFields,
});

/** `<external>`: a list that stands elsewhere. */
export const external = rl.element('external', {
  /** The absolute HTTP URI of the list. */
  anchor: attribute('anchor', anyUri),
  ...memberFields,
});

/**
 * The parts of a list. They are the same in `<list>` of a resource lists document and of an RLS services
 * document, which takes over the type, though not the namespace.
 */
export const listFields = {
  /** The handle of the list among its siblings. */
  name: optional(attribute('name', string)),
  ...copyControlFields,
  /** Attributes of other namespaces. */
  attributes: anyAttribute({ than: RESOURCE_LISTS }),
  displayName: optional(displayName),
  /** What the list holds, in order. */
  members: many(choice({ entry, list: lazy(() => list), entryRef, external })),
  /** Elements of other namespaces. */
  extra: anyOther(RESOURCE_LISTS),
};

/** `<list>`: resources, by value, by reference, and in lists of their own. */
export const list: ElementSchema<List, ListInit> = rl.element('list', listFields);

/** `<resource-lists>`: the root. */
export const resourceLists = inDefaultNamespace.element('resource-lists', { lists: many(list) });

/** A resource lists document. */
export type ResourceLists = Infer<typeof resourceLists>;
/** What `serialize` takes: a `ResourceLists` whose empty lists may be left out, everywhere in it. */
export type ResourceListsInit = Input<typeof resourceLists>;

export type DisplayName = Infer<typeof displayName>;
export type Entry = Infer<typeof entry>;
export type EntryInit = Input<typeof entry>;
export type EntryRef = Infer<typeof entryRef>;
export type EntryRefInit = Input<typeof entryRef>;
export type External = Infer<typeof external>;
export type ExternalInit = Input<typeof external>;

/** A list; written out since it holds itself. */
export interface List {
  readonly name?: string | undefined;
  readonly copyControl?: CopyControl | undefined;
  readonly anonymize?: boolean | undefined;
  readonly count?: number | undefined;
  readonly attributes: readonly XmlAttribute[];
  readonly displayName?: DisplayName | undefined;
  readonly members: readonly Member[];
  readonly extra: readonly XmlElement[];
}

/** What a list holds. */
export type Member =
  | { readonly type: 'entry'; readonly value: Entry }
  | { readonly type: 'list'; readonly value: List }
  | { readonly type: 'entryRef'; readonly value: EntryRef }
  | { readonly type: 'external'; readonly value: External };

export interface ListInit {
  readonly name?: string | undefined;
  readonly copyControl?: CopyControl | undefined;
  readonly anonymize?: boolean | undefined;
  readonly count?: number | undefined;
  readonly attributes?: readonly XmlAttribute[] | undefined;
  readonly displayName?: DisplayName | undefined;
  readonly members?: readonly MemberInit[] | undefined;
  readonly extra?: readonly XmlElement[] | undefined;
}

export type MemberInit =
  | { readonly type: 'entry'; readonly value: EntryInit }
  | { readonly type: 'list'; readonly value: ListInit }
  | { readonly type: 'entryRef'; readonly value: EntryRefInit }
  | { readonly type: 'external'; readonly value: ExternalInit };
