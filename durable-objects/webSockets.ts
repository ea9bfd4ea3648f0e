/** What both objects do with their hibernating sockets. */

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

/** Answers a close frame. Three codes are only ever reported, never sent: answering with one of them throws. */
export function closeBack(socket: WebSocket, code: number): void {
  socket.close(code === 1005 || code === 1006 || code === 1015 ? 1000 : code)
}

/**
 * Whether a socket is still heard. One that was closed here goes on bringing frames for as long as its client does not
 * close it too: whoever was cut off must not go on by not listening.
 */
export function isHeard(socket: WebSocket): boolean {
  return socket.readyState === WebSocket.OPEN
}

/** Pings are answered by the runtime, without waking the object (DL8). */
export function answerPings(ctx: DurableObjectState): void {
  ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
}

/** Sends a frame. The list of sockets may hold one that is closing: its client resumes from its own numbers. */
export function sendText(socket: WebSocket, text: string): void {
  try {
    socket.send(text)
  } catch {
    // Closing.
  }
}
