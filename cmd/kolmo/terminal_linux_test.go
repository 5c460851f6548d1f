package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/internal/slow"
)

// pseudo opens a pseudo-terminal of so many columns: what is written to the second file
// is read from the first.
func pseudo(t *testing.T, columns int) (reader, writer *os.File) {
	t.Helper()
	reader, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	fd := int(reader.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: uint16(columns)}); err != nil {
		t.Fatal(err)
	}
	writer, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { writer.Close() })
	return reader, writer
}

// TestBar: on a terminal the bar stays in one line, with room behind it, moves no cursor
// up, and is gone after an interrupt.
func TestBar(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const columns = 80
	reader, writer := pseudo(t, columns)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "long.yaml"), long)
	cmd := exec.Command("kolmo", "run", "long.yaml")
	cmd.Dir, cmd.Stderr = dir, writer
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	writer.Close()
	var out []byte
	buffer := make([]byte, 4096)
	for interrupted := false; ; {
		n, err := reader.Read(buffer) // an error when nobody has the other end open
		out = append(out, buffer[:n]...)
		if !interrupted && bytes.Contains(out, []byte("eta = 1/64")) {
			interrupted = true
			time.Sleep(2 * terminal.TickEvery) // some more bars
			cmd.Process.Signal(os.Interrupt)
		}
		if err != nil {
			break
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != terminal.CodeInterrupted {
		t.Errorf("ended with %v", err)
	}
	text, ok := strings.CutSuffix(string(out), "\033[2K\rkolmo: interrupted; nothing was written\r\n")
	if !ok {
		t.Fatalf("ends with %q", out)
	}
	// The forecast of a long run has a line of its own, in the bar's place.
	if before, after, found := strings.Cut(text, "\033[2K\rkolmo: "); found {
		line, rest, _ := strings.Cut(after, "\r\n")
		if !strings.HasSuffix(line, " at a time") {
			t.Errorf("a line %q", line)
		}
		text = before + rest
	}
	if strings.Contains(text, "\n") {
		t.Errorf("more than a line: %q", text)
	}
	bars := strings.Split(text, "\r")
	for _, bar := range bars {
		bar = strings.TrimSuffix(bar, "\033[0K")
		if strings.Contains(bar, "\033") || utf8.RuneCountInString(bar) > columns-2 {
			t.Errorf("%q", bar)
		}
	}
	if last := bars[len(bars)-1]; !strings.Contains(last, "% [") || !strings.Contains(last, " MB now, eta = ") {
		t.Errorf("the last bar is %q", last)
	}
}

// Verdicts are coloured on a terminal, unless NO_COLOR says otherwise.
func TestColorsOnTerminals(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for setting, want := range map[string]bool{"NO_COLOR=": true, "NO_COLOR=1": false, "TERM=dumb": false} {
		reader, writer := pseudo(t, 80)
		cmd := exec.Command("kolmo", "check", "long.yaml")
		cmd.Dir, cmd.Stdout, cmd.Env = t.TempDir(), writer, append(os.Environ(), "TERM=xterm", setting)
		write(t, filepath.Join(cmd.Dir, "long.yaml"), long)
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		text := make([]byte, 1<<14)
		n, err := reader.Read(text)
		if err != nil || !bytes.Contains(text[:n], []byte("PROVED")) {
			t.Fatalf("%s: %v, %q", setting, err, text[:n])
		}
		if got := bytes.Contains(text[:n], []byte(terminal.GoodColor+"PROVED"+terminal.NoColor)); got != want {
			t.Errorf("%s: coloured %v, want %v: %q", setting, got, want, text[:n])
		}
	}
}
