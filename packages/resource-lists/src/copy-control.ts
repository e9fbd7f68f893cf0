import { attribute, boolean, enumeration, integer, optional, type SimpleType } from '@sip-simple/xml/schema';

/** The namespace of RFC 5364. */
export const COPY_CONTROL = 'urn:ietf:params:xml:ns:copycontrol';

/** How a recipient gets a request: as one it is meant for, as a copy, or as a copy unseen by the others. */
export type CopyControl = 'to' | 'cc' | 'bcc';

// xs:nonNegativeInteger has no upper bound, nor has its written form; what a number can't hold is not read.
const nonNegativeInteger: SimpleType<number> = {
  ...integer({ min: 0 }),
  name: 'xs:nonNegativeInteger',
  isValid: (text) => /^(?:\+?[0-9]+|-0+)$/.test(text),
};

export const copyControl = attribute('cp:copyControl', enumeration('to', 'cc', 'bcc'), COPY_CONTROL);
export const anonymize = attribute('cp:anonymize', boolean, COPY_CONTROL);
export const count = attribute('cp:count', nonNegativeInteger, COPY_CONTROL);

/** The attributes of RFC 5364 §4, on entries and on whatever stands for several. */
export const copyControlFields = {
  /** How the recipient gets a request; one that doesn't say counts as `bcc`, see `copyControlOf`. */
  copyControl: optional(copyControl),
  /** Whether the URI is to be hidden from the other recipients; no by default. */
  anonymize: optional(anonymize),
  /** How many equal URIs the entry stands for; 1 by default. */
  count: optional(count),
};
