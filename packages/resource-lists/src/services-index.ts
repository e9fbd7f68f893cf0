import { canonicalizeUri } from './canonical.ts';
import type { RlsServices, Service } from './services.ts';

/** The name of the documents that make the global index, and of the index (RFC 4826 §4.4.7). */
export const INDEX = 'index';

/**
 * The global index: all services of all users, as one document. Its services are those of the documents, the
 * very values, so that writing it writes them as they are.
 *
 * @param documents the documents named `index` of all users under one XCAP root
 * @see RFC 4826 §4.4.7, §4.4.8
 */
export function globalIndex(documents: Iterable<RlsServices>): RlsServices {
  const services: Service[] = [];
  for (const document of documents) services.push(...document.services);
  return { services };
}

/**
 * The service at a URI, by URI equality as canonical forms have it; the first, where a document breaks the rule
 * that there is one.
 *
 * @see RFC 4826 §4.5, §5
 */
export function serviceAt({ services }: RlsServices, uri: string): Service | undefined {
  const canonical = canonicalizeUri(uri);
  return services.find((service) => canonicalizeUri(service.uri) === canonical);
}

/**
 * Whether a service takes subscriptions for an event package: one of those it names, or any when it names none
 * at all. To others the response is 489 (Bad Event).
 *
 * @see RFC 4826 §4.1, §4.5
 */
export function takesPackage({ packages }: Pick<Service, 'packages'>, eventPackage: string): boolean {
  return packages === undefined || packages.names.some((name) => name.trim() === eventPackage);
}
