/** The Actions section: what can be done for the visitor from beside the conversation. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../core/api/accounts.ts'
import { firstChannel, OWNER } from './support/client.ts'
import { stage } from './support/stage.ts'

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
