import { cleanup, fireEvent, render, screen, waitFor } from '@solidjs/testing-library'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Visit } from '../../web/widget/createVisit.ts'
import { SaveDialog } from '../../web/widget/SaveDialog.tsx'
import { ID } from './fakeServer.ts'

const visit = {
  talk: () => ({ state: { public: { id: ID } } }),
  visitor: { token: async () => 'token' },
} as unknown as Visit

let saved: Array<{ name: string; text: Promise<string> }>
let asked: unknown[]
let answer: () => Response
let closed: number

beforeEach(() => {
  saved = []
  asked = []
  closed = 0
  const files: Blob[] = []
  vi.stubGlobal('fetch', async (path: string, { headers, credentials }: RequestInit) => {
    asked.push([path, headers, credentials])
    return answer()
  })
  vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => `blob:${files.push(file as Blob)}`)
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, text: files.at(-1)?.text() ?? Promise.resolve('') })
  })
  render(() => <SaveDialog visit={visit} onClose={() => (closed += 1)} />)
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it.each([
  ['As a page', 'html'],
  ['As text', 'txt'],
])('[TR9] the visitor keeps their own conversation: %s', async (button, kind) => {
  answer = () => new Response('what was said')
  fireEvent.click(screen.getByText(button))
  await waitFor(() => expect(closed).toBe(1))
  expect(saved.map(({ name }) => name)).toEqual([`conversation.${kind}`])
  expect(await saved[0]?.text).toBe('what was said')
  // By the token, and never by a cookie or in the address.
  const path = `/widget/v1/conversations/${ID}/transcript.${kind}`
  expect(asked).toEqual([[path, { authorization: 'Bearer token' }, 'omit']])
})

it('[TR9] says where that did not work, and can be tried again', async () => {
  answer = () => Response.json({ code: 'unavailable' }, { status: 503 })
  fireEvent.click(screen.getByText('As a page'))
  expect(await screen.findByRole('alert', { hidden: true })).toBeTruthy()
  expect([saved, closed]).toEqual([[], 0])
  answer = () => new Response('what was said')
  fireEvent.click(screen.getByText('As a page'))
  await waitFor(() => expect(closed).toBe(1))
  expect(saved).toHaveLength(1)
})
