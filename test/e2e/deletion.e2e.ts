/** A conversation is deleted: undone in time by whoever may, or gone for good while the visitor goes on writing. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import { UNDO_MS } from '../../core/conversation/deletion.ts'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, colleague, visitor } = stage()

/** When a line that was told of a deletion asks what became of it. */
const ASKED_AGAIN_MS = 36_000

// Both at once: while the one waits for the end of a conversation, the other plays.
describe('a conversation is deleted', { concurrency: true }, () => {
  test('[CV9] [CV12] by keyboard: pressing first, then deleted, and undone where the focus is', async () => {
    const [vic, ana] = await Promise.all([visitor(), agent()])
    await vic.bringsClock()
    await vic.says('My kettle burns!')
    await ana.opens('My kettle burns!')
    await ana.page.getByRole('button', { name: 'Priority: Medium' }).press('Enter')
    // The most pressing comes first.
    await ana.page.keyboard.press('Enter')
    await ana.page.getByRole('button', { name: 'Priority: Urgent' }).waitFor()
    await ana.row('My kettle burns!').getByText('Urgent priority').waitFor({ state: 'attached' })

    const eve = await agent(await colleague('Eve Moon'))
    await eve.opens('My kettle burns!')
    const other = await ana.anotherTab()
    await other.seesInList('My kettle burns!')
    await ana.page.locator('body').press('#')
    await ana.clicks('Delete conversation')
    for (const tab of [ana, other, eve]) await tab.seesGoneFromList('My kettle burns!')
    await eve.seesText('This conversation was not found.')
    await until(async () => /is being removed/.test(await vic.reads()), 'the visitor is told')
    await ana.page.keyboard.press('Enter')
    await ana.seesText('Conversation restored.')
    for (const tab of [ana, other, eve]) await tab.seesInList('My kettle burns!')
    await ana.sees('My kettle burns!')
    await eve.sees('My kettle burns!')
    await ana.says('Pull the plug.')
    // Their line asks again when the time to undo is over.
    await vic.letsPass(ASKED_AGAIN_MS)
    await vic.sees('Pull the plug.')
  })

  test('[CV12] for good, though the tab that did it is closed; what the visitor wrote meanwhile begins a new one', async () => {
    const [vic, ana] = await Promise.all([visitor(), agent()])
    await vic.bringsClock()
    await vic.says('Forget that I asked.')
    const tab = await ana.anotherTab()
    await tab.opens('Forget that I asked.')
    const address = tab.page.url()
    await tab.choosesAction('Delete…')
    await tab.clicks('Delete conversation')
    await tab.seesText('Conversation deleted.')
    const goneAt = Date.now() + UNDO_MS
    await tab.page.close()
    await ana.seesGoneFromList('Forget that I asked.')
    await until(async () => /is being removed/.test(await vic.reads()), 'the visitor is told')
    await vic.writes('One more thing.')
    await vic.writes('And another.')
    // The server's clock is not put forward.
    await pass(goneAt - Date.now())
    await vic.letsPass(ASKED_AGAIN_MS)
    await ana.seesInList('And another.')
    await until(
      async () => /was removed\. What you write begins a new one/.test(await vic.reads()),
      'they are told why',
    )
    assert.deepEqual(await vic.texts(), ['One more thing.', 'And another.'])
    await ana.opens('And another.')
    assert.deepEqual(await ana.texts(), ['One more thing.', 'And another.'])
    await ana.says('Go on.')
    await vic.sees('Go on.')
    await ana.page.goto(address)
    await ana.seesText('This conversation was not found.')
  })
})
