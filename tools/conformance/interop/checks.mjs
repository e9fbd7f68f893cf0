// Counts checks and prints each as it ends: `ok`, `FAILED` with what went wrong, or `skipped` with what is missing.

/** Something a check needs is not on this machine; says what to install. */
export class Missing extends Error {}

export class Checks {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** Runs one check. Answers what it returned, `undefined` when it failed or was skipped. */
  async check(name, work) {
    const started = performance.now();
    try {
      const value = await work();
      this.passed++;
      console.log(`ok       ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      return value ?? true;
    } catch (error) {
      if (error instanceof Missing) return this.skip(name, error.message);
      this.failed++;
      console.log(`FAILED   ${name}\n         ${error.message.split('\n').join('\n         ')}`);
    }
  }

  skip(name, why) {
    this.skipped++;
    console.log(`skipped  ${name}: ${why}`);
  }

  summary() {
    return `interop: ${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}

/** Asks `probe` again and again until it answers something, and answers that. */
export async function until(probe, what, milliseconds = 10_000) {
  const end = performance.now() + milliseconds;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (performance.now() > end) throw new Error(`${what}: not within ${milliseconds / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Sees to it that a child does not outlive us. Answers a promise of its exit code. */
export function minded(child) {
  children.add(child);
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      children.delete(child);
      resolve(code);
    });
  });
}
