import { env, exports } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { asleep } from '../support/asleep.ts'
import { filled, nameOf, operations } from '../support/corpora/operations.ts'
import { installation } from '../support/installation.ts'
import { type Answer, agent, ask, visitor } from '../support/play.ts'
import { scripted } from '../support/scripted.ts'

const CANARY = 'canary-7f3a-only-for-the-team'

describe('a note reaches no visitor', () => {
  it('[DL3][NT1] through no outlet: sockets live, replayed and paged, HTTP answers, refusals', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const ana = await agent()
    const desk = await ana.opens(vic.id)
    await desk.notes(`${CANARY} live`)
    await ana.ask(`/api/v1/conversations/${vic.id}/notes`, { body: { clientId: 'http:1', text: `${CANARY} http` } })
    await ana.ask(`/api/v1/conversations/${vic.id}`, { method: 'PATCH', body: { assignee: ana.member } })
    await desk.says('A public answer')
    await vic.sees('A public answer')
    await vic.does({ type: 'add_note', text: 'not mine to write' })
    await vic.says(' ')
    await vic.more({ before: { public: 100 } })
    await vic.more({ after: { public: 0 } })
    await vic.more({ after: { public: 0, team: 0 } })
    const second = await browser.opens(vic.id)
    const resumed = await browser.opens(vic.id, '?public=1&team=0')
    const repeated = await browser.start('hello again', 'canary:9')

    const received = [...vic.line.raw, ...second.line.raw, ...resumed.line.raw, JSON.stringify(repeated.body)].join(
      '\n',
    )
    expect(received).toContain('A public answer')
    expect(received).not.toContain(CANARY)
    // Nor that anything of the team exists: its log's numbers, its entries, who is assigned, the client ids of agents.
    expect(received).not.toMatch(/"after":|"team":[^n]|assigned|"assignee"|note\.|"rev"|http:1/)
  })

  it('[Q17][DL3][NT1] nor through any operation of the widget, the badge, a signal, or a return after a sleep', async () => {
    const { channel } = await installation()
    const outlets = async (withNotes: boolean) => {
      const browser = await visitor()
      const vic = await browser.arrives('hello')
      const desk = await (await agent()).opens(vic.id)
      await desk.says('an answer')
      if (withNotes) {
        await desk.notes(`${CANARY} one`)
        desk.line.send({ type: 'typing', in: 'note' })
        await desk.notes(`${CANARY} two`)
      }
      await vic.sees('an answer')
      const headers = { authorization: `Bearer ${browser.token}` }
      const answers: Array<[string, Answer]> = []
      for (const operation of operations({ channel, conversation: vic.id }).filter(({ by }) => by === 'visitor')) {
        const { method, path, body } = operation
        answers.push([
          nameOf(operation),
          await ask(filled(path, vic.id), { method, headers, ...(body ? { body } : {}) }),
        ])
      }
      const token = answers.find(([name]) => name === 'POST /widget/v1/badge-tokens')?.[1].body.badge
      const plain = { 'content-type': 'text/plain' }
      answers.push(['badge', await ask('/widget/v1/badge', { raw: token, headers: plain })])
      await asleep(env.CONVERSATION.getByName(vic.id))
      const returned = await browser.opens(vic.id, '?public=0&team=0')
      expect(vic.line.frames.filter(({ type }) => type === 'signal')).toEqual([])
      const heard = [...returned.line.raw, ...vic.line.raw].join('\n')
      expect(heard + JSON.stringify(answers)).not.toContain(CANARY)
      // All of it, but for ids, times and tokens.
      return answers.map(([name, { status, body }]) => [
        name,
        status,
        JSON.stringify(body).replaceAll(/\d{13}|[a-z2-7]{32}|eyJ[\w.-]+|_[a-z2-7]{20,}|\d\d:\d\d/g, ''),
      ])
    }
    const quiet = await outlets(false)
    expect(quiet.at(-1)).toEqual(['badge', 200, '{"unread":1}'])
    expect(await outlets(true)).toEqual(quiet)
    expect(quiet.every(([, status]) => Number(status) < 300)).toBe(true)
  })

  it('[DL3] the visitor receives the same bytes with notes and without', async () => {
    const play = async (withNotes: boolean) => {
      const vic = await (await visitor()).arrives('hello')
      const desk = await (await agent()).opens(vic.id)
      const note = async () => (withNotes ? void (await desk.notes(CANARY)) : undefined)
      await note()
      await desk.says('one')
      await vic.sees('one')
      await note()
      await vic.says('two')
      await note()
      await desk.does({ type: 'close' })
      await note()
      await vic.line.get(
        (f) =>
          f.type === 'entries' &&
          f.list.some((e) => e.type === 'conversation.status_changed' && e.body.to === 'closed'),
      )
      await vic.more({ before: { public: 100 } })
      const later = await vic.line.frames.length
      expect(later).toBeGreaterThan(0)
      return [...vic.line.raw].join('\n')
    }
    const normal = (raw: string) =>
      raw
        .replaceAll(/"(at|lastAt|startedAt)":\d+/g, '"$1":0')
        .replaceAll(/visitor:d_[a-z2-7]+/g, 'visitor')
        .replaceAll(/"id":"[a-z2-7]{32}"/g, '"id":"x"')
        .replaceAll(/"clientId":"t\d+:/g, '"clientId":"t:')
    expect(normal(await play(true))).toBe(normal(await play(false)))
  })

  it('[DL3] no guess at the revision is right: it counts notes as well', async () => {
    const vic = await (await visitor()).arrives('hello')
    const desk = await (await agent()).opens(vic.id)
    const guessed = async () => {
      const codes: string[] = []
      for (let expectedRev = 0; expectedRev < 8; expectedRev += 1) {
        // Blank on purpose: it is never written, so it may be tried as often as one likes.
        const { answer } = await vic.does({ type: 'send_message', text: ' ' }, { expectedRev })
        codes.push(answer.type === 'refused' ? answer.code : answer.type)
      }
      return codes
    }
    const quiet = await guessed()
    for (let i = 0; i < 3; i += 1) await desk.notes(`${CANARY} ${i}`)
    expect(await guessed()).toEqual(quiet)
    expect(quiet).toEqual(quiet.map(() => 'not_allowed'))
  })

  it('[DL3] a note moves no time that a visitor sees', async () => {
    const conversation = await scripted()
    await conversation.dispatch('visitor', 'v:1', { type: 'start', text: 'first' })
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start + 3_600_000 })
    for (let i = 0; i < 30; i += 1) await conversation.dispatch('ana', `n:${i + 1}`, { type: 'add_note', text: CANARY })
    // The clock is set right again: were the notes' times taken into account, the next message would tell of them.
    vi.setSystemTime(start + 5_000)
    await conversation.dispatch('visitor', 'v:2', { type: 'send_message', text: 'second' })
    vi.useRealTimers()
    const log = await conversation.log('visitor')
    expect(log.map((entry) => [entry.n, entry.type])).toEqual([
      [1, 'conversation.status_changed'],
      [2, 'message.created'],
      [3, 'message.created'],
    ])
    expect(log.at(-1)?.at).toBe(start + 5_000)
  })

  it('[DL3] the widget’s HTTP operations answer no entries at all', async () => {
    const answer = await exports.default.fetch(new Request('http://localhost/openapi.json'))
    const document: { paths: Record<string, unknown> } = await answer.json()
    const visitors = Object.keys(document.paths).filter((path) => path.startsWith('/widget/'))
    expect(visitors.sort()).toEqual([
      '/widget/v1/badge',
      '/widget/v1/badge-tokens',
      '/widget/v1/contact',
      '/widget/v1/conversations',
      '/widget/v1/conversations/{id}/transcript.html',
      '/widget/v1/conversations/{id}/transcript.txt',
      '/widget/v1/sessions',
    ])
    expect(JSON.stringify(visitors.map((path) => document.paths[path]))).not.toMatch(/Entry/)
    const anonymous = await ask('/api/v1/conversations/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/entries')
    expect(anonymous.status).toBe(401)
  })
})
