import type { TransactionTable, Transition } from '../../src/transaction/tables.ts';
import {
  inviteClient,
  inviteServer,
  nonInviteClient,
  nonInviteServer,
} from '../../src/transaction/tables.ts';

/** The page that shows the transaction tables as diagrams and as rows: docs/transactions.md. */
export function transactionsPage(): string {
  const tables = [inviteClient, nonInviteClient, inviteServer, nonInviteServer];
  return `${intro}\n${tables.map(section).join('\n')}`;
}

const intro = `# The transaction machines

Made from \`src/transaction/tables.ts\` by \`UPDATE_DOCS=1 npx vitest run --project sip-core docs\`; a test fails when
the two differ. An input that a state does not list changes nothing and does nothing. Timers that are zero over
reliable transports (D, I, J, K) fire at once there; A, E and G do not run there.
`;

function section(table: TransactionTable): string {
  const rows = Object.entries(table.states).flatMap(([state, inputs]) =>
    Object.entries(inputs ?? {}).map(([input, transition]) => ({ state, input, transition })),
  );
  const arrows = rows.map(
    ({ state, input, transition }) => `    ${state} --> ${target(state, transition)} : ${input}`,
  );
  const lines = rows.map(
    ({ state, input, transition }) =>
      `| ${state} | ${input} | ${target(state, transition)} | ${transition.do.join(', ') || '–'} |`,
  );
  return [
    `## ${table.name} transaction`,
    '',
    `${table.rfc}. Starts ${table.start.to}: ${table.start.do.join(', ')}.`,
    '',
    '```mermaid',
    'stateDiagram-v2',
    `    [*] --> ${table.start.to}`,
    ...arrows,
    '    terminated --> [*]',
    '```',
    '',
    '| state | input | next | does |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

function target(state: string, transition: Transition): string {
  return transition.to ?? state;
}
