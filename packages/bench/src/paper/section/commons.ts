import type { CommonsMetrics } from '@commonweal/protocol'
import { drawLines } from '../../report/plot/line-plot.ts'
import type { Figure } from '../../report/report.ts'
import { type CommonsSetup, meanOf, playSeeds, repeat, SEAT_COUNT } from '../play-commons.ts'
import type { PaperSection } from '../section.ts'
import { judge, rounding, type VerdictRow } from '../verdict-row.ts'

const NAME = 'commons'

interface Expected {
  readonly m: number
  readonly R: number
  readonly u: number
  readonly e: number
  readonly o: number
}

interface Entry {
  readonly id: string
  readonly what: string
  readonly setup: CommonsSetup
  readonly expected: Expected
  /** Where luck divides the stock: equality is a mean over this many seeds, and may be off by three of its standard errors. */
  readonly luck?: { readonly seedCount: number; readonly tolerance: number }
}

const COLLAPSED: Expected = { m: 1, R: 100, u: 1, e: 1, o: 1 }
const FIRST_BEST: Expected = { m: 12, R: 600, u: 1, e: 1, o: 0 }
const PRUDENT: Expected = { m: 12, R: 300, u: 0.5, e: 1, o: 0 }
/** e of one rationed run varies by about .03 from seed to seed. */
const LUCK = { seedCount: 200, tolerance: 0.0065 }
const TENTH = 'stock / 10'

const ENTRIES: readonly Entry[] = [
  {
    id: 'greedy',
    what: '5 greedy, no contract',
    setup: { seats: repeat(5, 'greedy') },
    expected: { ...COLLAPSED, e: 0.899 },
    luck: LUCK,
  },
  {
    id: 'greedy-text',
    what: '5 greedy, a contract in words',
    setup: { seats: repeat(5, 'greedy'), contract: 'text' },
    expected: { ...COLLAPSED, e: 0.899 },
    luck: LUCK,
  },
  {
    id: 'fair-share',
    what: '5 fair-share, no contract',
    setup: { seats: repeat(5, 'fair-share') },
    expected: COLLAPSED,
  },
  {
    id: 'greedy-cap',
    what: '5 greedy, cap ⌊S/10⌋, delay 0',
    setup: { seats: repeat(5, 'greedy'), law: TENTH },
    expected: FIRST_BEST,
  },
  {
    id: 'greedy-cap-late',
    what: '5 greedy, the same cap, delay 1',
    setup: { seats: repeat(5, 'greedy'), law: TENTH, contractDelay: 1 },
    expected: { ...COLLAPSED, e: 0.899 },
    luck: LUCK,
  },
  {
    id: 'steady',
    what: '5 steady, no contract',
    setup: { seats: repeat(5, 'steady') },
    expected: FIRST_BEST,
  },
  {
    id: 'escapement',
    what: '5 escapement(50), no contract',
    setup: { seats: repeat(5, 'escapement(50)') },
    expected: FIRST_BEST,
  },
  ...['greedy', 'fair-share', 'steady'].map((policy) => ({
    id: `prudent-${policy}`,
    what: `5 ${policy}, over-prudent cap 5`,
    setup: { seats: repeat(5, policy), law: '5' },
    expected: PRUDENT,
  })),
  {
    id: 'one-greedy',
    what: '4 steady and 1 greedy, no contract',
    setup: { seats: [...repeat(4, 'steady'), 'greedy'] },
    expected: { ...COLLAPSED, e: 0.6 },
    luck: LUCK,
  },
  {
    id: 'one-greedy-cap',
    what: '4 steady and 1 greedy, cap ⌊S/10⌋, delay 0',
    setup: { seats: [...repeat(4, 'steady'), 'greedy'], law: TENTH },
    expected: FIRST_BEST,
  },
]

const DOSES: readonly Expected[] = [
  { m: 1, R: 100, u: 1, e: 1, o: 1 },
  { m: 2, R: 108, u: 1, e: 0.9111, o: 1 },
  { m: 4, R: 131, u: 0.655, e: 0.8443, o: 1 },
  { m: 7, R: 179, u: 0.5114, e: 0.819, o: 1 },
  { m: 12, R: 314, u: 0.5233, e: 0.8624, o: 0.6667 },
  { m: 12, R: 600, u: 1, e: 1, o: 0 },
]
const DOSE_ENTRIES: readonly Entry[] = DOSES.map((expected, count) => ({
  id: `dose-${count}`,
  what: `${count} steady and ${SEAT_COUNT - count} fair-share, no contract`,
  setup: { seats: [...repeat(count, 'steady'), ...repeat(SEAT_COUNT - count, 'fair-share')] },
  expected,
}))

/** The exact results of the commons with a fixed rate. */
export const commonsSection: PaperSection = {
  name: NAME,
  title: 'The commons, exactly',
  text: [
    'Five seats harvest a stock of 100 that doubles each round, up to 100, for twelve rounds; it collapses when less than 5 is left. m counts rounds survived, R units caught, u is efficiency over the rounds played, e is 1 less the Gini coefficient of catches, o the share of harvests in rounds that took more than renews itself.',
    'Every number is exact but the equality of rows in which luck divides a stock that is too small for all requests: that is a mean over 200 seeds.',
  ],
  async measure() {
    const table: VerdictRow[] = []
    for (const entry of ENTRIES) table.push(...(await judgeEntry(entry)))
    const measured: CommonsMetrics[] = []
    for (const entry of DOSE_ENTRIES) {
      const [run] = await playSeeds(entry.setup, 1)
      if (run !== undefined) measured.push(run)
      table.push(...judgeRuns(entry, run === undefined ? [] : [run]))
    }
    return { rows: table, figures: [doseFigure(measured)] }
  },
}

async function judgeEntry(entry: Entry): Promise<readonly VerdictRow[]> {
  return judgeRuns(entry, await playSeeds(entry.setup, entry.luck?.seedCount ?? 1))
}

function judgeRuns(
  { id, what, expected, luck }: Entry,
  runs: readonly CommonsMetrics[],
): readonly VerdictRow[] {
  return (['m', 'R', 'u', 'e', 'o'] as const).map((metric) => {
    const isLuck = metric === 'e' && luck !== undefined
    return judge(NAME, {
      id: `commons/${id}/${metric}`,
      what: `${what}: ${metric}`,
      expected: expected[metric],
      got: meanOf(runs.map((run) => run[metric])),
      tolerance: isLuck ? luck.tolerance : metric === 'm' || metric === 'R' ? 0 : rounding(4),
      ...(isLuck ? { note: `mean over ${luck.seedCount} seeds` } : {}),
    })
  })
}

function doseFigure(runs: readonly CommonsMetrics[]): Figure {
  const counts = runs.map((_, count) => String(count))
  const line = (name: string, of: (run: CommonsMetrics) => number) => ({
    name,
    points: runs.map((run, x) => ({ x, y: of(run) })),
  })
  return {
    id: 'dose-steady',
    title: 'Dose response of the exact policies',
    caption:
      'Survival (m/12), full-horizon efficiency (R/600) and equality (e) with 0 to 5 seats that take only what renews itself, the others an equal share of all there is; no contract. One run each: nothing is drawn by lot. Survival returns before the harvest does, and one seat that takes too much costs the others half of theirs.',
    svg: drawLines({
      name: 'Dose response of the exact policies',
      x: 'seats of five that are steady',
      y: 'part of the greatest possible',
      categories: counts,
      yMin: 0,
      yMax: 1,
      series: [
        line('survival m/12', ({ m }) => m / 12),
        line('efficiency R/600', ({ R }) => R / 600),
        line('equality e', ({ e }) => e),
      ],
    }),
    table: {
      id: 'dose-steady-numbers',
      title: 'Dose response of the exact policies',
      caption: 'The numbers of the plot.',
      columns: [
        { title: 'steady seats' },
        { title: 'm' },
        { title: 'R' },
        { title: 'u', digits: 4 },
        { title: 'e', digits: 4 },
        { title: 'o', digits: 4 },
      ],
      rows: runs.map(({ m, R, u, e, o }, count) => [count, m, R, u, e, o]),
    },
  }
}
