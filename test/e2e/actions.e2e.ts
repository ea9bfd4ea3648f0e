/** The Actions section: what can be done for the visitor from beside the conversation. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import type { Session } from '../../core/api/accounts.ts'
import { Agent } from './support/agent.ts'
import { firstChannel, OWNER } from './support/client.ts'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'
import type { Visitor } from './support/visitor.ts'

const { agent, colleague, now, somebody, visitor } = stage()

test('[LK1] a link copied by keys opens the conversation after signing in, and is not found by an outsider', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('Where is my parcel?')
  await ana.opens('Where is my parcel?')
  await ana.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await ana.page.getByRole('button', { name: 'Copy link', exact: true }).press('Enter')
  await ana.seesText('Link copied.')
  const link = await ana.page.evaluate(() => navigator.clipboard.readText())
  assert.match(link, new RegExp(`^${now().product.origin}/dashboard/inbox/all\\?id=[a-z2-7]{32}$`))

  const later = await somebody()
  await later.page.goto(link)
  await later.enters('Email', OWNER.email)
  await later.enters('Password', OWNER.password)
  await later.clicks('Sign in')
  await later.sees('Where is my parcel?')

  const { owner, shop } = now()
  const session = await owner.want<Session>('POST', '/api/v1/workspaces', { name: 'Elsewhere', timeZone: 'UTC' })
  const elsewhere = session.memberships.find(({ workspace }) => workspace.name === 'Elsewhere')?.workspace.id ?? ''
  const there = owner.with({ 'foyer-workspace': elsewhere })
  await there.want('POST', '/api/v1/channels', { name: 'Theirs', origins: [shop.origin] })
  const { id } = await there.want<{ id: string }>('POST', '/api/v1/conversations', {
    channel: (await firstChannel(there)).id,
    text: 'Nobody else is to read this.',
    contact: {},
  })
  const out = await agent(await colleague('Gil Ray'))
  await out.goes(`inbox/all?id=${id}`)
  await out.seesText('This conversation was not found.')
  assert.doesNotMatch(await out.page.locator('body').innerText(), /Nobody else/)
})

test('[RT1] [RT2] [RT3] [RT5] [RT6] [RT10] asked, rated with a face, and seen at once on another desk; whose turn it is to ask', async () => {
  const flo = await colleague('Flo Hart')
  const [vic, ana, desk] = await Promise.all([visitor(), agent(), agent(flo)])
  await vic.says('Which kettle for two?')
  await Promise.all([ana.opens('Which kettle for two?'), desk.opens('Which kettle for two?')])
  const ask = (who: typeof ana) => who.page.getByRole('button', { name: 'Ask for rating', exact: true })
  await vic.clicksLauncher()
  await ask(ana).press('Enter')
  await ana.seesText('You have asked already. You can ask again on')
  assert.equal(await ask(ana).getAttribute('aria-disabled'), 'true')
  await desk.seesText('Ana Lima asked for a rating')

  // The window is closed: the launcher says that something waits, and the chat still does not say who asked.
  await until(async () => (await vic.launcher()) === 'Open chat, 1 new message', 'the launcher says so')
  await vic.clicksLauncher()
  const chat = await vic.frame()
  const faces = chat.getByRole('radiogroup', { name: 'How was this conversation?' })
  await faces.waitFor()
  assert.doesNotMatch(await vic.reads(), /Ana/)
  await look('asked', vic)
  await faces.getByText('😊').click()
  await chat.getByText('Thank you for your rating.').waitFor()
  await desk.seesText('4 of 5, good')
  await chat.getByLabel('Tell us more, if you like').fill('Quick & kind <b>folks</b>')
  await vic.clicks('Send comment')
  await desk.seesText('Quick & kind <b>folks</b>')

  // By keys: to the neutral one, and sent by Enter.
  await chat.getByRole('radio', { name: '4 of 5, good' }).focus()
  await vic.page.keyboard.press('ArrowLeft')
  assert.equal(await chat.getByRole('radio', { name: '3 of 5, neutral' }).isChecked(), true)
  await vic.page.keyboard.press('Enter')
  await desk.seesText('3 of 5, neutral')
  await look('rated', vic)

  await desk.clicks('Close')
  await desk.seesText('Conversation closed')
  await desk.page.getByRole('img', { name: 'Rated 3 of 5, neutral' }).first().waitFor()
  await desk.switchesTo('Resolved')
  await desk.row('Which kettle for two?').getByRole('img', { name: 'Rated 3 of 5, neutral' }).waitFor()
  await desk.opens('Which kettle for two?')
  await look('rated, at the desk', desk)

  // Another agent may ask still, and the same one seven days on.
  await ask(desk).click()
  await chat.getByRole('radiogroup', { name: 'How was this conversation?' }).waitFor()
  await vic.clicks('Not now')
  await vic.clicks('Rate this conversation')
  await vic.reloads()
  await (await vic.frame()).getByRole('radiogroup', { name: 'How was this conversation?' }).waitFor()
  assert.equal(await ask(ana).getAttribute('aria-disabled'), 'true')
  await ana.page.clock.install({ time: Date.now() + 7 * 86_400_000 })
  await ana.page.reload()
  await ana.sees('Which kettle for two?')
  assert.equal(await ask(ana).getAttribute('aria-disabled'), null)
})

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Nothing of it shuts anybody out, neither in light nor in the dark (WCAG 2.2 AA as far as axe sees). */
async function look(screen: string, who: Visitor | Agent): Promise<void> {
  const place = who instanceof Agent ? who.page : await who.frame()
  await place.evaluate(AXE)
  for (const colorScheme of ['dark', 'light'] as const) {
    await who.page.emulateMedia({ colorScheme })
    await who.page.waitForTimeout(300)
    const { violations }: { violations: Array<{ id: string; impact: string }> } = await place.evaluate('axe.run()')
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    assert.deepEqual(serious, [], `${screen}, ${colorScheme}`)
  }
}
