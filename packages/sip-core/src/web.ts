export { connectWs, type WebSocketLike, type WsClientOptions, type WsConnection } from './web/ws.ts';
