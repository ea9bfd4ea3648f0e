/** The server is killed, or the session ends, while people are in the middle of something. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isServed, until } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, colleague, now, visitor } = stage()

test('[DL1] [DL4] a killed server: both sides say so, lose nothing, and go on by themselves', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('Before the storm.')
  await ana.opens('Before the storm.')
  await ana.says('All calm here.')
  await vic.sees('All calm here.')

  await now().product.crash()
  assert.equal(await isServed(now().product.port), false)
  await vic.types('Written in the dark.')
  await vic.pressesEnter()
  await until(async () => /Sending…|Queued/.test(await vic.reads()), 'the message is not called sent')
  await until(async () => /connection was lost|offline|Connecting/.test(await vic.reads()), 'the visitor is told')
  await ana.seesText(/Reconnecting|Connecting|connection/i)
  await ana.composer.fill('An answer in the dark.')
  await ana.composer.press('Enter')

  await now().product.start()
  await vic.sees('Written in the dark.')
  await ana.sees('Written in the dark.')
  await vic.sees('An answer in the dark.')
  await vic.says('There you are.')
  await ana.sees('There you are.')
  for (const text of ['Before the storm.', 'All calm here.', 'Written in the dark.', 'An answer in the dark.'])
    assert.equal((await vic.reads()).split(text).length - 1, 1, `"${text}" stands there once`)
})

test('[DL1] the first message of a conversation survives a server that is down when it is sent', async () => {
  const vic = await visitor()
  await vic.opensChat()
  await now().product.crash()
  await vic.types('Is anybody there?')
  await vic.pressesEnter()
  await until(async () => /Sending…|Queued/.test(await vic.reads()), 'the message is not called sent')
  await now().product.start()
  await vic.sees('Is anybody there?')
  const ana = await agent()
  await ana.seesInList('Is anybody there?')
  assert.equal(await ana.row('Is anybody there?').count(), 1)
})

test('an expired session is renewed in place: the composer keeps its text and everything goes on', async () => {
  const ed = await colleague('Ed Tan')
  const [vic, edo] = await Promise.all([visitor(), agent(ed)])
  await vic.says('Are you there?')
  await edo.opens('Are you there?')
  await edo.composer.fill('A long answer that took me a while.')
  // Signed out in another tab: the sockets of this one are cut off at once, and cannot come back.
  const { origin } = now().product
  const ended = await edo.context.request.delete(`${origin}/api/v1/session`, {
    headers: { origin, 'content-type': 'application/json' },
  })
  assert.equal(ended.status(), 204)
  const dialog = edo.page.getByRole('dialog', { name: 'Sign in again' })
  await dialog.getByLabel('Password', { exact: true }).fill(ed.password)
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.equal(await edo.composer.inputValue(), 'A long answer that took me a while.')
  await edo.composer.press('Enter')
  await vic.sees('A long answer that took me a while.')
  await vic.says('Worth the wait.')
  await edo.sees('Worth the wait.')
})
