import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Policy } from '../../core/conversation/policy.ts'
import type { Skin } from '../../core/conversation/score.ts'
import { publicAudience } from '../../web/lib/audience.ts'
import { createConversation, type LiveConversation } from '../../web/lib/createConversation.ts'
import { RatingCard } from '../../web/widget/RatingCard.tsx'
import { ANA, BEN, FakeServer, ID, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'

let server: FakeServer
let talk: LiveConversation

/** The visitor was asked, and looks at it. */
function show(policy: Partial<Policy> = {}): void {
  server = new FakeServer(VIC, 200, policy)
  server.does(VIC, { type: 'start', text: 'hello' })
  server.does(ANA, { type: 'request_rating' })
  render(() => {
    talk = createConversation({ id: ID, url: '/socket', audience: publicAudience })
    return <RatingCard visit={{ talk: () => talk }} />
  })
  server.accept().deliver()
}

beforeEach(() => {
  localStorage.clear()
  FakeSocket.install()
  Element.prototype.scrollIntoView = () => {}
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const face = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name })
const choose = (name: string) => fireEvent.click(face(name))
const answers = () => server.log.flatMap((e) => (e.type === 'rating.submitted' ? [e.body] : []))
const says = (text: string) => fireEvent.input(screen.getByRole('textbox'), { target: { value: text } })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

it('[RT5] a face that is clicked is the answer; a comment may follow, and both may change', () => {
  show()
  choose('4 of 5, good')
  server.deliver()
  expect(answers()).toEqual([{ prompt: 3, score: 4 }])
  expect(screen.getByRole('status').textContent).toBe('Thank you for your rating.')
  expect(screen.queryByRole('button', { name: 'Send comment' })).toBeNull()
  says(' kind ')
  press('Send comment')
  server.deliver()
  choose('5 of 5, very good')
  server.deliver()
  expect(answers().slice(1)).toEqual([
    { prompt: 3, score: 4, comment: 'kind' },
    { prompt: 3, score: 5, comment: 'kind' },
  ])
})

it('[RT10] by keys one passes others on the way: what is chosen is sent by the button', () => {
  show()
  fireEvent.keyDown(screen.getByRole('radiogroup', { name: 'How was this conversation?' }), { key: 'ArrowRight' })
  choose('2 of 5, bad')
  choose('3 of 5, neutral')
  expect(face('3 of 5, neutral').checked).toBe(true)
  server.deliver()
  expect(answers()).toEqual([])
  press('Send rating')
  server.deliver()
  expect(answers()).toEqual([{ prompt: 3, score: 3 }])
})

it('[RT5] a comment that is too long stays, and says so', () => {
  show()
  choose('1 of 5, very bad')
  server.deliver()
  says('x'.repeat(2_001))
  press('Send comment')
  expect(screen.getByRole('alert').textContent).toContain('2,000 characters')
  expect(screen.getByRole<HTMLTextAreaElement>('textbox').value).toHaveLength(2_001)
  expect(answers()).toHaveLength(1)
})

it('[RT5] what can no longer be changed is shown and is off', () => {
  show()
  choose('4 of 5, good')
  server.deliver()
  const { until } = talk.state.public.prompt ?? { until: 0 }
  cleanup()
  vi.useFakeTimers({ now: until + 1 })
  render(() => <RatingCard visit={{ talk: () => talk }} />)
  expect(face('4 of 5, good').checked).toBe(true)
  expect(face('5 of 5, very good').disabled).toBe(true)
  expect(screen.queryByRole('textbox')).toBeNull()
  vi.useRealTimers()
})

it.each<[Skin, string]>([
  ['faces', '😑😟😐😊😍'],
  ['stars', '★★★★★'],
  ['numbers', '12345'],
])('[RT7][RT10] %s look different, and are the same score to whoever hears them', (skin, signs) => {
  show({ ratingSkin: skin })
  const shown = [...document.querySelectorAll('.scale [aria-hidden]')].map(({ textContent }) => textContent)
  expect(shown.join('')).toBe(signs)
  expect(face('3 of 5, neutral')).toBeTruthy()
})

// Last: what was put away stays so for as long as the page lives.
it('[RT1] can be put away, and taken out again; the prompt of another agent comes back by itself', () => {
  show()
  press('Not now')
  expect(screen.queryByRole('radiogroup')).toBeNull()
  expect(document.activeElement?.textContent).toBe('Rate this conversation')
  cleanup()
  show()
  expect(screen.queryByRole('radiogroup')).toBeNull()
  press('Rate this conversation')
  expect(screen.getByRole('radiogroup')).toBeTruthy()
  expect(document.activeElement?.contains(screen.getByRole('radiogroup'))).toBe(true)
  press('Not now')
  server.does(BEN, { type: 'request_rating' })
  server.deliver()
  expect(screen.getByRole('radiogroup')).toBeTruthy()
})
