import { createHash } from 'node:crypto';

/** What the status page tells; nothing about who uses the server. */
export interface Status {
  readonly version: string;
  readonly trouble: string | undefined;
  readonly uptimeSeconds: number;
  readonly addresses: readonly string[];
  readonly domains: readonly string[];
  readonly store: string;
  /** Figures by their names. */
  readonly figures: readonly (readonly [name: string, value: number])[];
}

const style = `
:root { color-scheme: light dark; --ink: #1c2430; --dim: #5d6b7e; --line: #d9dfe7; --ground: #f6f8fa; --card: #fff; --good: #1a7f4b; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf2; --dim: #94a3b8; --line: #2b3543; --ground: #11161d; --card: #1a212b; --good: #4ccf8a; --bad: #ff8a80 } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 46rem; margin: 3rem auto; padding: 0 1.25rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem }
p { margin: 0 0 1.5rem; color: var(--dim) }
.state { font-weight: 600; color: var(--good) }
.state.failing { color: var(--bad) }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .4rem 1.25rem; margin-bottom: 1.25rem }
dl { display: grid; grid-template-columns: 12rem 1fr; margin: 0 }
dt, dd { margin: 0; padding: .55rem 0 }
dt { color: var(--dim) }
dt:not(:first-of-type), dt:not(:first-of-type) + dd { border-top: 1px solid var(--line) }
dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums }
a { color: inherit }
`;

/** The page's only style, as its Content-Security-Policy names it. */
export const styleHash: string = `sha256-${createHash('sha256').update(style).digest('base64')}`;

/** A plain page that needs nothing else from anywhere. */
export function statusPage(status: Status): string {
  const state = status.trouble === undefined ? 'running' : `failing: ${status.trouble}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="10">
<title>SIMPLE server</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>SIMPLE server</h1>
<p><span class="state${status.trouble === undefined ? '' : ' failing'}">${escapeHtml(state)}</span>, version ${escapeHtml(status.version)}, for ${duration(status.uptimeSeconds)}</p>
<section><dl>
${row('Listening on', status.addresses.join('\n'))}
${row('Domains', status.domains.join('\n'))}
${row('Store', status.store)}
</dl></section>
<section><dl>
${status.figures.map(([name, value]) => row(name, value.toLocaleString('en'))).join('\n')}
</dl></section>
<p><a href="/health">health</a> · <a href="/metrics">metrics</a></p>
</main>
</body>
</html>
`;
}

function row(name: string, value: string): string {
  return `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value).replaceAll('\n', '<br>')}</dd>`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function duration(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  for (const [unit, length] of units) {
    const count = Math.floor(seconds / length);
    if (count > 0) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return 'less than a second';
}
