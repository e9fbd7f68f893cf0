import { anyOther, type Infer, optional, string, vocabulary } from '@sip-simple/xml/schema';
import type { CivicAddressInit } from './civic-address.ts';
import { CIVIC_LOC } from './namespaces.ts';

const civicLocNames = vocabulary(CIVIC_LOC, 'cl');
const word = (name: string) => optional(civicLocNames.leaf(name, string));

/** `<civicAddress>` as it was before RFC 5139 (RFC 4119 §2.2.5); read it, and write `civicAddress`. */
export const civicLoc = civicLocNames.element('civicAddress', {
  country: word('country'),
  A1: word('A1'),
  A2: word('A2'),
  A3: word('A3'),
  A4: word('A4'),
  A5: word('A5'),
  A6: word('A6'),
  PRD: word('PRD'),
  POD: word('POD'),
  STS: word('STS'),
  HNO: word('HNO'),
  HNS: word('HNS'),
  LMK: word('LMK'),
  LOC: word('LOC'),
  FLR: word('FLR'),
  NAM: word('NAM'),
  PC: word('PC'),
  extra: anyOther(),
});

export type CivicLoc = Infer<typeof civicLoc>;

/**
 * The same address after RFC 5139: the street is `RD`, which was `A6`, and the country in uppercase.
 *
 * @see RFC 5139 §3.2, §3.3
 */
export function civicAddressOf({ country, A6, extra, ...words }: CivicLoc): CivicAddressInit {
  const address: { -readonly [K in keyof CivicAddressInit]: CivicAddressInit[K] } = {
    country: country?.trim().toUpperCase(),
    extra,
  };
  if (A6 !== undefined) address.RD = { text: A6 };
  for (const [type, text] of Object.entries(words)) {
    // What is left of a civicLoc are words whose names civic addresses have too.
    if (typeof text === 'string') address[type as Exclude<keyof typeof words, symbol>] = { text };
  }
  return address;
}
