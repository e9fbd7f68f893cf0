import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/errors.ts';
import { loadConfig } from '../config/load.ts';
import { lmdbStore } from '../store/lmdb.ts';
import { AccountError, Accounts, readAddress, written } from './accounts.ts';

/** What is done with accounts: run it after the command line has been read. */
export type AccountsAction = (accounts: Accounts, io: AccountsIo) => Promise<void>;

export interface AccountsIo {
  /** Prints one line. */
  print(line: string): void;
  /** Asks for a password: without echo at a terminal, else the next line of the input. */
  password(): Promise<string>;
}

/** What `user ...` asks for. */
export type AccountsInvocation =
  | { readonly type: 'accounts'; readonly data: string; readonly action: AccountsAction }
  | { readonly type: 'print'; readonly text: string };

/**
 * Reads the arguments after `user`.
 *
 * @throws {ConfigError} when they can't be used
 */
export function readAccountsCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): AccountsInvocation {
  let printed = '';
  let action: AccountsAction | undefined;
  const flags = new Map<string, string[]>();
  const command = new Command('user')
    .description('The users of a server with --auth digest, in its data folder. It may be running.')
    .helpOption('--help', 'print this help and end')
    .helpCommand(false);
  const settings = (each: Command): Command =>
    each
      .configureOutput({
        writeOut: (text) => {
          printed += text;
        },
        writeErr: () => {},
      })
      .allowExcessArguments(false)
      .exitOverride();
  const verb = (
    name: string,
    help: string,
    act: (accounts: Accounts, io: AccountsIo, address: string) => Promise<void>,
  ): void => {
    const each = settings(command.command(`${name} <address>`)).description(help);
    withOptions(each, flags).action((address: string) => {
      action = (accounts, io) => act(accounts, io, address);
    });
  };
  settings(command);
  verb('add', 'adds a user, and asks for the password', async (accounts, io, text) => {
    const address = readAddress(text);
    await accounts.add(address, await io.password());
    io.print(`added ${written(address)}`);
  });
  verb('passwd', 'changes the password of a user, and asks for it', async (accounts, io, text) => {
    const address = readAddress(text);
    await accounts.setPassword(address, await io.password());
    io.print(`changed the password of ${written(address)}`);
  });
  verb('remove', 'removes a user', async (accounts, io, text) => {
    const address = readAddress(text);
    await accounts.remove(address);
    io.print(`removed ${written(address)}`);
  });
  withOptions(settings(command.command('list')).description('lists the users'), flags).action(() => {
    action = async (accounts, io) => {
      for await (const address of accounts.list()) io.print(written(address));
    };
  });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { type: 'print', text: printed };
    if (error.code === 'commander.help') return { type: 'print', text: command.helpInformation() };
    throw new ConfigError('bad-value', error.message.replace(/^error: /, '').replace(/\n/g, ' '));
  }
  const { data } = loadConfig(flags, env);
  if (data === undefined)
    throw new ConfigError('bad-value', 'users are kept in the data folder of a server: say --data DIR');
  if (action === undefined) return { type: 'print', text: command.helpInformation() };
  return { type: 'accounts', data, action };
}

/** Carries out what was asked for, beside a server that may have the folder open. */
export async function runAccounts(data: string, action: AccountsAction): Promise<void> {
  const store = await lmdbStore({ directory: data, isShared: true });
  try {
    await action(new Accounts(store), {
      print: (line) => process.stdout.write(`${line}\n`),
      password: askPassword,
    });
  } finally {
    await store.close();
  }
}

function withOptions(command: Command, flags: Map<string, string[]>): Command {
  for (const [name, argument, help] of [
    ['data', 'DIR', "the server's data folder"],
    ['config', 'FILE', "the server's configuration file, which names it"],
  ] as const) {
    command.option(`--${name} <${argument}>`, help, (value: string) => flags.set(name, [value]));
  }
  return command;
}

async function askPassword(): Promise<string> {
  const isTerminal = process.stdin.isTTY === true;
  if (isTerminal) process.stderr.write('Password: ');
  // Lines are edited as usual, but nothing of them is shown.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: isTerminal });
  for await (const line of lines) {
    lines.close();
    if (isTerminal) process.stderr.write('\n');
    return line;
  }
  throw new AccountError('bad-password', 'a password is needed');
}
