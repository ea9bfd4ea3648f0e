import { Show } from 'solid-js'
import type { ContactSummary } from '../../../core/api/conversations.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { dateAndTime } from '../../lib/moment.ts'
import { dayLabel, exactTime } from '../../lib/times.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { clock } from '../app/clock.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { BanBadge } from '../bans/BanBadge.tsx'
import type { Closing } from '../conversation/createClosing.ts'
import { createCopy } from '../conversation/createCopy.ts'
import type { Permissions } from '../conversation/createPermissions.ts'
import type { Standing } from '../conversation/createStanding.ts'
import { emailFault } from '../form/faults.ts'
import { nameOfContact } from '../list/preview.ts'
import type { InboxRow } from '../list/rows.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { AssigneeButton } from './AssigneeButton.tsx'
import { Actions } from './actions/Actions.tsx'
import styles from './Details.module.css'
import { EditableFact } from './EditableFact.tsx'
import { Fact, KnownFact, WebAddress } from './Fact.tsx'
import { Followers } from './Followers.tsx'
import { capitalised, countryName, languageName } from './facts.ts'
import { PriorityMenu } from './PriorityMenu.tsx'
import { RatingFacts } from './RatingFacts.tsx'
import { StatusMenu } from './StatusMenu.tsx'

interface DetailsProps {
  id: ConversationId
  /** What the index knows; absent until it is read. */
  row: InboxRow | undefined
  standing: Standing
  permissions: Pick<Permissions, 'mayReopen' | 'hasAssistant' | 'askFault' | 'asksAgainAt'>
  closing: Pick<Closing, 'close'>
  onAssign(): void
}

/** What is known of the visitor and of the conversation (CP3, CP4). */
export function Details(props: DetailsProps) {
  return (
    <Show when={props.row} fallback={<Skeleton label="Loading details" rows={5} shape="line" />}>
      {(row) => (
        <div class={styles.details}>
          <Actions id={props.id} row={row()} standing={props.standing} permissions={props.permissions} />
          <Visitor row={row()} />
          <About {...props} row={row()} />
          <Followers id={props.id} collaborators={props.standing.collaborators()} />
          <CameFrom row={row()} />
          <Device row={row()} />
        </div>
      )}
    </Show>
  )
}

function Visitor(props: { row: InboxRow }) {
  const session = useSession()
  const { rows } = useInbox()
  const contact = () => props.row.contact
  const name = () => nameOfContact(contact())
  const change = async (fields: { name?: string | null; email?: string | null }) =>
    rows.hearContact(await session.request<ContactSummary>('PATCH', `/api/v1/contacts/${contact().id}`, fields))
  const email = () => contact().email
  return (
    <section>
      <div class={styles.visitor}>
        <Avatar name={name()} id={contact().id} />
        <div>
          <h3>
            <bdi>{name()}</bdi>
          </h3>
          <p>Visitor</p>
          <BanBadge bans={props.row.bans} />
        </div>
      </div>
      <dl class={styles.facts}>
        <EditableFact
          label="Name"
          value={contact().name}
          none="Not given"
          check={(text) => (text.length > 80 ? 'A name has at most 80 characters.' : undefined)}
          save={(value) => change({ name: value })}
        />
        <EditableFact
          label="Email"
          type="email"
          value={email()}
          none="Not given"
          href={email() === null ? undefined : `mailto:${email()}`}
          check={emailFault}
          save={(value) => change({ email: value })}
        />
        <Show when={contact().createdAt}>
          {(at) => (
            <Fact label="First seen">
              <time datetime={new Date(at()).toISOString()} title={exactTime(at())}>
                {dayLabel(at(), clock())}
              </time>
            </Fact>
          )}
        </Show>
      </dl>
    </section>
  )
}

function About(props: DetailsProps & { row: InboxRow }) {
  const { me, members, channels } = useInbox()
  const copy = createCopy()
  const assigneeName = () => {
    const member = props.standing.assignee()
    return member === null ? 'Nobody' : member === me ? 'You' : members.nameOf(member)
  }
  return (
    <section>
      <h3 class={styles.heading}>Conversation</h3>
      <dl class={styles.facts}>
        <Fact label="Status">
          <StatusMenu
            id={props.id}
            status={props.standing.status() ?? props.row.status}
            permissions={props.permissions}
            closing={props.closing}
          />
        </Fact>
        <Fact label="Assignee">
          <AssigneeButton name={assigneeName()} onAssign={props.onAssign} />
        </Fact>
        <Fact label="Priority">
          <PriorityMenu id={props.id} priority={props.standing.priority()} />
        </Fact>
        <RatingFacts id={props.id} standing={props.standing} />
        <Fact label="Started">{dateAndTime(props.row.startedAt)}</Fact>
        <KnownFact label="Channel" value={channels.list()?.find((channel) => channel.id === props.row.channel)?.name} />
        <Fact label="Id">
          <code>{props.id}</code>
          <Button kind="quiet" onClick={() => void copy(props.id, 'Conversation id copied.')}>
            Copy id
          </Button>
        </Fact>
      </dl>
    </section>
  )
}

function CameFrom(props: { row: InboxRow }) {
  const source = () => props.row.source
  const utm = () => source().utm
  return (
    <Show when={source().page ?? source().referrer ?? utm()}>
      <section>
        <h3 class={styles.heading}>Came from</h3>
        <dl class={styles.facts}>
          <Show when={source().page}>
            {(page) => (
              <Fact label="Page">
                <WebAddress address={page()} name={source().title} />
              </Fact>
            )}
          </Show>
          <Show when={source().referrer}>
            {(referrer) => (
              <Fact label="Referrer">
                <WebAddress address={referrer()} name={null} />
              </Fact>
            )}
          </Show>
          <KnownFact label="Source" value={utm()?.source} />
          <KnownFact label="Medium" value={utm()?.medium} />
          <KnownFact label="Campaign" value={utm()?.campaign} />
          <KnownFact label="Term" value={utm()?.term} />
          <KnownFact label="Content" value={utm()?.content} />
        </dl>
      </section>
    </Show>
  )
}

function Device(props: { row: InboxRow }) {
  const source = () => props.row.source
  const language = () => source().language
  const country = () => source().country
  return (
    <Show when={source().browser ?? source().os ?? source().device ?? language() ?? country()}>
      <section>
        <h3 class={styles.heading}>Device</h3>
        <dl class={styles.facts}>
          <KnownFact label="Browser" value={source().browser} />
          <KnownFact label="System" value={source().os} />
          <KnownFact label="Device" value={capitalised(source().device ?? '')} />
          <KnownFact label="Language" value={language() && languageName(language() ?? '')} />
          <KnownFact label="Country" value={country() && countryName(country() ?? '')} />
        </dl>
      </section>
    </Show>
  )
}
