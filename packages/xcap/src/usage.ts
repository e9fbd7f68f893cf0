import { PIDF, validate as validatePresence } from '@sip-simple/pidf';
import type { XmlDocument } from '@sip-simple/xml';
import type { Violation } from '@sip-simple/xml/schema';
import { validateCapabilities, XCAP_CAPS } from './capabilities.ts';
import type { ExistsInit } from './conflict.ts';

/**
 * An application usage: the conventions by which an application uses XCAP, as far as a server acts on them.
 * Data semantics and resource interdependencies are said in the prose of each.
 *
 * @see RFC 4825 §5
 */
export interface ApplicationUsage {
  /** The name of the usage, the first step of its documents' paths (§5.1). */
  readonly auid: string;
  /** The media type of its documents (§5.3). */
  readonly mimeType: string;
  /** The namespace of elements without prefix in node selectors, not in documents (§5.2). */
  readonly defaultNamespace: string;
  /** The documents there may be, by their path in a user's home and in the global tree (§5.5). */
  readonly documentNames: { readonly [T in Tree]: readonly string[] | 'any' };
  /** What is wrong with a document by the schema and what goes with it: a `schema-validation-error` (§5.3). */
  validate(document: XmlDocument): readonly Violation[];
  /** What breaks a rule that no schema can say: a `constraint-failure` (§5.3). None, when absent. */
  constraints?(document: XmlDocument): readonly Violation[];
  /** What in a document is not unique though it must be: the content of a `uniqueness-failure` (§5.3). */
  uniqueness?(document: XmlDocument): readonly ExistsInit[];
  /** Who may do what; `ownerOnly` is the default policy (§5.7). */
  authorize(access: Access): boolean;
}

/** The two trees of documents under each usage (RFC 4825 §6.2). */
export type Tree = 'users' | 'global';

/** Somebody wanting to do something to a document. */
export interface Access {
  /** The XCAP user identifier of who asks; `undefined` when nobody is authenticated. */
  readonly user: string | undefined;
  /** `write` is to create, replace or delete the document or a part of it. */
  readonly action: 'read' | 'write';
  readonly tree: Tree;
  /** The XCAP user identifier whose home the document is in; `undefined` in the global tree. */
  readonly owner: string | undefined;
  /** True for users that the server's administrator trusts to change global documents. */
  readonly isTrusted: boolean;
}

/**
 * The default policy: users may do anything to the documents in their own home, and read those of the global
 * tree, which only trusted users may change.
 *
 * @see RFC 4825 §5.7
 */
export function ownerOnly({ user, action, tree, owner, isTrusted }: Access): boolean {
  if (user === undefined) return false;
  return tree === 'users' ? user === owner : action === 'read' || isTrusted;
}

/**
 * `xcap-caps`, the document in which a server says what it supports. There is one per server, and no other
 * document depends on it.
 *
 * @see RFC 4825 §12
 */
export const capabilitiesUsage: ApplicationUsage = {
  auid: 'xcap-caps',
  mimeType: 'application/xcap-caps+xml',
  defaultNamespace: XCAP_CAPS,
  documentNames: { users: [], global: ['index'] },
  validate: (document) => validateCapabilities(document),
  authorize: ownerOnly,
};

/**
 * `pidf-manipulation`: presence that stays until its owner changes it, one input to a presence compositor
 * beside what devices publish. It means what PIDF says, and is independent of other documents.
 *
 * @see RFC 4827
 */
export const pidfManipulation: ApplicationUsage = {
  auid: 'pidf-manipulation',
  mimeType: 'application/pidf+xml',
  defaultNamespace: PIDF,
  documentNames: { users: ['index'], global: [] },
  validate: (document) => validatePresence(document),
  authorize: ownerOnly,
};
