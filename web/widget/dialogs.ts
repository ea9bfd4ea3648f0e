/** What asks before something is done: loaded together when the first of them is wanted. */
export { EndDialog } from './EndDialog.tsx'
export { SaveDialog } from './SaveDialog.tsx'
