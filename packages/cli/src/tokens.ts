import { TOKEN_MICRO } from '@commonweal/protocol'

/** Amounts as people read them: tokens with two decimals, rounded half away from zero. */
export function formatTokens(amountMicro: bigint): string {
  const step = TOKEN_MICRO / 100n
  const size = amountMicro < 0n ? -amountMicro : amountMicro
  const hundredths = (size + step / 2n) / step
  const sign = amountMicro < 0n && hundredths > 0n ? '−' : ''
  const whole = String(hundredths / 100n).replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return `${sign}${whole}.${String(hundredths % 100n).padStart(2, '0')}`
}

/** The same for a change: with its sign, and `0` where nothing changed. */
export function formatTokenChange(amountMicro: bigint): string {
  if (amountMicro === 0n) return '0'
  const text = formatTokens(amountMicro)
  return amountMicro > 0n ? `+${text}` : text
}

/** A figure with at most this many decimals, without trailing zeros. */
export function formatFigure(value: number, decimals = 2): string {
  if (value === Number.POSITIVE_INFINITY) return '∞'
  return String(Number(value.toFixed(decimals)))
}
