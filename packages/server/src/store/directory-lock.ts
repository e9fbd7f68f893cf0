import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from './store.ts';

/**
 * Takes a folder for this process. What a process that no longer runs left behind is taken over, so that a
 * restart after `kill -9` needs nobody's help.
 * @returns a function that gives the folder back
 * @throws {StoreError} `in-use` while another running process has it
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock');
  const mine = `${process.pid} ${statOf(process.pid)?.start ?? ''}\n`;
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const [pid = '', start = ''] = readFileSync(path, 'utf8').trimEnd().split(' ');
    if (isRunning(Number(pid), start)) {
      throw new StoreError('in-use', `${directory} is in use by process ${pid}`);
    }
    rmSync(path, { force: true });
  }
}

function isRunning(pid: number, start: string): boolean {
  if (!(pid > 0)) return false;
  const found = statOf(pid);
  // Process ids come round again, in containers at every start: the time of the start tells them apart.
  if (found !== undefined) return !found.hasEnded && (start === '' || found.start === start);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * When a process started, in clock ticks since the boot, and whether it has ended and only its parent has not
 * asked for that yet; `undefined` where the system doesn't say.
 */
function statOf(pid: number): { readonly start: string | undefined; readonly hasEnded: boolean } | undefined {
  try {
    // The name in parentheses may contain anything; the state is right behind it, the start the 20th field.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return { start: fields[19], hasEnded: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}
