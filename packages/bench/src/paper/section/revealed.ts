import { present } from '@commonweal/protocol'
import {
  contradictsDeclared,
  observeRestraint,
  type RevealedInterval,
  revealInterval,
} from '../../commons/revealed.ts'
import { playPublicRun, repeat } from '../play-commons.ts'
import { runExperiment } from '../run-experiment.ts'
import type { PaperSection } from '../section.ts'
import { judge, type VerdictRow } from '../verdict-row.ts'

const NAME = 'revealed'
const RIDER = 'free-rider 3'
const SAINT = 'utility 3'
/** The λ that players of the game have. */
const PLAYED = 0.5

/** What acts say of the weight behind them, beside the weight that was declared. */
export const revealedSection: PaperSection = {
  name: NAME,
  title: 'Revealed weights beside declared ones',
  text: [
    'Whoever runs a node declares its λ; what it does is public. In a commons a request shows whether a seat reaches the threshold from which it pays to leave a unit in the water, so that the weights that agree with its requests are an interval between thresholds. In a game λ is estimated from what was played, as logit responses, by maximum likelihood.',
  ],
  async measure() {
    const run = await playPublicRun({ seats: [RIDER, ...repeat(4, SAINT)] }, 1)
    const [rider, saint] = [0, 1].map((seat) => revealInterval(observeRestraint(run, seat)))
    return {
      rows: [
        commonsRow('a free-rider that declares λ = 3', rider, '[0, 0.6), without the declared 3'),
        commonsRow(
          'a seat that declares λ = 3 and holds back',
          saint,
          '[0.6, ∞), with the declared 3',
        ),
        await gameRow(),
      ],
    }
  },
}

function commonsRow(who: string, seen: RevealedInterval | undefined, expected: string): VerdictRow {
  const revealed = present(seen, 'every seat reveals an interval')
  const ends = `[${revealed.lo}, ${Number.isFinite(revealed.hi) ? revealed.hi : '∞'})`
  const has = contradictsDeclared(revealed, 3) ? 'without' : 'with'
  return judge(NAME, {
    id: `revealed/${who}`,
    what: `${who}: weights that its requests agree with, at 95 %`,
    expected,
    got: `${ends}, ${has} the declared 3`,
    note: `${revealed.observationCount} requests that show something`,
  })
}

async function gameRow(): Promise<VerdictRow> {
  const file = `
scenario: {kind: game, rounds: 60, matching: fixed, revealed: true}
population: [{policy: quantal, count: 2, prosociality: ${PLAYED}}]
`
  const [cell] = await runExperiment(file, NAME)
  const { mean, lo, hi } = present(cell, 'there is one setting').intervalOf('revealed.0')
  return judge(NAME, {
    id: 'revealed/game',
    what: `two players of λ = ${PLAYED} in the game with hidden effort: mean estimate`,
    expected: PLAYED,
    got: mean,
    tolerance: 0.05,
    note: `95 % bootstrap interval over ten runs of 60 rounds: ${lo.toFixed(3)} to ${hi.toFixed(3)}`,
  })
}
