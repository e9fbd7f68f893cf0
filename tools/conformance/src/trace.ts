/** One line of a trace's text with its place, so that a failure can point at it. */
export interface SourceLine {
  readonly line: number;
  readonly text: string;
}

/** How a message leaves: as a datagram or on a stream. `undefined` in a trace means "as this run does". */
export type TransportName = 'udp' | 'tcp';

export interface SendStep {
  readonly type: 'send';
  readonly line: number;
  readonly socket: string;
  readonly transport: TransportName | undefined;
  /** Send exactly these lines; fill in nothing. */
  readonly raw: boolean;
  /** Send the last message of this socket once more, byte for byte. */
  readonly again: boolean;
  /** Fill Call-ID, From, To and CSeq from the dialog this socket holds. */
  readonly inDialog: boolean;
  /** Send only the first so many bytes. */
  readonly cut: number | undefined;
  readonly head: readonly SourceLine[];
  readonly body: string | undefined;
}

export interface ExpectStep {
  readonly type: 'expect';
  readonly line: number;
  readonly socket: string;
  /** The same bytes as a message that came before: a retransmission. */
  readonly again: boolean;
  readonly patterns: readonly SourceLine[];
}

export type Step =
  | SendStep
  | ExpectStep
  | { readonly type: 'wait'; readonly line: number; readonly milliseconds: number }
  | {
      readonly type: 'nothing';
      readonly line: number;
      readonly milliseconds: number;
      readonly socket: string | undefined;
    }
  | { readonly type: 'document'; readonly line: number; readonly name: string; readonly text: string }
  | { readonly type: 'host'; readonly line: number; readonly event: HostEvent };

/** What only the host of the machines can do; a live server is not asked to, so such traces are virtual. */
export type HostEvent = 'shutdown' | 'allow' | 'confirm' | 'polite-block' | 'block';

/** A trace file, read. */
export interface Trace {
  readonly file: string;
  readonly title: string;
  readonly requirements: readonly string[];
  /** Transports on which the trace makes sense. */
  readonly transports: readonly TransportName[];
  /** Why it cannot run against a live server; `undefined` when it can. */
  readonly virtualOnly: string | undefined;
  readonly steps: readonly Step[];
}

/** A trace that is not written as the format says. */
export class TraceSyntaxError extends Error {
  override readonly name = 'TraceSyntaxError';
}

/** Waits longer than this in sum, or one such silence, keep a trace off live servers. */
const LIVE_WAIT_LIMIT = 3_000;

const HOST_EVENTS: readonly HostEvent[] = ['shutdown', 'allow', 'confirm', 'polite-block', 'block'];

/**
 * Reads a trace file.
 *
 * @param text the file's text; lines may end in LF or CRLF
 * @param file its name, for failures to cite
 * @throws TraceSyntaxError naming the file and line when a directive is unknown or incomplete
 */
export function parseTrace(text: string, file: string): Trace {
  const lines = text.split(/\r?\n/);
  const steps: Step[] = [];
  const requirements: string[] = [];
  let title: string | undefined;
  let transports: readonly TransportName[] = ['udp', 'tcp'];
  let virtualOnly: string | undefined;

  let index = 0;
  /** Takes the indented lines that follow a directive; blank ones belong to them unless they come last. */
  const block = (): SourceLine[] => {
    const taken: SourceLine[] = [];
    for (; index < lines.length; index++) {
      const written = lines[index] ?? '';
      if (written.trim() !== '' && !written.startsWith('  ')) break;
      taken.push({ line: index + 1, text: written.slice(2) });
    }
    while (taken.at(-1)?.text.trim() === '') taken.pop();
    return taken;
  };

  while (index < lines.length) {
    const text = lines[index] ?? '';
    const line = ++index;
    if (text.trim() === '') continue;
    const fail = (why: string): never => {
      throw new TraceSyntaxError(`${file}:${line}: ${why}\n    ${text}`);
    };
    if (text.startsWith('#')) {
      title ??= text.replace(/^#\s*/, '');
      continue;
    }
    const [directive = '', ...words] = text.trim().split(/\s+/);
    switch (directive) {
      case '@req':
        requirements.push(...words);
        break;
      case 'transports':
        transports = words.map((word) => (word === 'udp' || word === 'tcp' ? word : fail('udp or tcp')));
        break;
      case 'virtual-only':
        virtualOnly = words.join(' ') || fail('say why');
        break;
      case 'wait':
        steps.push({ type: 'wait', line, milliseconds: duration(words[0]) ?? fail('wait 61s') });
        break;
      case 'nothing': {
        const milliseconds = duration(words.at(-1)) ?? fail('nothing 2s, or nothing alice 2s');
        steps.push({ type: 'nothing', line, milliseconds, socket: words.length > 1 ? words[0] : undefined });
        break;
      }
      case 'document': {
        const name = words[0] ?? fail('document NAME');
        steps.push({ type: 'document', line, name, text: block().map(textOf).join('\n') });
        break;
      }
      case 'host': {
        const event = HOST_EVENTS.find((known) => known === words[0]) ?? fail(HOST_EVENTS.join(', '));
        virtualOnly ??= `asks the host to ${event}`;
        steps.push({ type: 'host', line, event });
        break;
      }
      case '>':
        steps.push(sendStep(words, line, block(), fail));
        break;
      case '<':
        steps.push(expectStep(words, line, block(), fail));
        break;
      default:
        fail('not a directive; lines of a message are indented by two spaces');
    }
  }
  const waits = steps.reduce((sum, step) => sum + (step.type === 'wait' ? step.milliseconds : 0), 0);
  const silence = Math.max(0, ...steps.map((step) => (step.type === 'nothing' ? step.milliseconds : 0)));
  const longest = Math.max(waits, silence);
  if (longest > LIVE_WAIT_LIMIT) virtualOnly ??= `waits ${longest / 1000} s`;
  return { file, title: title ?? file, requirements, transports, virtualOnly, steps };
}

type Fail = (why: string) => never;

function sendStep(
  words: readonly string[],
  line: number,
  block: readonly SourceLine[],
  fail: Fail,
): SendStep {
  const [socket = fail('> SOCKET'), ...options] = words;
  let transport: TransportName | undefined;
  let cut: number | undefined;
  const flags = new Set<string>();
  for (let i = 0; i < options.length; i++) {
    const option = options[i] ?? '';
    if (option === 'udp' || option === 'tcp') transport = option;
    else if (option === 'raw' || option === 'again' || option === 'in-dialog') flags.add(option);
    else if (option === 'cut') cut = Number(options[++i]);
    else fail(`unknown option ${option}`);
  }
  if (cut !== undefined && !(cut > 0)) fail('cut BYTES');
  const raw = flags.has('raw');
  const again = flags.has('again');
  if (again ? block.length > 0 : block.length === 0)
    fail(again ? 'again takes no lines' : 'no lines to send');
  const empty = raw ? -1 : block.findIndex(({ text }) => text.trim() === '');
  return {
    type: 'send',
    line,
    socket,
    transport,
    raw,
    again,
    inDialog: flags.has('in-dialog'),
    cut,
    head: empty < 0 ? block : block.slice(0, empty),
    body:
      empty < 0
        ? undefined
        : block
            .slice(empty + 1)
            .map(textOf)
            .join('\n'),
  };
}

function expectStep(
  words: readonly string[],
  line: number,
  block: readonly SourceLine[],
  fail: Fail,
): ExpectStep {
  const [socket = fail('< SOCKET'), option] = words;
  if (option !== undefined && option !== 'again') fail(`unknown option ${option}`);
  const again = option === 'again';
  if (!again && block.length === 0) fail('no lines to expect');
  return { type: 'expect', line, socket, again, patterns: block.filter(({ text }) => text.trim() !== '') };
}

/** `500ms`, `61s`, `5m` or `2h` in milliseconds. */
function duration(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text ?? '');
  if (!match) return undefined;
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[match[2] ?? ''] ?? 1;
  return Number(match[1]) * unit;
}

function textOf(line: SourceLine): string {
  return line.text;
}
