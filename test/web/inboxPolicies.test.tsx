import { cleanup, fireEvent, render, screen, waitFor } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import type { ChannelPolicy } from '../../core/api/policies.ts'
import { FLOOD_LIMITS } from '../../core/conversation/limits.ts'
import { DEFAULT_POLICIES, type WorkspacePolicy } from '../../core/conversation/policy.ts'
import { LIMIT_FIELDS } from '../../web/inbox/settings/limitFields.ts'
import { PoliciesPage } from '../../web/inbox/settings/PoliciesPage.tsx'
import { spanText } from '../../web/inbox/settings/policyChoices.ts'
import { inboxState, Stage, sessionOf, signedIn } from './inboxStage.tsx'

const ANA = { id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'owner' } as const
const SHOP = {
  id: 'ch',
  kind: 'web',
  name: 'Shop',
  origins: [],
  colour: '#1d5fc4',
  greeting: '',
} as const

afterEach(cleanup)

function open(role: 'owner' | 'agent' = 'owner', workspace: WorkspacePolicy = DEFAULT_POLICIES) {
  let now = workspace
  let channel: ChannelPolicy = { policy: now, own: [] }
  const { control, calls } = signedIn(sessionOf({ ...ANA, role }), {
    'GET /api/v1/policies': () => now,
    'PATCH /api/v1/policies': (change) => {
      now = { ...now, ...change }
      return now
    },
    'GET /api/v1/channels/ch/policy': () => channel,
    'PATCH /api/v1/channels/ch/policy': (change) => {
      const { inherit, ...set } = change as { inherit?: string[] } & Partial<WorkspacePolicy>
      channel = inherit
        ? { policy: now, own: [] }
        : { policy: { ...channel.policy, ...set }, own: Object.keys(set) as ChannelPolicy['own'] }
      return channel
    },
  })
  const state = inboxState({
    role: () => role,
    channels: { list: () => [{ ...SHOP, origins: [] }], kindOf: () => 'web', refresh: async () => {} },
  })
  render(() => (
    <Stage control={control} state={state}>
      <PoliciesPage />
    </Stage>
  ))
  return calls
}

const field = (label: string) => screen.findByLabelText(label) as Promise<HTMLSelectElement>
const choose = async (label: string, value: string) => {
  const select = await field(label)
  fireEvent.change(select, { target: { value } })
}
const REOPEN = 'A closed conversation opens again'

describe('Settings → Policies', () => {
  it('[CV4] saves a choice at once, and takes it back', async () => {
    const calls = open()
    await choose(REOPEN, '"never"')
    await screen.findByText(`Saved: ${REOPEN}`)
    expect(calls).toContain('PATCH /api/v1/policies {"reopen":"never"}')
    await waitFor(async () => expect((await field(REOPEN)).value).toBe('"never"'))
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(calls.at(-1)).toBe('PATCH /api/v1/policies {"reopen":"any_message"}'))
  })

  it('lets a channel decide for itself, and follow the workspace again', async () => {
    const calls = open()
    await choose('Decide for', 'ch')
    await waitFor(async () => expect((await field(REOPEN)).value).toBe('inherit'))
    // What is about the team is the same in all channels.
    expect(screen.queryByLabelText('Agents are away')).toBeNull()
    await choose(REOPEN, '"visitor_message"')
    await waitFor(() => expect(calls.at(-1)).toBe('PATCH /api/v1/channels/ch/policy {"reopen":"visitor_message"}'))
    await choose(REOPEN, 'inherit')
    await waitFor(() => expect(calls.at(-1)).toBe('PATCH /api/v1/channels/ch/policy {"inherit":["reopen"]}'))
  })

  it('undoes where it was done, wherever one looks by then', async () => {
    const calls = open()
    await choose('Decide for', 'ch')
    await waitFor(async () => expect((await field(REOPEN)).value).toBe('inherit'))
    await choose(REOPEN, '"never"')
    await screen.findByText(/Saved/)
    await choose('Decide for', '')
    await waitFor(async () => expect((await field(REOPEN)).value).toBe('"any_message"'))
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(calls).toContain('PATCH /api/v1/channels/ch/policy {"inherit":["reopen"]}'))
    expect(calls.filter((call) => call.startsWith('PATCH /api/v1/policies'))).toEqual([])
  })

  it('[CV6] asks for the maximum where conversations are assigned by themselves, and nowhere else', async () => {
    const [MODE, MAXIMUM] = ['Automatic assignment', 'Maximum of open conversations each']
    const calls = open()
    await field(MODE)
    expect(screen.queryByLabelText(MAXIMUM)).toBeNull()
    await choose(MODE, '"least_busy"')
    expect((await field(MAXIMUM)).selectedOptions[0]?.textContent).toBe('No maximum')
    await choose(MAXIMUM, '5')
    await waitFor(() => expect(calls.at(-1)).toBe('PATCH /api/v1/policies {"maxOpen":5}'))
    await choose('Decide for', 'ch')
    await waitFor(async () => expect((await field(MODE)).value).toBe('inherit'))
    await choose(MODE, '"off"')
    await waitFor(() => expect(screen.queryByLabelText(MAXIMUM)).toBeNull())
    expect(calls.at(-1)).toBe('PATCH /api/v1/channels/ch/policy {"autoAssign":"off"}')
  })

  it('[CV6] says a maximum that the page does not offer as a number of conversations', async () => {
    open('owner', { ...DEFAULT_POLICIES, autoAssign: 'round_robin', maxOpen: 7 })
    const select = await field('Maximum of open conversations each')
    expect(select.selectedOptions[0]?.textContent).toBe('7 conversations')
  })

  it('shows a value that the page itself does not offer', async () => {
    open('owner', { ...DEFAULT_POLICIES, editWindowMs: 42 * 60_000 })
    const select = await field('Agents may edit and delete what they wrote')
    expect(select.selectedOptions[0]?.textContent).toBe('42 minutes')
  })

  it('is for administrators', () => {
    const calls = open('agent')
    screen.getByText(/decide these/)
    expect(calls).toEqual([])
  })

  describe('[DL9] how much a visitor may write', () => {
    const LIMITS = 'How much a visitor may write'
    const number = async (label: string) => (await screen.findByLabelText(label)) as unknown as HTMLInputElement
    const types = async (label: string, value: string) => fireEvent.change(await number(label), { target: { value } })
    const saved = (calls: string[]) =>
      calls.filter((call) => call.startsWith('PATCH')).map((call) => JSON.parse(call.slice(call.indexOf('{'))))

    it('is as recommended, or in numbers, each saved at once and taken back', async () => {
      const calls = open()
      expect((await field(LIMITS)).value).toBe('recommended')
      expect(screen.queryByLabelText('Then per hour')).toBeNull()
      await choose(LIMITS, 'own')
      expect((await number('At once')).value).toBe('20')
      expect((await number('Then per second')).value).toBe('2')
      await types('Then per hour', '60')
      const { quick, lasting } = FLOOD_LIMITS
      const fewer = { quick, lasting: { ...lasting, everyMs: 60_000 } }
      await waitFor(() => expect(saved(calls)).toEqual([{ limits: fewer }]))
      await screen.findByText(/Saved/)
      fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
      await waitFor(async () => expect((await number('Then per hour')).value).toBe('200'))
      expect(saved(calls).at(-1)).toEqual({ limits: FLOOD_LIMITS })
    })

    it('says at its field what cannot be, and saves nothing', async () => {
      const calls = open()
      await choose(LIMITS, 'own')
      for (const [label, typed, sentence] of [
        ['At once', '2.5', 'Enter a whole number.'],
        ['At once', '', 'Enter a whole number.'],
        ['Then per second', '0', 'Enter a number from 1 to 30.'],
        ['Then per hour', '1801', /^Enter a number from 1 to 1.800/],
        ['At once', '201', /at least as many as at once/],
      ] as const) {
        await types(label, typed)
        await screen.findByText(sentence)
        expect((await number(label)).getAttribute('aria-invalid')).toBe('true')
        await types(label, (await number(label)).defaultValue)
      }
      expect(saved(calls)).toEqual([])
    })

    it('is decided by a channel for itself, and as in the workspace or as recommended again', async () => {
      const own = { quick: { burst: 5, everyMs: 1_000 }, lasting: { burst: 50, everyMs: 36_000 } }
      const calls = open('owner', { ...DEFAULT_POLICIES, limits: own })
      await choose('Decide for', 'ch')
      await waitFor(async () => expect((await field(LIMITS)).value).toBe('inherit'))
      screen.getByText(/^5 at once, then 1 a second; 50 in a long conversation, then 100 an hour\. /)
      await choose(LIMITS, 'own')
      await types('At once', '6')
      await waitFor(() => expect(saved(calls)).toEqual([{ limits: { ...own, quick: { burst: 6, everyMs: 1_000 } } }]))
      await choose(LIMITS, 'recommended')
      await waitFor(() => expect(saved(calls).at(-1)).toEqual({ limits: FLOOD_LIMITS }))
      await waitFor(async () => expect((await field(LIMITS)).value).toBe('recommended'))
      await choose(LIMITS, 'inherit')
      await waitFor(() => expect(saved(calls).at(-1)).toEqual({ inherit: ['limits'] }))
    })

    it.each(LIMIT_FIELDS.map((limit) => [limit.label, limit] as const))('tells every number back: %s', (_, limit) => {
      for (let value = 1; value <= limit.max; value += 1) expect(limit.of(limit.with(FLOOD_LIMITS, value))).toBe(value)
    })
  })

  it.each([
    [60_000, '1 minute'],
    [900_000, '15 minutes'],
    [3_600_000, '1 hour'],
    [86_400_000, '1 day'],
  ])('%d milliseconds are %s', (ms, text) => expect(spanText(ms)).toBe(text))
})
