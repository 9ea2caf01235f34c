import {
  actionCountOf,
  type CompiledLaw,
  createLawState,
  type GameParams,
  type LawState,
  type RoundLaw,
} from '@commonweal/protocol'
import type { GameSituation } from '../../agent.ts'
import { foreseeRound } from '../../game/stage.ts'
import { computeSteps, doesName } from '../law-trial.ts'

/** What a law costs a seat, in payoffs. */
export interface LawCost {
  /** The most that it costs the seat more than the seats on average, each doing the same while all others do something else. */
  readonly disadvantage: number
  /** How much less the seat gets where all do alike what is then best, in the worst round. */
  readonly loss: number
}

/** Rounds that are played out for one law, about. */
const TRIALS_MAX = 4_000
/** The same in steps of clauses, of which a round without any takes as many as `ROUND_STEPS` for each seat. */
const STEPS_MAX = 4_000_000
const ROUND_STEPS = 50
/** Of a law that is quickly tried out, and of one that is not. */
const ROUNDS_MAX = [16, 4] as const
const OTHERS_MAX = [7, 3] as const

/**
 * Tries a law out.
 *
 * Tried are: rounds left, all or sixteen of them; both states; each seat, or eight of them, doing each action while all others
 * do one other, or the same; the law as it begins, and one that remembers violations of the seat alone. Of a law that takes
 * long it is fewer. What a law does is the difference to the same round without it. A law can be written that is harsh
 * only where nobody looks.
 */
export function computeLawCost(
  situation: GameSituation,
  law: CompiledLaw,
  collateralMicro: readonly bigint[],
): LawCost {
  const { params, seats } = situation
  const steps = (computeSteps(law) + ROUND_STEPS) * seats.length
  const trialsMax = Math.min(TRIALS_MAX, Math.floor(STEPS_MAX / steps))
  const pace = trialsMax === TRIALS_MAX ? 0 : 1
  const compared = chooseSeats(situation, OTHERS_MAX[pace])
  const worlds = listWorlds(situation, law, collateralMicro, ROUNDS_MAX[pace])
  const profilesMax = Math.floor(trialsMax / (compared.length * worlds.flat().length))
  const profiles = chooseProfiles(params, profilesMax)
  const without = rememberWithout(situation)
  const effectOf = (seat: number, world: World, profile: Profile): number =>
    gainOf({ ...situation, seat }, world, profile) - without(seat, world.state, profile)
  const disadvantages = worlds.flat().flatMap((world) =>
    profiles.map((profile) => {
      const effects = compared.map((seat) => effectOf(seat, world, profile))
      return effects.reduce((sum, effect) => sum + effect, 0) / effects.length - (effects[0] ?? 0)
    }),
  )
  const losses = worlds.map((states) =>
    states.reduce((sum, world) => sum + world.chance * lossIn(situation, world, without), 0),
  )
  return { disadvantage: Math.max(0, ...disadvantages), loss: Math.max(0, ...losses) }
}

/** A round in which a law is tried out. */
interface World {
  readonly round: number
  readonly state: number | null
  readonly chance: number
  readonly law: RoundLaw | null
}

/** One seat does one thing, and all others another, or the same. */
interface Profile {
  readonly own: number
  readonly others: number
}

/** For each round and memory of the law, the states that it may be in. */
function listWorlds(
  situation: GameSituation,
  law: CompiledLaw,
  collateralMicro: readonly bigint[],
  roundsMax: number,
): readonly (readonly World[])[] {
  const everybody = situation.seats.map(() => true)
  const memories = memoriesOf(situation, law, collateralMicro)
  return chooseRounds(situation, law, roundsMax).flatMap((round) =>
    memories.map((memory) => {
      const bound = { bound: { law, signer: everybody, bound: everybody }, state: memory }
      return statesOf(situation.params).map((one) => ({ ...one, round, law: bound }))
    }),
  )
}

/** What a seat gets without the law, which neither rounds nor memories change. */
type Without = (seat: number, state: number | null, profile: Profile) => number

function rememberWithout(situation: GameSituation): Without {
  const known = new Map<string, number>()
  return (seat, state, profile) => {
    const key = [seat, state, profile.own, profile.others].join()
    const world = { round: situation.state.round, state, chance: 1, law: null }
    const gain = known.get(key) ?? gainOf({ ...situation, seat }, world, profile)
    known.set(key, gain)
    return gain
  }
}

/** What the best of what all may do alike brings less with the law. */
function lossIn(situation: GameSituation, world: World, without: Without): number {
  const { params, seat } = situation
  const alike = actionsOf(params).map((action) => ({ own: action, others: action }))
  const best = Math.max(...alike.map((profile) => without(seat, world.state, profile)))
  return best - Math.max(...alike.map((profile) => gainOf(situation, world, profile)))
}

function gainOf(situation: GameSituation, world: World, { own, others }: Profile): number {
  const { seat, seats, state } = situation
  const { round, law } = world
  const actions = seats.map((_, index) => (index === seat ? own : others))
  const past = Array.from({ length: round - 1 }, (_, index) => state.actions[index] ?? actions)
  const at = { ...situation, state: { ...state, round, actions: past } }
  return foreseeRound(at, actions, law, world.state)[seat] ?? 0
}

/** The own seat first. */
function chooseSeats({ seat, seats }: GameSituation, othersMax: number): readonly number[] {
  const others = seats.slice(1).map((_, index) => (seat + 1 + index) % seats.length)
  return [seat, ...spread(others, othersMax)]
}

function chooseRounds(
  { params, state }: GameSituation,
  law: CompiledLaw,
  roundsMax: number,
): readonly number[] {
  if (!doesName(law, 'round|history')) return [state.round]
  const left = params.rounds - state.round + 1
  return spread(
    Array.from({ length: left }, (_, index) => state.round + index),
    roundsMax,
  )
}

/** Those in which all do alike come first: they are never left out. */
function chooseProfiles(params: GameParams, countMax: number): readonly Profile[] {
  const actions = actionsOf(params)
  const alike = actions.map((action) => ({ own: action, others: action }))
  const mixed = actions.flatMap((own) =>
    actions.filter((others) => others !== own).map((others) => ({ own, others })),
  )
  return [...alike, ...spread(mixed, Math.max(actions.length, countMax - alike.length))]
}

function memoriesOf(
  { seat, seats }: GameSituation,
  law: CompiledLaw,
  collateralMicro: readonly bigint[],
): readonly LawState[] {
  const fresh = createLawState(collateralMicro)
  if (!doesName(law, 'violations|escrow|pool')) return [fresh]
  const violations = fresh.violations.with(seat, 3)
  const escrowMicro = fresh.escrowMicro.with(seat, 1n)
  const premiumMicro = seats.map(() => 1n)
  const poolMicro = BigInt(seats.length)
  return [fresh, { ...fresh, violations, escrowMicro, premiumMicro, poolMicro }]
}

function statesOf({ game }: GameParams): readonly { state: number | null; chance: number }[] {
  if (game.form === 'matrix') return [{ state: null, chance: 1 }]
  const chance = game.chancePercent / 100
  return [
    { state: 1, chance },
    { state: 0, chance: 1 - chance },
  ]
}

function actionsOf(params: GameParams): readonly number[] {
  return Array.from({ length: actionCountOf(params) }, (_, action) => action)
}

/** At most so many of a list, from all over it; the first always. */
function spread<T>(list: readonly T[], countMax: number): readonly T[] {
  const step = Math.max(1, Math.ceil(list.length / countMax))
  return list.filter((_, index) => index % step === 0)
}
