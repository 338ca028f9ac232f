package distribution

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/armtest"
)

const (
	module = "github.com/redisbaseline/terraform-provider-redisbaseline"
	plan   = "internal/tfplan/testdata/plans/insecure-public-cache/plan.json"
)

// `go install MODULE@VERSION` runs no linker flags: the program has to learn its
// version from what Go records about the module.
func TestGoInstall(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles every package of the module again")
	}
	program := goInstall(t, "v0.3.1-rc.2")

	if out := output(t, exec.Command(program, "version")); out != "redisbaseline 0.3.1-rc.2\n" {
		t.Errorf("version: %q", out)
	}
	var sarif struct {
		Runs []struct {
			Tool struct{ Driver struct{ Version string } }
		}
	}
	report := output(t, exec.Command(program, "check", "--enforce=none", "--format=sarif", filepath.Join(root(t), plan)))
	if err := json.Unmarshal([]byte(report), &sarif); err != nil {
		t.Fatal(err)
	}
	if len(sarif.Runs) != 1 || sarif.Runs[0].Tool.Driver.Version != "0.3.1-rc.2" {
		t.Errorf("SARIF: runs %+v", sarif.Runs)
	}

	azure := armtest.New(armtest.Options{})
	armtest.Demo(azure)
	endpoint, err := azure.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(endpoint.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, endpoint.CA, 0o600); err != nil {
		t.Fatal(err)
	}
	scan := exec.Command(program, "scan", "--enforce=none")
	scan.Env = append(os.Environ(), "SSL_CERT_FILE="+ca, "ARM_ENVIRONMENT=custom",
		"ARM_RESOURCE_MANAGER_ENDPOINT="+endpoint.URL, "ARM_RESOURCE_MANAGER_AUDIENCE="+endpoint.URL,
		"ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST="+endpoint.URL+"/", "ARM_DISABLE_INSTANCE_DISCOVERY=true",
		"ARM_TENANT_ID="+armtest.DefaultTenant, "ARM_SUBSCRIPTION_ID="+armtest.DefaultSubscription,
		"ARM_CLIENT_ID=fake", "ARM_CLIENT_SECRET=fake")
	output(t, scan)
	for _, r := range azure.Requests() {
		if r.Kind == armtest.KindRead && r.UserAgent != "terraform-provider-redisbaseline/0.3.1-rc.2" {
			t.Fatalf("user agent %q", r.UserAgent)
		}
	}
}

// goInstall installs a version of the module as it stands here, from a module proxy
// of files, and returns the path of the program. Dependencies come from the cache of
// modules, which has the layout of such a proxy.
func goInstall(t *testing.T, version string) string {
	t.Helper()
	proxy, bin := t.TempDir(), t.TempDir()
	versions := filepath.Join(proxy, module, "@v")
	if err := os.MkdirAll(versions, 0o755); err != nil {
		t.Fatal(err)
	}
	gomod, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"list":            []byte(version + "\n"),
		version + ".info": []byte(`{"Version":"` + version + `"}`),
		version + ".mod":  gomod,
		version + ".zip":  moduleZip(t, module+"@"+version+"/"),
	} {
		if err := os.WriteFile(filepath.Join(versions, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	modules := strings.TrimSpace(output(t, exec.Command("go", "env", "GOMODCACHE")))
	install := exec.Command("go", "install", "-trimpath", module+"@"+version)
	install.Dir = bin
	install.Env = append(os.Environ(), "GOBIN="+bin, "GOFLAGS=-modcacherw", "GOSUMDB=off", "GOMODCACHE="+t.TempDir(),
		"GOPROXY=file://"+filepath.ToSlash(proxy)+",file://"+filepath.ToSlash(filepath.Join(modules, "cache", "download")))
	output(t, install)
	programs, err := filepath.Glob(filepath.Join(bin, "terraform-provider-redisbaseline*"))
	if err != nil || len(programs) != 1 {
		t.Fatalf("installed %v, %v", programs, err)
	}
	return programs[0]
}

// moduleZip packs what a module proxy would of the working tree: what Go needs to
// build the program, without modules that lie inside.
func moduleZip(t *testing.T, prefix string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	tree := os.DirFS(root(t))
	err := fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			_, err := fs.Stat(tree, path+"/go.mod")
			if path != "." && (err == nil || strings.HasPrefix(entry.Name(), ".") || entry.Name() == "bin" || entry.Name() == "dist") {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || strings.Contains(path, "testdata/") {
			return nil
		}
		content, err := fs.ReadFile(tree, path)
		if err != nil {
			return err
		}
		f, err := w.Create(prefix + path)
		if err != nil {
			return err
		}
		_, err = f.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// root is the folder of the project.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// output runs a command and returns its standard output.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s%s", cmd.Args, err, out, stderr.String())
	}
	return string(out)
}
