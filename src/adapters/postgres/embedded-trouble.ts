// Says in plain words why the database cannot be had, where, and what to do about it.

export type TroubleCode =
  | "NO_BINARIES"
  | "NO_ACCOUNT"
  | "NO_PERMISSION"
  | "DISK_FULL"
  | "SOCKET_PATH_TOO_LONG"
  | "CLUSTER_GONE"
  | "OTHER_VERSION"
  | "UNREACHABLE"
  | "DOES_NOT_START"
  | "DOES_NOT_STOP"
  | "BUSY";

/** The message is written for the person who runs the desk; it never carries a password. */
export class DatabaseTrouble extends Error {
  override readonly name = "DatabaseTrouble";
  readonly code: TroubleCode;

  constructor(code: TroubleCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The code of a system or PostgreSQL error, such as `ENOENT` or `57P03`; empty when it has none. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

/** Turns a refusal of the file system into words; anything else comes back as it was. */
export function fileTrouble(error: unknown, where: string): unknown {
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
      return new DatabaseTrouble(
        "NO_PERMISSION",
        `There is no permission to use ${where}. Run the program as the user who owns it, or give that user the folder.`,
        error,
      );
    case "EROFS":
      return new DatabaseTrouble("NO_PERMISSION", `${where} is on a read-only file system. Choose a writable data folder.`, error);
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(where, error);
    case "ENOTDIR":
    case "EEXIST":
      return new DatabaseTrouble("NO_PERMISSION", `${where} is in the way: a folder is needed there, and it is something else.`, error);
    default:
      return error;
  }
}

/** Turns what initdb or the server wrote before it gave up into words. */
export function serverTrouble(output: string, where: string): DatabaseTrouble {
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull(where, output);
  if (/Permission denied|Operation not permitted|has wrong ownership/.test(output)) {
    return new DatabaseTrouble(
      "NO_PERMISSION",
      `PostgreSQL may not use ${where}. The folder and everything in it must belong to the user it runs as. It said: ${lastWords(output)}`,
      output,
    );
  }
  return new DatabaseTrouble("DOES_NOT_START", `PostgreSQL did not start in ${where}. It said: ${lastWords(output)}`, output);
}

function diskFull(where: string, cause: unknown): DatabaseTrouble {
  return new DatabaseTrouble("DISK_FULL", `The disk under ${where} is full. Nothing recorded is lost; free some space and start again.`, cause);
}

function lastWords(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "" && !line.includes("system is starting up"));
  const telling = lines.filter((line) => /FATAL|PANIC|error:/i.test(line));
  return (telling.at(-1) ?? lines.at(-1) ?? "nothing").trim().slice(0, 400);
}
