export { type Location, type NodeResolver, type NodeResolverOptions, resolver } from './node/dns.ts';
export { Driver, type DriverOptions, now, random, type Tick } from './node/driver.ts';
export { defaultStreamLimits, type StreamLimits } from './node/stream-pool.ts';
export { listenTcp, type TcpOptions } from './node/tcp.ts';
export { listenTls, type TlsOptions } from './node/tls.ts';
export { type Transport, type TransportEvents, transmit } from './node/transport.ts';
export { listenUdp, type UdpOptions } from './node/udp.ts';
export {
  listenWs,
  serveWs,
  type WsOptions,
  type WsRefusal,
  type WsTransport,
  type WsUpgradeOptions,
} from './node/ws.ts';
