import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { authorize, type WorkspaceAction } from '../../worker/auth/authorize.ts'
import { Problem } from '../../worker/problem.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { member } from '../support/installation.ts'
import { agent, colleague, openLine, stranger, visitor } from '../support/play.ts'

let owner: Awaited<ReturnType<typeof agent>>
let mallory: Awaited<ReturnType<typeof agent>>
/** A conversation of the owner's workspace. */
let conversation: string

beforeAll(async () => {
  owner = await agent()
  mallory = await stranger()
  conversation = (await (await visitor()).start('Hello')).body.id
})

describe('who may do what in a workspace', () => {
  type Who = 'owner' | 'admin' | 'agent' | 'stranger'
  const EVERYONE: Who[] = ['owner', 'admin', 'agent']
  const ADMINS: Who[] = ['owner', 'admin']
  /** A new action does not compile until it stands here. */
  const MATRIX: Record<WorkspaceAction, { may: Who[]; path: string; method?: string; body?: unknown; yes: number }> = {
    'inbox.watch': { may: EVERYONE, path: '/api/v1/inbox/socket', yes: 101 },
    'conversations.list': { may: EVERYONE, path: '/api/v1/conversations', yes: 200 },
    'members.list': { may: EVERYONE, path: '/api/v1/members', yes: 200 },
    'members.reset_password': {
      may: ADMINS,
      path: '/api/v1/members/{member}/password-resets',
      method: 'POST',
      yes: 201,
    },
    'invitations.list': { may: ADMINS, path: '/api/v1/invitations', yes: 200 },
    'invitations.create': {
      may: ADMINS,
      path: '/api/v1/invitations',
      body: { email: 'new@example.com', role: 'agent' },
      yes: 201,
    },
    'invitations.revoke': { may: ADMINS, path: '/api/v1/invitations/i_none', method: 'DELETE', yes: 404 },
    'channels.list': { may: EVERYONE, path: '/api/v1/channels', yes: 200 },
    'channels.create': {
      may: ADMINS,
      path: '/api/v1/channels',
      body: { name: 'Second', origins: ['https://second.example'] },
      yes: 201,
    },
    'channels.change': { may: ADMINS, path: '/api/v1/channels/ch_none', method: 'PATCH', body: {}, yes: 404 },
    'members.change': {
      may: ADMINS,
      path: '/api/v1/members/{member}',
      method: 'PATCH',
      body: { role: 'admin' },
      yes: 200,
    },
    'profile.change': {
      may: EVERYONE,
      path: '/api/v1/me',
      method: 'PATCH',
      body: { available: true },
      yes: 200,
    },
    'groups.list': { may: ADMINS, path: '/api/v1/groups', yes: 200 },
    'groups.change': { may: ADMINS, path: '/api/v1/groups/g_none', method: 'PATCH', body: {}, yes: 404 },
    'conversations.start': {
      may: EVERYONE,
      path: '/api/v1/conversations',
      body: { channel: 'ch_none', text: 'Hi', contact: {} },
      yes: 422,
    },
    'reports.read': { may: EVERYONE, path: '/api/v1/reports/satisfaction', yes: 200 },
    'reports.export': { may: ADMINS, path: '/api/v1/reports/satisfaction.csv', yes: 200 },
    'senders.list': { may: EVERYONE, path: '/api/v1/senders', yes: 200 },
    'senders.change': { may: ADMINS, path: '/api/v1/senders/sd_none', method: 'DELETE', yes: 404 },
    'smtp.read': { may: ADMINS, path: '/api/v1/smtp', yes: 200 },
    'smtp.change': { may: ADMINS, path: '/api/v1/smtp', method: 'DELETE', yes: 404 },
    'keys.list': { may: ADMINS, path: '/api/v1/keys', yes: 200 },
    'programs.list': { may: EVERYONE, path: '/api/v1/programs', yes: 200 },
    'keys.change': { may: ADMINS, path: '/api/v1/keys/k_none', method: 'DELETE', yes: 404 },
    'index.rebuild': { may: ADMINS, path: '/api/v1/index-rebuilds', body: {}, yes: 200 },
    'policies.read': { may: ADMINS, path: '/api/v1/policies', yes: 200 },
    'policies.change': { may: ADMINS, path: '/api/v1/policies', method: 'PATCH', body: {}, yes: 200 },
    'audit.list': { may: ADMINS, path: '/api/v1/audit-log', yes: 200 },
    'bans.list': { may: ADMINS, path: '/api/v1/bans', yes: 200 },
    'bans.change': { may: ADMINS, path: '/api/v1/bans/bn_none', method: 'DELETE', yes: 404 },
    'contacts.change': { may: EVERYONE, path: '/api/v1/contacts/c_none', method: 'PATCH', body: {}, yes: 404 },
  }

  test.each(Object.entries(MATRIX))('%s', async (action, { may, path, yes, ...request }) => {
    const target = await member('Tom Target')
    const cast = { owner, admin: await colleague('Adam', 'admin'), agent: await colleague('Agnes'), stranger: mallory }
    for (const [who, person] of Object.entries(cast) as Array<[Who, typeof owner]>) {
      const allowed = may.includes(who)
      if (yes === 101) {
        const line = await openLine<{ type: string }>(`${path}?workspace=${owner.workspace}`, { cookie: person.cookie })
        if (allowed) await line.get((frame) => frame.type === 'welcome')
        else expect(await line.gone()).toBe(4403)
        line.close()
        continue
      }
      const answer = await person.ask(path.replace('{member}', target.member), {
        ...request,
        headers: { 'foyer-workspace': owner.workspace },
      })
      if (allowed) expect([who, action, answer.status]).toEqual([who, action, yes])
      else expectProblem(answer, 403, 'forbidden')
    }
  })

  test('visitors may do none of it', () => {
    for (const action of Object.keys(MATRIX) as WorkspaceAction[]) {
      const { kind, workspace, device } = {
        kind: 'visitor' as const,
        workspace: owner.workspace,
        device: 'd_x' as never,
      }
      expect(() => authorize({ kind, workspace, device }, action, workspace)).toThrow(Problem)
    }
  })

  test('every role answers in its own workspace, a stranger in none', async () => {
    const cast = [owner, await colleague('Adam', 'admin'), await colleague('Agnes')]
    for (const [i, person] of cast.entries()) {
      expect(
        (await person.ask(`/api/v1/conversations/${conversation}/notes`, { body: { clientId: `r${i}:1`, text: 'Hm' } }))
          .status,
      ).toBe(201)
      expect(
        (
          await person.ask(`/api/v1/conversations/${conversation}/messages`, {
            body: { clientId: `r${i}:2`, text: 'Hi' },
          })
        ).status,
      ).toBe(201)
    }
  })

  test('[CV6] nobody is assigned who is not a member here', async () => {
    const path = `/api/v1/conversations/${conversation}`
    for (const assignee of [mallory.member, 'm_none', '', "' OR 1=1"]) {
      expectProblem(await owner.ask(path, { method: 'PATCH', body: { assignee } }), 422, 'unknown_member')
    }
    expectProblem(await mallory.ask(path, { method: 'PATCH', body: { assignee: mallory.member } }), 404, 'not_found')
    const left = await member('Lea Left')
    await env.DB.prepare('UPDATE members SET disabled_at = 1 WHERE id = ?').bind(left.member).run()
    expectProblem(await owner.ask(path, { method: 'PATCH', body: { assignee: left.member } }), 422, 'unknown_member')
  })
})
