/** A visitor begins: what the inbox object lets in (DL9), and what it knows of them before their socket opens. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { NO_POLICIES, workspacePolicy } from '../../core/conversation/policy.ts'
import { Conversation } from '../../durable-objects/conversation/conversation.ts'
import { Inbox } from '../../durable-objects/inbox/inbox.ts'
import { asleep } from '../support/asleep.ts'
import { eventually } from '../support/eventually.ts'
import { isHeard, ownRow } from '../support/heard.ts'
import { agent, inboxStub, visitor } from '../support/play.ts'
import { rings } from '../support/rings.ts'

const BURST = workspacePolicy(NO_POLICIES).startsPerDevice

const rows = (workspace: string, table: 'live' | 'starts', where: string, ...of: string[]) =>
  runInDurableObject(inboxStub(workspace), (_inbox, ctx) =>
    ctx.storage.sql.exec(`SELECT * FROM ${table} WHERE ${where}`, ...of).toArray(),
  )

afterEach(() => void vi.restoreAllMocks())

describe('[DL9] a limit on starts', () => {
  const ask = (workspace: string, device: string, n: number) =>
    inboxStub(workspace).admitStart(`conversation-${device}-${n}`, device, `198.51.100.${n}`, `c_${device}`)
  const written = async (workspace: string, device: string) =>
    (await rows(workspace, 'starts', 'key = ?', `device:${device}`)).length

  it('is taken before it is written, and is written a second later where nothing comes of it', async () => {
    const { workspace } = await agent()
    for (let n = 0; n < BURST; n += 1) expect(await ask(workspace, 'd_quick', n)).toBe(null)
    expect(await ask(workspace, 'd_quick', 9)).toBeGreaterThan(Date.now())
    expect(await written(workspace, 'd_quick')).toBe(0)
    await eventually(async () => expect(await written(workspace, 'd_quick')).toBe(1))
    await asleep(inboxStub(workspace))
    expect(await ask(workspace, 'd_quick', 9)).toBeGreaterThan(Date.now())
  })

  it('is written with the first row of what was let in', async () => {
    const vic = await visitor()
    const { id } = (await vic.start('hello')).body
    const { device, workspace } = await ownRow((await agent()).workspace, id)
    await eventually(async () => expect((await rows(workspace, 'live', 'id = ?', id)).length).toBe(1))
    expect(await written(workspace, device)).toBe(1)
  })
})

describe('[BN1][PR2] a visitor who has just begun', () => {
  it('is known to be here with the first row: the socket that opens then is not told of', async () => {
    const opened = vi.spyOn(Inbox.prototype, 'opened')
    const ana = await agent()
    const browser = await visitor()
    const { id } = (await browser.start('hello')).body
    await eventually(async () => expect((await rows(ana.workspace, 'live', 'id = ?', id)).length).toBe(1))
    const vic = await browser.opens(id)
    await vic.says('I am here')
    expect(opened).not.toHaveBeenCalled()
    // A second tab is: only the first socket was announced.
    await browser.opens(id)
    await eventually(() => expect(opened).toHaveBeenCalledTimes(1))
  })

  it('is told of with the socket where the row did not arrive', async () => {
    const ana = await agent()
    const opened = vi.spyOn(Inbox.prototype, 'opened')
    const update = vi.spyOn(Inbox.prototype, 'update').mockRejectedValueOnce(new Error('out of reach'))
    const browser = await visitor()
    const { id } = (await browser.start('hello')).body
    await eventually(() => expect(update).toHaveBeenCalled())
    await browser.opens(id)
    await eventually(() => expect(opened).toHaveBeenCalledTimes(1))
    expect((await rows(ana.workspace, 'live', 'id = ?', id)).length).toBe(1)
  })

  it('and is forgotten a minute later if no socket came', async () => {
    const ana = await agent()
    const { id } = (await (await visitor()).start('hello')).body
    await eventually(async () => expect((await rows(ana.workspace, 'live', 'id = ?', id)).length).toBe(1))
    await rings(env.CONVERSATION.getByName(id))
    expect(await rows(ana.workspace, 'live', 'id = ?', id)).toEqual([])
  })

  it('an inbox object of the version before answers policies alone: then the socket is told of', async () => {
    const ana = await agent()
    const now = Inbox.prototype.update
    vi.spyOn(Inbox.prototype, 'update').mockImplementation(function (this: Inbox, row, urgent, policy, bans) {
      return now.call(this, row, urgent, policy, bans)
    })
    const opened = vi.spyOn(Inbox.prototype, 'opened')
    const browser = await visitor()
    const { id } = (await browser.start('hello')).body
    await browser.opens(id)
    await eventually(() => expect(opened).toHaveBeenCalledTimes(1))
    expect((await rows(ana.workspace, 'live', 'id = ?', id)).length).toBe(1)
  })
})

it('[DL1] an alarm tells nothing again that an open socket knows to be told, also after a sleep', async () => {
  const vic = await (await visitor()).arrives('hello')
  await vic.says('and here I stay')
  const ana = await agent()
  await isHeard(ana.workspace, vic.id, { text: 'and here I stay' })
  await asleep(env.CONVERSATION.getByName(vic.id))
  const [alarm, update] = [vi.spyOn(Conversation.prototype, 'alarm'), vi.spyOn(Inbox.prototype, 'update')]
  await rings(env.CONVERSATION.getByName(vic.id))
  expect(alarm).toHaveBeenCalled()
  expect(update).not.toHaveBeenCalled()
})
