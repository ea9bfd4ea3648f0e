/** What administrators decide about people and programs, felt at once by those whom it concerns. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stage } from './support/stage.ts'

const { agent, colleague, now, visitor } = stage()

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
