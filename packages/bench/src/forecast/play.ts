import {
  type AgentId,
  closeLock,
  type EarningQuestion,
  type Reporter,
  scoreQuestion,
  shareEmission,
  topUpLock,
  type WeightLock,
} from '@commonweal/protocol'
import { agentNamed } from './agent-named.ts'
import { binaryReport } from './to-report.ts'
import type { WorldQuestion } from './world.ts'

/** What a strategy sees when it reports on the first outcome in a snapshot. */
export interface Moment {
  readonly snapshot: number
  /** Its own belief; of several who act together that of the first. */
  readonly belief: number
  /** What each of those believes who act together. */
  readonly beliefs: readonly number[]
  /** What it has locked under each name, and what became of it. */
  readonly locks: readonly WeightLock[]
  /** What the others said on average by weight, in a snapshot that is already open; undefined when none is. */
  poolAfter(lagSnapshots: number): number | undefined
}

/** What one holder of stake does, under one name or several. */
export interface Strategy {
  readonly nameCount: number
  /** The probability that each of its names reports; by name. */
  report(moment: Moment): readonly number[]
  /** A name of whose lock this part is left, or less, is closed after the question and opened again with what it gets back. */
  readonly reopensBelow?: number
  /** Questions of its own for each of the network's, whose answer it knows. */
  readonly ownQuestionCount?: number
}

/** Rules of the network that an attack is aimed at; the defaults are the network's. */
export interface Rules {
  /** Whether a lock that is closed loses what its weight has lost. */
  readonly burnsLosses?: boolean
  /** Whether only questions that the network admitted are scored and paid. */
  readonly admittedOnly?: boolean
}

export interface PlayPlan {
  readonly world: readonly WorldQuestion[]
  /** So many of the first forecasters of the world act together; one unless given. */
  readonly memberCount?: number
  /** Part of the forecasters' stake that the strategy holds; the others hold the rest in equal parts. */
  readonly share: number
  readonly rules?: Rules
}

/** What a strategy has at the end, in micro-units. */
export interface PlayResult {
  readonly startMicro: bigint
  readonly weightMicro: bigint
  /** Emission that its names were paid. */
  readonly paidMicro: bigint
  /** Emission that all names were paid. */
  readonly paidAllMicro: bigint
}

const STAKE_TOTAL_MICRO = 1_000_000_000_000n
/** The house opens with a tenth of all weight. */
const HOUSE_MICRO = STAKE_TOTAL_MICRO / 9n
const EMISSION_MICRO = 1_000_000_000n
/** The house says one half. */
const REFERENCE = [5_000, 5_000]

interface Table {
  readonly own: Map<AgentId, WeightLock>
  readonly others: Map<AgentId, WeightLock>
  houseMicro: bigint
}

/** Plays a strategy through all questions of a world, each an epoch of its own, among forecasters who report what they believe. */
export function play(strategy: Strategy, plan: PlayPlan): PlayResult {
  const { world, share, memberCount = 1, rules = {} } = plan
  const otherCount = (world[0]?.beliefs.length ?? memberCount) - memberCount
  const startMicro = BigInt(Math.round(Number(STAKE_TOTAL_MICRO) * share))
  const table: Table = {
    own: openLocks('own', strategy.nameCount, startMicro),
    others: openLocks('other', otherCount, STAKE_TOTAL_MICRO - startMicro),
    houseMicro: HOUSE_MICRO,
  }
  let paidMicro = 0n
  let paidAllMicro = 0n
  for (const [index, question] of world.entries()) {
    const { firstCameTrue, beliefs } = question
    const asked = {
      firstCameTrue,
      ours: beliefs.slice(0, memberCount),
      theirs: beliefs.slice(memberCount),
      source: `${index}`,
    }
    const earning = [scoreWorldQuestion(table, strategy, asked)]
    if (rules.admittedOnly === false) {
      for (let count = 0; count < (strategy.ownQuestionCount ?? 0); count++) {
        earning.push(scoreOwnQuestion(table, `${index}-${count}`))
      }
    }
    for (const { agent, amountMicro } of shareEmission(EMISSION_MICRO, earning).payments) {
      paidAllMicro += amountMicro
      if (table.own.has(agent)) paidMicro += amountMicro
    }
    reopenLosers(table, strategy.reopensBelow ?? 0, rules.burnsLosses ?? true)
  }
  return {
    startMicro: sumOf(openLocks('own', strategy.nameCount, startMicro)),
    weightMicro: sumOf(table.own),
    paidMicro,
    paidAllMicro,
  }
}

interface Asked {
  readonly firstCameTrue: boolean
  /** Beliefs by forecaster and snapshot: of those who act together, and of the others. */
  readonly ours: WorldQuestion['beliefs']
  readonly theirs: WorldQuestion['beliefs']
  readonly source: string
}

function scoreWorldQuestion(
  table: Table,
  strategy: Strategy,
  { firstCameTrue, ours, theirs, source }: Asked,
): EarningQuestion {
  const snapshotCount = theirs[0]?.length ?? 1
  const weights = [...table.others.values()].map(({ weightMicro }) => Number(weightMicro))
  const pools = Array.from({ length: snapshotCount }, (_, snapshot) =>
    poolOf(weights, theirs, snapshot),
  )
  const said = pools.map((_, snapshot) => {
    const beliefs = ours.map((own) => own[snapshot] ?? 0.5)
    return strategy.report({
      snapshot,
      belief: beliefs[0] ?? 0.5,
      beliefs,
      locks: [...table.own.values()],
      poolAfter: (lagSnapshots) => pools[snapshot - lagSnapshots],
    })
  })
  const own = [...table.own].map(([agent, { weightMicro }], name) => ({
    agent,
    weightMicro,
    reports: said.map((byName) => binaryReport(byName[name] ?? 0.5)),
  }))
  const others = [...table.others].map(([agent, { weightMicro }], index) => ({
    agent,
    weightMicro,
    reports: (theirs[index] ?? []).map(binaryReport),
  }))
  return score(table, [...own, ...others], { firstCameTrue, snapshotCount, source })
}

/** A question that the strategy opened and answers itself: nobody else is awake but the house. */
function scoreOwnQuestion(table: Table, source: string): EarningQuestion {
  const own = [...table.own].map(([agent, { weightMicro }]) => ({
    agent,
    weightMicro,
    reports: [binaryReport(1)],
  }))
  return score(table, own, { firstCameTrue: true, snapshotCount: 1, source })
}

function score(
  table: Table,
  reporters: readonly Reporter[],
  question: { firstCameTrue: boolean; snapshotCount: number; source: string },
): EarningQuestion {
  const { firstCameTrue, snapshotCount, source } = question
  const eachBps = Math.floor(10_000 / snapshotCount)
  const scored = scoreQuestion({
    outcomeCount: 2,
    outcomeIndex: firstCameTrue ? 0 : 1,
    snapshotWeightsBps: Array.from({ length: snapshotCount }, (_, index) =>
      index === 0 ? 10_000 - eachBps * (snapshotCount - 1) : eachBps,
    ),
    house: { weightMicro: table.houseMicro, reference: REFERENCE },
    reporters,
  })
  table.houseMicro = scored.houseMicro ?? 0n
  for (const { agent, weightMicro } of scored.reporters) {
    for (const locks of [table.own, table.others]) {
      const lock = locks.get(agent)
      if (lock !== undefined) locks.set(agent, { ...lock, weightMicro })
    }
  }
  const totalMicro = sumOf(table.own) + sumOf(table.others) + table.houseMicro
  return { source, weight: 1n, totalMicro, earnings: scored.reporters, budgetMaxMicro: null }
}

/** Closes what has lost and opens it again at once, with what comes back: no wait, in favour of the attacker. */
function reopenLosers(table: Table, below: number, burnsLosses: boolean): void {
  for (const [agent, lock] of table.own) {
    const hasLost = lock.weightMicro < lock.lockedMicro
    if (!hasLost || Number(lock.weightMicro) > below * Number(lock.lockedMicro)) continue
    const { returnedMicro, houseWeightMicro } = closeLock(lock)
    table.houseMicro += houseWeightMicro
    table.own.set(agent, topUpLock(null, burnsLosses ? returnedMicro : lock.lockedMicro))
  }
}

function openLocks(kind: string, count: number, stakeMicro: bigint): Map<AgentId, WeightLock> {
  const eachMicro = stakeMicro / BigInt(count)
  return new Map(
    Array.from({ length: count }, (_, index) => [
      agentNamed(`${kind}-${index}`),
      topUpLock(null, eachMicro),
    ]),
  )
}

function poolOf(
  weights: readonly number[],
  beliefs: readonly (readonly number[])[],
  snapshot: number,
): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const weighted = beliefs.map((own, index) => (weights[index] ?? 0) * (own[snapshot] ?? 0.5))
  return weighted.reduce((sum, part) => sum + part, 0) / total
}

function sumOf(locks: ReadonlyMap<AgentId, WeightLock>): bigint {
  return [...locks.values()].reduce((sum, { weightMicro }) => sum + weightMicro, 0n)
}
