/** What each figure is to be. Ratios are Foyer's figure through the minimal worker's, of the same run. */

export interface Goal {
  scenario: string
  figure: string
  /** `ratio` to the minimal worker, or the figure `itself`. */
  of: 'ratio' | 'itself'
  better: 'higher' | 'lower'
  goal: number
  stretch?: number
}

const ratio = (scenario: string, figure: string, goal: number, stretch: number): Goal => ({
  scenario,
  figure,
  of: 'ratio',
  better: figure === 'messages/s' ? 'higher' : 'lower',
  goal,
  stretch,
})
const itself = (scenario: string, figure: string, goal: number, stretch?: number): Goal => ({
  scenario,
  figure,
  of: 'itself',
  better: 'lower',
  goal,
  ...(stretch === undefined ? {} : { stretch }),
})

export const GOALS: readonly Goal[] = [
  ratio('1 conversation × 32', 'messages/s', 0.6, 0.75),
  ratio('50 conversations × 2', 'messages/s', 0.6, 0.75),
  ratio('200 conversations × 1', 'messages/s', 0.5, 0.75),
  ratio('1 conversation × 32', 'CPU µs/message', 1.7, 1.4),
  ratio('50 conversations × 2', 'CPU µs/message', 1.7, 1.4),
  ratio('200 conversations × 1', 'CPU µs/message', 2, 1.4),
  ratio('20 messages/s', 'send→ack p50 ms', 1.3, 1.1),
  ratio('20 messages/s', 'send→ack p99 ms', 2, 1.1),
  ratio('20 messages/s', 'send→peer p99 ms', 2, 1.1),
  ratio('5 receivers', 'CPU, times that of 1', 1.2, 1.1),
  ratio('open', 'p50 ms', 1.6, 1.3),
  ratio('open', 'CPU ms', 1.6, 1.3),
  ratio('1,000 idle', 'KiB each', 1.4, 1.15),
  itself('1,000 idle', 'CPU s per s', 0.01),
  ratio('wake', 'send→ack p50 ms', 1.6, 1.3),
  ratio('restart', 'p50 ms', 2, 1.3),
  itself('10,000 messages', 'send→ack p50, times that of 10', 1.1, 1.05),
  itself('10,000 messages', 'page p50, times that of 10', 1.1, 1.05),
  itself('inbox of 50 agents', 'list events per conversation and second, most', 2),
]
