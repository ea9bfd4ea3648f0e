import { For, Show } from 'solid-js'
import ChevronsUpDown from '~icons/lucide/chevrons-up-down'
import { SCORES, type Score, scoreWords } from '../../../core/conversation/score.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { Menu, MenuChoice } from '../../ui/Menu.tsx'
import type { Standing } from '../conversation/createStanding.ts'
import { ScoreMark } from '../list/ScoreMark.tsx'
import { createChange } from './createChange.ts'
import { Fact } from './Fact.tsx'
import styles from './FactMenu.module.css'

/**
 * What the visitor gave, and beside it what the team gives itself:
 * two sources, of which the visitor's counts (RT8).
 */
export function RatingFacts(props: { id: ConversationId; standing: Pick<Standing, 'rating' | 'score'> }) {
  const { score: setScore } = createChange(props.id)
  const score = () => props.standing.score()
  const choose = (to: Score | null) => void (to === score() || setScore(to))
  return (
    <>
      <Show when={props.standing.rating()}>
        {(rating) => (
          <Fact label="Rating">
            <span class={styles.menu}>
              <span class={styles.current}>
                <ScoreMark score={rating()} says="Rated by the visitor:" />
                {scoreWords(rating())}
              </span>
            </span>
          </Fact>
        )}
      </Show>
      <Fact label="Team score">
        <span class={styles.menu}>
          <Menu
            label={`Team score: ${textOf(score())}`}
            tip={false}
            trigger={
              <span class={styles.current}>
                <Show when={score()}>{(given) => <ScoreMark score={given()} says="Scored" />}</Show>
                {textOf(score())}
                <ChevronsUpDown aria-hidden="true" />
              </span>
            }
          >
            <For each={[...SCORES].reverse()}>
              {(one) => (
                <MenuChoice
                  closes
                  icon={<ScoreMark score={one} says="" />}
                  chosen={one === score()}
                  onSelect={() => choose(one)}
                >
                  {scoreWords(one)}
                </MenuChoice>
              )}
            </For>
            <MenuChoice closes chosen={score() === null} onSelect={() => choose(null)}>
              None
            </MenuChoice>
          </Menu>
        </span>
      </Fact>
    </>
  )
}

function textOf(score: Score | null): string {
  return score === null ? 'None' : scoreWords(score)
}
