import { describe, expect, it } from 'vitest'
import { agent, visitor } from '../support/play.ts'

describe('a visitor and an agent talk', () => {
  it('[CV2] a first message waits for a human, an answer makes it active, closing and writing reopen', async () => {
    const vic = await (await visitor()).arrives('Do you ship to Norway?')
    const ana = await (await agent()).opens(vic.id)
    await ana.sees('Do you ship to Norway?')
    await ana.says('We do.')
    await vic.sees('We do.')
    expect(vic.entries.map((entry) => entry.type)).toEqual([
      'conversation.status_changed',
      'message.created',
      'conversation.status_changed',
      'agent.joined',
      'message.created',
    ])
    await ana.does({ type: 'close' })
    await vic.says('One more thing')
    await ana.sees('One more thing')
    const last = vic.entries.slice(-3).map((entry) => entry.body)
    expect(last).toEqual([
      { from: 'active_human', to: 'closed' },
      { from: 'closed', to: 'active_human' },
      { text: 'One more thing' },
    ])
  })
})
