import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Status, statusPage, styleHash } from './status-page.ts';

/** What the pages show. */
export interface HttpSources {
  /** Why the server can't do its work; `undefined` while it can. */
  trouble(): string | undefined;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  status(): Status;
}

export interface HttpListener {
  readonly host: string;
  readonly port: number;
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
export function listenHttp(
  options: { readonly host: string; readonly port: number } & HttpSources,
): Promise<HttpListener> {
  const server = createServer(
    { maxHeaderSize: HEADER_BYTES, headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 5000 },
    (request, response) => {
      answer(options, request, response).catch(() =>
        send(request, response, 500, 'text/plain', 'Internal error\n'),
      );
    },
  );
  server.maxConnections = CONNECTIONS;
  server.maxRequestsPerSocket = 1000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port }, () => {
      server.off('error', reject);
      // Bound to TCP: the address is an object.
      const { address, port } = server.address() as AddressInfo;
      resolve({ host: address, port, close: () => close(server) });
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
