/**
 * What a conversation can be given, and how it is said:
 * one score, whatever it looks like (RT5, RT7). The widget ships it.
 */

export const SCORES = [1, 2, 3, 4, 5] as const
export type Score = (typeof SCORES)[number]

/** RT7: how the prompt looks. */
export const SKINS = ['faces', 'stars', 'numbers'] as const
export type Skin = (typeof SKINS)[number]

export const FACES: Readonly<Record<Score, string>> = { 1: '😑', 2: '😟', 3: '😐', 4: '😊', 5: '😍' }

const WORDS: Readonly<Record<Score, string>> = { 1: 'very bad', 2: 'bad', 3: 'neutral', 4: 'good', 5: 'very good' }

/** RT6: what is seen at a glance. */
export type Tone = 'good' | 'neutral' | 'bad'

export function toneOf(score: Score): Tone {
  if (score === 3) return 'neutral'
  return score > 3 ? 'good' : 'bad'
}

/** RT10: "3 of 5, neutral". */
export function scoreWords(score: Score): string {
  return `${score} of 5, ${WORDS[score]}`
}
