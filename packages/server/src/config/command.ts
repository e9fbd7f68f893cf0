import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ConfigError } from './errors.ts';
import { loadConfig } from './load.ts';
import { type Config, configFile, type Option, options } from './options.ts';

/** What the command line asks for: to run, or only to print something (help, version). */
export type Invocation =
  | { readonly type: 'run'; readonly config: Config }
  | { readonly type: 'print'; readonly text: string };

/**
 * Reads the command line and everything it refers to.
 * @param args the arguments, without the program's name
 * @throws {ConfigError} when it can't be used
 */
export function readCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Invocation {
  let printed = '';
  const command = new Command('sip-simple-server')
    .description('A SIMPLE (RFC 6914) server: presence over SIP.')
    .version(packageVersion(), '--version', 'print the version and end')
    .helpOption('--help', 'print this help and end')
    .addHelpText(
      'after',
      `\nAll options can also be set in the environment (SIMPLE_SIP_PORT) and in the file of --config (sip-port).\n` +
        `\n'user add|passwd|list|remove' keeps the accounts of a data folder; 'user --help' says how.`,
    )
    .configureHelp({ helpWidth: 110 })
    .configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => {},
    })
    .allowExcessArguments(false)
    .exitOverride();
  const flags = new Map<string, string[]>();
  for (const option of Object.values(options)) addOption(command, option, flags);
  command.option(
    `--${configFile.name} <${configFile.argument}>`,
    configFile.help,
    gather(flags, configFile.name),
  );
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { type: 'print', text: printed };
    throw new ConfigError('bad-value', error.message.replace(/^error: /, '').replace(/\n/g, ' '));
  }
  return { type: 'run', config: loadConfig(flags, env) };
}

function addOption(command: Command, option: Option<unknown>, flags: Map<string, string[]>): void {
  const text = `${option.help} (default: ${defaultText(option)})`;
  if (option.argument === undefined) {
    command.option(`--${option.name}`, text);
    command.on(`option:${option.name}`, () => flags.set(option.name, ['true']));
  } else {
    const repeatable = option.repeatable ? '; repeatable' : '';
    command.option(`--${option.name} <${option.argument}>`, text + repeatable, gather(flags, option.name));
  }
}

function gather(flags: Map<string, string[]>, name: string): (value: string) => string {
  return (value) => {
    flags.set(name, [...(flags.get(name) ?? []), value]);
    return value;
  };
}

/** The default as help and documentation write it. */
export function defaultText(option: Option<unknown>): string {
  return (
    option.defaultText ?? (Array.isArray(option.default) ? option.default.join(', ') : String(option.default))
  );
}

/** The version of this package. */
export function packageVersion(): string {
  // As the package manager checked it: package.json has a version.
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
