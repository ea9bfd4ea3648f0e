/**
 * Somebody is shut out and let in again:
 * seen at once in two tabs of theirs and in another dashboard, without a reload.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, colleague, visitor } = stage()

test('[BN1] [BN2] [BN3] a ban is seen in two tabs and in another dashboard, and so is its end', async () => {
  const flo = await colleague('Flo Hart')
  const [vic, ana, ben] = await Promise.all([visitor(), agent(), agent(flo)])
  await vic.says('I will not stop.')
  const aside = await vic.anotherTab()
  await aside.sees('I will not stop.')
  await ben.seesInList('I will not stop.')
  await ana.opens('I will not stop.')

  await ana.clicks('Ban visitor')
  const dialog = ana.page.getByRole('dialog', { name: /^Ban or block/ })
  await dialog.getByLabel('Block', { exact: false }).check()
  await dialog.getByLabel('Reason').fill('canary-reason')
  await dialog.getByRole('button', { name: 'Block visitor' }).click()
  for (const tab of [vic, aside])
    await until(async () => /You can't write here any more\./.test(await tab.reads()), 'the tab says so')
  await ben.row('I will not stop.').getByText('Blocked').waitFor()
  await ana.sees('You blocked the visitor')
  await ana.seesText(/This visitor is blocked/)
  await ana.notes('Blocked for good reason.')
  await vic.clicks('All conversations')
  await until(async () => /You can't start a new conversation here\./.test(await vic.reads()), 'nothing new either')

  await ana.choosesAction('Unban')
  for (const tab of [aside, vic])
    await until(async () => !/You can't/.test(await tab.reads()), 'the tab lets them in again')
  await ben.row('I will not stop.').getByText('Blocked').waitFor({ state: 'detached' })
  await aside.says('Sorry about that.')
  await ana.sees('Sorry about that.')

  await ana.choosesAction('Ban or block…')
  await dialog.getByRole('button', { name: 'Ban visitor' }).click()
  await ben.row('Sorry about that.').getByText('Banned').waitFor()
  await aside.says('I can still answer.')
  await ana.sees('I can still answer.')
  assert.doesNotMatch((await vic.reads()) + (await aside.reads()), /canary-reason/)
  await ana.goes('settings/bans')
  await ana.page.getByRole('button', { name: /^Lift the ban of/ }).click()
  await ana.clicks('Lift ban')
  await ana.seesText(/Nobody is banned/)
  await ben.row('I can still answer.').getByText('Banned').waitFor({ state: 'detached' })
})
