import { Command } from 'commander'
import { measureFinality } from '../simulator/finality.ts'
import { measureDelivery } from './delivery.ts'
import { measureStartUp } from './start-up.ts'
import { measureVerification } from './verification.ts'

/** What a node costs beside the least that it could cost, each against its limit in the same run. */
const FIGURES = {
  verification: async () => {
    const figure = measureVerification()
    return { figure, ratio: figure.ratio, goal: '≥ 0.7', isMet: figure.ratio >= 0.7 }
  },
  delivery: async () => {
    const figure = await measureDelivery()
    return { figure, ratio: figure.ratio, goal: '≥ 0.8', isMet: figure.ratio >= 0.8 }
  },
  finality: async () => {
    const figure = measureFinality({ nodeCount: 5, linkMs: 50, blockCount: 20 })
    return { figure, ratio: figure.hopsMax, goal: '3 hops', isMet: figure.hopsMax === 3 }
  },
  'start-up': async () => {
    const figure = await measureStartUp()
    return { figure, ratio: figure.ratio, goal: '≤ 1.5', isMet: figure.ratio <= 1.5 }
  },
} as const

const SENTENCES = {
  verification: 'messages a second, decoded, verified and stepped, against bare Ed25519 checks',
  delivery: 'deliveries a second of five nodes against five bare gossipsub nodes, 512 B',
  finality: 'from proposal to finality at every replica, links of 50 ms, in links',
  'start-up': 'time until five processes are all connected, against five bare libp2p processes',
} as const

type FigureName = keyof typeof FIGURES

const program = new Command('bench:node')
  .description(
    'Measures a node against named limits in one run; ratios carry over to other machines, times do not.',
  )
  .option('--only <name>', `one of ${Object.keys(FIGURES).join(', ')}`)
  .option('--json', 'print JSON')
  .parse()
const options = program.opts<{ only?: string; json?: true }>()
const names = Object.keys(FIGURES).filter((name): name is FigureName => name in FIGURES)
const chosen = names.filter((name) => options.only === undefined || options.only === name)
if (chosen.length === 0) {
  program.error(`--only ${options.only}: accepted are ${names.join(', ')}`, { exitCode: 2 })
}

const results: Record<string, unknown> = {}
for (const name of chosen) {
  if (options.json === undefined) process.stdout.write(`${name.padEnd(13)}measuring …`)
  const { figure, ratio, goal, isMet } = await FIGURES[name]()
  results[name] = { ...figure, goal, isMet }
  if (options.json !== undefined) continue
  const verdict = isMet ? 'met' : 'not met'
  process.stdout.write(
    `\r${name.padEnd(13)}${ratio.toFixed(2).padStart(5)}   goal ${goal.padEnd(7)} ${verdict.padEnd(8)} ${SENTENCES[name]}\n`,
  )
}
if (options.json !== undefined) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
process.exit(0)
