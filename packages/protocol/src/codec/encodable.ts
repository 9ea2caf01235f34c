/**
 * Whether a value of unknown make can be encoded, with at most so many arrays and objects inside one another. [ENC-1]
 *
 * For documents that people write: what comes off the wire was encoded once.
 */
export function isEncodable(value: unknown, depthMax: number): boolean {
  switch (typeof value) {
    case 'boolean':
      return true
    case 'number':
      return Number.isSafeInteger(value)
    case 'bigint':
      return value >= -(2n ** 64n) && value < 2n ** 64n
    case 'string':
      return value.isWellFormed()
    case 'object':
      return value === null || isEncodableObject(value, depthMax)
    default:
      return false
  }
}

function isEncodableObject(value: object, depthMax: number): boolean {
  if (value instanceof Uint8Array) return true
  if (depthMax === 0) return false
  if (Array.isArray(value)) return [...value].every((item) => isEncodable(item, depthMax - 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  return Object.entries(value).every(
    ([name, item]) =>
      name !== '__proto__' && name.isWellFormed() && isEncodable(item, depthMax - 1),
  )
}
