package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// settings make the server small, fast and careless: nothing in it outlives the process.
var settings = []string{
	"listen_addresses=", "max_connections=120", "shared_buffers=32MB", "fsync=off", "synchronous_commit=off",
	"full_page_writes=off", "autovacuum=off",
	"log_min_messages=log", "log_checkpoints=off", // it says when it takes connections, and little else
}

var (
	mu      sync.Mutex
	folder  string // of the server that this process started
	running *exec.Cmd
	ended   chan struct{} // closed when it is gone
)

const prefix = "timonel-pg-"

// start makes a cluster in a temporary folder and runs it on a socket there.
func start() (string, error) {
	bin, err := programs()
	if err != nil {
		return "", err
	}
	sweep()
	dir, err := os.MkdirTemp("", prefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return "", err
	}
	attr, err := owner(dir)
	if err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	data := filepath.Join(dir, "data")
	init := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
		"--locale=C", "--no-sync", "--no-instructions")
	init.Dir, init.SysProcAttr = dir, attr
	if out, err := init.CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		return "", fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	args := []string{"-D", data, "-k", dir}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	if err := launch(exec.Command(filepath.Join(bin, "postgres"), args...), dir, attr); err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	return (&url.URL{
		Scheme: "postgres", User: url.User("postgres"), Path: "/postgres",
		RawQuery: url.Values{"host": {dir}, "sslmode": {"disable"}}.Encode(),
	}).String(), nil
}

// launch runs the server until stop, or until this process ends, and waits until it answers.
func launch(cmd *exec.Cmd, dir string, attr *syscall.SysProcAttr) error {
	log := &console{ready: make(chan struct{})}
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = dir, log, log, attr
	started, gone := make(chan error), make(chan struct{})
	go runWith(cmd, started, gone)
	if err := <-started; err != nil {
		return err
	}
	mu.Lock()
	folder, running, ended = dir, cmd, gone
	mu.Unlock()
	late, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	select {
	case <-log.ready:
		return nil
	case <-gone:
		return fmt.Errorf("the server ended: %s", log)
	case <-late.Done():
		stop()
		return fmt.Errorf("the server did not start within %s: %s", startTime, log)
	}
}

// startTime is how long the server may take to start.
const startTime = 30 * time.Second

// readyWords is what the server says, in the language of its cluster, when it takes connections.
const readyWords = "database system is ready to accept connections"

// console keeps what the server says, and signals when it is ready.
type console struct {
	mu    sync.Mutex
	text  bytes.Buffer
	once  sync.Once
	ready chan struct{} // closed then
}

// Write implements io.Writer.
func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, err := c.text.Write(p)
	if bytes.Contains(c.text.Bytes(), []byte(readyWords)) {
		c.once.Do(func() { close(c.ready) })
	}
	return n, err
}

// String is what the server has said.
func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.TrimSpace(c.text.String())
}

// programs finds the folder of the server's programs.
func programs() (string, error) {
	var found []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"} {
		folders, _ := filepath.Glob(pattern) // the patterns are well formed
		found = append(found, folders...)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, filepath.Dir(path))
	}
	sort.SliceStable(found, func(i, j int) bool { return newer(found[i], found[j]) })
	for _, dir := range found {
		_, errInit := os.Stat(filepath.Join(dir, "initdb"))
		_, errServer := os.Stat(filepath.Join(dir, "postgres"))
		if errInit == nil && errServer == nil {
			return dir, nil
		}
	}
	return "", errors.New("initdb and postgres are not on this machine")
}

func newer(a, b string) bool {
	version := func(path string) int {
		n, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			return 0
		}
		return n
	}
	return version(a) > version(b)
}

// owner says as whom the server runs: it refuses root, so root gives the folder to the user postgres, or to nobody.
func owner(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return endWithParent(&syscall.SysProcAttr{}), nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(errUID, errGID); err != nil {
			return nil, err
		}
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			return nil, err
		}
		return endWithParent(&syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}), nil
	}
	return nil, errors.New("the server refuses root, and there is no other user to run it")
}

// stop ends the server that this process started.
func stop() {
	mu.Lock()
	defer mu.Unlock()
	if running == nil {
		return
	}
	_ = running.Process.Signal(syscall.SIGQUIT) // at once: there is nothing to save
	<-ended
	os.RemoveAll(folder)
	running = nil
}

// sweep removes the folders of processes that are gone.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*")) // the pattern is well formed
	for _, dir := range dirs {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		n, err := strconv.Atoi(pid)
		if err == nil && errors.Is(syscall.Kill(n, 0), syscall.ESRCH) {
			os.RemoveAll(dir)
		}
	}
}
