import { Command } from 'commander'
import { buyerSection, creditSection, sellerSection } from './section/credit.ts'
import { ledgerSection } from './section/ledger.ts'
import { outsideSection } from './section/outside.ts'
import { briberySection, liarSection } from './section/resolution.ts'
import { attackSection, churnSection, truthfulnessSection } from './section/score.ts'
import type { Section } from './section/section.ts'
import { speedSection } from './section/speed.ts'
import { weatherSection } from './section/weather.ts'

/** In the order in which they are measured and shown. */
const SECTIONS: Readonly<Record<string, Section>> = {
  truthfulness: truthfulnessSection,
  attacks: attackSection,
  churn: churnSection,
  ledger: ledgerSection,
  bribery: briberySection,
  liars: liarSection,
  credit: creditSection,
  sellers: sellerSection,
  buyers: buyerSection,
  weather: weatherSection,
  outside: outsideSection,
  speed: speedSection,
}
const NAMES = Object.keys(SECTIONS).join(', ')

const options = new Command('bench:forecast')
  .description(
    'Measures the forecasting rules: what to report, whom credit pays, what attacks gain, how fast they are.',
  )
  .option('--seed <text>', 'of the worlds in which attacks are tried', 'forecast')
  .option('--worlds <count>', 'worlds for each attack', '100')
  .option('--only <names>', `only these parts, by name: ${NAMES}`)
  .option(
    '--data <folder>',
    'also measure on public data sets: replication-markets and governors in this folder',
  )
  .option('--json', 'print JSON, when all is measured')
  .parse()
  .opts<{ seed: string; worlds: string; only?: string; data?: string; json?: true }>()

const worldCount = Number(options.worlds)
if (!Number.isInteger(worldCount) || worldCount < 2) {
  refuse(`--worlds ${options.worlds}: accepted is a whole number from 2`)
}
const chosen = options.only?.split(',') ?? Object.keys(SECTIONS)
const figures: Record<string, unknown> = {}
for (const name of chosen) {
  const section = SECTIONS[name.trim()]
  if (section === undefined) refuse(`--only ${name}: accepted are ${NAMES}`)
  const measured = await section({
    seed: options.seed,
    worldCount,
    dataFolder: options.data ?? null,
  })
  if (measured === null) continue
  figures[name.trim()] = measured.figures
  if (options.json !== true) process.stdout.write(`${measured.lines.join('\n')}\n\n`)
}
if (options.json === true) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(2)
}
