import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { transactionsPage } from './support/diagram.ts';

const page = new URL('../docs/transactions.md', import.meta.url);

test('docs/transactions.md shows the tables that run', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, transactionsPage());
  expect(readFileSync(page, 'utf8')).toBe(transactionsPage());
});
