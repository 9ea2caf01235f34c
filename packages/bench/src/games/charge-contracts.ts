import type { Law } from '@commonweal/protocol'
import type { Random } from '../simulator/engine/random.ts'
import type { ContractClass } from './contract-search.ts'
import { computeBestWelfare, type Setting, weight } from './equilibrium.ts'
import { enact } from './mechanism.ts'
import { compare, multiply, type Rational, rational, toNumber } from './rational.ts'
import type { StageGame } from './stage-game.ts'
import { findSymmetricEquilibria } from './symmetric-equilibrium.ts'

/** Fines, and payments to the other, of two seats: a list by seat, then by what the class lets a law tell apart. */
export interface ChargeContract {
  readonly finesMicro: readonly number[]
  /** None where the class has only charges. */
  readonly transfersMicro: readonly number[]
  /** Whether both seats stand alike under it. */
  readonly isEven: boolean
}

export interface ChargeClassOptions {
  /** Of two seats, in the language of the class: `own-action` or `base-actions`. */
  readonly stages: readonly StageGame[]
  /** Names of the base actions, for words. */
  readonly baseNames: readonly [string, string]
  /** Largest amount in payoff units; half of it is more than any seat gains. */
  readonly unitsMax: number
}

/**
 * All contracts of a class on two base actions, as laws in its language, and selfish seats.
 *
 * Every function of what the class may see is among them, up to the largest amount: `own-action` a fine for each base action of
 * each seat; `base-actions` also a payment to the other seat, for each pair of base actions.
 */
export function chargeContracts(options: ChargeClassOptions): ContractClass<ChargeContract> {
  const { stages } = options
  const [stage] = stages
  if (stage === undefined || stage.seatCount !== 2) throw new RangeError('a contract of two seats')
  const isOwn = stage.params.language === 'own-action'
  const cellCount = isOwn ? 2 : 4
  const drawList = (random: Random, isEven: boolean): readonly number[] => {
    const first = Array.from({ length: cellCount }, () => drawAmount(random, options))
    const second = first.map((_, cell) =>
      isEven ? (first[mirrorOf(cell, isOwn)] ?? 0) : drawAmount(random, options),
    )
    return [...first, ...second]
  }
  return {
    draw(random) {
      const isEven = random.below(2) === 0
      const finesMicro = drawList(random, isEven)
      return { finesMicro, transfersMicro: isOwn ? [] : drawList(random, isEven), isEven }
    },
    vary(contract, random) {
      const isFine = contract.transfersMicro.length === 0 || random.below(2) === 0
      const list = isFine ? contract.finesMicro : contract.transfersMicro
      const changed = changeOne(list, contract.isEven, isOwn, random, options)
      return isFine
        ? { ...contract, finesMicro: changed }
        : { ...contract, transfersMicro: changed }
    },
    valueOf: (contract) => valueOf(stages, contract, isOwn),
    inWords: (contract) => describe(contract, isOwn, options),
  }
}

function toLaw({ finesMicro, transfersMicro }: ChargeContract, isOwn: boolean): Law {
  const place = isOwn ? 'self * 2 + base' : 'self * 4 + bases[0] * 2 + bases[1]'
  const amount = (list: readonly number[]): string => `[${list.join(', ')}][${place}]`
  const fine = { primitive: 'sanction', amount: amount(finesMicro) } as const
  const transfer = {
    primitive: 'transfer',
    to: '1 - self',
    amount: amount(transfersMicro),
  } as const
  const deeds = transfersMicro.length === 0 ? [fine] : [fine, transfer]
  return { clauses: deeds.map((then) => ({ at: 'submission', when: 'true', then })) }
}

/** At the best pure equilibrium of each state, or the best symmetric one where a game without states stands even. */
function valueOf(
  stages: readonly StageGame[],
  contract: ChargeContract,
  isOwn: boolean,
): number | undefined {
  const mechanism = enact(stages, toLaw(contract, isOwn), 'a contract of the class')
  const setting: Setting = { weights: [weight(0), weight(0)], mechanism }
  const found: Rational[] = []
  const pure = computeBestWelfare(stages, setting)
  if (pure !== undefined) found.push(pure)
  const [stage] = stages
  if (contract.isEven && stages.length === 1 && stage !== undefined) {
    for (const { payoff } of findSymmetricEquilibria(stage, setting)) {
      found.push(multiply(rational(2), payoff))
    }
  }
  const best = found.toSorted(compare).at(-1)
  return best === undefined ? undefined : toNumber(best)
}

/** Half of the amounts are whole payoffs, so that ties occur; a third are nothing. */
function drawAmount(random: Random, { stages, unitsMax }: ChargeClassOptions): number {
  const unitMicro = Number(stages[0]?.params.unitMicro ?? 0n)
  const kind = random.below(6)
  if (kind < 2) return 0
  if (kind < 5) return random.between(1, unitsMax) * unitMicro
  return random.below(unitsMax * unitMicro)
}

function changeOne(
  list: readonly number[],
  isEven: boolean,
  isOwn: boolean,
  random: Random,
  options: ChargeClassOptions,
): readonly number[] {
  const half = list.length / 2
  const at = random.below(list.length)
  const amount = drawAmount(random, options)
  const changed = list.with(at, amount)
  if (!isEven) return changed
  const mirrored = mirrorOf(at % half, isOwn) + (at < half ? half : 0)
  return changed.with(mirrored, amount)
}

/** The same cell as the other seat stands to it: both base actions change places. */
function mirrorOf(cell: number, isOwn: boolean): number {
  return isOwn ? cell : (cell % 2) * 2 + Math.floor(cell / 2)
}

function describe(
  { finesMicro, transfersMicro }: ChargeContract,
  isOwn: boolean,
  { stages, baseNames }: ChargeClassOptions,
): string {
  const unitMicro = Number(stages[0]?.params.unitMicro ?? 1n)
  const half = finesMicro.length / 2
  const when = (cell: number): string => {
    const [first, second] = [Math.floor(cell / 2), cell % 2]
    return isOwn ? (baseNames[cell] ?? '') : `${baseNames[first]},${baseNames[second]}`
  }
  const tell = (list: readonly number[], deed: string): readonly string[] =>
    list.flatMap((amountMicro, index) =>
      amountMicro === 0
        ? []
        : [
            `seat ${index < half ? 0 : 1} ${deed} ${amountMicro / unitMicro} at ${when(index % half)}`,
          ],
    )
  const deeds = [...tell(finesMicro, 'is fined'), ...tell(transfersMicro, 'pays the other')]
  return deeds.length === 0 ? 'no charge' : deeds.join('; ')
}
