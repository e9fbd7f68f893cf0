// Enforces the four rules of the house about arrows and I/O:
//   1. dependencies only run down the floors below;
//   2. a package never reaches into another's files, only through its `exports`;
//   3. nothing below server and client does I/O, reads a clock or draws randomness, except entry points `./node`, `./web`;
//   4. tools depend on packages, never the reverse.
//
//   node tools/check/arrows.mjs            check the repository; exit code 1 and a line per breach
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What each package may import. A package missing here fails the check: its place is a decision. */
const allowed = {
  xml: [],
  'sip-core': ['@noble/hashes', 'ws'],
  msrp: [],
  cpim: [],
  'sigcomp-presence-dict': [],
  sigcomp: ['sigcomp-presence-dict'],
  'xml-patch': ['xml', 'xpath'],
  'common-policy': ['xml'],
  'resource-lists': ['xml'],
  iscomposing: ['xml'],
  imdn: ['cpim', 'xml'],
  pidf: ['xml', 'xml-patch'],
  'sip-events': ['sip-core', 'xml', 'resource-lists'],
  'page-mode': ['sip-core', 'resource-lists'],
  rpid: ['pidf', 'xml'],
  'pidf-lo': ['pidf', 'xml'],
  xcap: ['xml', 'xml-patch', 'resource-lists', 'common-policy', 'pidf', 'sip-events', 'libxml2-wasm'],
  chat: ['msrp', 'cpim', 'sip-events', 'xml'],
  presence: ['sip-core', 'sip-events', 'pidf', 'rpid', 'common-policy', 'xml-patch', 'xml'],
  server: ['*'],
  client: ['*'],
  cli: ['*'],
  console: ['*'],
};
const doesIo = new Set(['server', 'client', 'cli', 'console']);

/** Globals that do I/O, read a clock, draw randomness or exist on one platform only. */
const impureGlobals = new Set(
  (
    'process Buffer global require __dirname setTimeout setInterval setImmediate queueMicrotask clearTimeout ' +
    'clearInterval fetch WebSocket XMLHttpRequest performance crypto console window document navigator ' +
    'localStorage Deno Bun'
  ).split(' '),
);
const impureMembers = new Set(['Date.now', 'Math.random', 'Date()', 'new Date()']);

function* sources(dir) {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (/\.ts$/.test(name) && !name.endsWith('.d.ts')) yield path;
  }
}

/** The module specifiers, global names and impure calls of one source text. */
function facts(path, text) {
  const { program, module } = parseSync(path, text);
  const imports = [...module.staticImports, ...module.staticExports.flatMap((e) => e.entries)]
    .map((i) => i.moduleRequest?.value)
    .filter((s) => s !== undefined);
  const declared = new Set();
  const used = [];
  const name = (node) => node?.type === 'Identifier' && node.name;
  const declare = (node) => {
    if (node?.type === 'Identifier') declared.add(node.name);
    else if (node?.type === 'AssignmentPattern') declare(node.left);
    else if (node?.type === 'RestElement') declare(node.argument);
    else if (node?.type === 'ArrayPattern') node.elements.forEach(declare);
    else if (node?.type === 'ObjectPattern') for (const p of node.properties) declare(p.value ?? p.argument);
  };
  const parameters = (node) => node.params.forEach(declare);
  const notReferences = new Set();
  new Visitor({
    VariableDeclarator: (node) => declare(node.id),
    FunctionDeclaration: (node) => {
      declare(node.id);
      parameters(node);
    },
    FunctionExpression: parameters,
    ArrowFunctionExpression: parameters,
    CatchClause: (node) => declare(node.param),
    ClassDeclaration: (node) => declare(node.id),
    ImportDeclaration: (node) => {
      for (const specifier of node.specifiers) declare(specifier.local);
    },
    ImportExpression: (node) => imports.push(node.source.value ?? '(computed)'),
    // A renamed import's own name, keys and members carry names without referring to a global.
    ImportSpecifier: (node) => node.imported !== node.local && notReferences.add(node.imported),
    ExportSpecifier: (node) => notReferences.add(node.local).add(node.exported),
    Property: (node) => !node.computed && !node.shorthand && notReferences.add(node.key),
    PropertyDefinition: (node) => !node.computed && notReferences.add(node.key),
    MethodDefinition: (node) => !node.computed && notReferences.add(node.key),
    TSPropertySignature: (node) => notReferences.add(node.key),
    TSMethodSignature: (node) => notReferences.add(node.key),
    MemberExpression: (node) => {
      if (!node.computed) notReferences.add(node.property);
      const member = `${name(node.object)}.${name(node.property)}`;
      if (impureMembers.has(member)) used.push([member, node.start]);
      if (name(node.object) === 'globalThis') used.push([`globalThis.${name(node.property)}`, node.start]);
    },
    CallExpression: (node) => name(node.callee) === 'Date' && used.push(['Date()', node.start]),
    NewExpression: (node) =>
      name(node.callee) === 'Date' && !node.arguments.length && used.push(['new Date()', node.start]),
    Identifier: (node) =>
      impureGlobals.has(node.name) && !notReferences.has(node) && used.push([node.name, node.start]),
  }).visit(program);
  return { imports, impure: used.filter(([what]) => !declared.has(what)) };
}

const lineOf = (text, offset) => text.slice(0, offset).split('\n').length;
const isAdapter = (file) => /^src\/(node|web)(\.ts$|\/)/.test(file);

/** Every breach of the four rules, as `place: what is wrong` lines. */
export function breaches(dir = root) {
  const found = [];
  const packages = readdirSync(join(dir, 'packages'));
  for (const name of packages) {
    const home = join(dir, 'packages', name);
    if (!existsSync(join(home, 'package.json'))) continue;
    const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    const may = allowed[name];
    if (!may) {
      found.push(`packages/${name}: has no place in the floors of tools/check/arrows.mjs`);
      continue;
    }
    const permits = (dependency) => may.includes('*') || may.includes(dependency.replace('@sip-simple/', ''));
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    for (const dependency of declared)
      if (!permits(dependency)) found.push(`packages/${name}/package.json: may not depend on ${dependency}`);

    for (const path of sources(join(home, 'src'))) {
      const file = relative(home, path).replaceAll('\\', '/');
      const text = readFileSync(path, 'utf8');
      const { imports, impure } = facts(path, text);
      const pure = !doesIo.has(name) && !isAdapter(file);
      const at = (what) => `packages/${name}/${file}: ${what}`;
      for (const specifier of imports) {
        if (specifier.startsWith('.')) {
          const target = relative(home, join(path, '..', specifier));
          if (!target.startsWith('src')) found.push(at(`reaches outside its package: ${specifier}`));
          if (pure && isAdapter(target)) found.push(at(`imports an adapter: ${specifier}`));
        } else if (specifier.startsWith('node:')) {
          if (pure) found.push(at(`imports ${specifier} outside ./node`));
        } else {
          const parts = specifier.split('/');
          const dependency = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
          if (!declared.includes(dependency))
            found.push(at(`imports ${dependency}, which package.json does not name`));
          else if (dependency.startsWith('@sip-simple/')) {
            const target = join(dir, 'packages', dependency.slice('@sip-simple/'.length), 'package.json');
            if (!existsSync(target)) found.push(at(`imports ${dependency}, which is not a package`));
            else {
              const entry = `.${specifier.slice(dependency.length)}`;
              if (!JSON.parse(readFileSync(target, 'utf8')).exports?.[entry === '.' ? '.' : entry])
                found.push(at(`imports ${specifier}, which ${dependency} does not export`));
            }
          }
        }
      }
      if (pure)
        for (const [what, offset] of impure)
          found.push(
            `packages/${name}/${file}:${lineOf(text, offset)}: uses ${what} outside ./node and ./web`,
          );
    }
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = breaches();
  for (const line of found) console.error(line);
  console.log(found.length ? `arrows: ${found.length} breaches` : 'arrows: all rules kept');
  process.exit(found.length ? 1 : 0);
}
