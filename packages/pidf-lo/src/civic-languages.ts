import { CIVIC_TYPES, type CivicAddress, type CivicAddressInit, type CivicType } from './civic-address.ts';

/** One piece of an address in one language, as the DHCP format of RFC 4776 has them, several of a type too. */
export interface CivicElement {
  readonly type: CivicType;
  readonly text: string;
  /** The language and script; without it, the piece is in all of them. */
  readonly language?: string | undefined;
}

/** The pieces that are in no language. */
export interface LanguageNeutral {
  readonly country?: string | undefined;
  readonly PLC?: string | undefined;
}

/**
 * The addresses to put into one location-info for an address known in several languages: one where no piece is
 * there twice, one for each language where some are.
 *
 * @see RFC 5139 §3.5, §3.5.1
 */
export function addressesByLanguage(
  neutral: LanguageNeutral,
  elements: readonly CivicElement[],
): readonly CivicAddressInit[] {
  const languages = [...new Set(elements.map(({ language }) => language ?? ''))];
  const types = new Set(elements.map(({ type }) => type));
  if (types.size === elements.length) {
    const [only] = languages;
    return languages.length === 1 && only !== undefined
      ? [addressOf(neutral, only, elements, false)]
      : [addressOf(neutral, '', elements, true)];
  }
  const spoken = languages.filter((language) => language !== '');
  if (spoken.length === 0) return [addressOf(neutral, '', elements, false)];
  // What is in a language itself goes before what is in none.
  const inNone = elements.filter(({ language }) => language === undefined);
  return spoken.map((language) => {
    const inIt = elements.filter((element) => element.language === language);
    return addressOf(neutral, language, [...inNone, ...inIt], false);
  });
}

/**
 * One address out of several of the same place, each piece in the language that is preferred most among those
 * it is there in.
 *
 * @param preferred languages as in Accept-Language, the most preferred first; `de` takes `de-CH` too
 * @see RFC 5139 §3.5.2
 */
export function combineAddresses(
  addresses: readonly CivicAddress[],
  preferred: readonly string[],
): CivicAddressInit {
  const combined: { -readonly [K in keyof CivicAddressInit]: CivicAddressInit[K] } = {};
  for (const type of CIVIC_TYPES) {
    let best: { text: string; language: string | undefined; weight: number } | undefined;
    for (const address of addresses) {
      const written = address[type];
      if (written === undefined) continue;
      const language = written.language ?? address.language;
      const weight = weightOf(language, preferred);
      if (best === undefined || weight > best.weight) best = { text: written.text, language, weight };
    }
    if (best !== undefined) combined[type] = { text: best.text, language: best.language };
  }
  for (const { country, PLC, extra } of addresses) {
    combined.country ??= country;
    combined.PLC ??= PLC;
    combined.extra ??= extra.length > 0 ? extra : undefined;
  }
  return combined;
}

function addressOf(
  { country, PLC }: LanguageNeutral,
  language: string,
  elements: readonly CivicElement[],
  isMixed: boolean,
): CivicAddressInit {
  const address: { -readonly [K in keyof CivicAddressInit]: CivicAddressInit[K] } = { country, PLC };
  if (language !== '') address.language = language;
  for (const { type, text, language: own } of elements) {
    address[type] = { text, language: isMixed ? own : undefined };
  }
  return address;
}

function weightOf(language: string | undefined, preferred: readonly string[]): number {
  if (language === undefined) return 0;
  const tag = language.toLowerCase();
  const place = preferred.findIndex((range) => {
    const wanted = range.toLowerCase();
    return wanted === '*' || tag === wanted || tag.startsWith(`${wanted}-`);
  });
  return place < 0 ? 0 : preferred.length - place;
}
