package archtest

// rule says what the packages of a folder, and of those below it that have no rule of their own, may import besides the
// standard library.
type rule struct {
	folder string
	ours   []string // packages of ours; "x/..." is x and all below it
	libs   []string // what a library's import path begins with; "any" for all
	why    string
}

var rules = []rule{
	{
		"steering", nil, nil,
		"The domain is plain Go that everything may import: no platform, no SQL, no words, no clock.",
	},
	{
		"steering/holidays", []string{"steering"}, []string{"github.com/rickar/cal/v2"},
		"Public holidays come from a kept library, which the domain itself must not know.",
	},
	{
		"steering/plan", []string{"steering", "steering/holidays", "internal/nearest"}, []string{"github.com/pelletier/go-toml/v2"},
		"A plan file becomes a project; nobody who makes one needs TOML.",
	},
	{
		"locale", []string{"internal/markup"}, []string{"github.com/pelletier/go-toml/v2"},
		"Words depend on nothing that they are about.",
	},
	{
		"bot", nil, []string{"github.com/rs/zerolog"},
		"The chat core carries messages and knows nothing of projects, so that it can be tested without any.",
	},
	{
		"bot/slack", []string{"bot", "internal/markup"}, []string{"github.com/slack-go/slack", "github.com/gorilla/websocket", "github.com/rs/zerolog"},
		"An adapter sees its platform and the chat core: never the database, the domain or another platform.",
	},
	{
		"bot/whatsapp", []string{"bot", "internal/markup"},
		[]string{"go.mau.fi/", "google.golang.org/protobuf", "modernc.org/sqlite", "github.com/jackc/pgx/v5", "github.com/rs/zerolog"},
		"As bot/slack; its device keys lie in a database of their own, another secret with another backup.",
	},
	{
		"bot/terminal", []string{"bot", "internal/markup"}, nil,
		"As bot/slack, with standard input and output for a platform.",
	},
	{
		"bot/simulated", []string{"bot"}, nil,
		"As bot/slack, with no platform at all: replay, demo and the tests talk through it.",
	},
	{
		"bot/bottest", []string{"bot", "internal/markup"}, nil,
		"One conformance suite for every adapter, which therefore knows none of them.",
	},
	{
		"storage", []string{"steering", "bot"},
		[]string{"modernc.org/sqlite", "github.com/jackc/pgx/v5"},
		"It keeps what was decided and decides nothing; nobody else knows its tables.",
	},
	{
		"report", []string{"steering", "locale", "internal/markup"},
		[]string{"github.com/tdewolff/canvas", "github.com/xuri/excelize/v2", "github.com/arran4/golang-ical", "golang.org/x/image"},
		"Renderers are pure: state and words in, bytes out, so that a golden can hold them.",
	},
	{
		"conversations", []string{"steering", "steering/plan", "locale", "bot", "storage", "report", "conversations/...", "internal/markup"},
		[]string{"github.com/pelletier/go-toml/v2"},
		"It understands and words; it never calls the scheduler: the two meet in the database.",
	},
	{
		"conversations/dates", []string{"steering"}, nil,
		"Reading a date needs a calendar and a language, and no project.",
	},
	{
		"conversations/phrases", nil, nil,
		"Word lists that people edit who write no Go.",
	},
	{
		"conversations/understand", []string{"steering", "conversations/dates", "conversations/phrases"}, []string{"github.com/pelletier/go-toml/v2"},
		"What was said becomes frames from the names alone, without the database, so that it can be measured on a corpus.",
	},
	{
		"scheduler", []string{"steering", "locale", "bot", "storage", "report", "internal/markup"},
		[]string{"github.com/robfig/cron/v3", "github.com/rs/zerolog"},
		"It turns time into notices; it never calls the conversations: the two meet in the database.",
	},
	{
		"web", []string{"steering", "locale", "storage", "report", "internal/markup"},
		[]string{"github.com/rs/zerolog"},
		"Anonymous HTTP is another trust boundary than chat: it reads and never changes.",
	},
	{
		"internal/markup", nil, nil,
		"Marks in a text are shared by who words it and who renders it.",
	},
	{
		"internal/nearest", nil, nil,
		"One way to say \"did you mean\".",
	},
	{
		"internal/config", []string{"steering", "locale", "scheduler", "internal/nearest"}, []string{"github.com/pelletier/go-toml/v2", "github.com/rs/zerolog"},
		"What an operator may set is the defaults of the parts, and no part reads it by itself.",
	},
	{
		"internal", []string{"..."}, []string{"any"},
		"Assembly, virtual time and the fakes put the parts together, and nothing of ours but the program and tests may need them.",
	},
	{
		"cmd", []string{"..."}, []string{"any"},
		"Only the program knows which platforms and databases there are.",
	},
}

// pure lists what the standard library has and the domain must not touch.
var pure = []string{"os", "os/exec", "net", "net/http", "database/sql", "log", "log/slog", "io/ioutil", "syscall", "math/rand", "math/rand/v2", "crypto/rand"}

// exemption lets calls, separated by spaces, stand in the files whose names begin so.
type exemption struct{ file, call, why string }

// A call is exempt where nothing of virtual time or of a caller's control is at stake, with the reason.
var exempt = []exemption{
	{"internal/pgtest/pgtest.go", "os.Exit", "ends a test binary, as testing.M asks"},
	{"internal/fakewhatsapp/cmd/", "os.Exit", "a program"},
	{"internal/fakeslack/cmd/", "os.Exit", "programs"},
	{"internal/fakewhatsapp/server.go", "rand.Uint64", "the default of its Rand option, which wants a seed"},
	{"steering/holidays/", "panic", "reads embedded rules, which a test reads first"},
	{"internal/fakeslack/", "panic", "http.ErrAbortHandler is how a handler breaks its connection off"},
	{"cmd/", "os.Exit", "the program"},
	{"conversations/dates/lexicon.go", "panic", "reads an embedded word list at start, which a test reads first"},
}

const (
	maxLines     = 600 // of a file that is not a test
	maxTestLines = 1000
	maxFunction  = 70 // lines of a function's body; table literals inside it are not counted
)
