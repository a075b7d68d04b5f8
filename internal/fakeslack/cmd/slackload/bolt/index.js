// The least that a Slack bot with a memory can be on Bolt: store the command, acknowledge it, answer.
const { App, LogLevel } = require("@slack/bolt");
const Database = require("better-sqlite3");

const db = new Database(process.env.DATABASE);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec("CREATE TABLE IF NOT EXISTS commands (id INTEGER PRIMARY KEY, trigger_id TEXT UNIQUE, channel TEXT, person TEXT, text TEXT, at TEXT)");
const insert = db.prepare("INSERT OR IGNORE INTO commands (trigger_id, channel, person, text, at) VALUES (?, ?, ?, ?, ?)");

const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

app.command("/timonel", async ({ command, ack, client }) => {
  insert.run(command.trigger_id, command.channel_id, command.user_id, command.text, new Date().toISOString());
  await ack();
  await client.chat.postMessage({ channel: command.channel_id, text: "Anotado: " + command.text });
});

app.start();
