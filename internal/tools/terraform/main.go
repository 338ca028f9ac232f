// Command terraform finds a Terraform, or gets one, and prints its path.
//
// It takes the first of: TF_ACC_TERRAFORM_PATH; terraform, then tofu on PATH;
// the one it got earlier; a release that HashiCorp's hc-install fetches; and,
// where releases can't be reached, OpenTofu built from its Go module. Nothing
// but Go is needed for the last. What it gets lies in the cache folder.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

const (
	terraformVersion = "1.15.9"
	tofuVersion      = "1.12.6"
	tofuModule       = "github.com/opentofu/opentofu"

	// fetchTimeout bounds a download that a firewall swallows.
	fetchTimeout = 5 * time.Minute
)

func main() {
	cache := flag.String("cache", "", "folder for a Terraform that has to be fetched or built")
	flag.Parse()
	path, err := find(*cache)
	if err != nil {
		fmt.Fprintln(os.Stderr, "terraform:", err)
		os.Exit(1)
	}
	fmt.Println(path)
}

// find returns the path of a Terraform that can do what demo and tests need.
func find(cache string) (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		if !filepath.IsAbs(path) {
			path = filepath.Join("..", "..", path) // this is run from internal/tools
		}
		if err := works(path); err != nil {
			return "", fmt.Errorf("TF_ACC_TERRAFORM_PATH: %w", err)
		}
		return path, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if path, err = filepath.Abs(path); err != nil || works(path) != nil {
			continue
		}
		if !recent(path) {
			say("%s is older than 1.8, which brought functions of providers: looking further", path)
			continue
		}
		return path, nil
	}
	cache, err := filepath.Abs(cache)
	if err != nil {
		return "", err
	}
	got := filepath.Join(cache, "terraform-"+terraformVersion, executable("terraform"))
	if works(got) == nil {
		return got, nil
	}
	built := filepath.Join(cache, "tofu-"+tofuVersion, executable("tofu"))
	if works(built) == nil {
		return built, nil
	}
	fetchErr := fetch(got)
	if fetchErr == nil {
		return got, nil
	}
	if err := build(built); err != nil {
		return "", errors.Join(
			errors.New("no Terraform on PATH, none could be fetched and none built; install one, or set TF_ACC_TERRAFORM_PATH"),
			fetchErr, err)
	}
	return built, nil
}

// works reports why a binary can't be used, or nil.
func works(path string) error {
	cmd := exec.Command(path, "version")
	cmd.Env = quiet()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s version: %w %s", path, err, bytes.TrimSpace(out))
	}
	return nil
}

// recent reports whether a binary knows functions of providers, which came with
// Terraform 1.8.
func recent(path string) bool {
	cmd := exec.Command(path, "version", "-json")
	cmd.Env = quiet()
	out, err := cmd.Output()
	var said struct {
		Version string `json:"terraform_version"`
	}
	var major, minor int
	if err != nil || json.Unmarshal(out, &said) != nil {
		return false
	}
	if _, err := fmt.Sscanf(said.Version, "%d.%d", &major, &minor); err != nil {
		return false
	}
	return major > 1 || major == 1 && minor >= 8
}

// quiet is an environment in which a CLI configuration that is missing or
// wrong does not look like a broken binary.
func quiet() []string {
	return append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")
}

// fetch downloads a release of Terraform with hc-install, which checks its signature.
func fetch(target string) error {
	say("no terraform or tofu on PATH: fetching Terraform %s from releases.hashicorp.com (a minute or two)", terraformVersion)
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	return atomically(target, func(dir string) error {
		return run(ctx, ".", "go", "tool", "hc-install", "install", "-version", terraformVersion, "-path", dir, "terraform")
	})
}

// build makes OpenTofu from its Go module. The module has replace directives,
// so `go install` refuses it; a copy of its source builds as usual.
func build(target string) error {
	say("releases.hashicorp.com can't be reached: building OpenTofu %s from its Go module, once (5 to 10 minutes on two cores)", tofuVersion)
	start := time.Now()
	ctx := context.Background()
	err := atomically(target, func(dir string) error {
		var downloaded struct{ Dir, Error string }
		cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", tofuModule+"@v"+tofuVersion)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off")
		out, err := cmd.Output()
		if jsonErr := json.Unmarshal(out, &downloaded); jsonErr != nil || err != nil || downloaded.Dir == "" {
			return fmt.Errorf("go mod download %s@v%s: %s", tofuModule, tofuVersion, firstNonEmpty(downloaded.Error, err))
		}
		source := filepath.Join(dir, "source")
		if err := os.CopyFS(source, os.DirFS(downloaded.Dir)); err != nil {
			return err
		}
		err = run(ctx, source, "go", "build", "-trimpath", "-buildvcs=false",
			"-ldflags", "-s -w -X "+tofuModule+"/version.dev=no", "-o", filepath.Join(dir, executable("tofu")), "./cmd/tofu")
		return errors.Join(err, os.RemoveAll(source))
	})
	if err == nil {
		say("OpenTofu %s is built (%s); it stays in %s", tofuVersion, time.Since(start).Round(time.Second), filepath.Dir(target))
	}
	return err
}

// atomically lets fill make target's folder beside it and moves the folder into
// place only if the binary in it works: a half-made one is never taken.
func atomically(target string, fill func(dir string) error) error {
	dir := filepath.Dir(target)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), "making-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := fill(work); err != nil {
		return err
	}
	if err := works(filepath.Join(work, filepath.Base(target))); err != nil {
		return err
	}
	if err := os.Chmod(work, 0o755); err != nil {
		return err
	}
	err = os.Rename(work, dir)
	if errors.Is(err, fs.ErrExist) || (err != nil && works(target) == nil) {
		return nil // somebody else was faster
	}
	return err
}

func run(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, args[0], err, bytes.TrimSpace(out))
	}
	return nil
}

func firstNonEmpty(message string, err error) string {
	if message != "" || err == nil {
		return message
	}
	return err.Error()
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// say writes to standard error: standard output is the path and nothing else.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}
