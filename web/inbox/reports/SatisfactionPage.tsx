import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js'
import type { SatisfactionReport } from '../../../core/api/reports.ts'
import { type Author, memberOf } from '../../../core/ids.ts'
import { ApiProblem } from '../../lib/api.ts'
import { saveFile } from '../../lib/saveFile.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { useRight, useSession } from '../session/SessionProvider.tsx'
import { Comments } from './Comments.tsx'
import { CountsTable } from './CountsTable.tsx'
import { DaysChart } from './DaysChart.tsx'
import styles from './Reports.module.css'
import { Totals } from './Totals.tsx'

const SPANS = [7, 30, 90, 366].map((days) => ({
  value: String(days),
  label: days === 366 ? 'The last year' : `The last ${days} days`,
}))

/** /dashboard/reports/satisfaction: how visitors rated, over time (RT9). */
export function SatisfactionPage() {
  const { request, file } = useSession()
  const { channels, members, programs } = useInbox()
  const { attempt, busy } = createAttempt(useNotify())
  createTitle(() => 'Satisfaction')
  const [days, setDays] = createSignal('30')
  const [channel, setChannel] = createSignal('')
  const [report, setReport] = createSignal<SatisfactionReport>()
  const [fault, setFault] = createSignal('')
  const maySee = useRight('see_all')
  const mayExport = useRight('export')
  const query = () => `days=${days()}${channel() === '' ? '' : `&channel=${channel()}`}`

  async function read(): Promise<void> {
    const asked = query()
    try {
      const found = await request<SatisfactionReport>('GET', `/api/v1/reports/satisfaction?${asked}`)
      // What was chosen meanwhile is asked for already.
      if (asked === query()) setReport(found)
      setFault('')
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      setFault(error.problem.detail)
    }
  }
  createEffect(on([query, maySee], () => void (maySee() && read())))

  const download = (lastDay: string) =>
    attempt(async () =>
      saveFile(await file(`/api/v1/reports/satisfaction.csv?${query()}`), `satisfaction-${lastDay}.csv`),
    )

  const asker = (by: string) => {
    const author = by as Author
    const asking = memberOf(author)
    return asking === null ? programs.nameOf(author) : members.nameOf(asking)
  }
  const member = (id: string | null) => (id === null ? 'Nobody' : members.nameOf(id))
  const channelName = (id: string) => channels.list()?.find((one) => one.id === id)?.name ?? 'A channel'

  return (
    <main class={styles.page}>
      <header class={styles.head}>
        <div>
          <h1>Satisfaction</h1>
          <p>What visitors answered when they were asked for a rating, by the day on which they were asked.</p>
        </div>
        <Show when={maySee() && mayExport() && (report()?.total.asked ?? 0) > 0 && report()}>
          {(shown) => (
            <Button busy={busy()} onClick={() => void download(shown().days.at(-1)?.date ?? '')}>
              Download CSV
            </Button>
          )}
        </Show>
      </header>
      <Show
        when={maySee()}
        fallback={
          <Message tone="plain">Whoever may see all conversations reads this. Ask an administrator for it.</Message>
        }
      >
        <div class={styles.filters}>
          <SelectField label="Time" value={days()} options={SPANS} onChange={(e) => setDays(e.currentTarget.value)} />
          <SelectField
            label="Channel"
            value={channel()}
            options={[
              { value: '', label: 'All channels' },
              ...(channels.list() ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(event) => setChannel(event.currentTarget.value)}
          />
        </div>
        <Switch fallback={<Skeleton label="Loading the report" rows={6} shape="line" />}>
          <Match when={fault()}>
            {(sentence) => (
              <Message tone="bad">
                {sentence()} <Button onClick={() => void read()}>Try again</Button>
              </Message>
            )}
          </Match>
          <Match when={report()?.total.asked === 0}>
            <EmptyState drawing="bubbles" title="Nobody was asked for a rating in this time.">
              Open a conversation and choose “Ask for rating” under Actions.
            </EmptyState>
          </Match>
          <Match when={report()}>
            {(shown) => (
              <>
                <Totals counts={shown().total} />
                <DaysChart days={shown().days} />
                <div class={styles.tables}>
                  <For
                    each={[
                      { caption: 'By who asked', rows: shown().askers.map((r) => ({ name: asker(r.by), counts: r })) },
                      {
                        caption: 'By whose conversation it was',
                        rows: shown().assignees.map((r) => ({ name: member(r.member), counts: r })),
                      },
                      {
                        caption: 'By channel',
                        rows: shown().channels.map((r) => ({ name: channelName(r.channel), counts: r })),
                      },
                    ]}
                  >
                    {(table) => <CountsTable {...table} />}
                  </For>
                </div>
                <Comments comments={shown().comments} />
              </>
            )}
          </Match>
        </Switch>
      </Show>
    </main>
  )
}
