export { Driver, type DriverOptions, now, random, type Tick } from './node/driver.ts';
export { defaultTcpLimits, listenTcp, type TcpLimits, type TcpOptions } from './node/tcp.ts';
export { type Transport, type TransportEvents, transmit } from './node/transport.ts';
export { listenUdp, type UdpOptions } from './node/udp.ts';
