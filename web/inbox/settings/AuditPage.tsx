import { createSignal, For, Show } from 'solid-js'
import type { AuditEntry } from '../../../core/api/audit.ts'
import { exactTime, relativeTime } from '../../lib/times.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { useSession } from '../session/SessionProvider.tsx'
import styles from './AuditPage.module.css'
import { actorOf, KIND_WORDS, sentenceOf } from './auditSentences.ts'
import { createPages } from './createPages.ts'
import { ListingShow } from './ListingShow.tsx'
import { MorePages } from './MorePages.tsx'
import settings from './Settings.module.css'

/** /dashboard/settings/audit-log: who changed what in the workspace or took data out of it, newest first (PR3). */
export function AuditPage() {
  const { request } = useSession()
  const inbox = useInbox()
  const pages = createPages<AuditEntry>(request, '/api/v1/audit-log')
  const [member, setMember] = createSignal('')
  const [kind, setKind] = createSignal('')
  createTitle(() => 'Audit log')

  function choose() {
    const chosen = { member: member(), kind: kind() }
    const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== ''))
    void pages.show(query.toString())
  }

  return (
    <section class={settings.section}>
      <div class={settings.head}>
        <div>
          <h2>Audit log</h2>
          <p>
            Who changed what, and who downloaded a report. Nobody can change or remove an entry. They are kept for 400
            days.
          </p>
        </div>
      </div>
      <div class={styles.filter}>
        <SelectField
          label="Member"
          value={member()}
          options={[
            { value: '', label: 'Everybody' },
            ...inbox.members.list().map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) => {
            setMember(event.currentTarget.value)
            choose()
          }}
        />
        <SelectField
          label="About"
          value={kind()}
          options={[
            { value: '', label: 'Everything' },
            ...Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label })),
          ]}
          onChange={(event) => {
            setKind(event.currentTarget.value)
            choose()
          }}
        />
      </div>
      <ListingShow listing={pages.listing()} label="audit log" onRetry={() => void pages.show()}>
        {(list) => (
          <Show
            when={list().length > 0}
            fallback={<p class={settings.none}>Nothing of this kind has happened yet. Choose another filter.</p>}
          >
            <ol class={settings.list} aria-label="Audit log" aria-busy={pages.busy()}>
              <For each={list()}>{(entry) => <AuditLine entry={entry} />}</For>
            </ol>
            <MorePages pages={pages} />
          </Show>
        )}
      </ListingShow>
    </section>
  )
}

function AuditLine(props: { entry: AuditEntry }) {
  return (
    <li class={styles.line}>
      <Avatar name={actorOf(props.entry)} id={props.entry.actor.replace(/^agent:/, '')} />
      <p>
        <bdi class={styles.actor}>{actorOf(props.entry)}</bdi> {sentenceOf(props.entry)}
      </p>
      <time datetime={new Date(props.entry.at).toISOString()} title={exactTime(props.entry.at)}>
        {relativeTime(props.entry.at)}
      </time>
    </li>
  )
}
