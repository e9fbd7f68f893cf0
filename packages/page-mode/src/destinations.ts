import type { Lookup, Target } from '@sip-simple/sip-core/registrar';
import type { Destination } from './store-and-forward-io.ts';

/**
 * What a registrar's lookup found, as `StoreAndForward` and others that try one contact after another need it: the
 * preferred first, and after each the other ways to the same user agent.
 *
 * @see RFC 3327 §5.4, RFC 5626 §7
 */
export function destinationsOf(lookup: Lookup): readonly Destination[] {
  if (lookup.type !== 'found') return [];
  return lookup.groups.flat().flatMap((target) => [target, ...target.alternates].map(destination));
}

function destination({ uri, path, flow, regId }: Target): Destination {
  const to = flow === undefined || regId === 0 ? flow : { ...flow, flowOnly: true };
  return { uri, route: path, to };
}
