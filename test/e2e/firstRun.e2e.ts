/** From the printed link to the first answered message, as somebody does it who has just cloned this. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, OWNER } from './support/client.ts'
import { stage } from './support/stage.ts'

const { now, somebody, visitor } = stage({ setUp: false })

test('before the set-up the demo shop says what to do first', async () => {
  const { product } = now()
  const page = await somebody()
  await page.page.goto(`${product.origin}/demo`)
  await page.seesText(/set up/i)
})

test('a wrong set-up link sets nothing up', async () => {
  const { product } = now()
  const page = await somebody()
  await page.page.goto(`${product.origin}/dashboard/setup`)
  await page.seesHeading(/whole set-up link/)
  const answer = await new Client(product.origin).ask<{ code: string }>('POST', '/api/v1/installation', {
    token: 'A'.repeat(43),
    owner: OWNER,
    workspace: { name: 'Mine now', timeZone: 'UTC' },
    website: 'https://thief.example',
  })
  assert.equal(answer.status, 403)
})

test('the printed link, the first-run page, the demo shop, a first question and its answer', async () => {
  const { product, shop } = now()
  assert.match(product.setupLink, /^http:\/\/localhost:\d+\/dashboard\/setup#token=[\w-]{43}$/)
  const ana = await somebody({ timezoneId: 'Asia/Tokyo' })
  await ana.page.goto(product.setupLink)
  await ana.enters('Your name', OWNER.name)
  await ana.enters('Email', OWNER.email)
  await ana.enters('Password', 'short')
  assert.equal(await ana.page.getByLabel('Time zone').inputValue(), 'Asia/Tokyo')
  await ana.enters('Workspace name', 'Kettle & Co')
  await ana.enters('Address of your website', shop.origin)
  await ana.clicks('Set up Foyer')
  await ana.seesText(/10 characters/)
  await ana.enters('Password', OWNER.password)
  await ana.clicks('Set up Foyer')
  await ana.seesHeading('Foyer is ready')
  assert.doesNotMatch(ana.page.url(), /token/, 'the secret is taken out of the address bar')
  const snippet = await ana.page.locator('code').first().innerText()
  assert.match(
    snippet,
    new RegExp(`^<script src="${product.origin}/widget\\.js" data-channel="[^"]+" async></script>$`),
  )
  await ana.page.getByRole('link', { name: 'Open the inbox' }).click()
  await ana.seesInbox()

  const vic = await visitor(`${product.origin}/demo`)
  await vic.says('Hello, is this thing on?')
  await ana.opens('Hello, is this thing on?')
  await ana.says('It is. Welcome!')
  await vic.sees('It is. Welcome!')
})

test('the first-run page works once', async () => {
  const page = await somebody()
  await page.page.goto(now().product.setupLink)
  await page.seesHeading(/already set up/)
  const answer = await new Client(now().product.origin).ask('POST', '/api/v1/installation', {
    token: now().product.setupLink.split('#token=')[1],
    owner: { ...OWNER, email: 'second@shop.example' },
    workspace: { name: 'Second', timeZone: 'UTC' },
    website: 'https://second.example',
  })
  assert.equal(answer.status, 409)
})
