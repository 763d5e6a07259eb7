import { mcpCommand } from './serve';

// `lora-alpha mcp FOLDER…` alone, as the editor starts it: a bundle that shares what the extension has.
void mcpCommand(process.argv.slice(2));
