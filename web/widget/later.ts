/**
 * What is not needed to greet somebody. Loaded as soon as the visitor is known, or has something to see, so that it is
 * here when the network is not.
 */
export { ConversationList } from './ConversationList.tsx'
export { EmailCard } from './EmailCard.tsx'
export { EndDialog } from './EndDialog.tsx'
export { Timeline } from './Timeline.tsx'
