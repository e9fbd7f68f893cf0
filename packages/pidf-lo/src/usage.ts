import { textOf } from '@sip-simple/xml';
import { collapse, dateTime, instantOf } from '@sip-simple/xml/schema';
import { type Geopriv, permission, type UsageRules } from './geopriv.ts';
import { GEOPRIV } from './namespaces.ts';

/** The rules of a location object, with what holds where it is silent. */
export interface EffectiveRules {
  /** Whether the recipient may pass the location on: not, unless the rules say so. */
  readonly isRetransmissionAllowed: boolean;
  /** Until when the recipient may keep the location, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly retainedUntil: number;
  /** Where a fuller set of rules is. */
  readonly externalRuleset: string | undefined;
}

/** What the rules of a location object depend on beside themselves. */
export interface Receipt {
  /** The `<timestamp>` of the tuple, device or person with the location. */
  readonly timestamp: string | undefined;
  /** When the location was received, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly receivedAt: number;
}

/**
 * The rules for a location that was received. Rules written in the namespace of `<geopriv>`, as in the examples
 * of RFC 4119, count too where the schema's own namespace has none; a rule that can't be read gives no permission.
 *
 * @see RFC 4119 §2.2.2
 */
export function rulesOf({ usageRules }: Pick<Geopriv, 'usageRules'>, receipt: Receipt): EffectiveRules {
  const allowed =
    usageRules.retransmissionAllowed ?? misplaced(usageRules, 'retransmission-allowed', permission.read);
  const written = usageRules.retentionExpiry ?? misplaced(usageRules, 'retention-expiry', dateTime.read);
  const expiry = written === undefined ? undefined : instantOf(written);
  const stamped = receipt.timestamp === undefined ? undefined : instantOf(receipt.timestamp);
  return {
    isRetransmissionAllowed: allowed ?? false,
    retainedUntil: expiry ?? (stamped ?? receipt.receivedAt) + DAY,
    externalRuleset: usageRules.externalRuleset ?? misplaced(usageRules, 'external-ruleset', (uri) => uri),
  };
}

/**
 * Whether a location must be discarded: at once when it is received after its retention expired, and later when
 * that time has come.
 *
 * @param now milliseconds since 1970-01-01T00:00:00Z
 * @see RFC 4119 §2.2.2
 */
export function mustDiscard(location: Pick<Geopriv, 'usageRules'>, receipt: Receipt, now: number): boolean {
  return rulesOf(location, receipt).retainedUntil <= now;
}

function misplaced<T>(
  { extra }: UsageRules,
  local: string,
  read: (text: string) => T | undefined,
): T | undefined {
  const found = extra.find((element) => element.local === local && element.namespace === GEOPRIV);
  return found === undefined ? undefined : read(collapse(textOf(found)));
}

const DAY = 24 * 60 * 60 * 1000;
