import {
  type AgentId,
  cidOf,
  digestOf,
  drawJury,
  flippingBudgetMicro,
  type Juror,
  type JurorVerdict,
  type SeatedJury,
  TOKEN_MICRO,
  tallyVerdicts,
} from '@commonweal/protocol'
import { Random } from '../simulator/engine/random.ts'
import { agentNamed } from './agent-named.ts'

/** The outcome that came true, and the other one. */
export const RIGHT = 0
export const WRONG = 1
export const OUTCOME_COUNT = 2
export const BOND_MICRO: bigint = 50n * TOKEN_MICRO
/** A question that is void spares who would have lost by it, but wins nothing: it is worth half of one that is flipped. */
export const VOID_WORTH = 0.5
const JURY_SIZES: readonly number[] = [7, 15, 31]

/** How jurors vote whom nobody pays: each on its own. */
export interface JurorModel {
  /** Chance that a juror opens a verdict. */
  readonly presence: number
  /** Chance that it saw what came true. One that did not votes for the other outcome. */
  readonly accuracy: number
}

/** Jurors of a question that has a clear answer. */
export const CAREFUL: JurorModel = { presence: 0.95, accuracy: 0.95 }

/** Agents who may be drawn, and the randomness of one question. */
export interface JuryWorld {
  readonly name: string
  readonly eligible: readonly Juror[]
  readonly random: Random
  /** The most that a question may be worth under the rules. */
  readonly worthMaxMicro: bigint
}

export interface JuriesPlayed {
  readonly juries: readonly SeatedJury[]
  /** Null where the question is void. */
  readonly outcome: number | null
}

/** Draws a world: agents with 50 to 500 tokens of stake each, the logarithm uniform. */
export function createJuryWorld(seed: string, agentCount = 60): JuryWorld {
  const random = new Random(seed, 'jury-world')
  const eligible = Array.from({ length: agentCount }, (_, index) => ({
    agent: agentNamed(`juror-${index}`),
    stakeMicro: BigInt(Math.round(50_000_000 * 10 ** uniform(random))),
  }))
  const stakes = eligible.map(({ stakeMicro }) => stakeMicro)
  return { name: seed, eligible, random, worthMaxMicro: flippingBudgetMicro(stakes, JURY_SIZES) }
}

/** What a juror says on its own; null is silence. */
export function verdictOf(random: Random, { presence, accuracy }: JurorModel): number | null {
  if (uniform(random) >= presence) return null
  return uniform(random) < accuracy ? RIGHT : WRONG
}

/** Draws jury after jury until one decides or none is left. `vote` is asked once a round, for the jurors drawn. */
export function playJuries(
  { name, eligible }: JuryWorld,
  vote: (jurors: readonly Juror[], round: number) => ReadonlyMap<AgentId, number | null>,
): JuriesPlayed {
  const juries: SeatedJury[] = []
  for (const [index, size] of JURY_SIZES.entries()) {
    const round = index + 1
    const question = cidOf(new TextEncoder().encode(name))
    const beacon = digestOf(new TextEncoder().encode(`${name}/${round}`))
    const drawn = drawJury({ eligible, size, beacon, question, round })
    if (drawn === 'too-few') break
    const seats = new Set(drawn)
    const jurors = eligible.filter(({ agent }) => seats.has(agent))
    const verdicts = [...vote(jurors, round)].flatMap(([juror, outcome]): JurorVerdict[] =>
      outcome === null ? [] : [{ juror, outcome }],
    )
    juries.push({ jurors, verdicts })
    const tally = tallyVerdicts(size, verdicts, OUTCOME_COUNT)
    if (tally.kind === 'decided') return { juries, outcome: tally.outcome }
  }
  return { juries, outcome: null }
}

/** From 0 to 1. */
export function uniform(random: Random): number {
  return random.next() / 2 ** 32
}

/** What an end is worth to who wants the wrong outcome, as a part of what the wrong outcome is worth. */
export function worthOfEnd(outcome: number | null): number {
  if (outcome === null) return VOID_WORTH
  return outcome === WRONG ? 1 : 0
}
