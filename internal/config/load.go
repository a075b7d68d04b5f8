package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"timonel/internal/nearest"
)

// EnvPrefix begins the name of every environment variable of ours: storage.url is TIMONEL_STORAGE_URL.
const EnvPrefix = "TIMONEL_"

// FileEnv names the config file where no flag does.
const FileEnv = EnvPrefix + "CONFIG"

// Load reads the file (none if path is empty), lays the environment (KEY=VALUE) over it, and reads the secrets that are
// named as files. Warnings are for the operator; values are not checked, see Check.
func Load(path string, env []string) (c Config, warnings []string, err error) {
	c = Default()
	if path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			return c, nil, fmt.Errorf("read config: %w", readable(err))
		}
		if err := decode(path, data, &c); err != nil {
			return c, nil, err
		}
		if w := Exposed(path); w != "" {
			warnings = append(warnings, w)
		}
	}
	more, err := c.overlay(env)
	if err != nil {
		return c, nil, err
	}
	warnings = append(warnings, more...)
	more, err = c.readSecrets()
	return c, append(warnings, more...), err
}

// readable drops the operation's name from an error about a file.
func readable(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

// decode is strict: an unknown key is an error with its line and the key that was probably meant.
func decode(path string, data []byte, c *Config) error {
	d := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	err := d.Decode(c)
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		return unknownKey(path, &strict.Errors[0])
	}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		row, _ := at.Position()
		what := decodeWords(strings.TrimPrefix(at.Error(), "toml: "))
		if key := strings.Join(at.Key(), "."); key != "" && !strings.Contains(what, key) {
			what = key + ": " + what
		}
		return fmt.Errorf("read config: %s:%d: %s (see config.example.toml)", path, row, what)
	}
	if err != nil {
		return fmt.Errorf("read config: %s: %w", path, err)
	}
	return nil
}

// kindError is what the library says of a value of another kind: its TOML kind and the Go type of the key.
var kindError = regexp.MustCompile(`cannot decode TOML (\w+) into struct field \S+ of type (\S+)`)

// decodeWords says what is wanted without the program's own names.
func decodeWords(what string) string {
	m := kindError.FindStringSubmatch(what)
	if m == nil {
		return what
	}
	wanted := map[string]string{
		"string": "a text in quotes", "int": "a whole number", "int64": "a whole number", "bool": "true or false", "[]string": "a list of texts in quotes",
		"[]int": "a list of whole numbers",
	}[m[2]]
	if wanted == "" {
		wanted = "a section of keys in [brackets]"
	}
	return "a TOML " + m[1] + " stands there, and " + wanted + " is wanted"
}

func unknownKey(path string, e *toml.DecodeError) error {
	row, _ := e.Position()
	key := strings.Join(e.Key(), ".")
	remedy := "see config.example.toml for the keys that there are"
	if near := nearest.Of(key, append(Keys(), sections()...)); near != "" {
		remedy = "did you mean " + near + "?"
	}
	return fmt.Errorf("read config: %s:%d: there is no key %s (%s)", path, row, key, remedy)
}

// field is one key of the config.
type field struct {
	key   string
	value reflect.Value
}

func (f field) env() string { return EnvPrefix + strings.ToUpper(strings.ReplaceAll(f.key, ".", "_")) }

// fields lists every key, in the order of the file.
func (c *Config) fields() []field {
	var list []field
	sections := reflect.ValueOf(c).Elem()
	for i := range sections.NumField() {
		section, name := sections.Field(i), sections.Type().Field(i).Tag.Get("toml")
		for j := range section.NumField() {
			list = append(list, field{name + "." + section.Type().Field(j).Tag.Get("toml"), section.Field(j)})
		}
	}
	return list
}

// Keys lists every key, in the order of the file.
func Keys() []string {
	var keys []string
	for _, f := range new(Config).fields() {
		keys = append(keys, f.key)
	}
	return keys
}

func sections() []string {
	var names []string
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		names = append(names, t.Field(i).Tag.Get("toml"))
	}
	return names
}

// overlay lays the environment over the file. A variable of ours that means nothing is warned about.
func (c *Config) overlay(env []string) (warnings []string, err error) {
	names := []string{FileEnv}
	byName := map[string]field{}
	for _, f := range c.fields() {
		names = append(names, f.env())
		byName[f.env()] = f
	}
	for _, pair := range slices.Sorted(slices.Values(env)) {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, EnvPrefix) || name == FileEnv || value == "" { // empty is how shells unset
			continue
		}
		f, known := byName[name]
		if !known {
			w := "environment variable " + name + " means nothing"
			if near := nearest.Of(name, names); near != "" {
				w += " (did you mean " + near + "?)"
			}
			warnings = append(warnings, w)
			continue
		}
		if err := assign(f.value, value); err != nil {
			return nil, fmt.Errorf("read environment: %s: %w", name, err)
		}
	}
	return warnings, nil
}

// assign writes a text into a key; lists are separated by commas.
func assign(v reflect.Value, s string) error {
	switch v.Interface().(type) {
	case string:
		v.SetString(s)
	case bool:
		b, err := strconv.ParseBool(s)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false (write true or false)", s)
		}
		v.SetBool(b)
	case int:
		n, err := strconv.Atoi(s)
		if err != nil {
			return fmt.Errorf("%q is no number (write digits)", s)
		}
		v.SetInt(int64(n))
	case []string:
		v.Set(reflect.ValueOf(parts(s)))
	case []int:
		list := []int{}
		for _, part := range parts(s) {
			n, err := strconv.Atoi(part)
			if err != nil {
				return fmt.Errorf("%q is no number (write digits, separated by commas)", part)
			}
			list = append(list, n)
		}
		v.Set(reflect.ValueOf(list))
	}
	return nil
}

func parts(s string) []string {
	list := []string{}
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// readSecrets reads the tokens that are kept in files of their own.
func (c *Config) readSecrets() (warnings []string, err error) {
	for _, s := range []struct {
		key, file string
		into      *string
	}{{"slack.app_token_file", c.Slack.AppTokenFile, &c.Slack.AppToken}, {"slack.bot_token_file", c.Slack.BotTokenFile, &c.Slack.BotToken}} {
		if s.file == "" || *s.into != "" {
			continue
		}
		data, err := os.ReadFile(s.file)
		if err != nil {
			return warnings, fmt.Errorf("read %s: %w (name a file that this user may read)", s.key, readable(err))
		}
		*s.into = strings.TrimSpace(string(data))
		if w := Exposed(s.file); w != "" {
			warnings = append(warnings, w)
		}
	}
	return warnings, nil
}

// Exposed returns a warning when others may read a file that holds secrets or people's data, "" when all is well or the
// file is not there.
func Exposed(path string) string {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o044 == 0 {
		return ""
	}
	return fmt.Sprintf("%s can be read by other users (run: chmod 600 %s)", path, path)
}
