import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { createSignal } from 'solid-js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Composer } from '../../web/inbox/composer/Composer.tsx'
import { createDrafts, type Drafts, type Mode } from '../../web/inbox/composer/createDrafts.ts'

afterEach(cleanup)

function compose(
  options: {
    drafts?: Drafts
    closed?: boolean
    barred?: string
    reopens?: boolean
    quote?: { author: string; text: string }
  } = {},
) {
  const onSend = vi.fn()
  const onTyping = vi.fn()
  const onUnquote = vi.fn()
  const drafts = options.drafts ?? createDrafts()
  const page = render(() => {
    const [mode, setMode] = createSignal<Mode>('reply')
    return (
      <Composer
        conversation="c1"
        mode={mode()}
        closed={options.closed ?? false}
        barred={options.barred ?? null}
        reopens={options.reopens ?? false}
        drafts={drafts}
        quote={options.quote ?? null}
        onUnquote={onUnquote}
        onTyping={onTyping}
        onMode={setMode}
        onSend={onSend}
      />
    )
  })
  const box = (name = 'Reply') => screen.getByRole('textbox', { name }) as HTMLTextAreaElement
  const type = (text: string, name?: string) => fireEvent.input(box(name), { target: { value: text } })
  const press = (init: KeyboardEventInit, name?: string) => fireEvent.keyDown(box(name), { key: 'Enter', ...init })
  return { onSend, onTyping, onUnquote, drafts, box, type, press, unmount: page.unmount }
}

const sendButton = () => screen.getByRole('button', { name: 'Send' }) as HTMLButtonElement

describe('the composer', () => {
  it('[MS3] sends on Enter and on Send, and is empty afterwards', () => {
    const { onSend, type, press, box } = compose()
    type('hello')
    press({})
    expect(onSend).toHaveBeenLastCalledWith({ type: 'send_message', text: 'hello' })
    expect(box().value).toBe('')
    type('again')
    sendButton().click()
    expect(onSend).toHaveBeenLastCalledWith({ type: 'send_message', text: 'again' })
  })

  it('writes in the direction of the text, and asks in its own once that is sent', () => {
    const { type, press, box } = compose()
    type('שלום')
    expect(box().dir).toBe('auto')
    press({})
    expect(box().dir).toBe('ltr')
  })

  it.each<[string, KeyboardEventInit]>([
    ['Shift+Enter breaks the line', { shiftKey: true }],
    ['Enter ends a word that is being composed', { isComposing: true }],
  ])('[MS3] %s and sends nothing', (_, init) => {
    const { onSend, type, press, box } = compose()
    type('hello')
    press(init)
    expect(onSend).not.toHaveBeenCalled()
    expect(box().value).toBe('hello')
  })

  it.each(['', '   \n ', '\u200b'])('[MS1] does not send blank text %j', (text) => {
    const { onSend, type, press } = compose()
    type(text)
    press({})
    expect(onSend).not.toHaveBeenCalled()
    expect(sendButton().disabled).toBe(true)
  })

  it('[MS1] counts from 1,800 on, in characters and not in units', () => {
    const { type } = compose()
    type('🎁'.repeat(1799))
    expect(screen.queryByText(/of 2,000/)).toBeNull()
    type('🎁'.repeat(1800))
    expect(screen.getByText('1,800 of 2,000')).toBeTruthy()
  })

  it('[MS1] keeps a text that is too long and says by how much', () => {
    const { onSend, type, press, box } = compose()
    type('x'.repeat(2001))
    press({})
    expect(onSend).not.toHaveBeenCalled()
    expect(box().value).toHaveLength(2001)
    expect(screen.getByText(/Too long by 1\b/)).toBeTruthy()
    type('x'.repeat(2000))
    press({})
    expect(onSend).toHaveBeenCalledOnce()
  })

  it('[NT1] writes notes in note mode', () => {
    const { onSend, type, press } = compose()
    screen.getByRole('button', { name: 'Note' }).click()
    type('careful', 'Note')
    press({}, 'Note')
    expect(onSend).toHaveBeenCalledExactlyOnceWith({ type: 'add_note', text: 'careful' })
  })

  it('[DR1] keeps reply and note apart, and both while one looks at something else', () => {
    const first = compose()
    first.type('for the visitor')
    screen.getByRole('button', { name: 'Note' }).click()
    first.type('for the team', 'Note')
    first.unmount()
    const second = compose({ drafts: first.drafts })
    expect(second.box().value).toBe('for the visitor')
    screen.getByRole('button', { name: 'Note' }).click()
    expect(second.box('Note').value).toBe('for the team')
  })

  it('[DR1] forgets a draft that was sent', () => {
    const first = compose()
    first.type('hello')
    first.press({})
    first.unmount()
    expect(compose({ drafts: first.drafts }).box().value).toBe('')
  })

  it('[CV4] says that a reply reopens a closed conversation', () => {
    expect(compose({ closed: true }).box().placeholder).toContain('reopens')
  })

  it('[DL7] tells at every change that one writes, and where; also when one stops', () => {
    const { onTyping, type, box } = compose()
    type('h')
    expect(onTyping).toHaveBeenLastCalledWith('reply')
    type('')
    expect(onTyping).toHaveBeenLastCalledWith(null)
    type('he')
    fireEvent.blur(box())
    expect(onTyping).toHaveBeenLastCalledWith(null)
    screen.getByRole('button', { name: 'Note' }).click()
    type('x', 'Note')
    expect(onTyping).toHaveBeenLastCalledWith('note')
  })

  it('[MS4] shows what is quoted, and lets it go', () => {
    const { onUnquote, press } = compose({ quote: { author: 'Coral Fox', text: 'Where is\nmy lamp?' } })
    expect(screen.getByText('Where is my lamp?')).toBeTruthy()
    screen.getByRole('button', { name: 'Remove quote' }).click()
    press({ key: 'Escape' })
    expect(onUnquote).toHaveBeenCalledTimes(2)
  })

  it('[CV4] says that an answer opens the conversation as well, and lets a note be one', () => {
    const { onSend, type, press } = compose({ closed: true, reopens: true })
    type('hello again')
    screen.getByRole('button', { name: 'Reopen and send' }).click()
    expect(onSend).toHaveBeenLastCalledWith({ type: 'send_message', text: 'hello again', reopen: true })
    fireEvent.click(screen.getByRole('button', { name: 'Note' }))
    type('a note', 'Note')
    press({}, 'Note')
    expect(onSend).toHaveBeenLastCalledWith({ type: 'add_note', text: 'a note' })
  })

  it('[CV8] says why nothing can be answered before one types; a note is always possible', () => {
    const barred = 'Only the assignee may answer here.'
    compose({ barred })
    screen.getByText(barred)
    expect(screen.queryByRole('textbox')).toBeNull()
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Note' }))
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Note' }).readOnly).toBe(false)
    screen.getByRole('button', { name: 'Send' })
  })

  it('[CV8] keeps what was written before one might no longer, to be read and not to be sent', () => {
    const drafts = createDrafts()
    drafts.keep('c1', 'reply', 'Half a thou')
    const { onSend, press, box } = compose({ barred: 'Only the assignee may answer here.', drafts })
    expect([box().value, box().readOnly]).toEqual(['Half a thou', true])
    press({})
    expect(onSend).not.toHaveBeenCalled()
  })
})
