import { settleAssertion, TOKEN_MICRO } from '@commonweal/protocol'
import { bootstrapMean, type Interval } from '../../statistics/bootstrap.ts'
import {
  BOND_MICRO,
  CAREFUL,
  createJuryWorld,
  type JurorModel,
  type JuryWorld,
  playJuries,
  RIGHT,
  uniform,
  verdictOf,
  WRONG,
  worthOfEnd,
} from '../jury-world.ts'

/** One who bonds for the wrong outcome: by asserting it, or by disputing one who asserted the right one. */
export interface Liar {
  readonly name: string
  /** Chance that somebody disputes a wrong assertion in time; null for the liar who disputes. */
  readonly watched: number | null
  readonly jurors: JurorModel
  /** Agents who may be drawn. */
  readonly agentCount: number
}

/** Money in tokens. */
export interface LieResult {
  readonly name: string
  readonly flipped: number
  readonly voided: number
  /** What the end is worth to the liar, less what its bond lost. */
  readonly net: Interval
  /** What the bond of its honest opponent won or lost. */
  readonly opponent: Interval
  /** What the question would have to be worth so that the liar gains on average; null where it never wins. */
  readonly breakEven: number | null
}

interface Played {
  readonly outcome: number | null
  readonly worth: number
  readonly bond: number
  readonly opponent: number
}

const TOKEN = Number(TOKEN_MICRO)

/** What a lie brings when nobody is bribed, and the question is worth the most that the rules allow. */
export function measureLiar(
  liar: Liar,
  options: { readonly seed: string; readonly worldCount: number },
): LieResult {
  const runs = Array.from({ length: options.worldCount }, (_, index) => {
    const world = createJuryWorld(`${options.seed}/${index}`, liar.agentCount)
    return { ...playLie(world, liar), worthMax: Number(world.worthMaxMicro) / TOKEN }
  })
  const label = `${options.seed}/${liar.name}`
  const mean = (of: (run: Played) => number): number =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length
  const won = mean(({ worth }) => worth)
  return {
    name: liar.name,
    flipped: mean(({ outcome }) => (outcome === WRONG ? 1 : 0)),
    voided: mean(({ outcome }) => (outcome === null ? 1 : 0)),
    net: bootstrapMean(
      runs.map(({ worth, bond, worthMax }) => worth * worthMax + bond),
      `${label}/net`,
    ),
    opponent: bootstrapMean(
      runs.map(({ opponent }) => opponent),
      `${label}/opponent`,
    ),
    breakEven: won === 0 ? null : Math.max(0, -mean(({ bond }) => bond) / won),
  }
}

function playLie(world: JuryWorld, { watched, jurors: model }: Liar): Played {
  const isDisputed = watched === null || uniform(world.random) < watched
  const outcome = isDisputed
    ? playJuries(
        world,
        (jurors) => new Map(jurors.map(({ agent }) => [agent, verdictOf(world.random, model)])),
      ).outcome
    : WRONG
  const settled = settleAssertion({
    bondMicro: BOND_MICRO,
    asserted: watched === null ? RIGHT : WRONG,
    disputed: isDisputed ? (watched === null ? WRONG : RIGHT) : null,
    outcome,
  })
  const asserter = Number(settled.asserterMicro - BOND_MICRO) / TOKEN
  const disputer = isDisputed ? Number(settled.disputerMicro - BOND_MICRO) / TOKEN : 0
  const [bond, opponent] = watched === null ? [disputer, asserter] : [asserter, disputer]
  return { outcome, worth: worthOfEnd(outcome), bond, opponent }
}

/** Jurors of a question about which honest people differ. */
const DIVIDED: JurorModel = { presence: 0.95, accuracy: 0.6 }

export const liars: readonly Liar[] = [
  ...[1, 0.9, 0.5, 0.2].map((watched) => ({
    name: `lying asserter, disputed with chance ${watched}`,
    watched,
    jurors: CAREFUL,
    agentCount: 60,
  })),
  { name: 'griefing disputer', watched: null, jurors: CAREFUL, agentCount: 60 },
  {
    name: 'griefing disputer, jurors divided 6 to 4',
    watched: null,
    jurors: DIVIDED,
    agentCount: 60,
  },
  {
    name: 'griefing disputer, no jury can be filled',
    watched: null,
    jurors: CAREFUL,
    agentCount: 6,
  },
]
