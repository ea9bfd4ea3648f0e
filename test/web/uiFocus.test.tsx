/** Where the focus goes when what had it goes, so that nobody who works by keys or by ear has to begin anew. */
import { cleanup, fireEvent, render, screen, waitFor } from '@solidjs/testing-library'
import { createSignal, For, Show } from 'solid-js'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Button } from '../../web/ui/Button.tsx'
import { Dialog } from '../../web/ui/Dialog.tsx'
import { keepFocus } from '../../web/ui/keepFocus.ts'
import { Menu, MenuItem } from '../../web/ui/Menu.tsx'

beforeAll(() => keepFocus(document))
beforeEach(() => fireEvent.pointerDown(document.body))
afterEach(cleanup)

const button = (name: string) => screen.getByRole('button', { name })
const focusOn = (name: string) => waitFor(() => expect(document.activeElement?.textContent).toBe(name))
const settled = () => new Promise((done) => setTimeout(done))

/** People, each with a button of their own; a press reads them anew without the one that was pressed. */
function People(props: { names: readonly string[]; onRemove?: (name: string) => void }) {
  const [list, setList] = createSignal(props.names.map((name) => ({ name })))
  const remove = (name: string) => {
    setList((people) => people.filter((one) => one.name !== name).map((one) => ({ ...one })))
    props.onRemove?.(name)
  }
  return (
    <main>
      <section>
        <ul>
          <For each={list()}>
            {(one) => (
              <li>
                <Button onClick={() => remove(one.name)}>{one.name}</Button>
              </li>
            )}
          </For>
        </ul>
        <Button onClick={() => setList((people) => people.map((one) => ({ ...one })))}>Read again</Button>
      </section>
      <Button>Elsewhere</Button>
    </main>
  )
}

describe('the focus', () => {
  it('stays on what is read anew, wherever it stands by then', async () => {
    render(() => <People names={['Ana', 'Ben', 'Cleo']} />)
    button('Cleo').focus()
    const before = document.activeElement
    button('Read again').click()
    await focusOn('Cleo')
    expect(document.activeElement).not.toBe(before)
  })

  it('goes on to the next one when one is removed, from the last to the one before, and then to what is near', async () => {
    render(() => <People names={['Ana', 'Ben', 'Cleo']} />)
    for (const [removed, next] of [
      ['Ben', 'Cleo'],
      ['Cleo', 'Ana'],
      ['Ana', 'Read again'],
    ] as const) {
      button(removed).focus()
      button(removed).click()
      await focusOn(next)
    }
  })

  it('goes to what a button became, and on from one that can be pressed no more', async () => {
    const [closed, setClosed] = createSignal(false)
    const [chosen, setChosen] = createSignal(true)
    render(() => (
      <main>
        <Show when={closed()} fallback={<Button onClick={() => setClosed(true)}>Close</Button>}>
          <Button>Reopen</Button>
        </Show>
        <p>
          <Button>Choose</Button>
          <Button disabled={!chosen()} onClick={() => setChosen(false)}>
            Add
          </Button>
        </p>
      </main>
    ))
    button('Add').focus()
    button('Add').click()
    await focusOn('Choose')
    cleanup()
    setClosed(false)
    render(() => (
      <main>
        <p>
          <Show when={closed()} fallback={<Button onClick={() => setClosed(true)}>Close</Button>}>
            <Button>Reopen</Button>
          </Show>
          <Button>More</Button>
        </p>
      </main>
    ))
    button('Close').focus()
    button('Close').click()
    await focusOn('Reopen')
  })

  it('is back where one came from when a dialog goes with what opened it', async () => {
    const [asked, setAsked] = createSignal(false)
    const [there, setThere] = createSignal(true)
    render(() => (
      <main>
        <p>
          <Show when={there()}>
            <Button onClick={() => setAsked(true)}>Disable Ben</Button>
          </Show>
          <Button>Disable Cleo</Button>
        </p>
        <Show when={asked()}>
          <Dialog title="Sure?" onClose={() => setAsked(false)}>
            <Button
              onClick={() => {
                setThere(false)
                setAsked(false)
              }}
            >
              Disable
            </Button>
          </Dialog>
        </Show>
      </main>
    ))
    button('Disable Ben').focus()
    button('Disable Ben').click()
    await focusOn('Disable')
    button('Disable').click()
    await focusOn('Disable Cleo')
  })

  it('begins with the page when a notice goes whose page is gone as well', async () => {
    const [open, setOpen] = createSignal(true)
    const [noticed, setNoticed] = createSignal(false)
    render(() => (
      <main>
        <Button>First row</Button>
        <Show when={open()} fallback={<p>None is open</p>}>
          <section>
            <Button onClick={() => setOpen(false)}>Delete</Button>
          </section>
        </Show>
        <div role="status">
          <Show when={noticed()}>
            <Button>Undo</Button>
          </Show>
        </div>
      </main>
    ))
    button('Delete').focus()
    setNoticed(true)
    button('Undo').focus()
    setOpen(false)
    setNoticed(false)
    await focusOn('First row')
  })

  it('goes nowhere when somebody has pointed elsewhere meanwhile, or all around it is gone', async () => {
    const [page, setPage] = createSignal('first')
    render(() => (
      <main>
        <Show when={page()} keyed>
          {(name) => <section>{<Button>{name}</Button>}</section>}
        </Show>
        <Button>Elsewhere</Button>
      </main>
    ))
    button('first').focus()
    setPage('second')
    await settled()
    expect(document.activeElement).toBe(document.body)
    cleanup()
    render(() => <People names={['Ana', 'Ben']} />)
    button('Ana').focus()
    fireEvent.pointerDown(document.body)
    button('Ana').click()
    await settled()
    expect(document.activeElement).toBe(document.body)
  })

  it('follows no row that one scrolled away from', async () => {
    const [rows, setRows] = createSignal(['Ana', 'Ben', 'Cleo'])
    render(() => (
      <main>
        {/* biome-ignore lint/a11y/useSemanticElements: as the virtual list is made */}
        <div role="list">
          <For each={rows()}>{(name) => <Button>{name}</Button>}</For>
        </div>
      </main>
    ))
    button('Ana').focus()
    setRows(['Ben', 'Cleo'])
    await settled()
    expect(document.activeElement).toBe(document.body)
  })

  it('leaves a menu on Tab, which closes', () => {
    let hidden = 0
    HTMLElement.prototype.hidePopover = () => {
      hidden += 1
    }
    render(() => (
      <Menu label="More" trigger="…">
        <MenuItem onSelect={() => {}}>Copy link</MenuItem>
      </Menu>
    ))
    const item = screen.getByRole('menuitem', { name: 'Copy link', hidden: true })
    fireEvent.keyDown(item, { key: 'ArrowDown' })
    expect(hidden).toBe(0)
    fireEvent.keyDown(item, { key: 'Tab' })
    expect(hidden).toBe(1)
  })

  it('begins on the heading of a dialog that becomes another, so that a key pressed twice does nothing', async () => {
    const [made, setMade] = createSignal(false)
    render(() => (
      <main>
        <Dialog title={made() ? 'Key made' : 'Make a key'} onClose={() => {}}>
          <Show when={made()} fallback={<Button onClick={() => setMade(true)}>Make key</Button>}>
            <Button>Done</Button>
          </Show>
        </Dialog>
      </main>
    ))
    await focusOn('Make key')
    button('Make key').click()
    await focusOn('Key made')
  })
})
