import { Command } from 'commander'
import { briberies, measureBribedJury } from './attack/bribed-jury.ts'
import { measureLockChurn } from './attack/lock-churn.ts'
import { liars, measureLiar } from './attack/lying-asserter.ts'
import { measureNonPayingBuyer } from './attack/non-paying-buyer.ts'
import { scoreAttacks } from './attacks.ts'
import type { Interval } from './bootstrap.ts'
import { measureCreditMarket } from './credit-market.ts'
import { measureGain } from './gain.ts'
import { measureForecastSpeed } from './speed.ts'
import { BELIEF_DEFAULT, measureTruthfulness } from './truthfulness.ts'

const options = new Command('bench:forecast')
  .description(
    'Measures the forecasting rules: what to report, whom credit pays, what attacks gain, how fast they are.',
  )
  .option('--seed <text>', 'of the worlds in which attacks are tried', 'forecast')
  .option('--worlds <count>', 'worlds for each attack', '100')
  .option('--json', 'print JSON')
  .parse()
  .opts<{ seed: string; worlds: string; json?: true }>()

const worldCount = Number(options.worlds)
if (!Number.isInteger(worldCount) || worldCount < 2) {
  process.stderr.write(`--worlds ${options.worlds}: accepted is a whole number from 2\n`)
  process.exit(2)
}

const reports = measureTruthfulness(BELIEF_DEFAULT)
const gains = scoreAttacks.map((attack) =>
  measureGain(attack, { seed: options.seed, worldCount, questionCount: 30 }),
)
const churn = [1, 4, 8].map((everyEpochs) => ({
  everyEpochs,
  payLeft: measureLockChurn(33, everyEpochs),
  payLeftIfAllToHouse: measureLockChurn(33, everyEpochs, 'all-to-house'),
}))
const bribes = briberies.map((bribery) =>
  measureBribedJury(bribery, { seed: options.seed, worldCount }),
)
const lies = liars.map((liar) => measureLiar(liar, { seed: options.seed, worldCount }))
const market = { seed: options.seed, worldCount: Math.min(20, worldCount), questionCount: 400 }
const credits = measureCreditMarket(market)
const buyers = [0, 1, 3].map((ownCoins) => ({
  ownCoins,
  ...measureNonPayingBuyer({ seed: options.seed, worldCount, questionCount: 120, ownCoins }),
}))
const speeds = [10, 100, 1_000].map(measureForecastSpeed)

if (options.json === true) {
  process.stdout.write(
    `${JSON.stringify({ reports, gains, churn, bribes, lies, credits, buyers, speeds }, null, 2)}\n`,
  )
} else {
  const { belief, peers, share } = BELIEF_DEFAULT
  print(`Best report of an agent that believes ${belief}, peers at ${peers}, own share ${share}`)
  for (const { rule, report } of reports) print(`  ${rule.padEnd(44)}${report.toFixed(3)}`)
  print('')
  print('Gain over the same stake reporting honestly, 30 questions, 95 % interval over worlds')
  print(`  ${''.padEnd(44)}${'weight, of the stake'.padEnd(28)}pay, of the honest pay`)
  for (const { name, weight, pay } of gains) {
    print(`  ${name.padEnd(44)}${written(weight).padEnd(28)}${written(pay)}`)
  }
  print('')
  print(
    'Pay left to the others after 32 epochs, when a tenth of the stake is closed and opened again',
  )
  for (const { everyEpochs, payLeft, payLeftIfAllToHouse } of churn) {
    const rival = `(${payLeftIfAllToHouse.toFixed(3)} if the house took all weight)`
    print(`  every ${everyEpochs} epochs`.padEnd(46) + `${payLeft.toFixed(3)} ${rival}`)
  }
  print('')
  print(
    'Bribing juries of 7, 15, 31, in parts of what the question is worth, 95 % interval over worlds',
  )
  print(
    `  ${'who believes, budget, worth in parts of the bound'.padEnd(52)}flipped  void   gain   bribes   bond     net`,
  )
  for (const {
    believing,
    budget,
    worth,
    flipped,
    voided,
    gain,
    bribes: paid,
    bond,
    net,
  } of bribes) {
    print(
      `  ${`${believing} believe, budget ${budget}, worth ${worth}`.padEnd(52)}${flipped.toFixed(2)}     ${voided.toFixed(2)}` +
        `   ${gain.mean.toFixed(2)} ${paid.mean.toFixed(2).padStart(8)} ${signed(bond.mean).padStart(8)}   ${written(net)}`,
    )
  }
  print('')
  print('Bonding 50 tokens for the wrong outcome, in tokens, 95 % interval over worlds')
  print(
    `  ${''.padEnd(52)}flipped  void   ${'net'.padEnd(30)}${'honest opponent'.padEnd(30)}pays from a worth of`,
  )
  for (const { name, flipped, voided, net, opponent, breakEven } of lies) {
    print(
      `  ${name.padEnd(52)}${flipped.toFixed(2)}     ${voided.toFixed(2)}   ${written(net).padEnd(30)}` +
        `${written(opponent).padEnd(30)}${breakEven?.toFixed(0) ?? 'never'}`,
    )
  print('Pay that five sybil noise sellers take, by credit rule, in a market of nine sellers')
  for (const { method, noise, copy } of credits) {
    print(`  ${method.padEnd(44)}${written(noise).padEnd(28)}near-copy ${written(copy)}`)
  }
  print('')
  print(
    'Gain of a buyer that pays its suppliers nothing, over the same buyer paying, 120 questions',
  )
  print(`  ${'coins it sees itself'.padEnd(24)}${'log loss, nats'.padEnd(28)}emission it keeps`)
  for (const { ownCoins, loss, kept } of buyers) {
    print(`  ${`${ownCoins}`.padEnd(24)}${written(loss).padEnd(28)}${written(kept)}`)
  }
  print('')
  print('Speed')
  for (const speed of speeds) {
    print(
      `  ${String(speed.agentCount).padStart(5)} agents   ${speed.questionsPerSecond.toFixed(0).padStart(6)} questions/s` +
        `   flow ${speed.flowMs.toFixed(2).padStart(7)} ms, ${speed.edgeCount} edges × ${speed.waveCount} waves,` +
        ` ${speed.nsPerEdgeAndWave.toFixed(0)} ns each`,
    )
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function written({ mean, lo, hi }: Interval): string {
  return `${signed(mean)} [${signed(lo)}, ${signed(hi)}]`
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
}
