// Loaded before Hardhat. Standard input is a pipe that only the desktop program holds; it closes when that program
// ends, however it ends, on every operating system.
import process from "node:process";

const leave = () => process.exit(0);
process.stdin.on("end", leave).on("close", leave).on("error", leave).resume();
// Listening to it alone must not keep a node alive that failed to start.
process.stdin.unref?.();
