/** Mail as people meet it on their own machine: written by the product, read in its mailbox. */
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Agent } from './support/agent.ts'
import { OWNER } from './support/client.ts'
import { stage } from './support/stage.ts'

const { agent, now, somebody } = stage()

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
