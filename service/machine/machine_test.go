package machine_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/cbcerr/cbcerr/service/machine"
)

func TestFieldsOfFiles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "status")
	if err := os.WriteFile(file, []byte("first line\nVmRSS:\t  2048 kB\nVmRSS: 1 kB\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, got := range map[string]string{
		"2048 kB":    machine.Field(file, "VmRSS"),
		"first line": machine.FirstLine(file),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, got := range []string{machine.Field(file, "VmHWM"), machine.Field(file+"x", "VmRSS"), machine.FirstLine(file + "x")} {
		if got != machine.Unknown {
			t.Errorf("%q, want what stands for what cannot be seen", got)
		}
	}
}

// No address is given out twice, or while somebody listens there.
func TestAddressesAreFree(t *testing.T) {
	t.Parallel()
	first, err := machine.Addresses(20)
	if err != nil {
		t.Fatal(err)
	}
	second, err := machine.Addresses(20)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, address := range append(first, second...) {
		if seen[address] {
			t.Errorf("%s twice", address)
		}
		seen[address] = true
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if !machine.Taken(address) {
			t.Errorf("%s is not taken while somebody listens", address)
		}
		l.Close()
	}
}
