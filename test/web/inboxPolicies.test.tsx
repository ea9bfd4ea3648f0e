import { cleanup, fireEvent, render, screen, waitFor } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import type { ChannelPolicy } from '../../core/api/policies.ts'
import { DEFAULT_POLICIES, type WorkspacePolicy } from '../../core/conversation/policy.ts'
import { InboxProvider } from '../../web/inbox/app/InboxContext.tsx'
import { SessionProvider, WithMe } from '../../web/inbox/session/SessionProvider.tsx'
import { PoliciesPage } from '../../web/inbox/settings/PoliciesPage.tsx'
import { spanText } from '../../web/inbox/settings/policyChoices.ts'
import { NoticesProvider } from '../../web/ui/Notices.tsx'
import { inboxState, sessionOf, signedIn } from './inboxStage.tsx'

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
  const state = inboxState({ role, channels: { list: () => [{ ...SHOP, origins: [] }], refresh: async () => {} } })
  render(() => (
    <NoticesProvider>
      <SessionProvider control={control}>
        <WithMe fallback={null}>
          <InboxProvider state={state}>
            <PoliciesPage />
          </InboxProvider>
        </WithMe>
      </SessionProvider>
    </NoticesProvider>
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
    await screen.findByText(/Saved/)
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

  it.each([
    [60_000, '1 minute'],
    [900_000, '15 minutes'],
    [3_600_000, '1 hour'],
    [86_400_000, '1 day'],
  ])('%d milliseconds are %s', (ms, text) => expect(spanText(ms)).toBe(text))
})
