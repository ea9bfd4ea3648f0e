import { createEffect, createSignal, For, type JSX, on, onMount, Show } from 'solid-js'
import { FACES, SCORES, type Score, type Skin, scoreWords } from '../../core/conversation/score.ts'
import { TEXT_MAX, textLength } from '../../core/conversation/text.ts'
import type { LiveConversation } from '../lib/createConversation.ts'
import { createDismissal } from './createDismissal.ts'
import type { Visit } from './createVisit.ts'

/** How near to its end the timeline must be to follow what comes. */
const END_WITHIN_PX = 80

/** Asks how the conversation on screen was, once it is here. */
export function RatingCard(props: { visit: Pick<Visit, 'talk'> }) {
  return <Show when={props.visit.talk()}>{(talk) => <Card talk={talk()} />}</Show>
}

/** Asks, and keeps the answer where it can be changed (RT1, RT5, RT10). */
function Card(props: { talk: LiveConversation }) {
  const open = () => props.talk.state.public
  const given = () => {
    const { rating, prompt } = open()
    return rating && rating.prompt === prompt?.n ? rating : null
  }
  // Chosen by keys, which pass others on their way: sent by the button.
  const [chosen, setChosen] = createSignal<Score | null>(null)
  const [comment, setComment] = createSignal(given()?.comment ?? '')
  const [fault, setFault] = createSignal('')
  const dismissal = createDismissal(() => `${open().id}.${open().prompt?.n}`)
  const pending = () => props.talk.pending.findLast(({ command }) => command.type === 'submit_rating')
  const sent = () => {
    const command = pending()?.command
    return command?.type === 'submit_rating' ? command.score : null
  }
  const score = () => chosen() ?? sent() ?? given()?.score ?? null
  const isFinal = () => given() !== null && Date.now() > (open().prompt?.until ?? 0)
  const isNew = () => score() !== given()?.score || comment().trim() !== (given()?.comment ?? '')

  const send = (score: Score): void => {
    const said = comment().trim()
    if (textLength(said) > TEXT_MAX) return void setFault('Shorten your comment to 2,000 characters or fewer.')
    setFault('')
    setChosen(null)
    props.talk.send({ type: 'submit_rating', score, ...(said && { comment: said }) })
  }
  createEffect(() => {
    const refused = pending()
    if (refused?.status !== 'refused') return
    setFault(refused.refusal?.message ?? 'This could not be kept. Try again in a moment.')
    props.talk.discard(refused.id)
  })

  let card: HTMLElement | undefined
  let again: HTMLElement | undefined
  // It grows by the comment: what is new in it is what one came for.
  createEffect(
    on(
      [given, fault],
      () => {
        card?.scrollIntoView({ block: 'nearest' })
        // The button that sent it is gone.
        if (document.activeElement === document.body) card?.focus({ preventScroll: true })
      },
      { defer: true },
    ),
  )
  onMount(() => card && follow(card))

  return (
    <Show
      when={!dismissal.isDismissed() || given()}
      fallback={
        <p class="activity">
          <button
            type="button"
            class="link"
            ref={(element) => (again = element)}
            onClick={() => {
              dismissal.recall()
              card?.focus()
            }}
          >
            Rate this conversation
          </button>
        </p>
      }
    >
      <form
        class="card rating"
        tabindex="-1"
        aria-labelledby="rating-title"
        ref={(element) => (card = element)}
        onSubmit={(event) => {
          event.preventDefault()
          const present = score()
          if (present) send(present)
        }}
      >
        <p id="rating-title" class="rating-title">
          {given() ? 'You rated this conversation' : 'How was this conversation?'}
        </p>
        <Scale
          skin={open().prompt?.skin ?? 'faces'}
          score={score()}
          disabled={isFinal()}
          onChoose={(to, byKeys) => (byKeys ? setChosen(to) : send(to))}
        />
        <Show when={score() && !isFinal()}>
          <label for="rating-comment">Tell us more, if you like</label>
          <textarea
            id="rating-comment"
            rows="2"
            dir="auto"
            aria-describedby="rating-fault"
            value={comment()}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
        </Show>
        <p id="rating-fault" class="fault" role="alert">
          {fault()}
        </p>
        <div class="card-buttons">
          <Show when={score() && !isFinal() && isNew()}>
            <button type="submit" class="main">
              {chosen() === null ? 'Send comment' : 'Send rating'}
            </button>
          </Show>
          <Show when={!given()}>
            <button
              type="button"
              onClick={() => {
                dismissal.dismiss()
                again?.focus()
              }}
            >
              Not now
            </button>
          </Show>
        </div>
        <p role="status" class="rating-thanks">
          {given() && !pending() && 'Thank you for your rating.'}
        </p>
      </form>
    </Show>
  )
}

/** Who was at the end stays there; who reads further up is not moved. */
function follow(card: HTMLElement): void {
  const scroller = card.closest('.timeline')
  if (!scroller) return
  const fromEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight - card.offsetHeight
  if (fromEnd < END_WITHIN_PX) scroller.scrollTop = scroller.scrollHeight
}

interface ScaleProps {
  skin: Skin
  score: Score | null
  disabled: boolean
  /** `byKeys`: passed on the way to another, perhaps. */
  onChoose(score: Score, byKeys: boolean): void
}

/** Five of a kind, one score (RT7): a radio group, whatever it looks like. */
function Scale(props: ScaleProps): JSX.Element {
  let byKeys = false
  const sign = (score: Score): string => {
    if (props.skin === 'faces') return FACES[score]
    return props.skin === 'stars' ? '★' : String(score)
  }
  return (
    <div
      class="scale"
      role="radiogroup"
      aria-labelledby="rating-title"
      data-skin={props.skin}
      onKeyDown={() => (byKeys = true)}
      onPointerDown={() => (byKeys = false)}
    >
      <For each={SCORES}>
        {(score) => (
          <label data-reached={props.score !== null && score <= props.score ? '' : undefined}>
            <input
              type="radio"
              name="rating"
              class="unseen"
              value={score}
              checked={props.score === score}
              disabled={props.disabled}
              onChange={() => props.onChoose(score, byKeys)}
            />
            <span aria-hidden="true">{sign(score)}</span>
            <span class="unseen">{scoreWords(score)}</span>
          </label>
        )}
      </For>
    </div>
  )
}
