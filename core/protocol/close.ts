/** How sockets end; a module of its own, so that the widget can have it without the validator of the frames. */

/** Close codes of all sockets. Those below 4000 and 4408 mean: connect again. */
export const CLOSE = {
  /** The session or token is missing, expired or forged: sign in again. */
  unauthorized: 4401,
  /** The right was lost. */
  forbidden: 4403,
  /** No such conversation for this reader. */
  gone: 4404,
  /** Being deleted: keep what was not sent, and ask again once the time to undo is over. */
  deleting: 4410,
  /** The session should be shown again: connect at once. */
  renew: 4408,
  /** The server is in trouble: connect again later. */
  later: 1013,
} as const
