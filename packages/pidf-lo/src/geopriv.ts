import { extension } from '@sip-simple/pidf';
import {
  anyOther,
  anyUri,
  choice,
  dateTime,
  type ElementCheck,
  type Infer,
  type Input,
  interleave,
  type Lens,
  many,
  optional,
  otherwise,
  type SimpleType,
  string,
  text,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';
import { civicAddress } from './civic-address.ts';
import { civicLoc } from './civic-loc.ts';
import { BASIC_POLICY, GEOPRIV } from './namespaces.ts';
import { arcBand, circle, ellipse, ellipsoid, point, polygon, prism, sphere } from './shapes.ts';

const names = vocabulary(GEOPRIV, 'gp');
const policy = vocabulary(BASIC_POLICY, 'gbp');

/** `xs:boolean` by the schema, `yes` and `no` by the prose and examples of RFC 4119: both are read. */
export const permission: SimpleType<boolean> = {
  name: 'xs:boolean',
  whiteSpace: 'collapse',
  read: (written) => {
    if (written === 'true' || written === '1' || written === 'yes') return true;
    return written === 'false' || written === '0' || written === 'no' ? false : undefined;
  },
  isValid: (written) => /^(?:true|false|0|1)$/.test(written),
  write: (value) => (value ? 'true' : 'false'),
};

const wordsFields = {
  text: text(string),
  /** The language of the text (`xml:lang`). */
  language: optional(xmlLang),
};

/** `<location-info>` (RFC 4119 §2.2.1): where. */
export const locationInfo = names.element(
  'location-info',
  interleave({
    /** The chunks of location information that are known, in document order. */
    locations: many(
      choice({ point, polygon, circle, ellipse, arcBand, sphere, ellipsoid, prism, civicAddress, civicLoc }),
    ),
    /** Location information of other kinds, and what else later standards put here. */
    extra: anyOther(),
  }),
);

/** `<usage-rules>` (RFC 4119 §2.2.2): what may be done with it. `rulesOf` gives the rules with their defaults. */
export const usageRules = names.element('usage-rules', {
  /** Whether the recipient may pass the location on. */
  retransmissionAllowed: optional(policy.leaf('retransmission-allowed', permission)),
  /** Until when the recipient may keep the location, as written. */
  retentionExpiry: optional(policy.leaf('retention-expiry', dateTime)),
  /** Where a fuller set of rules is: the ruleset-reference of the RFC's text. */
  externalRuleset: optional(policy.leaf('external-ruleset', anyUri)),
  /** Privacy directives for people. */
  noteWell: optional(policy.element('note-well', wordsFields)),
  extra: anyOther(BASIC_POLICY),
});

// RFC 4119 §2.2.5: minOccurs="1" of the elements within.
const providesSomething: ElementCheck = (providedBy) =>
  providedBy.children.some((child) => child.type === 'element')
    ? []
    : [{ rule: 'missing-element', message: '<provided-by> must hold an element (RFC 4119 §2.2.5)' }];

/** `<geopriv>` (RFC 4119 §2.2): a location object. */
export const geoprivElement = names.element('geopriv', {
  locationInfo,
  /** Readers take a missing element for one that is empty: all rules have defaults. */
  usageRules: otherwise(usageRules, { extra: [] }),
  /** How the location was found: a token of IANA's registry (§2.2.3). */
  method: optional(names.element('method', wordsFields)),
  /** Who supplied the location, in elements of a registered namespace (§2.2.4). */
  providedBy: optional(names.element('provided-by', { extra: anyOther() }, { check: providesSomething })),
  extra: anyOther(),
});

export type Geopriv = Infer<typeof geoprivElement>;
export type GeoprivInit = Input<typeof geoprivElement>;
export type LocationInfo = Infer<typeof locationInfo>;
export type UsageRules = Infer<typeof usageRules>;
export type UsageRulesInit = Input<typeof usageRules>;
/** A chunk of location information: `{ type: 'circle', value }` and so on. */
export type Location = LocationInfo['locations'][number];

/**
 * The location objects of a status, device or person: `geopriv.of(tuple.status)`, `geopriv.set(device, value)`.
 *
 * @see RFC 4119 §2.2, RFC 5491 §3
 */
export const geopriv: Lens<Geopriv, GeoprivInit> = /* @__PURE__ */ extension(geoprivElement);
