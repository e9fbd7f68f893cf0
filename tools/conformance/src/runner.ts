import { complete, remember, type SocketMemory } from './completion.ts';
import { check } from './expectation.ts';
import { type Bindings, fill } from './pattern.ts';
import type { ExpectStep, HostEvent, SendStep, Step, Trace, TransportName } from './trace.ts';
import { readMessage, type WireMessage } from './wire.ts';

/** Where a trace runs: the machines on virtual time, or a live server behind real sockets. */
export interface Network {
  readonly mode: 'virtual' | 'live';
  /** The domain that the other side serves. */
  readonly domain: string;
  /** Distinguishes the users of this run from those of others against the same server. */
  readonly run: string;
  open(name: string, transport: TransportName): Promise<Socket>;
  /** Lets time pass: virtual time at once, real time by sleeping. */
  advance(milliseconds: number): Promise<void>;
  host?(event: HostEvent): void;
  close(): Promise<void>;
}

/** One end of the wire, in the hands of the trace. */
export interface Socket {
  readonly local: string;
  send(bytes: Uint8Array): void;
  /** The next whole message, waiting a moment for it where time is real; `undefined` when none comes. */
  receive(): Promise<Uint8Array | undefined>;
  /** Takes what has come and nobody asked for, without waiting. */
  drain(): readonly Uint8Array[];
}

/** A trace whose expectations are not met. Its message shows the place, the expected and the actual lines. */
export class TraceFailure extends Error {
  override readonly name = 'TraceFailure';
}

/** A live `nothing` waits this long at most: silence cannot be proved, only listened to. */
const LIVE_SILENCE = 250;

interface OpenSocket {
  readonly socket: Socket;
  readonly memory: SocketMemory;
  readonly received: Set<string>;
  lastSent: Uint8Array | undefined;
}

/**
 * Runs a trace to its end.
 *
 * @param transport for the sockets that do not name one
 * @throws TraceFailure at the first line that is not met, and at messages that no line expects
 */
export async function runTrace(trace: Trace, network: Network, transport: TransportName): Promise<void> {
  const run = new Run(trace, network, transport);
  for (const step of trace.steps) await run.step(step);
  run.requireSilence(trace.steps.at(-1)?.line ?? 0, undefined, 'the end of the trace');
}

class Run {
  readonly #trace: Trace;
  readonly #network: Network;
  readonly #transport: TransportName;
  readonly #sockets = new Map<string, OpenSocket>();
  readonly #bindings: Bindings;
  #tokens = 0;

  constructor(trace: Trace, network: Network, transport: TransportName) {
    this.#trace = trace;
    this.#network = network;
    this.#transport = transport;
    this.#bindings = new Map([
      ['domain', network.domain],
      ['run', network.run],
    ]);
  }

  async step(step: Step): Promise<void> {
    switch (step.type) {
      case 'send':
        return this.#send(step);
      case 'expect':
        return this.#expect(step);
      case 'wait':
        return this.#network.advance(step.milliseconds);
      case 'nothing': {
        const live = this.#network.mode === 'live';
        await this.#network.advance(live ? Math.min(step.milliseconds, LIVE_SILENCE) : step.milliseconds);
        return this.requireSilence(step.line, step.socket, `nothing for ${step.milliseconds / 1000} s`);
      }
      case 'document':
        this.#bindings.set(
          step.name,
          this.#guard(step.line, () => fill(step.text, this.#bindings)),
        );
        return;
      case 'host':
        if (!this.#network.host) this.#fail(step.line, `host ${step.event}`, 'a network without a host');
        this.#network.host(step.event);
        return;
    }
  }

  /** Fails when a message waits on a socket (or on any). */
  requireSilence(line: number, only: string | undefined, expected: string): void {
    for (const [name, { socket }] of this.#sockets) {
      if (only !== undefined && only !== name) continue;
      const [bytes] = socket.drain();
      if (bytes) this.#fail(line, expected, `on ${name}, unexpected:`, bytes);
    }
  }

  async #send(step: SendStep): Promise<void> {
    const open = await this.#open(step.socket, step.transport);
    const bytes = step.again
      ? open.lastSent
      : this.#guard(step.line, () => complete(step, open.memory, this.#bindings));
    if (!bytes) this.#fail(step.line, '> again', `${step.socket} has sent nothing yet`);
    open.lastSent = bytes;
    open.socket.send(bytes);
  }

  async #expect(step: ExpectStep): Promise<void> {
    const open = await this.#open(step.socket, undefined);
    const first = step.patterns[0]?.text ?? 'the same message again';
    for (;;) {
      const bytes = await open.socket.receive();
      if (!bytes) this.#fail(step.line, first, 'nothing came');
      const key = new TextDecoder('latin1').decode(bytes);
      if (open.received.has(key)) {
        if (step.again) return;
        continue;
      }
      if (step.again) this.#fail(step.line, first, 'another message:', bytes);
      open.received.add(key);
      const message = this.#guard(step.line, () => readMessage(bytes));
      this.#check(message, step);
      remember(message, open.memory);
      return;
    }
  }

  #check(message: WireMessage, step: ExpectStep): void {
    const mismatch = this.#guard(step.line, () => check(message, step.patterns, this.#bindings));
    if (mismatch) this.#fail(mismatch.line, mismatch.expected, mismatch.actual, message.bytes);
  }

  async #open(name: string, wanted: TransportName | undefined): Promise<OpenSocket> {
    const known = this.#sockets.get(name);
    if (known) return known;
    const transport = wanted ?? this.#transport;
    const socket = await this.#network.open(name, transport);
    const token = () => `${this.#network.run || 'v'}-${name}-${++this.#tokens}`;
    const memory: SocketMemory = {
      name,
      transport,
      local: socket.local,
      token,
      unanswered: [],
      dialog: undefined,
      sequence: 0,
    };
    const open: OpenSocket = { socket, memory, received: new Set(), lastSent: undefined };
    this.#sockets.set(name, open);
    return open;
  }

  /** Turns an error of the trace's own making (an unbound name, say) into a failure with its place. */
  #guard<T>(line: number, work: () => T): T {
    try {
      return work();
    } catch (error) {
      return this.#fail(
        line,
        'a line that can be used',
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  #fail(line: number, expected: string, actual: string, bytes?: Uint8Array): never {
    const whole = bytes ? ['  in', indent(new TextDecoder().decode(bytes))] : [];
    throw new TraceFailure(
      [
        `${this.#trace.file}:${line}: ${this.#trace.title}`,
        `  expected  ${expected}`,
        `  actual    ${actual.split('\n').join('\n            ')}`,
        ...whole,
      ].join('\n'),
    );
  }
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => `    ${line}`)
    .join('\n');
}
