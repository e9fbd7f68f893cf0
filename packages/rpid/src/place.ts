import { extension } from '@sip-simple/pidf';
import {
  anyOther,
  type Infer,
  type Input,
  inOrder,
  interleave,
  many,
  optional,
  string,
  text,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';
import { enumerated, notes, other, rpid, timed } from './vocabulary.ts';

/** The namespace of RFC 4589. */
export const LOCATION_TYPE = 'urn:ietf:params:xml:ns:location-type';

const locationType = vocabulary(LOCATION_TYPE, 'lt');

/** Types of places: the names of RFC 4589 §3. Its schema misspells `bicycle`; `other` has words, see `otherPlace`. */
export const LOCATION_TYPES = [
  'aircraft',
  'airport',
  'arena',
  'automobile',
  'bank',
  'bar',
  'bicycle',
  'bus',
  'bus-station',
  'cafe',
  'classroom',
  'club',
  'construction',
  'convention-center',
  'government',
  'hospital',
  'hotel',
  'industrial',
  'library',
  'motorcycle',
  'office',
  'outdoors',
  'parking',
  'place-of-worship',
  'prison',
  'public',
  'public-transport',
  'residence',
  'restaurant',
  'school',
  'shopping-area',
  'stadium',
  'store',
  'street',
  'theater',
  'train',
  'train-station',
  'truck',
  'underway',
  'unknown',
  'warehouse',
  'water',
  'watercraft',
] as const;

/**
 * `<place-type>` of a person: what kind of place it is at.
 *
 * @see RFC 4480 §3.7, RFC 4589
 */
export const placeType = /* @__PURE__ */ extension(
  rpid.element(
    'place-type',
    {
      ...timed,
      notes,
      ...interleave({
        /** The types of RFC 4589. */
        values: many(locationType.names(LOCATION_TYPES)),
        /** The type in words; the only one where it is. */
        other: optional(other),
        /** Types of other vocabularies. */
        extra: anyOther(),
      }),
    },
    { check: enumerated((local) => local === 'other', true) },
  ),
);

/** `<other>` of RFC 4589 in a `PlaceType`: a type of place without a name in the registry, in words. */
export const otherPlace = /* @__PURE__ */ extension(
  locationType.element('other', { text: text(string), language: optional(xmlLang) }),
);

/**
 * `<place-is>` of a person: what the place allows, by medium.
 *
 * @see RFC 4480 §3.6
 */
export const placeIs = /* @__PURE__ */ extension(
  rpid.element('place-is', {
    ...timed,
    notes,
    audio: optional(rpid.element('audio', { value: rpid.names(['noisy', 'ok', 'quiet', 'unknown']) })),
    video: optional(rpid.element('video', { value: rpid.names(['toobright', 'ok', 'dark', 'unknown']) })),
    text: optional(
      rpid.element('text', { value: rpid.names(['uncomfortable', 'inappropriate', 'ok', 'unknown']) }),
    ),
  }),
);

/**
 * `<privacy>` of a person or service: the media that others nearby are unlikely to overhear or see.
 *
 * @see RFC 4480 §3.8
 */
export const privacy = /* @__PURE__ */ extension(
  rpid.element(
    'privacy',
    {
      ...timed,
      notes,
      /** The media that are private; `unknown` is the only value where it is. */
      values: inOrder(rpid.names(['unknown', 'audio', 'text', 'video'])),
      /** Media of other vocabularies. */
      extra: anyOther(),
    },
    { check: enumerated((local) => local === 'unknown', false) },
  ),
);

export type LocationType = (typeof LOCATION_TYPES)[number];
export type PlaceType = Infer<typeof placeType.schema>;
export type PlaceTypeInit = Input<typeof placeType.schema>;
export type PlaceIs = Infer<typeof placeIs.schema>;
export type PlaceIsInit = Input<typeof placeIs.schema>;
export type Privacy = Infer<typeof privacy.schema>;
export type PrivacyInit = Input<typeof privacy.schema>;
