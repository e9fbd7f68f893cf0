import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as sip from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('README', () => {
  it('has a first example that prints what its comments say', async () => {
    const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const said = [...example.matchAll(/console\.log\(.*?\); \/\/ (.*)/g)].map(([, text]) => text);
    const printed: unknown[][] = [];
    const console = { log: (...values: unknown[]) => printed.push(values) };
    // The example as it is, with the package's exports in place of its import line.
    const [, names = ''] = /import \{([^}]*)\} from '@sip-simple\/sip-core';/.exec(example) ?? [];
    const body = example.replace(/import \{[^}]*\} from '@sip-simple\/sip-core';/, `const {${names}} = sip;`);
    new Function('sip', 'console', body)(sip, console);
    const shown = printed.map((values) =>
      values
        .map((value) =>
          Array.isArray(value) ? `[ ${value.map((part) => `'${part}'`).join(', ')} ]` : String(value),
        )
        .join(' '),
    );
    expect(said.length).toBe(4);
    expect(shown).toEqual(said);
  });

  it('states the limits as they are', () => {
    for (const [name, value] of Object.entries(sip.defaultMessageLimits)) {
      expect(readme).toContain(`| \`${name}\` | ${value.toLocaleString('en-US')} |`);
    }
  });
});
