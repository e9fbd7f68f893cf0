import { proxyAuthenticate, via, wwwAuthenticate } from '../headers/index.ts';
import { append, type HeaderEdit, removeFirst, type SipResponse } from '../message/index.ts';
import type { RecordRoute } from './record-route.ts';

/** How a branch ended: by a response, or by what stands for one. */
export interface Outcome {
  readonly status: number;
  /** `undefined` when none came: a timeout, or nothing could be sent. */
  readonly response: SipResponse | undefined;
  /** What its branch had of this proxy. */
  readonly recordRoute?: RecordRoute | undefined;
}

/**
 * Chooses what to answer of what the branches brought: of 6xx if there is one, else of the lowest class, there first what
 * tells how to try again, last what says that nobody was reached. Of two alike the first.
 *
 * @see RFC 3261 §16.7 step 6
 */
export function bestOf(outcomes: readonly Outcome[]): Outcome | undefined {
  let best: Outcome | undefined;
  for (const outcome of outcomes) if (best === undefined || rank(outcome) < rank(best)) best = outcome;
  return best;
}

/**
 * What is taken from a response before it is passed on, and added to it: our Via goes; a 401 or 407 gets the challenges
 * of all others, each one's in their order.
 *
 * @see RFC 3261 §16.7 steps 3 and 7, §22.3; RFC 8760 §2.5
 */
export function passedOn(response: SipResponse, outcomes: readonly Outcome[]): HeaderEdit[] {
  const edits: HeaderEdit[] = [removeFirst(via)];
  if (!isChallenge(response.status)) return edits;
  for (const { status, response: other } of outcomes) {
    if (other === undefined || other === response || !isChallenge(status)) continue;
    for (const { name } of [wwwAuthenticate, proxyAuthenticate]) {
      const values = other.raw(name);
      if (values.length > 0) edits.push(append(name, ...values));
    }
  }
  return edits;
}

function isChallenge(status: number): boolean {
  return status === 401 || status === 407;
}

/** Lower is better. */
function rank({ status, response }: Outcome): number {
  const group = Math.floor(status / 100);
  // "It MUST choose from the 6xx class responses if any exist in the context."
  const classRank = group === 6 ? 0 : group;
  const within = preferred.has(status) ? 0 : unreached.has(status) ? 2 : 1;
  return classRank * 100 + within * 10 + (isChallenge(status) ? 0 : 1) + (response === undefined ? 5 : 0);
}

/** They tell how to try again. */
const preferred: ReadonlySet<number> = new Set([401, 407, 415, 420, 484]);

/** They say nothing about the user; of 503 a 500 would be made. */
const unreached: ReadonlySet<number> = new Set([408, 430, 487, 503]);
