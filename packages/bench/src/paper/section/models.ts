import { drawBars } from '../../report/plot/bar-plot.ts'
import type { Table } from '../../report/table.ts'
import { bootstrapMean } from '../../statistics/bootstrap.ts'
import { PUBLISHED, PUBLISHED_LABEL, type PublishedRow } from '../models/published-models.ts'
import { meanOf, playSeeds, repeat, SEAT_COUNT } from '../play-commons.ts'
import type { PaperSection } from '../section.ts'

const NAME = 'models'

const OURS_LABEL = 'closed-form agents'
const SEED_COUNT = 10
const COUNTS = [0, SEAT_COUNT]

/** Published figures of language models, beside those of closed-form agents. */
export const modelsSection: PaperSection = {
  name: NAME,
  title: 'Beside language models',
  text: [
    'The figures of arXiv 2605.08426 for language models, labelled as such, beside closed-form agents in the same commons: none or all five of five are prosocial (λ = 1, the others λ = 0). They are for comparison and are no expected values: a closed-form agent reads no words and makes no mistakes. The paper’s contracts come a round late; these agents are bound from the first round on.',
  ],
  partSeconds: 20,
  async measure() {
    const measured: Compared[] = []
    for (const row of PUBLISHED) measured.push(await compare(row))
    return {
      rows: [],
      figures: [
        {
          id: 'language-models',
          title: 'Units caught, by who catches them',
          caption: `Mean gain R with no (p0) and with five (p5) prosocial agents of five. ${PUBLISHED_LABEL}: means over models as published. ${OURS_LABEL}: means over ${SEED_COUNT} seeds, by rounds; the same table has the intervals.`,
          svg: drawBars({
            name: 'Units caught by language models and closed-form agents',
            y: 'R, units caught',
            digits: 0,
            categories: PUBLISHED.map(
              ({ regeneration, contract }) => `${regeneration}, ${contract}`,
            ),
            series: [
              { name: `p0, ${PUBLISHED_LABEL}`, values: PUBLISHED.map(({ p0 }) => p0.R) },
              { name: `p0, ${OURS_LABEL}`, values: measured.map(({ R }) => R[0]?.mean ?? null) },
              { name: `p5, ${PUBLISHED_LABEL}`, values: PUBLISHED.map(({ p5 }) => p5.R) },
              { name: `p5, ${OURS_LABEL}`, values: measured.map(({ R }) => R[1]?.mean ?? null) },
            ],
          }),
          table: comparisonTable(measured),
        },
      ],
    }
  },
}

interface Compared {
  /** Mean rounds survived and interval of units caught, with none and with all prosocial. */
  readonly m: readonly number[]
  readonly R: readonly { readonly mean: number; readonly lo: number; readonly hi: number }[]
}

async function compare({ regeneration, contract }: PublishedRow): Promise<Compared> {
  const m: number[] = []
  const gains: Compared['R'][number][] = []
  for (const count of COUNTS) {
    const seats = [...repeat(count, 'utility 1'), ...repeat(SEAT_COUNT - count, 'utility 0')]
    const params = { regeneration: { mode: regeneration } }
    const runs = await playSeeds({ seats, params, contract }, SEED_COUNT)
    m.push(meanOf(runs.map((run) => run.m)))
    const label = `${NAME}/${regeneration}/${contract}/${count}`
    gains.push(
      bootstrapMean(
        runs.map(({ R }) => R),
        label,
      ),
    )
  }
  return { m, R: gains }
}

function comparisonTable(measured: readonly Compared[]): Table {
  const ours = ({ m, R }: Compared, place: number) => {
    const { mean, lo, hi } = R[place] ?? { mean: 0, lo: 0, hi: 0 }
    return [m[place] ?? null, mean, lo, hi]
  }
  const columns = ['p0', 'p5'].flatMap((count) => [
    { title: `${count} m, ${PUBLISHED_LABEL}`, digits: 2 },
    { title: `${count} R, ${PUBLISHED_LABEL}`, digits: 0 },
    { title: `${count} m, ${OURS_LABEL}`, digits: 2 },
    { title: `${count} R`, digits: 1 },
    { title: 'lo', digits: 1 },
    { title: 'hi', digits: 1 },
  ])
  return {
    id: 'language-models-numbers',
    title: 'Language models and closed-form agents',
    caption: 'Rounds survived m and units caught R, ours with 95 % bootstrap intervals over runs.',
    columns: [{ title: 'regeneration' }, { title: 'contract' }, ...columns],
    rows: PUBLISHED.map(({ regeneration, contract, p0, p5 }, index) => {
      const own = measured[index] ?? { m: [], R: [] }
      return [regeneration, contract, p0.m, p0.R, ...ours(own, 0), p5.m, p5.R, ...ours(own, 1)]
    }),
  }
}
