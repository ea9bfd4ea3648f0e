/**
 * The main journey without a pointer, on both sides:
 * everything is reached, seen to have the focus, and done by keys.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Frame, Page } from 'playwright-core'
import { OWNER } from './support/client.ts'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, now, somebody, visitor } = stage()

/** More stops than any of our screens has. */
const MAX_STOPS = 80

/** What has the focus, as it is called; the chat's frame is asked for what has it inside. */
function focused(document: Page | Frame): Promise<string> {
  return document.evaluate(() => {
    const element = window.document.activeElement
    if (!element || element === window.document.body) return ''
    const labels =
      'labels' in element && element.labels instanceof NodeList ? element.labels[0]?.textContent : undefined
    return (element.getAttribute('aria-label') ?? labels ?? element.textContent ?? '').trim()
  })
}

/** The tooltips that show. */
function tips(page: Page): Promise<Array<string | undefined>> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-tip]')]
      .filter((element) => getComputedStyle(element, '::after').visibility === 'visible')
      .map(({ dataset }) => dataset['tip']),
  )
}

/** Presses Tab until something of that name has the focus. */
async function tabsTo(page: Page, name: string | RegExp, inside: Page | Frame = page): Promise<void> {
  for (let stop = 0; stop < MAX_STOPS; stop += 1) {
    const found = await focused(inside)
    if (typeof name === 'string' ? found === name : name.test(found)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Tab never leads to ${name}.`)
}

test('an agent signs in, finds, reads, answers, notes, assigns, closes and reopens by keys alone', async () => {
  const vic = await visitor()
  await vic.says('Are you open on Sundays?')
  const ana = await somebody()
  const { page } = ana
  const { keyboard } = page
  await ana.goes('inbox/all')
  await ana.seesHeading('Sign in')
  await tabsTo(page, 'Email')
  await keyboard.type(OWNER.email)
  await tabsTo(page, 'Password')
  await keyboard.type(OWNER.password)
  await keyboard.press('Enter')
  await ana.seesInList('Are you open on Sundays?')

  await tabsTo(page, /Are you open on Sundays/)
  await keyboard.press('Enter')
  await ana.sees('Are you open on Sundays?')
  await keyboard.press('n')
  await keyboard.type('Ask Ben about the holidays')
  await keyboard.press('Enter')
  await ana.sees('Ask Ben about the holidays')
  await tabsTo(page, 'More actions')
  await keyboard.press('r')
  await keyboard.type('Every Sunday')
  await keyboard.press('Shift+Enter')
  await keyboard.type('from ten.')
  await keyboard.press('Enter')
  await vic.sees(/Every Sunday\s+from ten\./)

  // Out of the text, where single keys are what they say.
  await tabsTo(page, 'Your account')
  await keyboard.press('a')
  await page.getByRole('dialog', { name: 'Assign to' }).waitFor()
  await keyboard.press('Escape')
  await page.getByRole('dialog', { name: 'Assign to' }).waitFor({ state: 'detached' })
  await keyboard.press('?')
  await ana.seesHeading('Keyboard shortcuts')
  await keyboard.press('Escape')
  await keyboard.press('#')
  await page.getByRole('dialog', { name: 'Delete this conversation?' }).waitFor()
  assert.equal(await focused(page), 'Cancel')
  assert.deepEqual(await tips(page), [], 'nothing covers the question')
  await keyboard.press('Shift+Tab')
  await until(async () => (await tips(page)).includes('Close dialog'), 'who goes there by a key is told what it is')
  await keyboard.press('Escape')
  await keyboard.press('e')
  await vic.sees(/Ana Lima closed the conversation/)
  await ana.seesText('You closed the conversation')
  await keyboard.press('e')
  await vic.sees(/Ana Lima reopened the conversation/)
  await keyboard.press('u')
  await ana.seesUnread('Every Sunday', 1)

  await tabsTo(page, 'More actions')
  await keyboard.press('Enter')
  await until(async () => /Mark as unread/.test(await focused(page)), 'the menu has the focus')
  await keyboard.press('ArrowDown')
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await page.getByRole('list', { name: 'Followers' }).getByText('You').waitFor()

  // Past all rows at once, and on from what is gone: a button that became another, a pane that is not shown.
  await tabsTo(page, 'Skip to the conversation')
  await keyboard.press('Enter')
  await tabsTo(page, 'Close')
  await keyboard.press('Enter')
  await until(async () => (await focused(page)) === 'Reopen', 'what it became has the focus')
  await page.setViewportSize({ width: 390, height: 800 })
  await tabsTo(page, 'Back to the list')
  await keyboard.press('Enter')
  await until(async () => /Every Sunday/.test(await focused(page)), 'its row has the focus')
  await keyboard.press('Enter')
  await until(async () => /^Conversation with/.test(await focused(page)), 'the conversation has the focus')
})

test('a visitor opens the chat, writes, quotes, ends the conversation and closes the chat by keys alone', async () => {
  const [vic, ana] = [await visitor(`${now().product.origin}/demo`), await agent()]
  const { page } = vic
  const { keyboard } = page
  await until(async () => (await vic.launcher()) === 'Open chat', 'the launcher is on the page')
  for (let stop = 0; stop < MAX_STOPS && !(await vic.hasLauncherFocus()); stop += 1) await keyboard.press('Tab')
  await keyboard.press('Enter')
  const frame = await vic.frame()
  await until(async () => (await focused(frame)) === 'Message', 'one can write at once')
  await keyboard.type('Is the lid included?')
  await keyboard.press('Enter')
  await vic.sees('Is the lid included?')
  await ana.opens('Is the lid included?')
  await ana.says('It is.')
  await vic.sees('It is.')

  await tabsTo(page, 'Quote this message', frame)
  await keyboard.press('Enter')
  await until(async () => (await focused(frame)) === 'Message', 'one can write the answer at once')
  await keyboard.type('Then I take two.')
  await keyboard.press('Enter')
  await vic.sees('Then I take two.')
  await ana
    .message('Then I take two.')
    .getByRole('button', { name: /^Quoted: .*It is\./ })
    .waitFor()

  await tabsTo(page, 'More', frame)
  await keyboard.press('Enter')
  await tabsTo(page, 'End conversation', frame)
  await keyboard.press('Enter')
  await frame.getByRole('dialog', { name: 'End this conversation?' }).waitFor()
  await tabsTo(page, 'End conversation', frame)
  await keyboard.press('Enter')
  await ana.clicks('Reopen')
  await keyboard.press('Escape')
  await until(async () => (await vic.launcher()) === 'Open chat', 'the chat is closed')
  assert.equal(await vic.hasLauncherFocus(), true, 'and the focus is where it was')
})
