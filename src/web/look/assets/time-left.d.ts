// The type of time-left.js, which the browser loads as it stands.

/**
 * How long until something is due: "2 days 3 hours left", "5 hours 12 minutes overdue", "due now".
 * Both arguments are milliseconds since 1970; parts of a minute are dropped.
 */
export function timeLeft(now: number, due: number): string;
