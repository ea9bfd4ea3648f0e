/** Mail as people meet it on their own machine: written by the product, read in its mailbox. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Agent } from './support/agent.ts'
import { OWNER, signIn } from './support/client.ts'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, now, somebody, visitor } = stage()

/** The newest mail to somebody, opened as text. */
async function opensMail(page: Page, to: string): Promise<string> {
  const line = page.getByRole('navigation', { name: 'Mails' }).getByRole('link').filter({ hasText: to }).first()
  for (let n = 0; n < 50 && !(await line.isVisible()); n += 1) await page.goto(`${now().product.origin}/mailbox`)
  await line.click()
  await page.getByRole('link', { name: 'Text' }).click()
  return page.locator('pre').innerText()
}

test('a forgotten password is set anew by the mail', async () => {
  const ana = await somebody()
  await ana.goes('sign-in')
  await ana.page.getByRole('link', { name: 'Forgotten password?' }).click()
  // Until it is there the page before has a field of the same name.
  await ana.seesHeading('Forgotten password')
  await ana.enters('Email', OWNER.email)
  await ana.clicks('Send link')
  await ana.seesHeading('Look into your mail')
  const text = await opensMail(ana.page, OWNER.email)
  const mail = await ana.page.context().newPage()
  await mail.goto(/http:\S+#token=\S+/.exec(text)?.[0] ?? '')
  const reset: Agent = Object.assign(Object.create(Object.getPrototypeOf(ana)), ana, { page: mail })
  await reset.enters('New password', OWNER.password)
  await reset.clicks('Change password')
  await reset.seesHeading('Your password is changed')
  await reset.signsIn(OWNER.email, OWNER.password)
  await reset.seesInbox()
})

test('[TR1] a transcript without a sender: the dialog says so, and leads an administrator there', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('May I have this in writing?')
  await ana.opens('May I have this in writing?')
  await ana.clicks('Send transcript')
  const dialog = ana.page.getByRole('dialog', { name: 'Send transcript' })
  await dialog.frameLocator('iframe').getByText('May I have this in writing?').waitFor()
  await dialog.getByRole('link', { name: 'Add one in Settings → Senders' }).click()
  await ana.seesHeading('Senders')
  await dialog.waitFor({ state: 'detached' })
})

test('[TR1] a sender is added, and verified by the code in the mail', async () => {
  const ana = await agent()
  await ana.goes('settings/senders')
  await ana.clicks('Add address')
  await ana.enters('Email', 'help@shop.example')
  await ana.clicks('Send code')
  await ana.seesText('We mailed a code to')
  const mail = await ana.page.context().newPage()
  const code = /^\d{6}$/m.exec(await opensMail(mail, 'help@shop.example'))?.[0] ?? ''
  await mail.getByRole('link', { name: 'HTML' }).click()
  await mail.frameLocator('iframe').getByText(code, { exact: true }).waitFor()
  await ana.enters('Code', code)
  await ana.clicks('Verify')
  await ana.seesText('help@shop.example is verified.')
  await ana.seesText('Sent from the address of this installation; answers come here')
})

test('[TR1][TR4][TR5][TR9] a transcript is looked at, sent by keys alone, and read in the mail as it was shown', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  await vic.says('שלום, which lamp is it? 💡')
  await ana.opens('שלום, which lamp is it? 💡')
  await ana.says('The green one.')
  await ana.notes('He asks every week.')
  const button = ana.page.getByRole('button', { name: 'Send transcript', exact: true })
  await button.press('Enter')
  const dialog = ana.page.getByRole('dialog', { name: 'Send transcript' })
  const preview = dialog.frameLocator('iframe').locator('body')
  await preview.getByText('The green one.').waitFor()
  const shown = await preview.innerText()
  await ana.page.keyboard.press('Enter')
  await dialog.getByText('Enter an email address, like ana@example.com.').waitFor()
  await ana.page.keyboard.type('vic@example.com')
  await ana.page.keyboard.press('Enter')
  await ana.seesText('The transcript is on its way to vic@example.com.')
  await dialog.waitFor({ state: 'detached' })
  await ana.seesText('The transcript was sent to vic@example.com')
  await until(async () => (await vic.reads()).includes('A transcript was sent by email'), 'the visitor is told')
  assert.doesNotMatch(await vic.reads(), /vic@example\.com/)
  const mail = await ana.page.context().newPage()
  const text = await opensMail(mail, 'vic@example.com')
  assert.match(text, /which lamp is it\? 💡/)
  assert.doesNotMatch(text + shown, /every week/)
  await mail.getByRole('link', { name: 'HTML' }).click()
  const read = mail.frameLocator('iframe').locator('body')
  await read.getByText('The green one.').waitFor()
  assert.equal(await read.innerText(), shown)

  // The visitor's own copy is the same document.
  await vic.clicks('More')
  await vic.clicks('Download conversation')
  const [download] = await Promise.all([vic.page.waitForEvent('download'), vic.clicks('As a page')])
  assert.equal(download.suggestedFilename(), 'conversation.html')
  const page = await vic.context.newPage()
  await page.setContent(readFileSync(await download.path(), 'utf8'))
  assert.equal(await page.locator('body').innerText(), shown)

  // Four more, and the sixth is refused with the time; what was typed stays.
  const conversation = new URL(ana.page.url()).searchParams.get('id')
  const another = { to: 'vic@example.com', from: 'help@shop.example', name: 'Kettle & Co' }
  // The new password has ended the session of before.
  const owner = await signIn(now().product.origin, OWNER.email, OWNER.password)
  for (let sent = 1; sent < 5; sent += 1)
    await owner.want('POST', `/api/v1/conversations/${conversation}/transcripts`, another)
  await button.click()
  await ana.enters('To', 'sixth@example.com')
  await dialog.locator('form').getByRole('button', { name: 'Send transcript' }).click()
  await dialog.getByText(/^Too many transcripts of this conversation .* You can try again at \d+:\d+/).waitFor()
  assert.equal(await ana.page.getByLabel('To', { exact: true }).inputValue(), 'sixth@example.com')
})
