/** Time zones to choose from, by their IANA names. */

/** The zone of this browser. */
export function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** All zones that the browser knows; UTC and the browser's own are always among them. */
export function timeZones(): Array<{ value: string; label: string }> {
  const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', localTimeZone()])
  return [...zones].sort().map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
}
