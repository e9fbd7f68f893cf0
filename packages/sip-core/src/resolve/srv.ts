import type { Random } from '../machine.ts';
import type { Answer, SrvRecord } from './records.ts';

/**
 * Gives the servers of a service in the order in which they are to be tried.
 *
 * @param random chooses among servers of the same priority by their weights; without it the order is always the same,
 *   as a stateless proxy needs it (RFC 3263 §4.4)
 * @param most how many to give at most
 * @see RFC 2782 "Usage rules", RFC 3263 §4.2
 */
export function orderServers(answer: Answer, random: Random | undefined, most: number): readonly SrvRecord[] {
  const records = (answer ?? []).filter((record): record is SrvRecord => record.type === 'SRV');
  records.sort((a, b) => a.priority - b.priority || b.weight - a.weight || compare(a, b));
  if (random === undefined) return records.slice(0, most);
  const ordered: SrvRecord[] = [];
  for (let start = 0; start < records.length && ordered.length < most; ) {
    let end = start + 1;
    while (end < records.length && records[end]?.priority === records[start]?.priority) end++;
    draw(records.slice(start, end).reverse(), random, most, ordered);
    start = end;
  }
  return ordered;
}

/** Says that a service is "decidedly not available": its only server is the root (RFC 2782). */
export function isWithdrawn(servers: readonly SrvRecord[]): boolean {
  return servers.length === 1 && (servers[0]?.target === '.' || servers[0]?.target === '');
}

/** Draws from records of one priority, those of weight 0 first among them, until none is left. */
function draw(records: SrvRecord[], random: Random, most: number, drawn: SrvRecord[]): void {
  let sum = records.reduce((total, record) => total + record.weight, 0);
  while (records.length > 0 && drawn.length < most) {
    // "choose a uniform random number between 0 and the sum computed (inclusive), and select the RR whose running sum
    // value is the first in the selected order which is greater than or equal to the random number selected."
    const wanted = Math.floor(fraction(random) * (sum + 1));
    let running = 0;
    const place = records.findIndex((record) => {
      running += record.weight;
      return running >= wanted;
    });
    const [chosen] = records.splice(place, 1);
    if (chosen === undefined) return;
    sum -= chosen.weight;
    drawn.push(chosen);
  }
}

/** A number from 0 to below 1. */
function fraction(random: Random): number {
  return random(4).reduce((value, byte) => (value + byte) / 256, 0);
}

function compare(a: SrvRecord, b: SrvRecord): number {
  if (a.target !== b.target) return a.target < b.target ? -1 : 1;
  return a.port - b.port;
}
