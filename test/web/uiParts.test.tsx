import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import type { JSX } from 'solid-js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CloseDialog } from '../../web/inbox/conversation/CloseDialog.tsx'
import { DeleteDialog } from '../../web/inbox/conversation/DeleteDialog.tsx'
import { ConfirmDialog } from '../../web/inbox/settings/ConfirmDialog.tsx'
import { initials } from '../../web/ui/Avatar.tsx'
import { Button } from '../../web/ui/Button.tsx'
import { Dialog, DialogActions } from '../../web/ui/Dialog.tsx'
import { PasswordField, TextField } from '../../web/ui/Field.tsx'
import { NoticesProvider, useNotify } from '../../web/ui/Notices.tsx'
import { watchFocusKeys } from '../../web/ui/tips.ts'

afterEach(cleanup)

describe('initials', () => {
  it.each([
    ['Ana Sørensen', 'AS'],
    ['ana', 'A'],
    ['Ana María del Mar López', 'AL'],
    ['  ben  ', 'B'],
    ['Ünal Öz', 'ÜÖ'],
    ['“Max” (Sales)', 'MS'],
    ['👩‍🚀 Astro', '👩‍🚀A'],
    ['山田太郎', '山'],
  ])('of %j are %s', (name, expected) => {
    expect(initials(name)).toBe(expected)
  })
})

describe('a field', () => {
  it('names its error and is described by it', () => {
    render(() => <TextField label="Email" hint="Yours" error="Enter an email address." />)
    const input = screen.getByLabelText('Email')
    expect(input.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
      'Enter an email address.',
    )
    expect(screen.queryByText('Yours')).toBeNull()
  })

  it('for passwords shows its rule, ticks it off, and can be read', () => {
    render(() => <PasswordField label="Password" minLength={10} />)
    const input = screen.getByLabelText('Password') as HTMLInputElement
    expect(screen.queryByText(/reached/)).toBeNull()
    fireEvent.input(input, { target: { value: 'abcdefghij' } })
    expect(screen.getByText(/reached/)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Show password' }))
    expect(input.type).toBe('text')
    fireEvent.click(screen.getByRole('button', { name: 'Hide password' }))
    expect(input.type).toBe('password')
  })
})

describe('a button', () => {
  it('that is busy does nothing when it is pressed again', () => {
    const press = vi.fn()
    render(() => (
      <Button busy onClick={press}>
        Close
      </Button>
    ))
    fireEvent.click(screen.getByRole('button', { name: 'Close' }))
    expect(press).not.toHaveBeenCalled()
  })
})

describe('a dialog', () => {
  const open = (content: () => JSX.Element, placement: 'centre' | 'side' = 'centre') =>
    render(() => (
      <Dialog title="Sure?" placement={placement} onClose={() => {}}>
        {content()}
      </Dialog>
    ))
  const focused = () => document.activeElement?.textContent

  it('begins on what is marked, otherwise on its first control that can be used, and not on Close', () => {
    open(() => (
      <>
        <Button disabled>Not now</Button>
        <Button>First</Button>
        <DialogActions>
          <Button autofocus>Cancel</Button>
        </DialogActions>
      </>
    ))
    expect(focused()).toBe('Cancel')
    cleanup()
    open(() => (
      <>
        <Button disabled>Not now</Button>
        <Button>First</Button>
      </>
    ))
    expect(focused()).toBe('First')
  })

  it('that is a drawer begins on its heading', () => {
    open(() => <Button>Edit</Button>, 'side')
    expect(focused()).toBe('Sure?')
  })

  it('is closed by a click beside it while it is read, and not once something was written in it', () => {
    const onClose = vi.fn()
    render(() => (
      <Dialog title="Ban" onClose={onClose}>
        <TextField label="Reason" />
      </Dialog>
    ))
    const dialog = screen.getByRole('dialog', { hidden: true })
    fireEvent.mouseDown(dialog)
    expect(onClose).toHaveBeenCalledOnce()
    fireEvent.input(screen.getByLabelText('Reason'), { target: { value: 'Spam' } })
    fireEvent.mouseDown(dialog)
    expect(onClose).toHaveBeenCalledOnce()
  })

  const yes = { may: () => true, asked: () => true }
  const never = async () => {}
  it.each([
    [
      'settings',
      () => <ConfirmDialog title="Revoke?" action="Revoke" children="It stops." onConfirm={never} onClose={() => {}} />,
    ],
    [
      'closing for good',
      () => <CloseDialog contact="Vic" closing={{ ...yes, close() {}, finish() {}, cancel() {} }} />,
    ],
    [
      'conversation',
      () => <DeleteDialog contact="Vic" deletion={{ ...yes, ask() {}, cancel() {}, finish: never, undo: never }} />,
    ],
  ] as const)('that asks before something is lost begins on Cancel: %s', (_, dialog) => {
    render(dialog)
    expect(focused()).toBe('Cancel')
  })
})

describe('a tooltip', () => {
  const root = document.documentElement
  const shows = () => root.hasAttribute('data-focus-moved')

  it.each([
    ['Tab', true],
    ['ArrowDown', true],
    ['Enter', false],
    ['#', false],
    ['Escape', false],
  ])('after %s shows where the focus is: %s', (key, expected) => {
    watchFocusKeys(root)
    fireEvent.keyDown(document.body, { key: expected ? '?' : 'Tab' })
    fireEvent.keyDown(document.body, { key })
    fireEvent.keyDown(document.body, { key: 'Shift' })
    expect(shows()).toBe(expected)
    fireEvent.pointerDown(document.body)
    expect(shows()).toBe(false)
  })
})

it('Escape puts a tooltip away until the pointer goes on to something else', () => {
  const root = document.documentElement
  const isAway = () => root.hasAttribute('data-tips-away')
  watchFocusKeys(root)
  fireEvent.keyDown(document.body, { key: 'Escape' })
  expect(isAway()).toBe(true)
  fireEvent.pointerOver(document.body)
  expect(isAway()).toBe(false)
})

describe('notices', () => {
  it('are said once, can be dismissed, and go by themselves', () => {
    vi.useFakeTimers()
    function Speaker() {
      const notify = useNotify()
      return <Button onClick={() => notify('Copied.')}>Copy</Button>
    }
    render(() => (
      <NoticesProvider>
        <Speaker />
      </NoticesProvider>
    ))
    const button = screen.getByRole('button', { name: 'Copy' })
    fireEvent.click(button)
    fireEvent.click(button)
    expect(screen.getAllByText('Copied.')).toHaveLength(1)
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }))
    expect(screen.queryByText('Copied.')).toBeNull()
    fireEvent.click(button)
    vi.advanceTimersByTime(6_000)
    expect(screen.queryByText('Copied.')).toBeNull()
    // It waits for who is in it.
    fireEvent.click(button)
    screen.getByRole('button', { name: 'Dismiss' }).focus()
    vi.advanceTimersByTime(20_000)
    expect(screen.getByText('Copied.')).toBeTruthy()
    button.focus()
    vi.advanceTimersByTime(1_000)
    expect(screen.queryByText('Copied.')).toBeNull()
    vi.useRealTimers()
  })
})
