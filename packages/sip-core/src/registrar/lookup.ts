import type { Instant } from '../machine.ts';
import { parseUri, type Uri } from '../uri.ts';
import { addressOf, domainOf } from './address.ts';
import { type Gruus, TEMPORARY_PREFIX } from './gruu.ts';
import type { AddressBindings, Location } from './location.ts';
import { type Lookup, targetGroups } from './targets.ts';

/** What is looked up in. */
export interface Directory {
  readonly location: Location;
  readonly gruus: Gruus | undefined;
  readonly domains: ReadonlySet<string>;
}

/**
 * Finds where requests for a URI go.
 *
 * @see RFC 3261 §16.5, RFC 5626 §7, RFC 5627 §6.1
 */
export function lookUp(uri: Uri, directory: Directory, now: Instant): Lookup {
  const { location, gruus, domains } = directory;
  const domain = domainOf(uri);
  const aor = addressOf(uri);
  if (aor === undefined || !domains.has(domain)) return { type: 'unknown' };
  if (uri.type === 'sip' && uri.user?.startsWith(TEMPORARY_PREFIX) === true) {
    const found = temporary(uri, directory);
    // The domain is part of the GRUU: the same user part elsewhere is none.
    if (found === undefined || domainOf(parseUri(found.of.aor)) !== domain) return { type: 'unknown' };
    return reached(location, found.of.aor, found.instance, now);
  }
  if (uri.type !== 'sip' || !uri.params.has('gr')) return reached(location, aor, undefined, now);
  const instance = gruus?.instanceOf(aor, uri.params.get('gr') ?? '');
  return instance === undefined ? { type: 'unknown' } : reached(location, aor, instance, now);
}

/** Whose instance a temporary GRUU stands for; `undefined` when it is none, or has ended. */
export function temporary(
  uri: Uri,
  { gruus, location }: Directory,
): { readonly of: AddressBindings; readonly instance: string } | undefined {
  const index = gruus?.indexOf(uri);
  return index === undefined ? undefined : location.instanceAt(index);
}

/** What has expired is passed over, even when its tick has not come yet. */
function reached(location: Location, aor: string, instance: string | undefined, now: Instant): Lookup {
  const bindings = location
    .get(aor)
    ?.bindings.filter(
      (each) => each.expiresAt > now && (instance === undefined || each.instance === instance),
    );
  if (bindings === undefined || bindings.length === 0) return { type: 'unavailable', aor, instance };
  return { type: 'found', aor, instance, groups: targetGroups(bindings) };
}
