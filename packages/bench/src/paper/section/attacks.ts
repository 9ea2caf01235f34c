import { scoreAttacks } from '../../forecast/attacks.ts'
import { type Gain, measureGain } from '../../forecast/gain.ts'
import { drawHeat } from '../../report/plot/heat-plot.ts'
import type { PaperSection } from '../section.ts'

const WORLD_COUNT = 30
const QUESTION_COUNT = 30

/** What attacks on the score of forecasts gain. */
export const attacksSection: PaperSection = {
  name: 'attacks',
  title: 'Attacks on the score',
  text: [
    'Each attack against the same stake reporting what it believes, in the same seeded worlds. Some rows are attacks on a weaker rule, to show what the rule is for: reports shown before their snapshots close, losses given back at exit, questions that nobody admitted.',
  ],
  measure({ seed }) {
    const options = {
      seed: `${seed}/attacks`,
      worldCount: WORLD_COUNT,
      questionCount: QUESTION_COUNT,
    }
    const gains = scoreAttacks.map((attack) => measureGain(attack, options))
    return {
      rows: [],
      figures: [
        {
          id: 'attack-matrix',
          title: 'Gain of each attack on the score',
          caption: `Rows are attacks. Columns are the gain in forecasting weight as a part of the stake, and in pay as a part of the honest pay: above 0 (orange) the attacker gains, below (blue) it loses; the colours of a column run over that column. Means over ${WORLD_COUNT} seeded worlds of ${QUESTION_COUNT} questions.`,
          svg: drawHeat({
            name: 'Gain of each attack on the score',
            rows: gains.map(({ name }) => name),
            columns: ['gain in weight', 'gain in pay'],
            values: gains.map(({ weight, pay }) => [weight.mean, pay.mean]),
            digits: 3,
          }),
          table: {
            id: 'attack-matrix-numbers',
            title: 'Gain of each attack on the score',
            caption: 'Means and 95 % bootstrap intervals over worlds.',
            columns: [
              { title: 'attack' },
              ...['weight', 'pay'].flatMap((what) => [
                { title: what, digits: 4 },
                { title: 'lo', digits: 4 },
                { title: 'hi', digits: 4 },
              ]),
            ],
            rows: gains.map(({ name, weight, pay }: Gain) => [
              name,
              weight.mean,
              weight.lo,
              weight.hi,
              pay.mean,
              pay.lo,
              pay.hi,
            ]),
          },
        },
      ],
    }
  },
}
