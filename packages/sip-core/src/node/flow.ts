/**
 * Names for flows (connections, and the sockets of UDP listeners). They begin at the clock's time, so that a
 * name kept from before a restart never means somebody else's connection.
 */
let last = Date.now() * 1000;

/** The next name; unique for this process and those before it. */
export function nextFlow(): number {
  last += 1;
  return last;
}
