import { MemoryRouter, Route } from '@solidjs/router'
import { cleanup, fireEvent, render, screen, waitFor } from '@solidjs/testing-library'
import { createRoot, createSignal, Show } from 'solid-js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createComeback } from '../../web/inbox/conversation/createComeback.ts'
import { createDeletion, type DeletionActs } from '../../web/inbox/conversation/createDeletion.ts'
import { DeleteDialog } from '../../web/inbox/conversation/DeleteDialog.tsx'
import { Unavailable } from '../../web/inbox/conversation/Unavailable.tsx'
import { createKnownRows } from '../../web/inbox/list/createKnownRows.ts'
import { createMarkers } from '../../web/inbox/list/createMarkers.ts'
import type { LinkState } from '../../web/lib/connection.ts'
import { ID } from './fakeServer.ts'
import { inboxRow, liveRow, ME, Stage, sessionOf, signedIn, UNREAD } from './inboxStage.tsx'

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function show(role: 'admin' | 'agent') {
  const { control, calls } = signedIn(sessionOf({ id: 'ana', name: 'Ana', email: 'ana@example.com', role }))
  let deletion: DeletionActs | undefined
  const Part = () => {
    const acts = createDeletion(ID, 'mine')
    deletion = acts
    return (
      <Show when={acts.asked()}>
        <DeleteDialog contact="Vic" deletion={acts} />
      </Show>
    )
  }
  render(() => (
    <Stage control={control}>
      <MemoryRouter>
        <Route path="*" component={Part} />
      </MemoryRouter>
    </Stage>
  ))
  if (!deletion) throw new Error('it is shown at once')
  return { deletion, calls }
}

describe('[CV12] deleting a conversation', () => {
  it('asks first, then deletes, counts down and offers to undo where the focus is', async () => {
    const { deletion, calls } = show('admin')
    deletion.ask()
    fireEvent.click(screen.getByRole('button', { name: 'Delete conversation', hidden: true }))
    const undo = await screen.findByRole('button', { name: 'Undo' })
    expect(screen.getByText('29 s')).toBeTruthy()
    expect(document.activeElement).toBe(undo)
    fireEvent.click(undo)
    await waitFor(() =>
      expect(calls).toEqual([`DELETE /api/v1/conversations/${ID}`, `POST /api/v1/conversations/${ID}/restoration`]),
    )
    expect(await screen.findByText('Conversation restored.')).toBeTruthy()
  })

  it.each([
    ['admin', true],
    ['agent', false],
  ] as const)('[PR1] is offered to an %s: %s', (role, may) => expect(show(role).deletion.may()).toBe(may))
})

it.each(['not_found', 'forbidden', 'deleting'] as const)('from what is %s a way leads back to the list', (reason) => {
  render(() => <Unavailable reason={reason} view="mine" />)
  // On a phone nothing else is on the screen.
  expect(screen.getByRole('link', { name: 'Back to the list' }).getAttribute('href')).toBe('/dashboard/inbox/mine')
})

describe('[CV12] a deletion that is undone elsewhere', () => {
  it('opens the conversation again as soon as it is listed', () => {
    const [link, setLink] = createSignal<LinkState>('live')
    const [listed, setListed] = createSignal(true)
    const reconnect = vi.fn()
    const end = createRoot((dispose) => {
      createComeback({ link, reconnect }, listed)
      return dispose
    })
    setListed(false)
    setListed(true)
    expect(reconnect).not.toHaveBeenCalled()
    setLink('deleting')
    setListed(false)
    setListed(true)
    expect(reconnect).toHaveBeenCalledOnce()
    end()
  })

  it('brings its row back, and no answer that was on its way does', () => {
    const known = createKnownRows(ME, createMarkers())
    const contact = { id: 'p-a' as never, name: 'Vic', email: null, createdAt: 1 }
    known.keep([{ ...inboxRow('a'), contact, reader: UNREAD }])
    known.remove('a')
    known.keep([{ ...inboxRow('a'), reader: UNREAD }])
    expect(known.row('a')).toBe(undefined)
    known.hear([liveRow('a', { rev: 3 })])
    expect(known.row('a')).toMatchObject({ rev: 3, contact })
  })
})
