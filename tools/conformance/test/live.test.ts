import { readCommand, type Server, startServer } from '@sip-simple/server';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type LiveServer, liveNetwork } from '../src/live.ts';
import { loadTraces } from '../src/load.ts';
import { runTrace } from '../src/runner.ts';

/** `HOST:PORT` of a server that runs already, for TRACE_DOMAIN; without it one is started here. */
const { TRACE_SERVER, TRACE_DOMAIN = 'localhost' } = process.env;
/** Traces leave publications behind: users of another run must not meet them. */
const run = `-${process.pid.toString(36)}${Date.now().toString(36).slice(-5)}`;

let server: Server | undefined;
let live: LiveServer;
beforeAll(async () => {
  if (TRACE_SERVER === undefined) {
    server = await startServer(configuration(), { log: pino({ level: 'silent' }) });
    live = { host: '127.0.0.1', udpPort: server.sipPort, tcpPort: server.sipPort, domain: 'example.com' };
  } else {
    const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(TRACE_SERVER) ?? [];
    live = { host, udpPort: Number(port), tcpPort: Number(port), domain: TRACE_DOMAIN };
  }
});
afterAll(() => server?.close());

const traces = loadTraces();

describe.concurrent.each(['udp', 'tcp'] as const)('against a live server over %s', (transport) => {
  for (const [index, trace] of traces.entries()) {
    // What is for virtual time only is no missing test here: traces.test.ts runs all of them.
    if (trace.virtualOnly !== undefined || !trace.transports.includes(transport)) continue;
    test(trace.file, async () => {
      const network = liveNetwork(live, `${run}-${transport}${index}`);
      try {
        await runTrace(trace, network, transport);
      } finally {
        await network.close();
      }
    });
  }
});

function configuration() {
  const command = readCommand(['--sip-port', '0', '--http-port', '0', '--domain', 'example.com'], {});
  if (command.type !== 'run') throw new Error(`not a configuration: ${command.text}`);
  return command.config;
}
