/** The one of `names` that `text` was probably meant to be; `undefined` when none is near. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  // SIP_PORT, sipPort and sip-port are the same to who writes them.
  const plain = (name: string) => name.toLowerCase().replace(/[-_]/g, '');
  let best: string | undefined;
  let least = Math.max(2, Math.floor(text.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(plain(text), plain(name));
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** Levenshtein's distance: how many letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let at = 1; at <= a.length; at++) {
    const next = [at];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (a[at - 1] === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
