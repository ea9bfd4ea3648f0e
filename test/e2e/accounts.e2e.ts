/** Who may come in: invitations, sign-in and out, forgotten passwords. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { Agent } from './support/agent.ts'
import { OWNER } from './support/client.ts'
import { PRODUCT_ROOT } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, colleague, now, somebody } = stage()

/** The link that a page shows once, by the button that copies it. */
async function shownLink(who: Agent): Promise<string> {
  await who.page.getByRole('button', { name: 'Copy link' }).waitFor()
  const text = await who.page.getByRole('dialog').locator('code').innerText()
  assert.match(text, /^http:\/\/localhost:\d+\/dashboard\/[a-z-]+#token=[\w-]{20,}$/)
  return text.trim()
}

test('an invitation is made in the settings, bound to its email, and works once', async () => {
  const ana = await agent()
  await ana.goes('settings/members')
  await ana.clicks('Invite')
  await ana.enters('Email', 'Fay@Shop.Example')
  await ana.clicks('Send invitation')
  const link = await shownLink(ana)
  await ana.clicks('Done')
  await ana.seesText('fay@shop.example')

  const fay = await somebody()
  await fay.page.goto(link)
  await fay.seesHeading('Join Kettle & Co')
  assert.doesNotMatch(fay.page.url(), /token/, 'the secret is taken out of the address bar')
  assert.equal(await fay.page.getByLabel('Email', { exact: true }).inputValue(), 'fay@shop.example')
  await fay.enters('Your name', 'Fay Wray')
  await fay.enters('Password', 'too short')
  await fay.clicks('Join')
  await fay.seesText(/10 characters/)
  await fay.enters('Password', 'fay climbs towers')
  await fay.clicks('Join')
  await fay.seesInbox()

  const again = await somebody()
  await again.page.goto(link)
  await again.seesHeading(/no longer valid/)
})

test('an invitation can be revoked', async () => {
  const ana = await agent()
  await ana.goes('settings/members')
  await ana.clicks('Invite')
  await ana.enters('Email', 'gus@shop.example')
  await ana.clicks('Send invitation')
  const link = await shownLink(ana)
  await ana.clicks('Done')
  await ana.clicks('Revoke the invitation for gus@shop.example')
  await ana.seesText(/no longer works/)
  const gus = await somebody()
  await gus.page.goto(link)
  await gus.seesHeading(/no longer valid/)
})

test('sign-in and sign-out; a page that needs a session leads there and back', async () => {
  const hal = await colleague('Hal Jordan')
  const page = await somebody()
  await page.goes('settings/members')
  await page.seesHeading('Sign in')
  await page.enters('Email', hal.email)
  await page.enters('Password', hal.password)
  await page.clicks('Sign in')
  await page.seesHeading('Settings')
  await page.signsOut()
  await page.goes('inbox/all')
  await page.seesHeading('Sign in')
})

test('unknown accounts and wrong passwords are answered alike', async () => {
  const page = await somebody()
  const answers: string[] = []
  for (const email of [OWNER.email, 'nobody@shop.example']) {
    await page.signsIn(email, 'not the password')
    answers.push(await page.page.getByRole('alert').first().innerText())
  }
  assert.equal(answers[0], answers[1])
  const bodies = await Promise.all(
    [OWNER.email, 'nobody@shop.example'].map((email) =>
      now().owner.ask<{ code: string; detail: string }>('POST', '/api/v1/session', { email, password: 'wrong wrong' }),
    ),
  )
  const [known, unknown] = bodies.map(({ status, body: { code, detail } }) => ({ status, code, detail }))
  assert.deepEqual(known, unknown)
})

test('guessing is slowed down, and the page says until when', async () => {
  const page = await somebody()
  for (let i = 0; i < 10; i += 1)
    await now().owner.ask('POST', '/api/v1/session', { email: 'ivy@shop.example', password: `guess number ${i}` })
  const answer = await now().owner.ask<{ code: string; retryAt: number }>('POST', '/api/v1/session', {
    email: 'ivy@shop.example',
    password: 'one more guess',
  })
  assert.equal(answer.status, 429)
  assert.ok(answer.body.retryAt > Date.now())
  assert.ok(Number(answer.headers.get('retry-after')) > 0)
  await page.signsIn('ivy@shop.example', 'one more guess')
  await page.page.getByRole('alert').first().waitFor()
})

test('a forgotten password: by a link of an administrator, which works once', async () => {
  const jo = await colleague('Jo March')
  const ana = await agent()
  await ana.goes('settings/members')
  await ana.clicks('Reset link for Jo March')
  await ana.clicks('Make reset link')
  const link = await shownLink(ana)

  const page = await somebody()
  await page.page.goto(link)
  await page.enters('New password', 'jo writes all night')
  await page.clicks('Change password')
  await page.seesHeading(/password is changed/)
  assert.equal((await jo.client.ask('GET', '/api/v1/session')).status, 401, 'every session has ended')
  await page.signsIn(jo.email, 'jo writes all night')
  await page.seesInbox()

  const again = await somebody()
  await again.page.goto(link)
  await again.enters('New password', 'somebody else entirely')
  await again.clicks('Change password')
  await again.seesText(/has been used or has expired/)
})

test('a locked-out owner gets a link on the command line, while Foyer runs', async () => {
  const { product } = now()
  const kit = await colleague('Kit Marlowe')
  // Not `spawnSync`: the browser and the shop want to be heard meanwhile.
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/resetPassword.mjs', kit.email], {
    cwd: PRODUCT_ROOT,
    env: { ...process.env, STATE_DIR: product.stateDir },
  })
  const link = /\S+#token=\S+/.exec(stdout)?.[0] ?? ''
  const page = await somebody()
  await page.page.goto(link)
  await page.enters('New password', 'kit is not forgotten')
  await page.clicks('Change password')
  await page.seesHeading(/password is changed/)
  await page.signsIn(kit.email, 'kit is not forgotten')
  await page.seesInbox()
})
