/**
 * Every screen, light and dark, wide and narrow:
 * usable by everybody (WCAG 2.2 AA as far as axe sees), and light to load.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import type { BrowserContextOptions, Frame, Page } from 'playwright-core'
import { conversationList, OWNER } from './support/client.ts'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, now, somebody, visitor } = stage()

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const MAX_REQUESTS = 6

const LOOKS: ReadonlyArray<{ name: string; options: BrowserContextOptions }> = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1440, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1440, height: 900 } } },
  { name: 'phone', options: { colorScheme: 'light', viewport: { width: 390, height: 844 } } },
]

interface AxeResult {
  violations: Array<{ id: string; impact: string; nodes: Array<{ target: string[]; failureSummary: string }> }>
}

/** What axe finds serious, one line each. Scripts of the page itself could not add it: the policy refuses them. */
async function barriers(screen: string, document: Page | Frame): Promise<string[]> {
  // It is half a megabyte, and stays until the page goes.
  if (await document.evaluate('typeof axe === "undefined"')) await document.evaluate(AXE)
  const result: AxeResult = await document.evaluate(`axe.run({ resultTypes: ['violations'] })`)
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${screen}: ${id} at ${node.target.join(' ')}`))
}

/** Whether no colour is on its way; what goes on for long, as a time to undo does, is not waited for. */
function areStill(): boolean {
  const longest = 1_000
  return document.getAnimations().every(({ effect }) => Number(effect?.getComputedTiming().endTime ?? 0) > longest)
}

/** Nothing sticks out sideways. */
async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}

for (const { name, options } of LOOKS) {
  test(`no screen of the dashboard has a barrier: ${name}`, async () => {
    const vic = await visitor(now().shop.origin, options)
    await vic.says(`A question about ${name} kettles`)
    const found: string[] = []
    const look = async (screen: string, page: Page): Promise<void> => {
      // Colours are judged as they stay, not half way through a transition, however long a busy machine takes for one.
      await page.waitForTimeout(300)
      await page.waitForFunction(areStill)
      found.push(...(await barriers(screen, page)))
      if (await isTooWide(page)) found.push(`${screen}: wider than the window`)
    }

    const out = await somebody(options)
    for (const [path, heading] of [
      ['sign-in', 'Sign in'],
      ['setup', /already set up/],
      ['reset-password#token=aaaaaaaaaaaaaaaaaaaaaaaa', 'Choose a new password'],
      ['invitation#token=aaaaaaaaaaaaaaaaaaaaaaaa', /no longer valid/],
    ] as const) {
      // Another fragment alone does not load a page anew.
      await out.page.goto('about:blank')
      await out.goes(path)
      await out.seesHeading(heading)
      await look(path, out.page)
    }

    const ana = await agent(OWNER, options)
    await ana.seesInList(`A question about ${name} kettles`)
    await look('list', ana.page)
    await ana.opens(`A question about ${name} kettles`)
    await ana.notes('A note for the team')
    await ana.says('An answer')
    await look('conversation', ana.page)
    await ana.clicks('Assign')
    await look('assign', ana.page)
    await ana.page.keyboard.press('Escape')
    await ana.does('Quote', 'An answer')
    await vic.types('Hm')
    await ana.seesText(/ is typing…/)
    await look('quote and typing', ana.page)
    await ana.does('Edit', 'An answer')
    await look('edit', ana.page)
    await ana.clicks('Cancel')
    await ana.clicks('More actions')
    await look('actions', ana.page)
    await ana.page.getByRole('menuitem', { name: 'Delete…' }).click()
    await look('delete', ana.page)
    await ana.page.keyboard.press('Escape')
    await ana.page.keyboard.press('?')
    await ana.seesHeading('Keyboard shortcuts')
    await look('keys', ana.page)
    await ana.page.keyboard.press('Escape')
    if (!(await ana.page.getByRole('button', { name: 'Edit email' }).isVisible())) await ana.clicks('Details')
    await ana.clicks('Edit email')
    await look('details', ana.page)
    await ana.clicks('Send transcript')
    await ana.page.frameLocator('iframe').getByText('An answer').waitFor()
    await look('transcript', ana.page)
    await ana.page.keyboard.press('Escape')
    await ana.clicks('Ban visitor')
    await ana.page
      .getByRole('dialog', { name: /^Ban or block/ })
      .getByLabel('How long')
      .selectOption('date')
    await look('ban or block', ana.page)

    await ana.goes('inbox/unread')
    await ana.clicks('Your account')
    await look('account', ana.page)
    await ana.page.getByRole('menuitem', { name: 'New workspace…' }).click()
    await look('new workspace', ana.page)
    await ana.goes('reports/satisfaction')
    await ana.seesHeading('Satisfaction')
    await look('satisfaction', ana.page)
    await ana.goes('settings/profile')
    await ana.seesHeading('Profile')
    await look('profile', ana.page)
    await ana.goes('settings/notifications')
    await ana.seesHeading('Notifications')
    await look('notifications', ana.page)
    await ana.goes('settings/members')
    await ana.seesText(OWNER.email)
    await look('members', ana.page)
    await ana.clicks('Invite')
    await look('invite', ana.page)
    await ana.goes('settings/groups')
    await ana.seesText('All members')
    await look('groups', ana.page)
    await ana.clicks('Add group')
    await look('add group', ana.page)
    await ana.goes('settings/senders')
    await ana.clicks('Enter a server')
    await look('mail server', ana.page)
    await ana.clicks('Cancel')
    await ana.clicks('Add address')
    await look('add address', ana.page)
    await ana.goes('settings/keys')
    await ana.seesText(/No key yet/)
    await look('keys page', ana.page)
    await ana.clicks('Make key')
    await look('make key', ana.page)
    await ana.goes('settings/bans')
    await ana.clicks('Ban network')
    await ana.enters('Address or network', '198.51.100.0/24')
    await look('ban network', ana.page)
    await ana.page.getByRole('dialog').getByRole('button', { name: 'Ban network' }).click()
    await ana.page.getByRole('button', { name: 'Lift the ban of 198.51.100.0/24' }).waitFor()
    await look('bans', ana.page)
    await ana.goes('settings/audit-log')
    await ana.seesText('opened the workspace')
    await look('audit log', ana.page)
    await ana.goes('settings/channels')
    await ana.page.locator('code').first().waitFor()
    await look('channels', ana.page)
    await ana.clicks('Add channel')
    await look('add channel', ana.page)
    await ana.goes('settings/policies')
    await ana.page.getByLabel('Agents are away').waitFor()
    await look('policies', ana.page)
    await ana.goes('inbox/all?id=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')
    await ana.seesText('This conversation was not found.')
    await look('not found', ana.page)
    assert.deepEqual([...new Set(found)], [])
  })

  test(`neither the widget nor the demo shop has a barrier: ${name}`, async () => {
    const vic = await visitor(`${now().product.origin}/demo`, options)
    const found = await barriers('demo', vic.page)
    await vic.opensChat()
    await vic.page.waitForTimeout(300)
    found.push(...(await barriers('greeting', await vic.frame())))
    await vic.says('Hello there https://shop.example')
    found.push(...(await barriers('talk', await vic.frame())))
    await vic.says('And a second one')
    await (await vic.frame()).getByLabel('Where can we reach you if you leave?').waitFor()
    await vic.page.waitForTimeout(300)
    found.push(...(await barriers('email asked', await vic.frame())))
    await vic.clicks('Not now')
    await vic.clicks('More')
    await vic.clicks('Download conversation')
    await vic.page.waitForTimeout(300)
    found.push(...(await barriers('download?', await vic.frame())))
    await vic.clicks('Cancel')
    await vic.clicks('More')
    await vic.clicks('End conversation')
    await vic.page.waitForTimeout(300)
    found.push(...(await barriers('end?', await vic.frame())))
    await (await vic.frame()).getByRole('dialog').getByRole('button', { name: 'End conversation' }).click()
    await until(async () => /Write to reopen it/.test(await vic.reads()), 'it is closed')
    found.push(...(await barriers('closed', await vic.frame())))
    await vic.clicks('All conversations')
    await (await vic.frame()).getByRole('listitem').filter({ hasText: 'And a second one' }).waitFor()
    await vic.page.waitForTimeout(300)
    found.push(...(await barriers('list', await vic.frame())))
    await vic.clicks('New conversation')
    await vic.says(`Forget ${name} kettles`)
    const { owner } = now()
    const asked = async () =>
      (await conversationList(owner)).find(({ lastMessage }) => lastMessage?.text === `Forget ${name} kettles`)
    await until(async () => (await asked()) !== undefined, 'it is listed')
    const ban = `/api/v1/contacts/${(await asked())?.contact.id}/ban`
    await owner.ask('PUT', ban, { kind: 'block' })
    await (await vic.frame()).getByText("You can't write here any more.").waitFor()
    found.push(...(await barriers('blocked', await vic.frame())))
    await owner.ask('DELETE', ban)
    await owner.ask('DELETE', `/api/v1/conversations/${(await asked())?.id}`)
    const removed = (await vic.frame()).getByText(/is being removed/)
    await removed.waitFor()
    // As dark as it stays: what is a fact does not fade in.
    assert.equal(await removed.evaluate((element) => getComputedStyle(element).opacity), '1')
    found.push(...(await barriers('being removed', await vic.frame())))
    if (await isTooWide(vic.page)) found.push('demo: wider than the window')
    assert.deepEqual([...new Set(found)], [])
  })
}

test('enlarged four times there is room to read and to answer, and in colours of the system what is chosen shows', async () => {
  const vic = await visitor(now().shop.origin)
  await vic.says('Are the letters any larger?')
  const ana = await agent(OWNER, { viewport: { width: 320, height: 256 }, forcedColors: 'active' })
  await ana.opens('Are the letters any larger?')
  const { page } = ana
  const timeline = await page.getByRole('log').boundingBox()
  assert.ok((timeline?.height ?? 0) > 120, `${timeline?.height} px to read in`)
  await page.getByRole('button', { name: 'Send' }).scrollIntoViewIfNeeded()
  const send = await page.getByRole('button', { name: 'Send' }).boundingBox()
  assert.ok(send && send.y + send.height <= 256, 'one gets to Send')
  await page.setViewportSize({ width: 1440, height: 900 })
  for (const chosen of ['a[href*="id="][aria-current]', 'nav a[aria-current]', 'button[aria-pressed="true"]']) {
    const style = await page
      .locator(chosen)
      .first()
      .evaluate((element) => getComputedStyle(element).outlineStyle)
    assert.equal(style, 'solid', chosen)
  }
  await page.setViewportSize({ width: 320, height: 640 })
  await ana.goes('inbox/all')
  const narrow = await page
    .getByRole('navigation')
    .locator('a, button')
    .evaluateAll(
      (places) =>
        places
          .filter((place) => place.checkVisibility())
          .map((place) => place.getBoundingClientRect())
          .filter(({ width, right }) => width < 24 || right > 320).length,
    )
  assert.equal(narrow, 0, 'every place can be hit')
})

test(`the inbox loads with at most ${MAX_REQUESTS} scripts and styles`, async () => {
  const ana = await agent()
  const loaded: string[] = []
  ana.page.on('request', (request) => {
    if (['script', 'stylesheet'].includes(request.resourceType())) loaded.push(request.url())
  })
  await ana.page.reload()
  await ana.seesInList('An answer')
  assert.ok(loaded.length > 0 && loaded.length <= MAX_REQUESTS, loaded.join('\n'))
})
