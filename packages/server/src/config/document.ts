import { defaultText } from './command.ts';
import { configFile, options } from './options.ts';

/** The table of all options for the README, in Markdown. */
export function optionsTable(): string {
  const rows = Object.values(options).map((option) => {
    const flag = option.argument === undefined ? `--${option.name}` : `--${option.name} ${option.argument}`;
    const help = option.repeatable ? `${option.help}; repeatable` : option.help;
    return [code(flag), code(option.env), code(option.name), defaultText(option), help];
  });
  rows.push([
    code(`--${configFile.name} ${configFile.argument}`),
    code(configFile.env),
    '',
    'none',
    configFile.help,
  ]);
  const head = ['flag', 'environment', 'file key', 'default', 'meaning'];
  return [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map(escapeCell).join(' | ')} |`)
    .join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
