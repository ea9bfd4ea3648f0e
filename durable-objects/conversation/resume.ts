/** From where a reconnecting client is to be brought up to date: `?public=12`, agents `&team=3`; null for a new one. */
import type { Position } from '../../core/conversation/entries.ts'

export function resumeFrom(query: URLSearchParams): Position | null {
  const [visible, team] = [query.get('public'), query.get('team')].map((text) =>
    text && /^\d{1,15}$/.test(text) ? Number(text) : null,
  )
  return visible == null ? null : team == null ? { public: visible } : { public: visible, team }
}
