import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Status, statusPage, styleHash } from './status-page.ts';

/** What the pages show. */
export interface HttpSources {
  /** Why the server can't do its work; `undefined` while it can. */
  trouble(): string | undefined;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  status(): Status;
}

export interface HttpOptions extends HttpSources {
  readonly host: string;
  readonly port: number;
  /** With these it is HTTPS. */
  readonly credentials?: { readonly cert: string; readonly key: string } | undefined;
}

/** Takes over a connection that asks for another protocol. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Uint8Array) => void;

export interface HttpListener {
  readonly host: string;
  readonly port: number;
  /** Who takes over connections; they are refused before it is set. */
  onUpgrade: Upgrade;
  close(): Promise<void>;
}

const HEADER_BYTES = 8 * 1024;
const CONNECTIONS = 1000;

const securityHeaders = {
  'content-security-policy': `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/**
 * Serves `/` (status page), `/health` and `/metrics`. Requests are read within 10 seconds, with at most
 * 8 KiB of headers; bodies are not.
 */
export function listenHttp(options: HttpOptions): Promise<HttpListener> {
  const limits = {
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: 5000,
    requestTimeout: 10_000,
    keepAliveTimeout: 5000,
  };
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    answer(options, request, response).catch(() =>
      send(request, response, 500, 'text/plain', 'Internal error\n'),
    );
  };
  const { credentials, host, port } = options;
  const server =
    credentials === undefined
      ? createServer(limits, respond)
      : createSecureServer({ ...limits, ...credentials, minVersion: 'TLSv1.2' }, respond);
  server.maxConnections = CONNECTIONS;
  server.maxRequestsPerSocket = 1000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      // Bound to TCP: the address is an object.
      const bound = server.address() as AddressInfo;
      const listener: HttpListener = {
        host: bound.address,
        port: bound.port,
        onUpgrade: (_, socket) => socket.destroy(),
        close: () => close(server),
      };
      server.on('upgrade', (request, socket, head) => listener.onUpgrade(request, socket, head));
      resolve(listener);
    });
  });
}

async function answer(
  sources: HttpSources,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0];
  const page = path === '/' || path === '/health' || path === '/metrics' ? path : undefined;
  if (!page) return send(request, response, 404, 'text/plain', 'Not found\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return send(request, response, 405, 'text/plain', 'Method not allowed\n');
  }
  switch (page) {
    case '/':
      return send(request, response, 200, 'text/html', statusPage(sources.status()));
    case '/health': {
      const trouble = sources.trouble();
      const body = trouble === undefined ? { status: 'ok' } : { status: 'failing', reason: trouble };
      return send(
        request,
        response,
        trouble === undefined ? 200 : 503,
        'application/json',
        `${JSON.stringify(body)}\n`,
      );
    }
    case '/metrics': {
      const { contentType, text } = await sources.metrics();
      return send(request, response, 200, contentType, text);
    }
  }
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
): void {
  const bytes = Buffer.from(body);
  const hasBody = 'content-length' in request.headers || 'transfer-encoding' in request.headers;
  response.writeHead(status, {
    ...securityHeaders,
    'content-type': type.includes('charset') ? type : `${type}; charset=utf-8`,
    'content-length': bytes.length,
    // A body that nobody asked for is not read to its end.
    ...(hasBody ? { connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
