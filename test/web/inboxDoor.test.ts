import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { MemberId } from '../../core/ids.ts'
import { createPreferences } from '../../web/inbox/app/createPreferences.ts'
import { claim } from '../../web/inbox/notify/claim.ts'
import { ANNOUNCED, createDoor } from '../../web/inbox/notify/createDoor.ts'
import { inboxRow, ME } from './inboxStage.tsx'

const BEN = 'ben' as MemberId
let focused = true
let told: string[]

beforeEach(() => {
  localStorage.clear()
  told = []
  focused = true
  vi.spyOn(document, 'hasFocus').mockImplementation(() => focused)
})
afterEach(() => vi.restoreAllMocks())

function door(options: { shown?: string; won?: boolean; claimed?: (key: string) => void } = {}) {
  const ranks: number[] = []
  const preferences = createPreferences(ME)
  const offer = createDoor({
    me: ME,
    preferences,
    shown: () => options.shown ?? null,
    outlets: {
      toast: (news) => told.push(`toast ${news.name}: ${news.text}`),
      sound: () => told.push('sound'),
      browser: () => told.push('browser'),
    },
    claim: async (key, rank) => {
      options.claimed?.(key)
      ranks.push(rank)
      return options.won ?? true
    },
  })
  const news = (change: Partial<ConversationRow> = {}) =>
    offer({
      ...inboxRow('a', { lastMessage: { author: 'visitor:d', text: 'Hello?', at: 1 }, ...change }),
      contact: { id: 'p', name: 'Vic', email: null, createdAt: 1 },
    })
  return { news, preferences, ranks }
}

describe('[IB8] who is told of a new message', () => {
  it.each<[string, Partial<ConversationRow>, boolean]>([
    ['mine', { assignee: ME, status: 'active_human' }, true],
    ['one that I follow', { assignee: BEN, status: 'active_human', collaborators: [ME] }, true],
    ['one that nobody has', { assignee: null, status: 'active_human' }, true],
    ['one that waits', { assignee: BEN, status: 'waiting_human' }, true],
    ['one that the assistant answers', { assignee: null, status: 'active_ai' }, false],
    ['mine, which the assistant answers', { assignee: ME, status: 'active_ai' }, true],
    ["a colleague's", { assignee: BEN, status: 'active_human' }, false],
  ])('%s', async (_, change, expected) => {
    await door().news(change)
    expect(told).toEqual(expected ? ['toast Vic: Hello?', 'sound'] : [])
  })

  it('[AI2] hears that somebody waits since the assistant handed off, once more than of the message before', async () => {
    const keys: string[] = []
    const lastMessage = { author: 'assistant:nova', text: 'I will ask.', at: 1 } as const
    const { news } = door({ claimed: (key) => keys.push(key) })
    await news({ assignee: ME, status: 'active_ai' })
    await news({ assignee: ME, status: 'waiting_human', lastMessage })
    expect(told.filter((text) => text !== 'sound')).toEqual(['toast Vic: Hello?', 'toast Vic: Waiting for a person'])
    expect(new Set(keys).size).toBe(2)
  })

  it('not of unassigned ones where that is switched off, but still of mine', async () => {
    const { news, preferences } = door()
    preferences.choose('unassigned', false)
    await news({ assignee: null })
    expect(told).toEqual([])
    await news({ assignee: ME })
    expect(told).toHaveLength(2)
  })

  it('never of what is on the screen', async () => {
    await door({ shown: 'a' }).news()
    expect(told).toEqual([])
  })

  it('of what is open in a window that nobody looks at', async () => {
    focused = false
    await door({ shown: 'a' }).news()
    expect(told).toContain('sound')
  })

  it('in one tab only: another one has it', async () => {
    await door({ won: false }).news()
    expect(told).toEqual([])
  })

  it('the tab that shows it comes first, then the one that is looked at', async () => {
    const shows = door({ shown: 'a' })
    await shows.news()
    const looked = door({ shown: 'b' })
    await looked.news()
    focused = false
    const visible = door()
    await visible.news()
    expect([...shows.ranks, ...looked.ranks, ...visible.ranks]).toEqual([0, 1, 2])
  })

  it('by the browser only when the page is not looked at, and switched on', async () => {
    const { news, preferences } = door()
    preferences.choose('browser', true)
    await news()
    expect(told).not.toContain('browser')
    focused = false
    await news()
    expect(told).toContain('browser')
  })

  it('says nothing where all is switched off, also not to who watches the door', async () => {
    const watched = vi.fn()
    addEventListener(ANNOUNCED, watched)
    const { news, preferences } = door()
    preferences.choose('toast', false)
    preferences.choose('sound', false)
    await news()
    expect(told).toEqual([])
    expect(watched).not.toHaveBeenCalled()
    preferences.choose('sound', true)
    await news()
    expect(watched).toHaveBeenCalledOnce()
    removeEventListener(ANNOUNCED, watched)
  })

  it('choices are kept, per member', () => {
    createPreferences(ME).choose('sound', false)
    expect(createPreferences(ME).choices.sound).toBe(false)
    expect(createPreferences(BEN).choices.sound).toBe(true)
  })
})

describe('[IB8] one of several tabs', () => {
  it('gets the lock, however they are ordered in time', async () => {
    vi.useFakeTimers()
    const held = new Set<string>()
    const request = async (name: string, _: object, use: (lock: object | null) => Promise<void> | undefined) => {
      if (held.has(name)) return use(null)
      held.add(name)
      await use({})
      held.delete(name)
    }
    vi.stubGlobal('navigator', { locks: { request } })
    const tabs = [claim('k', 2), claim('k', 0), claim('k', 1)]
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await Promise.all(tabs)).toEqual([false, true, false])
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })
})
