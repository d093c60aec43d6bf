// Says how long until something is due, in words; the server and the browser use this one text.

const minute = 60_000;

/**
 * @param {number} now milliseconds since 1970
 * @param {number} due milliseconds since 1970
 * @returns {string} such as "2 days 3 hours left", "40 minutes left", "5 hours 12 minutes overdue", "due now"
 */
export function timeLeft(now, due) {
  const minutes = Math.floor(Math.abs(due - now) / minute);
  if (minutes === 0) return due >= now ? "due now" : "overdue";
  return `${lengthInWords(minutes)} ${due > now ? "left" : "overdue"}`;
}

/** @param {number} minutes */
function lengthInWords(minutes) {
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return join(count(Math.floor(hours / 24), "day"), count(hours % 24, "hour"));
  return join(count(hours, "hour"), count(minutes % 60, "minute"));
}

/** @param {number} n @param {string} unit */
function count(n, unit) {
  if (n === 0) return "";
  return n === 1 ? `1 ${unit}` : `${n} ${unit}s`;
}

/** @param {string[]} parts */
function join(...parts) {
  return parts.filter((part) => part !== "").join(" ");
}
