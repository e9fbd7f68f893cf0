export { listenTcp, listenUdp, type TcpLimits, type TcpOptions, type UdpOptions } from './node/listen.ts';
export type { Transport, TransportEvents } from './node/transport.ts';
