import type { Violation } from '@sip-simple/xml/schema';
import { CAPS } from '../caps/capability.ts';
import { CIPID } from '../cipid.ts';
import { TIMED_STATUS } from '../timed-status.ts';
import { RPID } from '../vocabulary.ts';
import { type Component, type Kind, violation } from './components.ts';

interface Placement {
  readonly in: readonly Kind[];
  /** True for an element that a component has at most once. */
  readonly isSingle: boolean;
}

const person = { in: ['person'], isSingle: false } as const;
const personOrTuple = { in: ['person', 'tuple'], isSingle: false } as const;
const tupleOnce = { in: ['tuple'], isSingle: true } as const;
const anyOnce = { in: ['person', 'tuple', 'device'], isSingle: true } as const;
const cipidOnce = { in: ['person', 'tuple'], isSingle: true } as const;

/** RFC 4480 Table 1, and that what has no `from` and `until` there is not repeated (§5). */
const TABLE_1: ReadonlyMap<string, Placement> = new Map<string, Placement>([
  ['activities', person],
  ['class', anyOnce],
  ['mood', person],
  ['place-is', person],
  ['place-type', person],
  ['privacy', personOrTuple],
  ['relationship', tupleOnce],
  ['service-class', tupleOnce],
  ['sphere', person],
  ['status-icon', personOrTuple],
  ['time-offset', person],
  ['user-input', anyOnce],
]);

/** RFC 4481 §3. */
const TIMED: ReadonlyMap<string, Placement> = new Map([
  ['timed-status', { in: ['tuple'], isSingle: false } as const],
]);

/** RFC 4482 §1 and §3. */
const CONTACT: ReadonlyMap<string, Placement> = new Map<string, Placement>([
  ['card', cipidOnce],
  ['display-name', personOrTuple],
  ['homepage', cipidOnce],
  ['icon', cipidOnce],
  ['map', cipidOnce],
  ['sound', cipidOnce],
]);

const PLACEMENTS: ReadonlyMap<string, readonly [ReadonlyMap<string, Placement>, rfc: string]> = new Map<
  string,
  readonly [ReadonlyMap<string, Placement>, string]
>([
  [RPID, [TABLE_1, 'RFC 4480 Table 1']],
  [TIMED_STATUS, [TIMED, 'RFC 4481 §3']],
  [CIPID, [CONTACT, 'RFC 4482 §1']],
]);

/** Elements that stand where their RFC does not have them, or more often than it allows. */
export function placementRules({ kind, element, parts }: Component): readonly Violation[] {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  for (const part of parts) {
    const { local, namespace } = part.element;
    const [table, rfc] = PLACEMENTS.get(namespace) ?? [];
    const placement = table?.get(local);
    if (placement === undefined) continue;
    if (!placement.in.includes(kind)) {
      const where = placement.in.map((name) => `<${name}>`).join(' or ');
      const message = `<${local}> belongs into ${where}, not into <${element.local}> (${rfc})`;
      violations.push(violation(part.path, 'misplaced', message));
    }
    const name = `${namespace} ${local}`;
    if (placement.isSingle && seen.has(name)) {
      const section = namespace === RPID ? 'RFC 4480 §5' : 'RFC 4482 §3';
      const message = `<${element.local}> has at most one <${local}> (${section})`;
      violations.push(violation(part.path, 'repeated', message));
    }
    seen.add(name);
  }
  return violations;
}

/** Capabilities that do not stand where they should: of services in tuples, of devices in devices. */
export function capabilityAdvice({ kind, element, parts }: Component): readonly Violation[] {
  return parts
    .filter(({ element: { local, namespace } }) => {
      if (namespace !== CAPS) return false;
      return (local === 'servcaps' && kind !== 'tuple') || (local === 'devcaps' && kind !== 'device');
    })
    .map(({ path, element: { local } }) => {
      const section = local === 'servcaps' ? '§3.2' : '§3.3';
      const where = local === 'servcaps' ? 'tuple' : 'device';
      const message = `<${local}> should stand in <${where}>, not in <${element.local}> (RFC 5196 ${section})`;
      return violation(path, 'misplaced', message);
    });
}
