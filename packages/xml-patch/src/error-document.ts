import { DocumentError, format } from '@sip-simple/xml/format';
import {
  anyAttribute,
  anyElement,
  attribute,
  choice,
  type ElementCheck,
  type Infer,
  type Input,
  interleave,
  many,
  optional,
  string,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';
import { writeOperation } from './document.ts';
import type { PatchError, PatchErrorCode } from './errors.ts';
import type { NamespaceMap } from './operation.ts';

/** The namespace of the error document (RFC 5261 §10.1). */
export const PATCH_OPS_ERROR = 'urn:ietf:params:xml:ns:patch-ops-error';

const { element } = vocabulary(PATCH_OPS_ERROR);

const phraseFields = {
  /** What to tell a human user. */
  phrase: optional(attribute('phrase', string)),
  /** The language of the phrase. */
  language: optional(xmlLang),
  /** Attributes of others. */
  attributes: anyAttribute('any'),
};

// The schema has one xs:any of one occurrence, for which there is no part of its own.
const holdsOne: ElementCheck = ({ local, children }) =>
  children.filter(({ type }) => type === 'element').length === 1
    ? []
    : [{ rule: 'missing-element', message: `<${local}> must hold the patch operation and nothing else` }];

/** Type `patch-error`: an error with the operation that failed. */
const withOperation = <const L extends PatchErrorCode>(local: L) =>
  element(local, { ...phraseFields, /** One. */ operations: anyElement() }, { check: holdsOne });

const isEmpty: ElementCheck = ({ local, children }) =>
  children.some((node) => node.type === 'text' && !/[^ \t\r\n]/.test(node.value))
    ? [{ rule: 'unexpected-text', message: `<${local}> must be empty, of white space too` }]
    : [];

/** Type `patch-error-simple`: an error of the diff as a whole. */
const simple = <const L extends PatchErrorCode>(local: L) => element(local, phraseFields, { check: isEmpty });

const conditions = {
  'invalid-attribute-value': withOperation('invalid-attribute-value'),
  'invalid-character-set': simple('invalid-character-set'),
  'invalid-diff-format': simple('invalid-diff-format'),
  'invalid-entity-declaration': withOperation('invalid-entity-declaration'),
  'invalid-namespace-prefix': withOperation('invalid-namespace-prefix'),
  'invalid-namespace-uri': withOperation('invalid-namespace-uri'),
  'invalid-node-types': withOperation('invalid-node-types'),
  'invalid-patch-directive': withOperation('invalid-patch-directive'),
  'invalid-root-element-operation': withOperation('invalid-root-element-operation'),
  'invalid-xml-prolog-operation': withOperation('invalid-xml-prolog-operation'),
  'invalid-whitespace-directive': withOperation('invalid-whitespace-directive'),
  'unlocated-node': withOperation('unlocated-node'),
  'unsupported-id-function': withOperation('unsupported-id-function'),
  'unsupported-xml-id': withOperation('unsupported-xml-id'),
};

/** `<patch-ops-error>` (RFC 5261 §5.1, §9). */
export const patchOpsError = element('patch-ops-error', {
  ...interleave({
    errors: many(choice(conditions)),
    /** Error elements of others. */
    extra: anyElement(),
  }),
  attributes: anyAttribute('any'),
});

/** An error document, `application/patch-ops-error+xml`: why a patch could not be applied. */
export type PatchOpsError = Infer<typeof patchOpsError>;
/** What `serializePatchOpsError` takes: a `PatchOpsError` whose empty lists may be left out. */
export type PatchOpsErrorInit = Input<typeof patchOpsError>;

/** A body that is no error document; see `DocumentErrorCode` for its codes. */
export class PatchOpsErrorError extends DocumentError {
  override readonly name: string = 'PatchOpsErrorError';
}

const errorFormat = format(patchOpsError, {
  rfc: 'RFC 5261 §5.1',
  failure: (code, rfc, message, cause) => new PatchOpsErrorError(code, rfc, message, cause),
  elements: [patchOpsError, ...Object.values(conditions)],
});

/**
 * Reads an error document, leniently.
 *
 * @throws {PatchOpsErrorError} `not-well-formed`, `limit`, `charset`, `wrong-root`
 * @see RFC 5261 §5.1
 */
export const parsePatchOpsError: typeof errorFormat.parse = errorFormat.parse;

/**
 * Writes an error document in UTF-8.
 *
 * @see RFC 5261 §5.1
 */
export const serializePatchOpsError: typeof errorFormat.serialize = errorFormat.serialize;

/**
 * What is wrong with an error document, by the schema of RFC 5261 §9.
 *
 * @throws {PatchOpsErrorError} `not-well-formed`, `limit`, `charset`
 */
export const validatePatchOpsError: typeof errorFormat.validate = errorFormat.validate;

/** In which format the patch came that failed. */
export interface PatchOrigin {
  /** The namespace of its operations. */
  readonly namespace: string;
  /** The prefix for it. Default `p`. */
  readonly prefix?: string | undefined;
  /** The namespaces in scope of its operations, which are declared on the operation reported. */
  readonly namespaces?: NamespaceMap | undefined;
}

/**
 * The error document for a patch that failed: its error element, with the phrase and the operation.
 *
 * @see RFC 5261 §5.1
 */
export function patchOpsErrorOf(error: PatchError, origin: PatchOrigin): PatchOpsErrorInit {
  const { namespace, prefix = 'p', namespaces = [] } = origin;
  const { code, message: phrase, operation } = error;
  if (code === 'invalid-character-set' || code === 'invalid-diff-format') {
    return { errors: [{ type: code, value: { phrase } }] };
  }
  // Without an operation to show, that the diff is at fault is what can be said.
  if (operation === undefined) return { errors: [{ type: 'invalid-diff-format', value: { phrase } }] };
  const { value } = operation;
  const declared = new Map([...namespaces, ...(value.namespaces ?? [])]);
  // The value of an operation with other namespaces is a value of the same operation.
  const shown = { type: operation.type, value: { ...value, namespaces: declared } } as typeof operation;
  const written = writeOperation(shown, namespace, prefix === '' ? '' : `${prefix}:`);
  return { errors: [{ type: code, value: { phrase, operations: [written] } }] };
}
