import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GOVERNOR_MODELS, measureGovernors, type SupplyReport } from './governors.ts'
import { type ImportedQuestions, importQuestions } from './import-questions.ts'
import { measureOrderSpread, type OrderSpread } from './order-spread.ts'
import { byOpening, type Replication, replicate, scoreOfLast } from './replication.ts'
import { MARKET_ROLE } from './roles.ts'

/** Measurements on public data sets that are not part of the repository; null where a set is not in the folder. */
export interface OutsideData {
  readonly markets: {
    readonly equalLoss: number
    readonly weightedLoss: number
    readonly marketLoss: number | null
    readonly orders: OrderSpread | null
    readonly isConserved: boolean
  } | null
  /** By days before the races were over. */
  readonly governors: readonly { daysBefore: number; reports: readonly SupplyReport[] }[] | null
}

/** Days before the end: then all is nearly known, and three weeks before it is not. */
const DAYS_BEFORE = [0, 21]

/** Measures what a folder holds of `replication-markets` and `governors`. */
export function measureOutsideData(folder: string): OutsideData {
  const markets = loadQuestions(join(folder, 'replication-markets'))
  const governors = loadQuestions(join(folder, 'governors'))
  const played = markets && replicate(byOpening(markets.questions), markets, { role: 'survey' })
  return {
    markets: markets && played && describeMarkets(markets, played),
    governors:
      governors &&
      DAYS_BEFORE.map((daysBefore) => ({
        daysBefore,
        reports: measureGovernors(governors, daysBefore),
      })),
  }
}

function describeMarkets(
  markets: ImportedQuestions,
  { equalPool, weightedPool, weightBeforeMicro, weightAfterMicro }: Replication,
): NonNullable<OutsideData['markets']> {
  const orders = { seed: 'orders', orderCount: 40 }
  return {
    equalLoss: equalPool.logLoss,
    weightedLoss: weightedPool.logLoss,
    marketLoss: scoreOfLast(markets.questions, markets, MARKET_ROLE)?.logLoss ?? null,
    orders: measureOrderSpread(markets, { role: 'survey' }, orders),
    isConserved: weightBeforeMicro === weightAfterMicro,
  }
}

/** The measurements as lines of text. */
export function formatOutsideData({ markets, governors }: OutsideData): readonly string[] {
  const lines: string[] = []
  if (markets !== null) {
    const { equalLoss, weightedLoss, marketLoss, orders, isConserved } = markets
    lines.push(
      'Replication markets, mean log loss',
      `  pool, equal weights ${equalLoss.toFixed(4)}   pool, weights of the update ${weightedLoss.toFixed(4)}` +
        (marketLoss === null ? '' : `   market at close ${marketLoss.toFixed(4)}`),
      ...(orders === null
        ? []
        : [
            `  ${orders.orderCount} random orders: ${orders.lo.toFixed(4)} … ${orders.hi.toFixed(4)}, mean ${orders.mean.toFixed(4)}`,
          ]),
      `  Σ weight ${isConserved ? 'is conserved to the micro-unit' : 'is not conserved: a defect'}`,
      '',
    )
  }
  for (const { daysBefore, reports } of governors ?? []) {
    lines.push(
      `Governors, ${daysBefore} days before the end: part of all pay that ${GOVERNOR_MODELS.join(', ')} and the buyer keep;`,
      'rank correlation with marginal value, of pay over models, of credit over races and models',
      ...reports.flatMap(formatSupply),
      '',
    )
  }
  if (lines.length === 0)
    lines.push('--data: neither replication-markets nor governors is there', '')
  return lines
}

function formatSupply({ setting, loss, marginals, pays }: SupplyReport): readonly string[] {
  const values = marginals.map((marginal) => signed(marginal, 4)).join(' ')
  return [
    `  ${setting}: log loss ${loss.toFixed(4)}, without each model ${values}`,
    ...pays.map(({ method, shares, buyerShare, payCorrelation, creditCorrelation }) => {
      const kept = [...shares, buyerShare].map((share) => share.toFixed(3)).join('  ')
      const ranks = [payCorrelation, creditCorrelation].map((rank) =>
        (rank === null ? '–' : signed(rank, 2)).padStart(6),
      )
      return `    ${method.padEnd(22)}${kept}  ${ranks.join('')}`
    }),
  ]
}

function signed(value: number, decimals: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(decimals)}`
}

/** The questions of a folder; null where there is none. */
export function loadQuestions(folder: string): ImportedQuestions | null {
  if (!existsSync(folder)) return null
  const textOf = (name: string): string => readFileSync(join(folder, `${name}.csv`), 'utf8')
  const imported = importQuestions(textOf('questions'), textOf('forecasts'))
  if (imported.ok) return imported.value
  const [first] = imported.faults
  throw new Error(`${folder}: ${first?.file}.csv:${first?.line} ${first?.sentence}`)
}
