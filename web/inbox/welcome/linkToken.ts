/**
 * Takes the secret of a link out of the address: it stands in the fragment, which no server sees, and must not stay
 * in the address bar or the history. Null where there is none.
 */
export function takeLinkToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) history.replaceState(history.state, '', location.pathname + location.search)
  return token
}
