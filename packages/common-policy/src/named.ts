import { attributeOf, type XmlElement } from '@sip-simple/xml';
import type { Test } from './condition.ts';
import { domainKey } from './domain.ts';
import { COMMON_POLICY } from './ruleset.ts';
import { uriOf } from './uri.ts';
import type { Watcher } from './watcher.ts';

/**
 * Whom the rules of all documents speak of, be the rules valid or not, in force or not. Where that can't be
 * told, it is everybody.
 */
export class Named {
  readonly #whom = new Set<string>();
  readonly #domains = new Set<string>();
  readonly #tests: Test[] = [];
  #isEverybody = false;

  /** Takes in an `<identity>`. */
  addIdentity(element: XmlElement): void {
    const pending = [element];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (at.namespace !== COMMON_POLICY) {
        this.addEverybody();
        continue;
      }
      const id = attributeOf(at, 'id');
      const uri = id === undefined ? undefined : uriOf(id);
      const domain = attributeOf(at, 'domain');
      const key = domain === undefined ? undefined : domainKey(domain);
      if (uri !== undefined) this.#whom.add(uri.whom);
      if (key !== undefined) this.#domains.add(key);
      // Who is meant by anything else, or by nothing at all, is not known.
      const isTold =
        at.local === 'identity' ||
        (at.local === 'many' && key !== undefined) ||
        (at.local === 'one' && uri !== undefined) ||
        (at.local === 'except' && (uri !== undefined || key !== undefined));
      if (!isTold) this.addEverybody();
      for (const child of at.children) if (child.type === 'element') pending.push(child);
    }
  }

  /** Takes in whom a condition speaks of. */
  addTest(test: Test): void {
    if (test.names !== undefined) this.#tests.push(test);
  }

  addEverybody(): void {
    this.#isEverybody = true;
  }

  isNamed(watcher: Watcher): boolean {
    if (this.#isEverybody || watcher.isDoubtful) return true;
    for (const { whom, domain } of watcher.identities) {
      if (this.#whom.has(whom) || (domain !== undefined && this.#domains.has(domain))) return true;
    }
    return this.#tests.some((test) => isNamedBy(test, watcher));
  }
}

function isNamedBy(test: Test, watcher: Watcher): boolean {
  try {
    return test.names?.(watcher) !== false;
  } catch {
    return true;
  }
}
