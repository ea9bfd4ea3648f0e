import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { Show } from 'solid-js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CloseDialog } from '../../web/inbox/conversation/CloseDialog.tsx'
import { createClosing } from '../../web/inbox/conversation/createClosing.ts'

afterEach(cleanup)

function show(forGood: boolean) {
  const send = vi.fn()
  const closing = createClosing({ send }, { closesForGood: () => forGood })
  render(() => (
    <Show when={closing.asked()}>
      <CloseDialog contact="Coral Fox" closing={closing} />
    </Show>
  ))
  return { send, closing }
}

const button = (name: string) => screen.getByRole('button', { name, hidden: true })

describe('[CV4] closing a conversation', () => {
  it('is done at once where it can be opened again', () => {
    const { send, closing } = show(false)
    closing.close()
    expect(send).toHaveBeenCalledWith({ type: 'close' })
    expect(closing.asked()).toBe(false)
  })

  it('asks first where it is for good, and leaves it open when it was not meant', () => {
    const { send, closing } = show(true)
    const byMenu = vi.fn()
    closing.close(byMenu)
    fireEvent.click(button('Cancel'))
    expect(closing.asked()).toBe(false)
    closing.close(byMenu)
    fireEvent.click(button('Close for good'))
    expect(closing.asked()).toBe(false)
    expect(byMenu).toHaveBeenCalledOnce()
    expect(send).not.toHaveBeenCalled()
  })
})
