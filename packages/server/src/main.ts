#!/usr/bin/env node
import { AccountError } from './accounts/accounts.ts';
import { readAccountsCommand, runAccounts } from './accounts/command.ts';
import { readCommand } from './config/command.ts';
import { ConfigError } from './config/errors.ts';
import type { Config } from './config/options.ts';
import { ServerError } from './errors.ts';
import { type Server, startServer } from './server.ts';
import { StoreError } from './store/store.ts';

/** Runs the server, or does what `user` says; the server runs until a signal ends it: exit code 0 then, 1 when it could not start. */
async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2);
  if (first === 'user') {
    const asked = readAccountsCommand(rest, process.env);
    if (asked.type === 'print') process.stdout.write(asked.text);
    else await runAccounts(asked.data, asked.action);
    return;
  }
  const invocation = readCommand(process.argv.slice(2), process.env);
  if (invocation.type === 'print') process.stdout.write(invocation.text);
  else await serve(invocation.config);
}

async function serve(config: Config): Promise<void> {
  let server: Server | undefined;
  let isEnding = false;
  const end = (signal: NodeJS.Signals) => {
    // Whoever asks twice won't wait for the last NOTIFYs, and before the start there are none.
    if (isEnding || !server) process.exit(signal === 'SIGINT' ? 130 : 143);
    isEnding = true;
    server.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end).on('SIGINT', end);
  server = await startServer(config);
  process.stdout.write(`ready ${server.addresses.join(' ')}\n`);
}

main().catch((error: unknown) => {
  const isExpected =
    error instanceof ConfigError ||
    error instanceof AccountError ||
    error instanceof ServerError ||
    error instanceof StoreError;
  const text = isExpected ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`sip-simple-server: ${text}\n`);
  process.exit(1);
});
