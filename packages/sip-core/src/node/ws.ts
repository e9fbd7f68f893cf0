import { isUtf8 } from 'node:buffer';
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  STATUS_CODES,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { LocalAddress, Peer } from '../endpoint/peer.ts';
import { defaultMessageLimits } from '../message/limits.ts';
import { nextFlow } from './flow.ts';
import { bound, defaultStreamLimits, plainAddress, type StreamLimits } from './stream-pool.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** Where browsers connect to, and whom to tell. */
export interface WsOptions extends TransportEvents {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** With a certificate and key in PEM it is `wss`, without `ws`. */
  readonly cert?: string | Uint8Array | undefined;
  readonly key?: string | Uint8Array | undefined;
  /** Says from the handshake (its Origin, cookies, credentials) why a client may not connect; default everybody may. */
  readonly refuse?: ((request: IncomingMessage) => WsRefusal | undefined) | undefined;
  readonly limits?: Partial<StreamLimits> | undefined;
}

/** The HTTP response instead of a WebSocket: `{ status: 401, headers: { 'WWW-Authenticate': ... } }` (RFC 7118 §7). */
export interface WsRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** As {@link WsOptions}, for an HTTP server that is there already and does other things too. */
export interface WsUpgradeOptions extends Omit<WsOptions, 'host' | 'port' | 'cert' | 'key'> {
  readonly local: LocalAddress;
}

/** A WebSocket transport that takes over connections from an HTTP server's `upgrade` event. */
export interface WsTransport extends Transport {
  /** Answers an upgrade request: 101 for the subprotocol `sip`, 4xx for what is none. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Uint8Array): void;
}

/**
 * Opens a listener for SIP over WebSocket. A server can't connect to browsers, so that messages go out on open
 * connections only: to a peer whose connection is gone, sending fails.
 *
 * @throws Error (rejects) with the system's code when the address cannot be had
 * @see RFC 7118
 */
export async function listenWs(options: WsOptions): Promise<Transport> {
  const { cert, key, host, port } = options;
  const isSecure = cert !== undefined && key !== undefined;
  const server: HttpServer = isSecure
    ? createHttpsServer({ cert: Buffer.from(cert), key: Buffer.from(key), minVersion: 'TLSv1.2' })
    : createHttpServer();
  server.on('request', (_, response) => response.writeHead(426, { Upgrade: 'websocket' }).end());
  const local = await bound(server, isSecure ? 'wss' : 'ws', host, port);
  server.on('error', () => undefined);
  const transport = serveWs({ ...options, local });
  server.on('upgrade', (request, socket, head) => transport.upgrade(request, socket, head));
  return {
    local,
    send: (peer, bytes) => transport.send(peer, bytes),
    close: async () => {
      const closed = new Promise<void>((done) => {
        server.close(() => done());
      });
      await transport.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Makes the transport for connections that an HTTP server hands over. */
export function serveWs(options: WsUpgradeOptions): WsTransport {
  const limits = { ...defaultStreamLimits, ...options.limits };
  const { local, onFailed, refuse = () => undefined } = options;
  const open = new Map<number, WebSocket>();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: defaultMessageLimits.messageBytes,
    perMessageDeflate: false,
    // RFC 7118 §4.1: the client must offer it, and the 101 must name it.
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });

  const keep = (socket: WebSocket, request: IncomingMessage): void => {
    const flow = nextFlow();
    const { remoteAddress = '', remotePort = 0 } = request.socket;
    const peer: Peer = {
      transport: local.transport,
      host: plainAddress(remoteAddress),
      port: remotePort,
      connection: flow,
    };
    open.set(flow, socket);
    // Pings keep proxies on the way from closing it, and find out who is gone (RFC 6455 §5.5.2).
    let isAlive = true;
    const pulse = setInterval(() => {
      if (!isAlive) socket.terminate();
      isAlive = false;
      socket.ping();
    }, limits.idleMilliseconds / 2).unref();
    socket.on('pong', () => {
      isAlive = true;
    });
    socket.on('message', (data: Buffer) => {
      isAlive = true;
      receive(options, peer, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), (pong) =>
        socket.send(pong),
      );
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pulse);
      open.delete(flow);
      onFailed(peer, new Error('the connection was closed'));
    });
  };

  return {
    local,
    upgrade(request, socket, head) {
      const offered = request.headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? [];
      const refusal = offered.includes(SUBPROTOCOL) ? refuse(request) : { status: 400 };
      if (refusal !== undefined) answer(socket, refusal);
      else if (open.size >= limits.connections) answer(socket, { status: 503 });
      else server.handleUpgrade(request, socket, Buffer.from(head), (connected) => keep(connected, request));
    },
    send(peer, bytes) {
      const socket = peer.connection === undefined ? undefined : open.get(peer.connection);
      const isSlow = (socket?.bufferedAmount ?? 0) + bytes.length > limits.bufferedBytes;
      if (isSlow) socket?.terminate();
      // What is not UTF-8 goes as a binary message (RFC 7118 §4.2).
      if (socket?.readyState === WebSocket.OPEN && !isSlow) socket.send(bytes, { binary: !isUtf8(bytes) });
      else queueMicrotask(() => onFailed(peer, new Error('the connection is closed')));
    },
    async close() {
      for (const socket of open.values()) socket.close(1001);
      const end = Date.now() + CLOSING_MILLISECONDS;
      while (open.size > 0 && Date.now() < end) await new Promise((done) => setTimeout(done, 10));
      for (const socket of open.values()) socket.terminate();
    },
  };
}

/** Each WebSocket message is one SIP message, or a ping of RFC 5626 §3.5.1 as phones send it all the same. */
function receive(
  events: TransportEvents,
  peer: Peer,
  bytes: Uint8Array,
  reply: (pong: string) => void,
): void {
  if (bytes.length === 4 && bytes.every((byte, at) => byte === (at % 2 === 0 ? 0x0d : 0x0a))) reply('\r\n');
  else if (bytes.length > 2) events.onReceived(peer, bytes);
}

function answer(socket: Duplex, { status, headers = {} }: WsRefusal): void {
  const fields = Object.entries({ Connection: 'close', 'Content-Length': '0', ...headers });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n`);
}

const SUBPROTOCOL = 'sip';
const CLOSING_MILLISECONDS = 1000;
