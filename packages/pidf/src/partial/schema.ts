import {
  anyUri,
  attribute,
  type Infer,
  type Input,
  integer,
  optional,
  vocabulary,
} from '@sip-simple/xml/schema';
import { patchFields } from '@sip-simple/xml-patch';
import { presenceFields } from '../schema.ts';

/** The namespace of RFC 5262. */
export const PIDF_DIFF = 'urn:ietf:params:xml:ns:pidf-diff';

const names = vocabulary(PIDF_DIFF, 'p');
/** The place of a document among those of the subscription, full and partial ones together (§3.1). */
const version = optional(attribute('version', integer({ min: 0, max: 2 ** 32 - 1 })));

/** `<pidf-full>`: all that a presence document holds, and a version (RFC 5262 §3). */
export const pidfFull = names.element('pidf-full', { ...presenceFields, version });

/** `<pidf-diff>`: operations that change a presence document (RFC 5262 §3). */
export const pidfDiff = names.element('pidf-diff', {
  version,
  /** The URI of the presentity, as the presence document has it (§3.2). */
  entity: optional(attribute('entity', anyUri)),
  ...patchFields(PIDF_DIFF, { prefix: 'p' }),
});

/** A full presence document with its version. */
export type PidfFull = Infer<typeof pidfFull>;
export type PidfFullInit = Input<typeof pidfFull>;
/** Changes of a presence document: a `Patch` of `@sip-simple/xml-patch`. */
export type PidfDiff = Infer<typeof pidfDiff>;
export type PidfDiffInit = Input<typeof pidfDiff>;
