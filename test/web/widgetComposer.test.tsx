import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { createSignal } from 'solid-js'
import { afterEach, describe, expect, it } from 'vitest'
import { Composer } from '../../web/widget/Composer.tsx'

afterEach(cleanup)

function composer(
  initial = '',
  quote?: string,
): {
  sent: string[]
  input: HTMLTextAreaElement
  press: (init: KeyboardEventInit) => void
} {
  const sent: string[] = []
  const [text, setText] = createSignal(initial)
  render(() => (
    <Composer
      text={text()}
      onText={setText}
      onSend={(said) => sent.push(said)}
      ref={() => undefined}
      quote={quote}
      onUnquote={() => sent.push('(unquoted)')}
      onBlur={() => undefined}
      closed={false}
    />
  ))
  const input = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
  return { sent, input, press: (init) => fireEvent.keyDown(input, init) }
}

const write = (input: HTMLTextAreaElement, text: string): void => {
  fireEvent.input(input, { target: { value: text } })
}

describe('[MS3] the composer', () => {
  it('sends with Enter and empties', () => {
    const { sent, input, press } = composer()
    write(input, 'hello')
    press({ key: 'Enter' })
    expect([sent, input.value]).toEqual([['hello'], ''])
  })

  it('sends with its button', () => {
    const { sent, input } = composer()
    write(input, 'hello')
    fireEvent.click(screen.getByRole('button', { name: 'Send' }))
    expect(sent).toEqual(['hello'])
  })

  it.each([
    { how: 'Shift+Enter breaks the line', init: { key: 'Enter', shiftKey: true } },
    { how: 'Enter that chooses a character', init: { key: 'Enter', isComposing: true } },
    { how: 'another key', init: { key: 'a' } },
  ])('does not send: $how', ({ init }) => {
    const { sent, input, press } = composer()
    write(input, 'hello')
    press(init)
    expect([sent, input.value]).toEqual([[], 'hello'])
  })

  it.each(['', ' ', '\n\t ', '\u200b\u2060'])('[MS1] does not send the blank %j', (text) => {
    const { sent, input, press } = composer()
    write(input, text)
    press({ key: 'Enter' })
    expect([sent, screen.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled')]).toEqual([[], 'true'])
  })
})

describe('[MS1] the limit of 2,000 characters', () => {
  const notice = (): string => screen.getByRole('status').textContent ?? ''

  it.each([
    { length: 1799, says: '' },
    { length: 1800, says: '1,800 of 2,000 characters' },
    { length: 2000, says: '2,000 of 2,000 characters' },
    { length: 2001, says: 'Too long by 1 character. ' },
    { length: 2012, says: 'Too long by 12 characters. ' },
  ])('is counted at $length: "$says"', ({ length, says }) => {
    const { input } = composer()
    write(input, 'x'.repeat(length))
    expect(notice()).toMatch(says === '' ? /^$/ : new RegExp(`^${says}`))
  })

  it('counts characters, not their halves', () => {
    const { sent, input, press } = composer()
    write(input, '🌿'.repeat(2000))
    press({ key: 'Enter' })
    expect(sent).toHaveLength(1)
  })

  it('keeps a longer text and does not send it', () => {
    const { sent, input, press } = composer()
    write(input, 'x'.repeat(2001))
    press({ key: 'Enter' })
    expect([sent, input.value.length, input.getAttribute('aria-invalid')]).toEqual([[], 2001, 'true'])
  })
})

describe('[MS4] what the next message quotes', () => {
  it('stands above it, and goes with its button or Escape', () => {
    const { sent, press } = composer('', 'the original words')
    expect(screen.getByText('the original words')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Do not quote' }))
    press({ key: 'Escape' })
    expect(sent).toEqual(['(unquoted)', '(unquoted)'])
  })
})
