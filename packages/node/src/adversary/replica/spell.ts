/** Whether a spell of trouble begins: until when it lasts, by the clock of the process; null where none begins. */
export type Spell = (nowMs: number, epoch: number) => number | null

/** One spell of this length, from the first step in an epoch on. */
export function oneSpell(fromEpoch: number, lengthMs: number): Spell {
  let hasBegun = false
  return (nowMs, epoch) => {
    if (hasBegun || epoch < fromEpoch) return null
    hasBegun = true
    return nowMs + lengthMs
  }
}

/** Spells between given instants. */
export function timedSpells(
  spells: readonly { readonly fromMs: number; readonly toMs: number }[],
): Spell {
  return (nowMs) => spells.find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs)?.toMs ?? null
}
