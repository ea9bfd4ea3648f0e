import { cleanup, fireEvent, render, screen, waitFor } from '@solidjs/testing-library'
import { createSignal, type JSX } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Member } from '../../core/api/accounts.ts'
import type { Channel } from '../../core/api/channels.ts'
import { NO_SOURCE } from '../../core/conversation/record.ts'
import { countText } from '../../web/inbox/app/countText.ts'
import type { InboxState } from '../../web/inbox/app/InboxContext.tsx'
import { ListEdge } from '../../web/inbox/app/ListEdge.tsx'
import { AssignDialog } from '../../web/inbox/conversation/AssignDialog.tsx'
import type { Permissions } from '../../web/inbox/conversation/createPermissions.ts'
import { TypingLine } from '../../web/inbox/conversation/TypingLine.tsx'
import { createShortcuts } from '../../web/inbox/keyboard/createShortcuts.ts'
import { KeySheet } from '../../web/inbox/keyboard/KeySheet.tsx'
import { Row } from '../../web/inbox/list/Row.tsx'
import { EditableFact } from '../../web/inbox/panel/EditableFact.tsx'
import { Followers } from '../../web/inbox/panel/Followers.tsx'
import { countryName, languageName } from '../../web/inbox/panel/facts.ts'
import { PriorityMenu } from '../../web/inbox/panel/PriorityMenu.tsx'
import { referralOf } from '../../web/inbox/panel/Referral.tsx'
import { ChannelDialog } from '../../web/inbox/settings/ChannelDialog.tsx'
import { inkOn } from '../../web/inbox/settings/inkOn.ts'
import { ApiProblem } from '../../web/lib/api.ts'
import { NoticesProvider, useNotify } from '../../web/ui/Notices.tsx'
import { ID } from './fakeServer.ts'
import { inboxRow, inboxState, members, rows, Stage, sessionOf, signedIn } from './inboxStage.tsx'

afterEach(cleanup)
beforeEach(() => localStorage.clear())

const person = (id: string, name: string, change: Partial<Member> = {}): Member => ({
  id,
  name,
  email: `${id}@example.com`,
  role: 'agent',
  createdAt: 1,
  available: true,
  disabledAt: null,
  ...change,
})

function show(part: () => JSX.Element, state: InboxState = inboxState(), answers = {}) {
  const { control, calls } = signedIn(sessionOf({ id: 'ana', name: 'Ana', email: 'a@b.cd', role: 'owner' }), answers)
  render(() => (
    <Stage control={control} state={state}>
      {part()}
    </Stage>
  ))
  return calls
}

describe('[IB1] a row', () => {
  const row = inboxRow('a', { lastMessage: { author: 'visitor:d', text: 'Hello?', at: 1 } })
  const open = (state: InboxState, isOpen = false) => show(() => <Row row={row} view="all" open={isOpen} />, state)
  const text = () => screen.getByRole('listitem').textContent ?? ''

  it('says how much of it is unread', () => {
    open(inboxState({ rows: rows({ unread: () => 100 }) }))
    expect(text()).toContain('99+ unread')
  })

  it('shows an unsent draft in place of the last message, unless it is open', () => {
    const state = inboxState()
    state.drafts.keep('a', 'note', 'half a thought')
    open(state)
    expect(text()).toContain('Draft: half a thought')
    expect(text()).not.toContain('Hello?')
    cleanup()
    open(state, true)
    expect(text()).toContain('Hello?')
  })

  it('names its channel where there are several', () => {
    const channel = (id: string, name: string): Channel => ({
      id,
      kind: 'web',
      name,
      origins: [],
      colour: '#000000',
      greeting: '',
    })
    const [list, setList] = createSignal([channel('ch', 'Shop')])
    open(inboxState({ channels: { list, kindOf: () => 'web', refresh: async () => {} } }))
    expect(text()).not.toContain('Shop')
    setList([channel('ch', 'Shop'), channel('c2', 'Help')])
    expect(text()).toContain('Shop')
  })

  it('[MS8] says that the last message was deleted', () => {
    show(() => (
      <Row row={inboxRow('a', { lastMessage: { author: 'agent:ben', text: '', at: 1 } })} view="all" open={false} />
    ))
    expect(text()).toContain('This message was deleted')
  })
})

describe('[IB2] counts', () => {
  it.each([
    [0, '0'],
    [99, '99'],
    [100, '99+'],
  ])('%i is written %s', (count, expected) => expect(countText(count)).toBe(expected))
})

const NOTHING_BARRED: Permissions = {
  answerFault: () => null,
  editFault: () => null,
  mustReopen: () => false,
  mayReopen: () => true,
  closesForGood: () => false,
  assignFault: () => null,
  askFault: () => null,
  asksAgainAt: () => null,
  hasAssistant: () => false,
}
const NOBODYS = { assignee: () => null, status: () => 'waiting_human' as const }

describe('[CV6] whom to assign to', () => {
  it('lists oneself, then who is available, then the others; nobody who was disabled', () => {
    const people = [
      person('carl', 'Carl'),
      person('dora', 'Dora'),
      person('eve', 'Eve', { disabledAt: 1 }),
      person('ana', 'Ana'),
    ]
    const state = inboxState({
      members: members({ list: () => people, availability: (id) => (id === 'dora' ? 'available' : 'offline') }),
    })
    const free = { ...NOTHING_BARRED }
    const dialog = () => (
      <AssignDialog id={ID} standing={NOBODYS} members={people} permissions={free} onClose={() => {}} />
    )
    show(dialog, state)
    const names = screen
      .getAllByRole('listitem', { hidden: true })
      .map((item) => item.querySelector('bdi')?.textContent)
    expect(names).toEqual(['Ana', 'Dora', 'Carl', undefined])
    expect(screen.getByText(/dora@example.com · Available/)).toBeTruthy()
  })

  it('[CV6] says why one may not before one chooses; what nobody has one may take', () => {
    const people = [person('ana', 'Ana'), person('dora', 'Dora')]
    const permissions = {
      ...NOTHING_BARRED,
      assignFault: (to?: string | null) => (to === 'ana' ? null : 'Only the assignee.'),
    }
    const dialog = () => (
      <AssignDialog id={ID} standing={NOBODYS} members={people} permissions={permissions} onClose={() => {}} />
    )
    show(dialog, inboxState({ members: members({ list: () => people }) }))
    screen.getByText('Only the assignee.')
    const disabled = [...document.querySelectorAll('li button')].map((button) => (button as HTMLButtonElement).disabled)
    expect(disabled).toEqual([false, true, true])
  })
})

describe('[DL7] who is typing', () => {
  it('is named, and a note is called one', () => {
    render(() => (
      <TypingLine
        contact="Teal Dolphin"
        typists={[
          { from: 'visitor:d', name: null, in: 'reply' },
          { from: 'agent:ben', name: 'Ben', in: 'note' },
        ]}
      />
    ))
    expect(screen.getByRole('status').textContent).toBe('Teal Dolphin is typing… · Ben is writing a note…')
  })
})

describe('[IB12] keys', () => {
  const press = (key: string, target: EventTarget = document.body) =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

  it('act, unless one types, and can be switched off', () => {
    const act = vi.fn()
    const state = inboxState()
    show(() => {
      createShortcuts({ u: act })
      return <input aria-label="Text" />
    }, state)
    press('u')
    press('u', screen.getByLabelText('Text'))
    expect(act).toHaveBeenCalledOnce()
    state.preferences.choose('keys', false)
    press('u')
    expect(act).toHaveBeenCalledOnce()
  })

  it('? lists them all, with the switch', () => {
    const state = inboxState()
    show(() => <KeySheet />, state)
    press('?')
    expect(screen.getByText('Mark as unread')).toBeTruthy()
    fireEvent.click(screen.getByLabelText('Use single keys as shortcuts'))
    expect(state.preferences.choices.keys).toBe(false)
    screen.getByRole('button', { name: 'Close dialog', hidden: true }).click()
  })
})

describe('the edge of the list', () => {
  it('moves by keys within its bounds, and stays there', () => {
    render(() => <ListEdge />)
    const edge = screen.getByRole('separator')
    const now = () => Number(edge.getAttribute('aria-valuenow'))
    const before = now()
    fireEvent.keyDown(edge, { key: 'ArrowRight' })
    expect(now()).toBe(before + 16)
    for (let i = 0; i < 40; i += 1) fireEvent.keyDown(edge, { key: 'ArrowLeft' })
    expect(now()).toBe(280)
    expect(localStorage.getItem('foyer-list-width')).toBe('280')
  })

  it('is where it usually is where something else was kept', async () => {
    localStorage.setItem('foyer-list-width', 'wide')
    vi.resetModules()
    const { listWidth } = await import('../../web/inbox/app/ListEdge.tsx')
    expect(listWidth()).toBe(340)
  })

  it('goes on to the next of three widths by two clicks, for who cannot drag', () => {
    render(() => <ListEdge />)
    const edge = screen.getByRole('separator')
    for (let i = 0; i < 40; i += 1) fireEvent.keyDown(edge, { key: 'ArrowLeft' })
    const widths = [1, 2, 3].map(() => {
      fireEvent.dblClick(edge)
      return edge.getAttribute('aria-valuenow')
    })
    expect(widths).toEqual(['340', '520', '280'])
  })
})

describe('[CP3] a fact that can be edited', () => {
  const problem = new ApiProblem({
    type: '',
    title: '',
    status: 422,
    code: 'x',
    detail: 'No such address.',
    requestId: '',
  })

  function edit(save: (value: string | null) => Promise<void>) {
    render(() => (
      <EditableFact
        label="Email"
        value="a@b.cd"
        none="Not given"
        check={(text) => (text.includes('@') ? undefined : 'Enter an email address.')}
        save={save}
      />
    ))
    fireEvent.click(screen.getByRole('button', { name: 'Edit email' }))
    return (text: string) => {
      fireEvent.input(screen.getByLabelText('Email'), { target: { value: text } })
      fireEvent.click(screen.getByRole('button', { name: 'Save' }))
    }
  }

  it('is checked before it is sent', async () => {
    const save = vi.fn(async () => {})
    const enter = edit(save)
    enter('nonsense')
    expect(screen.getByRole('alert').textContent).toBe('Enter an email address.')
    expect(save).not.toHaveBeenCalled()
    enter('')
    await waitFor(() => expect(save).toHaveBeenCalledWith(null))
  })

  it('keeps what was typed when it is refused', async () => {
    edit(() => Promise.reject(problem))('x@y.zz')
    expect((await screen.findByRole('alert')).textContent).toBe('No such address.')
    expect((screen.getByLabelText('Email') as HTMLInputElement).value).toBe('x@y.zz')
  })

  it('Escape leaves it as it was', () => {
    edit(async () => {})
    fireEvent.keyDown(screen.getByLabelText('Email'), { key: 'Escape' })
    expect(screen.getByText('a@b.cd')).toBeTruthy()
  })
})

describe('[CP4] where a visitor came from', () => {
  const utm = { source: 'news', medium: null, campaign: 'spring', term: null, content: null }
  it.each([
    ['the campaign', { utm, referrer: 'https://x.example/' }, 'Came from news · spring'],
    ['the page that led here', { referrer: 'https://search.example/?q=lamp' }, 'Came from search.example'],
    ['nothing for a page of the same website', { page: 'https://s.example/a', referrer: 'https://s.example/b' }, null],
    ['nothing for what is no address', { referrer: 'javascript:alert(1)' }, null],
    ['nothing for a direct visit', {}, null],
  ])('%s', (_, source, expected) => expect(referralOf({ ...NO_SOURCE, ...source })).toBe(expected))

  it('names languages and countries, and leaves what it does not know', () => {
    expect(countryName('CH')).toBe('Switzerland')
    expect(languageName('de')).toBe('German')
    expect(countryName('not a code')).toBe('not a code')
  })
})

describe('[CV10] followers', () => {
  const people = [person('ana', 'Ana'), person('ben', 'Ben'), person('eve', 'Eve', { disabledAt: 1 })]
  const open = (collaborators: string[]) =>
    show(
      () => <Followers id={ID} collaborators={collaborators} />,
      inboxState({ members: members({ list: () => people }) }),
    )

  it('one follows by a click, and adds others who are there', async () => {
    const calls = open([])
    fireEvent.click(screen.getByRole('button', { name: 'Follow' }))
    const select = screen.getByLabelText('Add a follower') as HTMLSelectElement
    expect([...select.options].map((option) => option.text)).toEqual(['Somebody else…', 'Ben'])
    fireEvent.change(select, { target: { value: 'ben' } })
    expect(calls).toHaveLength(1)
    fireEvent.click(screen.getByRole('button', { name: 'Add' }))
    const path = `POST /api/v1/conversations/${ID}/collaborators`
    await waitFor(() => expect(calls).toEqual([`${path} {"member":"ana"}`, `${path} {"member":"ben"}`]))
  })

  it('are listed, and can be removed', () => {
    const calls = open(['ana', 'ben'])
    expect(screen.queryByRole('button', { name: 'Follow' })).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Remove Ben' }))
    expect(calls).toEqual([`DELETE /api/v1/conversations/${ID}/collaborators/ben`])
  })
})

describe('[CV9] the priority', () => {
  it('is chosen from a menu, and asked for once', async () => {
    HTMLElement.prototype.hidePopover = () => {}
    const calls = show(() => <PriorityMenu id={ID} priority="medium" />)
    expect(screen.getByRole('button', { name: 'Priority: Medium' })).toBeTruthy()
    const choice = (name: string) => screen.getByRole('menuitemradio', { name, hidden: true })
    expect(choice('Medium').getAttribute('aria-checked')).toBe('true')
    fireEvent.click(choice('Medium'))
    fireEvent.click(choice('Urgent'))
    await waitFor(() => expect(calls).toHaveLength(1))
    expect(calls[0]).toMatch(`PATCH /api/v1/conversations/${ID} {"priority":"urgent","clientId":"`)
  })
})

describe('Settings → Channels', () => {
  it('adds a channel with its websites, one per line', async () => {
    const calls = show(() => <ChannelDialog channel={null} onSaved={() => {}} onClose={() => {}} />)
    fireEvent.click(screen.getByRole('button', { name: 'Add channel', hidden: true }))
    expect(screen.getByText('Give the channel a name.')).toBeTruthy()
    fireEvent.input(screen.getByLabelText('Name'), { target: { value: 'Shop' } })
    fireEvent.input(screen.getByLabelText('Allowed websites'), {
      target: { value: 'https://a.example\nhttps://b.example' },
    })
    fireEvent.click(screen.getByRole('button', { name: 'Add channel', hidden: true }))
    await waitFor(() => expect(calls).toHaveLength(1))
    expect(calls[0]).toBe(
      'POST /api/v1/channels {"name":"Shop","origins":["https://a.example","https://b.example"],"colour":"#1d5fc4","greeting":""}',
    )
  })

  it.each([
    ['#ffffff', '#000000'],
    ['#1d5fc4', '#ffffff'],
    ['#ffd400', '#000000'],
  ])('on %s it writes in %s', (colour, ink) => expect(inkOn(colour)).toBe(ink))
})

describe('a notice', () => {
  it('with a title is a button that does what it says, and goes', () => {
    const run = vi.fn()
    let notify: ReturnType<typeof useNotify> = () => {}
    const Part = () => {
      notify = useNotify()
      return null
    }
    render(() => (
      <NoticesProvider>
        <Part />
      </NoticesProvider>
    ))
    notify('Hello?', 'plain', { title: 'Vic', action: { label: 'Open', run } })
    fireEvent.click(screen.getByRole('button', { name: 'Vic Hello?' }))
    expect(run).toHaveBeenCalledOnce()
    expect(screen.queryByText('Hello?')).toBeNull()
  })
  it('goes when it is over, and makes room for the newer one of its title', () => {
    const [over, setOver] = createSignal(false)
    let notify: ReturnType<typeof useNotify> = () => {}
    const Part = () => {
      notify = useNotify()
      return null
    }
    render(() => (
      <NoticesProvider>
        <Part />
      </NoticesProvider>
    ))
    notify('Hello?', 'plain', { title: 'Vic' })
    notify('Anybody?', 'plain', { title: 'Vic', over })
    expect(screen.queryByText('Hello?')).toBeNull()
    expect(screen.getByText('Anybody?')).toBeTruthy()
    setOver(true)
    expect(screen.queryByText('Anybody?')).toBeNull()
  })
})
