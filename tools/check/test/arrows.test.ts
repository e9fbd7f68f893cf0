import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
// @ts-expect-error the tool is plain JavaScript
import { breaches } from '../arrows.mjs';

const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true });
});

/** A repository of the given files, with a manifest for each package unless one is given. */
function repository(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'arrows-'));
  made.push(root);
  const manifests: Record<string, string> = {
    'packages/xml/package.json': '{"exports":{".":"./src/index.ts"}}',
    'packages/pidf/package.json': '{"exports":{".":"./src/index.ts"},"dependencies":{"@sip-simple/xml":"1"}}',
  };
  for (const [path, text] of Object.entries({ ...manifests, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  mkdirSync(join(root, 'packages/xml/src'), { recursive: true });
  mkdirSync(join(root, 'packages/pidf/src'), { recursive: true });
  return root;
}

describe('the arrows check', () => {
  test('keeps quiet about a house in order', () => {
    const root = repository({
      'packages/xml/src/index.ts': 'export const a = 1;',
      'packages/sip-core/package.json': '{"exports":{".":"./src/index.ts"},"dependencies":{"ws":"1"}}',
      'packages/sip-core/src/node.ts': "import { WebSocket } from 'ws'; export const b = WebSocket;",
      'packages/pidf/src/index.ts': "export * from '@sip-simple/xml';",
    });
    expect(breaches(root)).toEqual([]);
  });

  const wrong: [rule: string, file: string, text: string, complaint: RegExp][] = [
    [
      'an arrow that runs up',
      'packages/xml/package.json',
      '{"dependencies":{"@sip-simple/pidf":"1"}}',
      /may not depend on @sip-simple\/pidf/,
    ],
    ['a dependency not declared', 'packages/xml/src/a.ts', "import '@sip-simple/pidf';", /does not name/],
    [
      'a way into the files of another package',
      'packages/pidf/src/a.ts',
      "import '../../xml/src/a.ts';",
      /outside its package/,
    ],
    [
      'an entry point that is not exported',
      'packages/pidf/src/a.ts',
      "import '@sip-simple/xml/src/a.ts';",
      /does not export/,
    ],
    ['a tool in a package', 'packages/pidf/src/a.ts', "export * from '@sip-simple/bench';", /does not name/],
    ['a node module', 'packages/pidf/src/a.ts', "import { readFileSync } from 'node:fs';", /imports node:fs/],
    ['a module loaded at run time', 'packages/pidf/src/a.ts', "await import('node:fs');", /imports node:fs/],
    ['a re-export of a node module', 'packages/pidf/src/a.ts', "export * from 'node:fs';", /imports node:fs/],
    ['an adapter used by a codec', 'packages/pidf/src/a.ts', "import './node.ts';", /imports an adapter/],
    ['a timer', 'packages/pidf/src/a.ts', 'setTimeout(() => {}, 1);', /a\.ts:1: uses setTimeout/],
    ['a clock', 'packages/pidf/src/a.ts', '\nexport const now = Date.now();', /a\.ts:2: uses Date\.now/],
    [
      'a clock by construction',
      'packages/pidf/src/a.ts',
      'export const now = new Date();',
      /uses new Date\(\)/,
    ],
    ['randomness', 'packages/pidf/src/a.ts', 'export const r = Math.random();', /uses Math\.random/],
    [
      'a global by the back door',
      'packages/pidf/src/a.ts',
      'export const f = globalThis.fetch;',
      /uses globalThis\.fetch/,
    ],
    ['a package without a place', 'packages/new/package.json', '{}', /has no place/],
  ];
  test.each(wrong)('finds %s', (_rule, file, text, complaint) => {
    const found: string[] = breaches(repository({ [file]: text }));
    expect(
      found.some((line) => complaint.test(line)),
      found.join('\n'),
    ).toBe(true);
  });

  test('lets adapters and property names be', () => {
    const root = repository({
      'packages/pidf/src/node.ts':
        "import { readFileSync } from 'node:fs'; export const at = Date.now() + readFileSync.length;",
      'packages/pidf/src/index.ts':
        "import { require as r } from '@sip-simple/xml'; export const o = { process: r, console: 2 }; export const p = o.process; export const d = new Date(0);",
    });
    expect(breaches(root)).toEqual([]);
  });
});
