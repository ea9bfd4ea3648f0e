/** Visitors who come back, and what the chat costs the pages it is on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, now, visitor } = stage()

/** What a page does with its time while it loads and for a moment after. */
interface Weight {
  longTasks: number
  layoutShift: number
  bytes: number
  requests: string[]
}

/** Counted by the browser itself; buffered entries reach back to the beginning of the page. */
async function weighs(page: Page, address: string): Promise<Weight> {
  const requests: string[] = []
  let bytes = 0
  page.on('requestfinished', async (request) => {
    requests.push(`${request.method()} ${new URL(request.url()).pathname}`)
    const sizes = await request.sizes().catch(() => null)
    bytes += (sizes?.responseBodySize ?? 0) + (sizes?.responseHeadersSize ?? 0)
  })
  await page.goto(address, { waitUntil: 'networkidle' })
  const counted = await page.evaluate(
    () =>
      new Promise<{ longTasks: number; layoutShift: number }>((resolve) => {
        const sum = { longTasks: 0, layoutShift: 0 }
        const look = (type: string, count: (entry: PerformanceEntry) => void): void =>
          new PerformanceObserver((list) => list.getEntries().forEach(count)).observe({ type, buffered: true })
        look('longtask', () => {
          sum.longTasks += 1
        })
        look('layout-shift', (entry) => {
          sum.layoutShift += 'value' in entry ? Number(entry.value) : 0
        })
        setTimeout(() => resolve(sum), 700)
      }),
  )
  return { ...counted, bytes, requests }
}

test('[VW1] the launcher costs a page one request, no long task and no shift of its layout', async () => {
  const { shop } = now()
  // Each with an empty cache.
  const [bare, dressed] = [await visitor('about:blank'), await visitor('about:blank')]
  const plain = await weighs(bare.page, `${shop.origin}/plain`)
  const chatty = await weighs(dressed.page, `${shop.origin}/`)
  console.log('a page without the launcher', JSON.stringify(plain))
  console.log('the same page with it      ', JSON.stringify(chatty))
  assert.deepEqual(plain.requests.toSorted(), ['GET /plain'])
  assert.deepEqual(chatty.requests.toSorted(), ['GET /', 'GET /widget.js'])
  assert.equal(chatty.layoutShift, 0)
  // A busy machine stops whatever runs on it now and then; a long task of the launcher's own would come every time.
  let { longTasks } = chatty
  for (let again = 0; longTasks > 0 && again < 4; again += 1) {
    const another = await visitor('about:blank')
    longTasks = (await weighs(another.page, `${shop.origin}/`)).longTasks
  }
  assert.equal(longTasks, 0)
})

test('[VW1] a returning visitor sees the number of new messages for one request more', async () => {
  const [vic, ana] = [await visitor(), await agent()]
  await vic.says('Tell me later.')
  await ana.opens('Tell me later.')
  await until(async () => /badge/.test(await vic.page.evaluate(() => JSON.stringify(localStorage))), 'it is remembered')
  await vic.closesTab()
  await ana.says('Now it is later.')
  await ana.says('And later still.')

  vic.page = await vic.context.newPage()
  const asked: string[] = []
  vic.page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
  await vic.page.goto(vic.website)
  await until(async () => (await vic.launcher()) === 'Open chat, 2 new messages', 'the launcher says so')
  assert.deepEqual(
    asked.filter((request) => request.includes('widget')),
    ['GET /widget.js', 'POST /widget/v1/badge'],
  )
  await vic.opensChat()
  await vic.sees('And later still.')
  await vic.page.keyboard.press('Escape')
  await until(async () => (await vic.launcher()) === 'Open chat', 'what was seen is not new')
  await ana.says('One more.')
  await until(async () => (await vic.launcher()) === 'Open chat, 1 new message', 'and it counts while it is closed')
})

test('[CP4] a single-page app: the page facts are those of the moment, and the chat survives a new body', async () => {
  const [vic, ana] = [await visitor(), await agent()]
  await vic.page.evaluate(() => {
    history.pushState(null, '', '/kettles/7?utm_source=letter&utm_campaign=spring')
    document.title = 'Kettle number seven'
    const body = document.createElement('body')
    body.textContent = 'Another page of the same app.'
    document.body.replaceWith(body)
  })
  await vic.says('This one, please.')
  await ana.opens('This one, please.')
  await ana.seesText('Kettle number seven')
  await ana.seesText('Came from letter · spring')
})
