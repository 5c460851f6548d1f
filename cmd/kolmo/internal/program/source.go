package program

import (
	"runtime/debug"
	"strings"
)

// version names the program's source: the module's version if it has one, else
// "devel", and the revision it was built from if that is known.
func Version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		b = &debug.BuildInfo{}
	}
	return VersionOf(b)
}

func VersionOf(b *debug.BuildInfo) string {
	v := b.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	var revision, changed string
	for _, s := range b.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = ", changed"
		}
	}
	if revision == "" || strings.Contains(v, revision) { // pseudo-versions say both
		return v
	}
	return v + " (" + revision + changed + ")"
}
