package bot

// Link is an address with what is written on it.
type Link struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// FieldKind says what a field of a form takes.
type FieldKind string

// The kinds of fields.
const (
	FieldText   FieldKind = "text"
	FieldLong   FieldKind = "long"   // several lines
	FieldDate   FieldKind = "date"   // YYYY-MM-DD
	FieldChoice FieldKind = "choice" // the Action of one of Options
)

// Field is one thing that a form asks for.
type Field struct {
	Name     string
	Label    string
	Hint     string
	Kind     FieldKind
	Value    string // what stands in it at first
	Options  []Option
	Optional bool
	// Live fields tell at once when their value changes, so that the preview can follow.
	Live bool
}

// Form is what a platform with forms shows in place of questions one after the other. What was filled in comes back as a
// Press with the form's Action and Form set. All words are the asker's language.
type Form struct {
	Action  string
	Title   string
	Submit  string
	Cancel  string
	Intro   string // marked text above the fields
	Fields  []Field
	Preview string // marked text below: what would follow from the values so far
}

// Home is what a person sees on the bot's own page.
type Home struct {
	Title    string
	Options  []Option // at the top: what can be begun here
	Sections []HomeSection
}

// HomeSection is a part of a home page.
type HomeSection struct {
	Title string
	Items []HomeItem
	// Empty stands in place of the items when there are none.
	Empty string
	// More says how many items were left out, in words; "" if none.
	More string
}

// HomeItem is one line of a home page.
type HomeItem struct {
	Text    string // marked
	Options []Option
}
