// The door of notice.
export { approveWithholding, giveNotice, makeLateNoticeDue, ownerAnswersItself, ownerObjects, proposeWithholding, withholdForGag } from "./notice-steps.ts";
export { affectedWorkspaces, noticeOf, noticeReasons, silenceHolds, untoldWorkspaces } from "./notice-state.ts";
