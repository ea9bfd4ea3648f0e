/** Q18: whatever people write, and wherever it is shown, it stays text: in the inbox and in the widget. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { XSS } from '../support/corpora/xss.ts'
import { firstChannel, newVisitor } from './support/client.ts'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'

// That a policy refused nothing is asserted by the stage itself, when the curtain falls.
const { agent, now, visitor } = stage()

/** How many conversations are made at the same time. */
const AT_ONCE = 5

const HARMLESS = /^(https?|mailto):$/

/** Counts every way in which a text could have become code. */
async function watch(page: Page): Promise<() => Promise<string[]>> {
  const seen: string[] = []
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (/evil\.example/.test(request.url())) seen.push(`request: ${request.url()}`)
  })
  await page.context().exposeBinding('pwned', () => void seen.push('executed'))
  return async () => {
    for (const frame of page.frames()) {
      const links = await frame.evaluate(() =>
        [...document.querySelectorAll('a')].map(({ protocol, href }) => [protocol, href] as const),
      )
      for (const [protocol, href] of links) if (!HARMLESS.test(protocol)) seen.push(`link: ${href}`)
    }
    return seen
  }
}

/** A conversation in which every field that a visitor decides about holds the payload. Answers its id. */
async function plant(payload: string, index: number): Promise<string> {
  const { owner, product } = now()
  const channel = await firstChannel(owner)
  const vic = await newVisitor(product.origin, channel.id, `198.51.100.${index}`)
  const code = encodeURIComponent(payload)
  const page = `https://shop.example/?utm_source=${code}&utm_campaign=${code}`
  const visitor = vic.client.with({ authorization: `Bearer ${vic.token}` })
  const { id } = await visitor.want<{ id: string }>('POST', '/widget/v1/conversations', {
    ...{ channel: channel.id, clientId: 'x:1', text: `${index}: ${payload}` },
    // Every other one is an address itself, the others carry it.
    source: { page: index % 2 ? page : payload, title: payload, referrer: payload },
  })
  return id
}

/**
 * Gives the visitor of a conversation a name and an email with the payload.
 * Answers whether it may be a name at all.
 */
async function name(id: string, payload: string): Promise<boolean> {
  const { owner } = now()
  const change = async (body: object): Promise<number> => {
    // The index follows the conversations, a little later.
    const row = await owner.ask<{ contact?: { id: string } }>('GET', `/api/v1/conversations/${id}`)
    const { status } = await owner.ask('PATCH', `/api/v1/contacts/${row.body.contact?.id}`, body)
    return status
  }
  let named = 404
  await until(async () => {
    named = await change({ name: payload.trim().slice(0, 80) })
    return named !== 404
  }, 'it is in the index')
  const reachable = await change({ email: `"${payload.slice(0, 60)}"@shop.example` })
  for (const status of [named, reachable]) assert.ok(status === 200 || status === 422, `answered ${status}`)
  return named === 200
}

test(`[Q18] ${XSS.length} payloads in message, name, page, referrer, title and UTM stay text in the inbox`, async () => {
  assert.ok(XSS.length >= 100)
  const planted = new Map<string, number>()
  const queue = [...XSS.entries()]
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) planted.set(await plant(next[1], next[0] + 1), next[0])
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  let named = 0
  for (const [id, index] of planted) if (await name(id, XSS[index] ?? '')) named += 1
  assert.ok(named > 90, `${named} are names`)

  const ana = await agent()
  const faults = await watch(ana.page)
  await ana.page.reload()
  await ana.row(': ').first().waitFor()
  const read = new Set<string>()
  while (read.size < XSS.length) {
    await ana.page.keyboard.press('j')
    await ana.page.waitForURL((url) => !read.has(url.searchParams.get('id') ?? '') && url.searchParams.has('id'))
    const id = new URL(ana.page.url()).searchParams.get('id') ?? ''
    await ana.page.getByText(id, { exact: true }).waitFor()
    await ana.message(`${(planted.get(id) ?? 0) + 1}: `).waitFor()
    read.add(id)
  }
  assert.deepEqual(await faults(), [])
  assert.equal(await ana.page.locator('[onerror], [onload], [onfocus], [srcdoc], script:not([src])').count(), 0)
})

test(`[Q18] ${XSS.length} payloads from agents, and as their name and the greeting, stay text in the widget`, async () => {
  const { owner } = now()
  const channel = await firstChannel(owner)
  const evil = `<img src=x onerror=pwned()>`
  await owner.want('PATCH', `/api/v1/channels/${channel.id}`, { greeting: evil })
  await owner.want('PATCH', '/api/v1/me', { name: evil })
  const vic = await visitor()
  const faults = await watch(vic.page)
  await vic.reloads()
  await until(async () => (await vic.reads()).includes(evil), 'the greeting is shown as it is')
  await vic.writes(`mine: ${evil}`)
  await vic.sees(`mine: ${evil}`)
  // A word of its own: the conversation of the test before ends in much the same.
  await vic.says('Second: javascript:pwned() data:text/html,<script>pwned()</script>')
  const ana = await agent()
  await ana.seesInList('Second:')
  const id = await ana.row('Second:').first().getAttribute('href')
  const conversation = id?.split('id=')[1] ?? ''
  for (const [index, text] of XSS.entries())
    await owner.want('POST', `/api/v1/conversations/${conversation}/messages`, { clientId: `evil:${index + 1}`, text })
  await owner.want('POST', `/api/v1/conversations/${conversation}/messages`, { clientId: 'evil:999', text: 'The end.' })
  await vic.sees('The end.')
  assert.ok((await vic.reads()).includes(evil), 'the name is shown as it is')
  await vic.reloads()
  await vic.sees('The end.')
  assert.deepEqual(await faults(), [])
  assert.equal(await (await vic.frame()).locator('[onerror], [onload], [onfocus], [srcdoc]').count(), 0)

  // The transcript of it: as it is printed, and as a program for mail would show it that has no policy at all.
  const address = `${now().product.origin}/api/v1/conversations/${conversation}/transcript.html?as=mail`
  const printed = await ana.page.context().newPage()
  const inPrint = await watch(printed)
  await printed.goto(address)
  await printed.getByText('The end.').waitFor()
  const unguarded = await (await visitor()).context.newPage()
  const inMail = await watch(unguarded)
  await unguarded.setContent(await (await printed.request.get(address)).text())
  await unguarded.getByText('The end.').waitFor()
  for (const [page, faultsThere] of [
    [printed, inPrint],
    [unguarded, inMail],
  ] as const) {
    assert.deepEqual(await faultsThere(), [])
    assert.equal(await page.locator('script, img, svg, iframe, object, embed, form, [onerror], [onload]').count(), 0)
  }
})
