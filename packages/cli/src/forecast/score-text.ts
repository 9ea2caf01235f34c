/** A score in nats with its sign; empty where there is none. */
export function formatScore(score: number | null, decimals = 3): string {
  if (score === null) return ''
  const size = Math.abs(score).toFixed(decimals)
  if (Number(size) === 0) return size
  return `${score < 0 ? '−' : '+'}${size}`
}
