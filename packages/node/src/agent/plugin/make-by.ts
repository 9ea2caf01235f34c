import type { PluginDoor } from './plugin.ts'
import { describeError, PluginError } from './plugin-error.ts'

/** What a module makes. Errors  PluginError: it throws */
export function makeBy(
  make: () => unknown,
  { path, door, accepted }: Readonly<Record<'path' | 'accepted', string>> & { door: PluginDoor },
): unknown {
  try {
    return make()
  } catch (error) {
    throw new PluginError(path, `its ${door} throws ${describeError(error)}`, accepted, error)
  }
}

/** Whether a value is an object with such methods, its own or of its class. */
export function hasFunctions(made: unknown, names: readonly string[]): made is object {
  if (typeof made !== 'object' || made === null) return false
  return names.every((name) => typeof Reflect.get(made, name) === 'function')
}
