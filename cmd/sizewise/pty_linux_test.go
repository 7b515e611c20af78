package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// openTerminal opens both ends of a pseudo-terminal of 60 columns: what a person
// types into and looks at, and what a program has.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal to be had: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	var n, unlock uint32
	size := [4]uint16{24, 60}
	control(t, person, syscall.TIOCSPTLCK, unsafe.Pointer(&unlock))
	control(t, person, syscall.TIOCGPTN, unsafe.Pointer(&n))
	control(t, person, syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

func control(t *testing.T, f *os.File, request uintptr, arg unsafe.Pointer) {
	t.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(arg)); errno != 0 {
		t.Fatalf("ioctl %x: %v", request, errno)
	}
}

// person types and reads at a terminal.
type person struct {
	t    *testing.T
	tty  *os.File
	seen locked
}

func (p *person) types(keys string) {
	p.t.Helper()
	if _, err := p.tty.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// sees waits until the screen has shown text.
func (p *person) sees(text string) {
	p.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(p.seen.String(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("no %q on the screen:\n%s", text, p.seen.String())
		}
	}
}

// atTerminal starts the prompt on a terminal of its own.
func atTerminal(t *testing.T) (*person, *exec.Cmd, *os.File) {
	t.Helper()
	mine, its := openTerminal(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lake.json"), []byte(`{"format":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sizewise", "--lake", dir, "sql", "--no-history")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = its, its, its
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, tty: mine}
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := mine.Read(b)
			if err != nil {
				return
			}
			_, _ = p.seen.Write(b[:n])
		}
	}()
	return p, cmd, its
}

func exitOf(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	timer := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode()
}

// TestPromptOnTerminal is a session at a real terminal: tables fit it, ctrl-C
// stops a statement and not the session, and the terminal is left as it was.
func TestPromptOnTerminal(t *testing.T) {
	p, cmd, tty := atTerminal(t)
	p.sees("sql> ")
	p.types("SELECT 'a long text that does not fit the sixty columns of it at all' AS x, 7 AS n;\r")
	p.sees("a long text that does not fit the sixty columns of it at…  7")
	p.types("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7;\r")
	p.sees("b.range = 7;")
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(p.seen.String(), "cancelled"); time.Sleep(50 * time.Millisecond) {
		p.types("\x03")
		if time.Now().After(deadline) {
			t.Fatalf("not cancelled:\n%s", p.seen.String())
		}
	}
	p.types("SELECT 40 + 2 AS answer;\r")
	p.sees("    42\r\n")
	p.types("\x04")
	if code := exitOf(t, cmd); code != exitOK {
		t.Errorf("exit %d:\n%s", code, p.seen.String())
	}
	checkCooked(t, tty)
}

// TestPromptTerminated: a signal while it waits for a key ends it, and leaves the
// terminal as it was.
func TestPromptTerminated(t *testing.T) {
	p, cmd, tty := atTerminal(t)
	p.sees("sql> ")
	p.types("SELECT 1")
	p.sees("SELECT 1")
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := exitOf(t, cmd); code != exitInterrupted {
		t.Errorf("exit %d:\n%s", code, p.seen.String())
	}
	checkCooked(t, tty)
}

// checkCooked reports a terminal that was left raw.
func checkCooked(t *testing.T, tty *os.File) {
	t.Helper()
	var state syscall.Termios
	control(t, tty, syscall.TCGETS, unsafe.Pointer(&state))
	if state.Lflag&syscall.ICANON == 0 || state.Lflag&syscall.ECHO == 0 || state.Lflag&syscall.ISIG == 0 {
		t.Errorf("the terminal was left raw: %x", state.Lflag)
	}
}
