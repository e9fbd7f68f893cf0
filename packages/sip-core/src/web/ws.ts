import type { LocalAddress, Peer } from '../endpoint/peer.ts';
import type { SipError } from '../errors.ts';

/** The part of the W3C WebSocket that is used: the browser's own, Node's, or that of the library `ws`. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly protocol: string;
  send(data: string | Uint8Array): void;
  close(): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** How to connect, and whom to tell. */
export interface WsClientOptions {
  /** `wss://example.com/sip`. */
  readonly url: string;
  /** Makes the socket: `(url, protocol) => new WebSocket(url, protocol)`. */
  readonly open: (url: string, protocol: 'sip') => WebSocketLike;
  readonly onReceived: (peer: Peer, bytes: Uint8Array, fault?: SipError) => void;
  /** The connection could not be made, or is gone: pass it on as 'transport-failed'; connect again if wanted. */
  readonly onFailed: (peer: Peer, error: Error) => void;
  /** Names this client in Via and Contact, where it has no address of its own: `<random>.invalid` (RFC 7118 §5). */
  readonly name: string;
}

/** An open connection to a SIP WebSocket server: an endpoint's only transport, and its only peer. */
export interface WsConnection {
  readonly local: LocalAddress;
  /** The server, for `to` of requests. */
  readonly peer: Peer;
  send(peer: Peer, bytes: Uint8Array): void;
  close(): Promise<void>;
}

/**
 * Connects to a SIP WebSocket server, in browsers and elsewhere.
 *
 * @throws Error (rejects) when the connection is refused or does not speak the subprotocol `sip`
 * @see RFC 7118
 */
export function connectWs(options: WsClientOptions): Promise<WsConnection> {
  const { url, onReceived, onFailed } = options;
  const [, scheme = 'wss', host = '', written] =
    /^(wss?):\/\/(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?/i.exec(url) ?? [];
  const transport = scheme.toLowerCase() === 'ws' ? 'ws' : 'wss';
  const port = Number(written ?? (transport === 'ws' ? 80 : 443));
  const peer: Peer = { transport, host: host.replace(/^\[|\]$/g, ''), port, connection: 1 };
  const local: LocalAddress = { transport, host: options.name, port };
  const socket = options.open(url, 'sip');
  socket.binaryType = 'arraybuffer';
  return new Promise((connected, refused) => {
    let isOpen = false;
    let tellClosed: () => void = () => undefined;
    const closed = new Promise<void>((done) => {
      tellClosed = done;
    });
    socket.addEventListener('open', () => {
      if (socket.protocol !== 'sip') {
        socket.close();
        return;
      }
      isOpen = true;
      connected({
        local,
        peer,
        send(to, bytes) {
          if (socket.readyState === OPEN) socket.send(textOf(bytes) ?? bytes);
          else queueMicrotask(() => onFailed(to, new Error('the connection is closed')));
        },
        close() {
          socket.close();
          return closed;
        },
      });
    });
    socket.addEventListener('message', ({ data }) => {
      const bytes = typeof data === 'string' ? encoder.encode(data) : binary(data);
      if (bytes !== undefined && bytes.length > 2) onReceived(peer, bytes);
    });
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('close', () => {
      tellClosed();
      const error = new Error(isOpen ? 'the connection was closed' : `no SIP over WebSocket at ${url}`);
      if (isOpen) onFailed(peer, error);
      else refused(error);
    });
  });
}

/** The text of bytes in UTF-8; others go as a binary message (RFC 7118 §4.2). */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function binary(data: unknown): Uint8Array | undefined {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return data instanceof Uint8Array ? data : undefined;
}

const OPEN = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
