import { type JSX, Show } from 'solid-js'
import type { ConversationState } from '../../../core/conversation/state.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { exactTime } from '../../lib/times.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import { StatusPill } from '../conversation/StatusPill.tsx'
import { nameOfContact } from '../list/preview.ts'
import type { InboxRow } from '../list/rows.ts'
import styles from './Details.module.css'

interface DetailsProps {
  id: ConversationId
  /** What the index knows; absent until it is read. */
  row: InboxRow | undefined
  state: ConversationState
}

/** What is known of the visitor and of the conversation. */
export function Details(props: DetailsProps) {
  return (
    <Show when={props.row} fallback={<Skeleton label="Loading details" rows={5} shape="line" />}>
      {(row) => (
        <div class={styles.details}>
          <Visitor row={row()} />
          <About id={props.id} row={row()} state={props.state} />
          <CameFrom row={row()} />
        </div>
      )}
    </Show>
  )
}

function Visitor(props: { row: InboxRow }) {
  const name = () => nameOfContact(props.row.contact)
  return (
    <section class={styles.visitor}>
      <Avatar name={name()} id={props.row.contact.id} />
      <div>
        <h3>
          <bdi>{name()}</bdi>
        </h3>
        <Show when={props.row.contact.email} fallback={<p>Visitor, no email known</p>}>
          {(email) => <a href={`mailto:${email()}`}>{email()}</a>}
        </Show>
      </div>
    </section>
  )
}

function About(props: { id: ConversationId; row: InboxRow; state: ConversationState }) {
  const { me, members, channels } = useInbox()
  const notify = useNotify()
  const loaded = () => props.state.public.head > 0
  const status = () => (loaded() ? props.state.public.status : props.row.status)
  const assignee = () => (loaded() ? (props.state.team?.assignee ?? null) : props.row.assignee)
  const assigneeName = () => {
    const member = assignee()
    return member === null ? 'Nobody' : member === me ? 'You' : members.nameOf(member)
  }

  async function copyId() {
    try {
      await navigator.clipboard.writeText(props.id)
      notify('Conversation id copied.')
    } catch {
      notify('The browser does not allow copying here. Select the id and copy it by hand.', 'bad')
    }
  }

  return (
    <section>
      <h3 class={styles.heading}>Conversation</h3>
      <dl class={styles.facts}>
        <Fact label="Status">
          <StatusPill status={status()} />
        </Fact>
        <Fact label="Assignee">
          <bdi>{assigneeName()}</bdi>
        </Fact>
        <Fact label="Started">{exactTime(props.row.startedAt)}</Fact>
        <Show when={channels()?.find((channel) => channel.id === props.row.channel)}>
          {(channel) => (
            <Fact label="Channel">
              <bdi>{channel().name}</bdi>
            </Fact>
          )}
        </Show>
        <Fact label="Id">
          <code>{props.id}</code>
          <Button kind="quiet" onClick={() => void copyId()}>
            Copy id
          </Button>
        </Fact>
      </dl>
    </section>
  )
}

function CameFrom(props: { row: InboxRow }) {
  const source = () => props.row.source
  return (
    <Show when={source().page ?? source().referrer}>
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
        </dl>
      </section>
    </Show>
  )
}

function Fact(props: { label: string; children: JSX.Element }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

/** An address that a visitor's browser told: a link only if it leads to the web. */
function WebAddress(props: { address: string; name: string | null }) {
  const url = () => (/^https?:/i.test(props.address) && URL.canParse(props.address) ? new URL(props.address) : null)
  return (
    <Show when={url()} fallback={<bdi>{props.address}</bdi>}>
      {(present) => (
        <>
          <a href={present().href} target="_blank" rel="noopener noreferrer nofollow">
            <bdi>{props.name || present().host + present().pathname}</bdi>
          </a>
          <Show when={props.name}>
            <span class={styles.address} dir="ltr">
              {present().host + present().pathname}
            </span>
          </Show>
        </>
      )}
    </Show>
  )
}
