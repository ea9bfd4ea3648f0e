/** What people notice of each other: unread, typing, edits, notifications, and the end of somebody's access. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conversationList } from './support/client.ts'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, colleague, now, visitor } = stage()

test('J1: the first reply, from the question in the shop to the tick that says it was read', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('Does it whistle?')
  await ana.seesInList('Does it whistle?')
  await ana.opens('Does it whistle?')
  await ana.says('Like a bird.')
  await vic.sees('Like a bird.')
  await ana.message('Like a bird.').getByRole('img', { name: 'Read', exact: true }).waitFor()
  await ana.clicks('Close')
  await vic.sees(/Ana Lima closed the conversation/)
})

test('[IB2] [IB7] [IB9] unread counts and the tab title follow, in every tab of the agent', async () => {
  const gil = await colleague('Gil Ray')
  const ana = await agent(gil)
  const vic = await visitor()
  await vic.says('Anybody?')
  const aside = await ana.anotherTab()
  await vic.says('Hello?')
  for (const tab of [ana, aside]) {
    await tab.seesUnread('Hello?', 2)
    await until(async () => /^\([1-9]\d*\) /.test(await tab.page.title()), 'the title counts')
  }
  const title = await aside.page.title()
  await ana.opens('Hello?')
  for (const tab of [ana, aside]) await tab.seesRead('Hello?')
  await until(async () => (await aside.page.title()) !== title, 'the title counts one less')
  await ana.choosesAction('Mark as unread')
  for (const tab of [ana, aside]) await tab.seesUnread('Hello?', 1)
  await aside.switchesTo('Unread')
  await aside.opens('Hello?')
  await ana.seesRead('Hello?')
})

test('[DL7] typing shows on the other side, and a note that is being written does not', async () => {
  const flo = await colleague('Flo Hart')
  const [vic, ana, fl] = await Promise.all([visitor(), agent(), agent(flo)])
  await vic.says('Which size?')
  await Promise.all([ana.opens('Which size?'), fl.opens('Which size?')])
  await vic.types('The small')
  await ana.seesText(/ is typing…/)
  await ana.clicks('Note')
  await ana.composer.pressSequentially('she means the mini')
  await fl.seesText(/Ana Lima is writing a note…/)
  assert.doesNotMatch(await vic.reads(), /typing/, 'visitors learn nothing of notes')
  await ana.clicks('Reply')
  await ana.composer.pressSequentially('Take')
  await until(async () => /Ana Lima is typing…/.test(await vic.reads()), 'the visitor sees it')
  await ana.composer.fill('')
  await until(async () => !/typing…/.test(await vic.reads()), 'and that it stopped')
})

test('[MS4] [MS8] quotes, edits and deletions reach the visitor', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('What does it weigh?')
  await ana.opens('What does it weigh?')
  await ana.does('Quote', 'What does it weigh?')
  await ana.says('Two hundred kilos.')
  const frame = await vic.frame()
  await frame.getByRole('button', { name: 'In answer to: What does it weigh?' }).waitFor()
  await ana.does('Edit', 'Two hundred kilos.')
  await ana.enters('Edit message', 'Two kilos.')
  await ana.clicks('Save')
  await vic.sees('Two kilos.')
  await until(async () => /Edited/.test(await vic.reads()), 'the visitor is told that it was edited')
  assert.doesNotMatch(await vic.reads(), /hundred/)
  await ana.says('And a half.')
  await ana.does('Delete', 'And a half.')
  await vic.sees('This message was deleted')
  assert.doesNotMatch(await vic.reads(), /And a half/)
})

test('[IB8] a new message is announced once per agent, and never for what is on the screen', async () => {
  const lou = await colleague('Lou Reed')
  const [vic, wei, ana] = await Promise.all([visitor(), visitor(), agent(lou)])
  await vic.says('I am looked at.')
  await ana.opens('I am looked at.')
  const aside = await ana.anotherTab()
  for (const tab of [ana, aside]) await tab.listens()
  await vic.says('Still looked at.')
  await ana.sees('Still looked at.')
  await wei.says('I am not.')
  await until(
    async () => (await Promise.all([ana.announced(), aside.announced()])).flat().length > 0,
    'it is announced',
  )
  await ana.page.waitForTimeout(1_000)
  assert.deepEqual((await Promise.all([ana.announced(), aside.announced()])).flat(), ['I am not.'])
})

test('[PR2] a disabled member is out at once, and their conversations are free again', async () => {
  const mo = await colleague('Mo Salt')
  const [vic, ana, out] = await Promise.all([visitor(), agent(), agent(mo)])
  await vic.says('Who is there?')
  await out.opens('Who is there?')
  await out.clicks('Accept')
  await vic.sees(/Mo Salt joined the conversation/)

  await ana.goes('settings/members')
  await ana.clicks('Disable Mo Salt')
  await ana.page.getByRole('dialog').getByRole('button', { name: 'Disable', exact: true }).click()
  await ana.page.getByRole('button', { name: 'Enable Mo Salt' }).waitFor()
  await out.composer.waitFor({ state: 'detached' })
  await vic.says('SECRET-99 for whoever stays')
  await ana.goes('inbox/unassigned')
  await ana.seesInList('SECRET-99')
  assert.doesNotMatch(await out.page.locator('body').innerText(), /SECRET-99/)
  assert.equal((await mo.client.ask('GET', '/api/v1/conversations?view=all')).status, 403)
  const free = (await conversationList(now().owner)).find((row) => row.lastMessage?.text.startsWith('SECRET-99'))
  assert.equal(free?.assignee, null)
})
