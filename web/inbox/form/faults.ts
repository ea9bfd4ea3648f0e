/** What is wrong with what was typed, before it is sent: sentences for `createForm`'s `check`. */

/** The faults that are there, by the path of their field. */
export function faultsIn(checks: Readonly<Record<string, string | false | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(checks).flatMap(([path, fault]) => (fault ? [[path, fault]] : [])))
}

/** Only what certainly is no address; the server judges the rest. */
export function emailFault(email: string): string | undefined {
  return /^\S+@\S+\.\S+$/.test(email.trim()) ? undefined : 'Enter an email address, like ana@example.com.'
}
