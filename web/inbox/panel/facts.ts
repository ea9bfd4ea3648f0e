/** What a visitor's browser and address tell, in the reader's language. */

const languages = new Intl.DisplayNames(undefined, { type: 'language' })
const countries = new Intl.DisplayNames(undefined, { type: 'region' })

/** "German (Switzerland)" for `de-CH`; the tag itself where it is none. */
export function languageName(tag: string): string {
  return named(languages, tag)
}

/** "Switzerland" for `CH`. */
export function countryName(code: string): string {
  return named(countries, code)
}

function named(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

/** An address that leads to the web, or null: it was told by a visitor's browser and may be anything. */
export function webAddress(text: string): URL | null {
  return /^https?:/i.test(text) && URL.canParse(text) ? new URL(text) : null
}

/** The first letter large: what browsers tell is all small. */
export function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}
