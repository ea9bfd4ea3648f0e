/**
 * A visitor and an agent talk:
 * the line from the shop's page to the inbox and back, with everything that hangs on it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allEntries, conversationList } from './support/client.ts'
import { stage } from './support/stage.ts'

const { agent, colleague, now, visitor } = stage()

test('[VW1] [DL1] a visitor writes, an agent sees it appear and answers, live both ways', async () => {
  const ana = await agent()
  const vic = await visitor()
  await vic.says('Do you ship to Norway?')
  await ana.seesInList('Do you ship to Norway?')
  await ana.opens('Do you ship to Norway?')
  assert.match(ana.page.url(), /\/dashboard\/inbox\/all\?id=[a-z2-7]{32}$/)
  await ana.says('Yes, within a week.')
  await vic.sees('Yes, within a week.')
  await vic.sees(/Ana Lima joined the conversation/)
  await vic.says('Wonderful.')
  await ana.sees('Wonderful.')
})

test('several visitors and agents at once, each in their own conversation', async () => {
  const ben = await colleague('Ben Okri')
  const [vic, wei, ana, bo] = await Promise.all([visitor(), visitor(), agent(), agent(ben)])
  await Promise.all([vic.says('Is the blue one back?'), wei.says('Where is my order?')])
  await Promise.all([ana.opens('Is the blue one back?'), bo.opens('Where is my order?')])
  await Promise.all([ana.says('On Monday.'), bo.says('It left this morning.')])
  await Promise.all([vic.sees('On Monday.'), wei.sees('It left this morning.')])
  assert.doesNotMatch(await vic.reads(), /order|morning/)
  assert.doesNotMatch(await wei.reads(), /blue|Monday/)
})

test('[CV2] [CV3] an agent accepts, closes and reopens; the visitor reads what happened', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('My kettle whistles off key.')
  await ana.opens('My kettle whistles off key.')
  await ana.clicks('Accept')
  await vic.sees(/Ana Lima joined the conversation/)
  await ana.clicks('Close')
  await vic.sees(/Ana Lima closed the conversation/)
  await ana.switchesTo('Resolved')
  await ana.opens('My kettle whistles off key.')
  await ana.clicks('Reopen')
  await vic.sees(/Ana Lima reopened the conversation/)
  await ana.seesGoneFromList('My kettle whistles off key.')
})

test('[CV4] a message of the visitor reopens a closed conversation', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('One more thing.')
  await ana.opens('One more thing.')
  await ana.clicks('Close')
  await vic.sees(/closed the conversation/)
  await vic.says('It is fixed now, thank you.')
  await ana.sees('It is fixed now, thank you.')
  await ana.page.getByRole('button', { name: 'Close', exact: true }).waitFor()
})

test('[CV6] assigning to oneself, to a colleague and to nobody moves the conversation between the views', async () => {
  const cleo = await colleague('Cleo Park')
  const [vic, ana, cl] = await Promise.all([visitor(), agent(), agent(cleo)])
  await vic.says('Can I talk to Cleo?')
  await ana.opens('Can I talk to Cleo?')
  await ana.assignsTo('Ana Lima')
  await ana.switchesTo('Assigned to me')
  await ana.opens('Can I talk to Cleo?')
  await cl.switchesTo('Assigned to me')
  await ana.assignsTo('Cleo Park')
  await cl.seesInList('Can I talk to Cleo?')
  await ana.seesGoneFromList('Can I talk to Cleo?')
  await ana.assignsTo('Nobody')
  await cl.seesGoneFromList('Can I talk to Cleo?')
  await cl.switchesTo('Unassigned')
  await cl.seesInList('Can I talk to Cleo?')
})

test('[NT1] [DL3] a note reaches colleagues and no trace of it the visitor', async () => {
  const dee = await colleague('Dee Moss')
  const [vic, ana, de] = await Promise.all([visitor(), agent(), agent(dee)])
  await vic.says('I would like a discount.')
  await Promise.all([ana.opens('I would like a discount.'), de.opens('I would like a discount.')])
  const frames: string[] = []
  vic.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))))
  await ana.notes('CANARY-7741 he always asks, be kind')
  await de.sees('CANARY-7741 he always asks, be kind')
  await ana.says('Ten percent, because it is you.')
  await vic.sees('Ten percent, because it is you.')
  await vic.reloads()
  await vic.sees('Ten percent, because it is you.')
  assert.doesNotMatch(await vic.reads(), /CANARY/)
  assert.ok(frames.length > 0)
  assert.doesNotMatch(frames.join('\n'), /CANARY|"team":\{|"after":\d/)
})

test('[DL4] everything is there after a reload and in a new tab, on both sides', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('first')
  await ana.opens('first')
  await ana.says('second')
  await vic.sees('second')
  await Promise.all([vic.reloads(), ana.page.reload()])
  for (const text of ['first', 'second']) await Promise.all([vic.sees(text), ana.sees(text)])
  await vic.closesTab()
  await ana.says('third, while you were away')
  await vic.comesBack()
  for (const text of ['first', 'second', 'third, while you were away']) await vic.sees(text)
})

test('[MS1] [MS3] blank is not sent, a line break is kept, and 2,001 characters stay in the composer', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('A start.')
  await vic.types('   ')
  await vic.pressesEnter()
  await vic.types('one line')
  const frame = await vic.frame()
  await frame.getByRole('textbox', { name: 'Message' }).press('Shift+Enter')
  await frame.getByRole('textbox', { name: 'Message' }).pressSequentially('another line')
  await vic.pressesEnter()
  await ana.seesInList('one line another line')
  const long = 'é'.repeat(2_001)
  await vic.types(long)
  await vic.pressesEnter()
  assert.match(await vic.reads(), /Too long by 1 character/)
  assert.equal(await vic.typed(), long)
  await vic.types(long.slice(1))
  await vic.pressesEnter()
  await vic.sees(long.slice(1))

  await ana.seesInList('ééé')
  const row = (await conversationList(now().owner)).find((c) => c.lastMessage?.text.startsWith('é'))
  const entries = await allEntries(now().owner, row?.id ?? '')
  const texts = entries.flatMap((entry) => (entry.type === 'message.created' ? entry.body.text : []))
  assert.deepEqual(texts, ['A start.', 'one line\nanother line', long.slice(1)])
})
