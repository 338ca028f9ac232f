package cli

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A process on a system without certificates trusts the bundled ones; one that is
// told of others trusts those alone. Go reads a system's certificates once, so
// that each case needs a process of its own.
func TestTrustRoots(t *testing.T) {
	const child = "REDISBASELINE_TEST_ROOTS"
	if os.Getenv(child) != "" {
		trustRoots()
		trustRoots() // as often as one likes
		pool, err := x509.SystemCertPool()
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case pool.Equal(bundledRoots()):
			fmt.Println("trusts the bundle")
		case pool.Equal(x509.NewCertPool()):
			fmt.Println("trusts nobody")
		default:
			fmt.Println("trusts others")
		}
		return
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("Go asks the system itself there")
	}
	other := httptest.NewTLSServer(nil)
	other.Close()
	own, nothing := filepath.Join(t.TempDir(), "own.pem"), t.TempDir()
	if err := os.WriteFile(own, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: other.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{filepath.Join(nothing, "none"): "trusts the bundle", own: "trusts others"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestTrustRoots$")
		cmd.Env = append(os.Environ(), child+"=1", "SSL_CERT_DIR="+nothing, "SSL_CERT_FILE="+file)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v %s, want %q", file, err, out, want)
		}
	}
}
