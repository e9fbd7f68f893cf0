import { type Bindings, fill } from './pattern.ts';
import type { SendStep, TransportName } from './trace.ts';
import { valuesOf, type WireMessage } from './wire.ts';

/** What a socket of a trace remembers of the messages it sent and got, to complete the next one. */
export interface SocketMemory {
  readonly name: string;
  readonly transport: TransportName;
  /** `host:port` as Via and Contact show it. */
  readonly local: string;
  /** Gives a token that no earlier message used. */
  readonly token: () => string;
  /** Requests that came and were not answered yet, oldest first. */
  readonly unanswered: WireMessage[];
  dialog: DialogMemory | undefined;
  sequence: number;
}

/** The UAC's side of the newest dialog a socket made. */
export interface DialogMemory {
  readonly callId: string;
  readonly local: string;
  readonly remote: string;
  readonly target: string;
}

type Header = readonly [name: string, value: string];

/**
 * Builds the bytes of a `>` block: fills in the placeholders, then every header that a message needs and the
 * block neither writes nor refuses (`!Via`). A request gets Via, Max-Forwards, From, To, Call-ID, CSeq and, when
 * it is a SUBSCRIBE, Contact; a response gets Via, From, To, Call-ID and CSeq of the oldest unanswered request.
 */
export function complete(step: SendStep, memory: SocketMemory, bindings: Bindings): Uint8Array {
  const known = new Map([...bindings, ['local', memory.local], ['transport', memory.transport]]);
  if (memory.dialog) known.set('target', memory.dialog.target);
  const lines = step.head.map(({ text }) => fill(text, known));
  if (step.raw) return cut(rawBytes(lines), step.cut);

  const [startLine = '', ...headLines] = lines;
  const refused = new Set<string>();
  const written: Header[] = [];
  for (const line of headLines) {
    const absent = /^!([\w-]+)$/.exec(line)?.[1];
    if (absent) refused.add(absent.toLowerCase());
    else {
      // A line without a colon is sent as it stands: bad heads are test cases too.
      const [, name = line, value = ''] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
      written.push([name, value]);
    }
  }
  const body = new TextEncoder().encode(step.body === undefined ? '' : fill(step.body, known));
  const defaults = startLine.startsWith('SIP/')
    ? responseHeaders(memory)
    : requestHeaders(startLine, step.inDialog, memory, known);
  const has = (name: string) =>
    refused.has(name.toLowerCase()) ||
    written.some(([header]) => header.toLowerCase() === name.toLowerCase());
  const head = [
    startLine,
    ...[...defaults.filter(([name]) => !has(name)), ...written].map(joined),
    ...(has('Content-Length') ? [] : [`Content-Length: ${body.length}`]),
    '',
    '',
  ].join('\r\n');
  return cut(concat(new TextEncoder().encode(head), body), step.cut);
}

function requestHeaders(
  startLine: string,
  inDialog: boolean,
  memory: SocketMemory,
  bindings: Bindings,
): readonly Header[] {
  const [method = '', uri = ''] = startLine.split(' ');
  const dialog = inDialog ? memory.dialog : undefined;
  if (inDialog && !dialog) throw new Error(`${memory.name} holds no dialog`);
  memory.sequence += 1;
  const ours = `<sip:${fill(`{user:${memory.name}}`, bindings)}>;tag=${memory.token()}`;
  return [
    [
      'Via',
      `SIP/2.0/${memory.transport.toUpperCase()} ${memory.local};branch=z9hG4bK${memory.token()};rport`,
    ],
    ['Max-Forwards', '70'],
    ['From', dialog?.local ?? ours],
    ['To', dialog?.remote ?? `<${uri}>`],
    ['Call-ID', dialog?.callId ?? memory.token()],
    ['CSeq', `${memory.sequence} ${method}`],
    ...(method === 'SUBSCRIBE' ? [['Contact', contactOf(memory)] as const] : []),
  ];
}

function contactOf({ name, local, transport }: SocketMemory): string {
  return `<sip:${name}@${local}${transport === 'tcp' ? ';transport=tcp' : ''}>`;
}

function responseHeaders(memory: SocketMemory): readonly Header[] {
  const request = memory.unanswered.shift();
  if (!request) throw new Error(`${memory.name} has no request left to answer`);
  const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];
  return copied.flatMap((name) => valuesOf(request, name).map((value) => [name, value] as const));
}

/** Takes note of a message that came: requests wait for their answer, a 2xx to SUBSCRIBE makes a dialog. */
export function remember(message: WireMessage, memory: SocketMemory): void {
  if (!message.startLine.startsWith('SIP/')) {
    memory.unanswered.push(message);
    return;
  }
  const first = (name: string) => valuesOf(message, name)[0] ?? '';
  const contact = first('contact');
  if (!/^SIP\/2.0 2/.test(message.startLine) || !/SUBSCRIBE$/.test(first('cseq')) || !contact) return;
  const target = /<([^>]*)>/.exec(contact)?.[1] ?? contact;
  memory.dialog = { callId: first('call-id'), local: first('from'), remote: first('to'), target };
}

/** Escapes `\xNN`, `\r`, `\n` mean bytes; each line ends in CRLF; a line of a single backslash is an empty line. */
function rawBytes(lines: readonly string[]): Uint8Array {
  const parts = lines.flatMap((line) => {
    const pieces = line === '\\' ? [] : line.split(/(\\x[0-9a-fA-F]{2}|\\r|\\n)/);
    return [...pieces.map(rawPiece), Uint8Array.of(13, 10)];
  });
  return concat(...parts);
}

function rawPiece(piece: string): Uint8Array {
  if (piece === '\\r') return Uint8Array.of(13);
  if (piece === '\\n') return Uint8Array.of(10);
  const hex = /^\\x(..)$/.exec(piece)?.[1];
  return hex ? Uint8Array.of(Number.parseInt(hex, 16)) : new TextEncoder().encode(piece);
}

function joined([name, value]: Header): string {
  return value === '' && name.includes(' ') ? name : `${name}: ${value}`;
}

function cut(bytes: Uint8Array, length: number | undefined): Uint8Array {
  return length === undefined ? bytes : bytes.subarray(0, length);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
