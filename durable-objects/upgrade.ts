/**
 * Answers a WebSocket upgrade. A socket that offered our subprotocol must have it selected, one that offered none must
 * not: browsers drop the connection otherwise.
 */
export function openedSocket(request: Request, webSocket: WebSocket): Response {
  const offered = request.headers.get('sec-websocket-protocol') === 'foyer.v1'
  return new Response(null, {
    status: 101,
    webSocket,
    ...(offered ? { headers: { 'sec-websocket-protocol': 'foyer.v1' } } : {}),
  })
}
