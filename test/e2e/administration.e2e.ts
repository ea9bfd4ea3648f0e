/** What administrators decide about people and programs, felt at once by those whom it concerns. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stage } from './support/stage.ts'

const { agent, colleague, now, visitor } = stage()

test('[CV6] what visitors ask comes to the agents who are there, in turn, once an administrator wants it so', async () => {
  const ida = await colleague('Ida Moss')
  const [ana, desk] = await Promise.all([agent(), agent(ida)])
  await ana.goes('settings/policies')
  const mode = ana.page.getByLabel('Automatic assignment')
  const maximum = ana.page.getByLabel('Maximum of open conversations each')
  await mode.waitFor()
  assert.equal(await maximum.count(), 0)
  await mode.selectOption({ label: 'Round robin: to each in turn' })
  await maximum.selectOption({ label: '1 conversation' })
  await ana.seesText('Saved: Maximum of open conversations each')
  const visitors = [await visitor(), await visitor(), await visitor()]
  const questions = ['Is it blue?', 'Is it heavy?', 'Is it new?']
  for (const [i, vic] of visitors.entries()) await vic.says(questions[i] ?? '')
  await ana.goes('inbox/all')
  const mine: string[] = []
  for (const person of [ana, desk]) {
    await person.switchesTo('Assigned to me')
    const row = person.row('Is it')
    await row.first().waitFor()
    assert.equal(await row.count(), 1)
    const text = await row.innerText()
    mine.push(questions.find((question) => text.includes(question)) ?? '')
    await person.opens(mine.at(-1) ?? '')
    await person.seesText('Foyer assigned the conversation to you')
  }
  assert.deepEqual(mine.toSorted(), ['Is it blue?', 'Is it heavy?'])
  // The third waits until somebody has done with theirs.
  await ana.clicks('Close')
  await ana.seesInList('Is it new?')
  await ana.goes('settings/policies')
  await mode.selectOption({ label: 'Off' })
  await ana.seesText('Saved: Automatic assignment')
})

test('[PR1] [PR2] a right given by a group opens what was shut on a page that is open, and shuts it again', async () => {
  const gil = await colleague('Gil Ray')
  const [ana, ben] = await Promise.all([agent(), agent(gil)])
  await ben.goes('settings/channels')
  await ben.seesHeading('Channels')
  const add = ben.page.getByRole('button', { name: 'Add channel' })
  assert.equal(await add.count(), 0)
  await ana.goes('settings/groups')
  await ana.clicks('Add group')
  await ana.enters('Name', 'Shop keepers')
  await ana.page.getByRole('checkbox', { name: /^Settings/ }).check()
  await ana.page.getByRole('checkbox', { name: /^Gil Ray/ }).check()
  await ana.page.getByRole('dialog').getByRole('button', { name: 'Add group' }).click()
  await add.waitFor()
  await ana.goes('settings/members')
  await ana.seesText('In Shop keepers')
  await ana.goes('settings/groups')
  await ana.clicks('Delete Shop keepers')
  await ana.clicks('Delete group')
  await add.waitFor({ state: 'detached' })
  await ana.goes('settings/audit-log')
  await ana.seesText(/deleted the group .*Shop keepers/)
})

test('[AP1] a program writes by the key that an administrator made, under its name, until it is revoked', async () => {
  const [ana, vic] = await Promise.all([agent(), visitor()])
  await vic.says('Where is my parcel?')
  await ana.goes('settings/keys')
  await ana.clicks('Make key')
  await ana.enters('Name', 'Order bot')
  for (const scope of ['conversations:read', 'messages:write'])
    await ana.page.getByRole('checkbox', { name: new RegExp(`^${scope}`) }).check()
  await ana.page.getByRole('dialog').getByRole('button', { name: 'Make key' }).click()
  const key = (await ana.page.getByRole('dialog').locator('code').textContent()) ?? ''
  await ana.clicks('Done')
  const ask = (path: string, body?: object) =>
    fetch(`${now().product.origin}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    })
  const { list } = (await (await ask('conversations')).json()) as { list: Array<{ id: string }> }
  const conversation = list[0]?.id ?? ''
  assert.equal((await ask(`conversations/${conversation}/messages`, { text: 'It left our house today.' })).status, 201)
  await vic.sees('It left our house today.')
  await vic.sees(/Order bot/)
  await ana.goes(`inbox/all?id=${conversation}`)
  await ana.seesText('Order bot joined')
  await ana.goes('settings/keys')
  await ana.clicks('Revoke Order bot')
  await ana.clicks('Revoke key')
  await ana.seesText(/No key yet/)
  assert.equal((await ask(`conversations/${conversation}/messages`, { text: 'And another thing' })).status, 401)
})
