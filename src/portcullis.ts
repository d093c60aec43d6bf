// The program's door: checks the Node it runs on, then hands the command line to the command, the desk or the rehearsal.
const oldest = 26;
if (Number(process.versions.node.split(".")[0]) < oldest) {
  process.stderr.write(
    `Portcullis needs Node ${oldest} or newer; this is ${process.versions.node}. Run it with npx portcullis or npm start, which bring their own.\n`,
  );
  process.exit(2);
}
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
