/** Policies in the browser: what an administrator decides, agents and visitors find a moment later. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allEntries, conversationList } from './support/client.ts'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, colleague, now, visitor } = stage()

const REOPEN = 'A closed conversation opens again'

/** Changes a policy on its page, as an administrator does. */
async function decides(ana: Awaited<ReturnType<typeof agent>>, label: string, choice: RegExp): Promise<void> {
  await ana.goes('settings/policies')
  const field = ana.page.getByLabel(label)
  const option = await field.locator('option').filter({ hasText: choice }).first().textContent()
  await field.selectOption({ label: option ?? '' })
  await ana.seesText(/Saved/)
}

test('[CV4] closed for good: the visitor goes on in a new conversation, and both lead to the other', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await decides(ana, REOPEN, /closed for good/)
  await vic.says('The lamp flickers.')
  await ana.goes('inbox/all')
  await ana.opens('The lamp flickers.')
  await ana.says('Turn the switch.')
  await vic.sees('Turn the switch.')
  // What cannot be undone is asked for first, and Escape leaves it open.
  await ana.clicks('Close')
  await ana.page.getByRole('dialog', { name: 'Close this conversation for good?' }).waitFor()
  await ana.page.keyboard.press('Escape')
  await ana.says('Then it is done.')
  await vic.sees('Then it is done.')
  await ana.clicks('Close')
  await ana.clicks('Close for good')
  const chat = await vic.frame()
  await chat.getByText('This conversation is closed for good.').waitFor()
  await ana.seesText('This conversation is closed for good. A new one can continue it.')
  assert.equal(await ana.page.getByRole('button', { name: 'Reopen', exact: true }).count(), 0)

  await vic.clicks('Go on in a new one')
  await vic.says('It flickers again.')
  await vic.clicks('All conversations')
  await chat.getByRole('button', { name: 'Then it is done.' }).click()
  await vic.sees('Turn the switch.')
  await vic.clicks('Go on in a new one')
  await vic.sees('It flickers again.')

  await ana.page.getByRole('link', { name: 'Go to the new conversation' }).click()
  await ana.sees('It flickers again.')
  await ana.page.getByRole('link', { name: 'Go to the earlier conversation' }).click()
  await ana.sees('The lamp flickers.')
})

test('[CV4][DL5] what waited for it offline is there once, in the new one, in order', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('Is the door open?')
  await ana.opens('Is the door open?')
  await vic.losesNetwork()
  await vic.writes('I am outside.')
  await vic.writes('It rains.')
  await ana.clicks('Close')
  await ana.clicks('Close for good')
  await ana.sees(/closed the conversation/)
  await vic.losesNetwork(false)
  await vic.sees('I am outside.')
  await vic.sees('It rains.')
  await vic.reloads()
  await vic.sees('It rains.')
  assert.deepEqual(await vic.texts(), ['I am outside.', 'It rains.'])
  const rains = async () =>
    (await conversationList(now().owner)).filter((row) => row.lastMessage?.text === 'It rains.').map(({ id }) => id)
  // Lists hear of a second change within half a second.
  await until(async () => (await rains()).length > 0, 'the new one stands in the list')
  const [id = '', ...others] = await rains()
  assert.deepEqual(others, [])
  const entries = await allEntries(now().owner, id)
  assert.deepEqual(
    entries.flatMap((entry) => (entry.type === 'message.created' ? entry.body.text : [])),
    ['I am outside.', 'It rains.'],
  )
})

test('[CV4] an agent says on purpose that an answer opens the conversation again', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await decides(ana, REOPEN, /message of the visitor/)
  await vic.says('All is well.')
  await ana.goes('inbox/all')
  await ana.opens('All is well.')
  await ana.clicks('Close')
  await vic.sees(/closed the conversation/)
  await ana.composer.fill('One question remains.')
  await ana.clicks('Reopen and send')
  await vic.sees('One question remains.')
  await vic.sees(/reopened the conversation/)
  await decides(ana, REOPEN, /of either side/)
})

test('[CV8][CV6] what one may not, the composer and the assign window say before one types', async () => {
  const dan = await colleague('Dan Moor')
  const [vic, ana, da] = await Promise.all([visitor(), agent(), agent(dan)])
  await decides(ana, 'Who may answer the visitor', /assignee, those who follow/)
  await decides(ana, 'Who may reassign', /assignee and administrators/)
  await vic.says('Whose am I?')
  await ana.goes('inbox/all')
  await ana.opens('Whose am I?')
  await ana.clicks('Accept')
  await da.opens('Whose am I?')
  await da.seesText('Only the assignee, those who follow, and administrators may answer here.')
  await da.notes('But a note goes.')
  await da.clicks('Assign')
  await da.seesText('Only the assignee and administrators may reassign this conversation.')
  await da.page.keyboard.press('Escape')
  // Administrators decide otherwise while Dan looks on.
  const tab = await ana.anotherTab('settings/policies')
  await decides(tab, 'Who may answer the visitor', /Every agent/)
  await da.clicks('Reply')
  await until(async () => (await da.composer.getAttribute('readonly')) === null, 'Dan may write')
  await da.says('Mine as well.')
  await vic.sees('Mine as well.')
  await decides(tab, 'Who may reassign', /Every agent/)
})

test('[CV7] what was taken from an agent is gone from list and screen at once', async () => {
  const eli = await colleague('Eli Marsh')
  const [vic, ana, el] = await Promise.all([visitor(), agent(), agent(eli)])
  // At first everyone sees all: hiding is two decisions.
  await now().owner.want('PATCH', '/api/v1/groups/everyone', { rights: ['reassign'] })
  await decides(ana, 'A conversation that was reassigned', /hidden/)
  await vic.says('Between you and me.')
  await ana.goes('inbox/all')
  await ana.opens('Between you and me.')
  await ana.assignsTo('Eli Marsh')
  await el.opens('Between you and me.')
  await ana.assignsTo('Ana Lima')
  await el.seesText('This conversation was not found.')
  await el.seesGoneFromList('Between you and me.')
  await ana.sees('Between you and me.')
  await decides(ana, 'A conversation that was reassigned', /visible/)
  await el.seesInList('Between you and me.')
})
