import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../core/api/audit.ts'
import { contactName } from '../../core/contactName.ts'
import { AuditPage } from '../../web/inbox/settings/AuditPage.tsx'
import { actorOf, sentenceOf } from '../../web/inbox/settings/auditSentences.ts'
import { ApiProblem } from '../../web/lib/api.ts'
import { inboxState, members, Stage, sessionOf, signedIn } from './inboxStage.tsx'

afterEach(cleanup)

const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'au_1',
  at: 1,
  actor: 'agent:ana',
  actorName: 'Ana',
  action: 'member.disabled',
  subject: 'ben',
  subjectName: 'Ben',
  detail: {},
  ...change,
})
const BEN = {
  id: 'ben',
  name: 'Ben',
  email: 'ben@example.com',
  role: 'agent',
  createdAt: 2,
  available: true,
  disabledAt: null,
} as const

/** The page with the API played by a table of answers. */
function open(answers: Record<string, () => unknown>) {
  const { control, calls } = signedIn(
    sessionOf({ id: 'ana', name: 'Ana', email: 'a@example.com', role: 'owner' }),
    answers,
  )
  render(() => (
    <Stage control={control} state={inboxState({ members: members({ list: () => [BEN] }) })}>
      <AuditPage />
    </Stage>
  ))
  return calls
}
const LOG = 'GET /api/v1/audit-log'
const lines = () => within(screen.getByRole('list', { name: 'Audit log' })).getAllByRole('listitem')

describe('Settings → Audit log', () => {
  it.each<[string, Partial<AuditEntry>]>([
    ['disabled Ben', {}],
    [
      'changed the role of Ben from Agent to Admin',
      { action: 'member.role_changed', detail: { from: 'agent', to: 'admin' } },
    ],
    [
      'changed their own role from Owner to Admin',
      { action: 'member.role_changed', subject: 'ana', subjectName: 'Ana', detail: { from: 'owner', to: 'admin' } },
    ],
    [
      'invited x@example.com as Agent',
      { action: 'invitation.created', subjectName: 'x@example.com', detail: { role: 'agent' } },
    ],
    [
      'changed the channel Blog: colour, allowed websites',
      { action: 'channel.changed', subjectName: 'Blog', detail: { changed: ['colour', 'origins'] } },
    ],
    [
      'added the group Leads with the rights: Ban, Export',
      { action: 'group.created', subjectName: 'Leads', detail: { rights: ['export', 'ban'] } },
    ],
    [
      'changed the group Late; it was called Night; its rights are now: none; 1 member put in; 2 members taken out',
      {
        action: 'group.changed',
        subjectName: 'Late',
        detail: { from: 'Night', rights: [], added: ['a'], removed: ['b', 'c'] },
      },
    ],
    ['banned Vic', { action: 'ban.placed', subjectName: 'Vic', detail: { scope: 'contact', kind: 'ban' } }],
    [
      `blocked ${contactName('c_vic')}`,
      { action: 'ban.placed', subject: 'd_vic', subjectName: null, detail: { scope: 'device', kind: 'block' } },
    ],
    ['unbanned 203.0.113.7', { action: 'ban.lifted', subject: '203.0.113.7', subjectName: null }],
    [
      'downloaded the report Satisfaction, Oct 23, 2026 to Nov 21, 2026, of the channel Blog alone',
      {
        ...{ action: 'report.exported', subject: 'satisfaction', subjectName: 'Satisfaction' },
        detail: { name: 'Satisfaction', from: '2026-10-23', to: '2026-11-21', channel: 'Blog' },
      },
    ],
    [
      'downloaded the report Satisfaction, Nov 21, 2026',
      {
        ...{ action: 'report.exported', subject: 'satisfaction', subjectName: 'Satisfaction' },
        detail: { name: 'Satisfaction', from: '2026-11-21', to: '2026-11-21' },
      },
    ],
    [
      'changed policies: “A closed conversation opens again” is now “Never: it is closed for good”; “Close by itself” is now “Never”',
      {
        action: 'workspace.policy_changed',
        detail: { changed: ['reopen', 'closeAfterMs'], to: { reopen: 'never', closeAfterMs: null } },
      },
    ],
    [
      'changed policies of the channel Blog: “Agents may edit and delete what they wrote” is now “7 minutes”; “Who may reassign” is now as in the workspace',
      {
        ...{ action: 'channel.policy_changed', subject: 'ch_blog', subjectName: 'Blog' },
        detail: { changed: ['editWindowMs', 'mayAssign'], to: { editWindowMs: 420_000 } },
      },
    ],
    [
      'changed policies: “How much a visitor may write” is now “30 at once, then 2 a second; 1,500 in a long conversation, then 200 an hour”; “warp” is now “9”',
      {
        action: 'workspace.policy_changed',
        detail: {
          changed: ['limits', 'warp'],
          to: { limits: { quick: { burst: 30, everyMs: 500 }, lasting: { burst: 1_500, everyMs: 18_000 } }, warp: 9 },
        },
      },
    ],
    [
      'changed policies: Who may reassign, How much a visitor may write',
      { action: 'workspace.policy_changed', detail: { changed: ['mayAssign', 'limits'] } },
    ],
    ['signed out everywhere', { action: 'member.signed_out' }],
    ['rocket launched Ben', { action: 'rocket.launched' }],
  ])('[PR3] says "%s"', (sentence, change) => {
    expect(sentenceOf(entry(change)).replaceAll(/[\u2068\u2069]/g, '')).toBe(sentence)
  })

  it('[PR3] names who did it, also where they have no name', () => {
    expect([entry(), entry({ actorName: null }), entry({ actor: 'system', actorName: null })].map(actorOf)).toEqual([
      'Ana',
      'Somebody who has left',
      'Foyer',
    ])
  })

  it('[PR3] shows a page, and the next one on request', async () => {
    const calls = open({
      [LOG]: () => ({ list: [entry()], next: '1.au_1' }),
      [`${LOG}?cursor=1.au_1`]: () => ({ list: [entry({ id: 'au_0', action: 'member.enabled' })], next: null }),
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Load more' }))
    await waitFor(() => expect(lines()).toHaveLength(2))
    expect(lines()[1]?.textContent).toContain('enabled')
    expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull()
    expect(calls).toEqual([LOG, `${LOG}?cursor=1.au_1`])
  })

  it('[PR3] is narrowed by member and kind, and says when that leaves nothing', async () => {
    const calls = open({
      [LOG]: () => ({ list: [entry()], next: null }),
      [`${LOG}?member=ben`]: () => ({ list: [entry()], next: null }),
      [`${LOG}?member=ben&kind=channel`]: () => ({ list: [], next: null }),
    })
    await screen.findByText('Ana')
    fireEvent.change(screen.getByLabelText('Member'), { target: { value: 'ben' } })
    await waitFor(() => expect(calls).toHaveLength(2))
    fireEvent.change(screen.getByLabelText('About'), { target: { value: 'channel' } })
    await screen.findByText(/Nothing of this kind has happened/)
    expect(calls.at(-1)).toBe(`${LOG}?member=ben&kind=channel`)
  })

  it('[PR3] says what went wrong and tries again', async () => {
    let times = 0
    open({
      [LOG]: () => {
        times += 1
        if (times > 1) return { list: [entry()], next: null }
        throw new ApiProblem({
          type: '',
          title: '',
          status: 503,
          code: 'unavailable',
          detail: 'Out of reach.',
          requestId: '',
        })
      },
    })
    await screen.findByText('Out of reach.')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('Ana')).toBeTruthy()
  })
})
