import { relative } from 'node:path'

/** How this command is called from a shell: through npx where it runs from source. */
export const COMMAND: string = import.meta.url.endsWith('.ts') ? 'npx commonweal' : 'commonweal'

/** A path as a person here would write it: relative where that is shorter, quoted where it must be. */
export function formatPath(path: string): string {
  const near = relative(process.cwd(), path)
  const shown = near !== '' && near.length < path.length ? near : path
  return /^[\w./@%+=:,-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", String.raw`'\''`)}'`
}
