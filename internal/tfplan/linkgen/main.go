// Command linkgen makes the plans of the link benchmark: for each archive below
// internal/tfplan/testdata/links it runs the real Terraform with the stub of
// azurerm and azapi, offline, and leaves plan.json and plan.tfplan.base64 beside
// the configuration. A case is named by its path there, as in each/key. With -cases
// the archives are those of another folder, and plan.json alone is left there.
//
//	go run ./internal/tfplan/linkgen [-cases DIR] [CASE...]
//
// A folder before/ is applied first, so that the plan has a prior state. Lines
// of want.txt say how to plan: "plan: ARGUMENTS" and "azurerm: GENERATION".
package main

import (
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/azurermtest"
)

const links = "internal/tfplan/testdata/links"

func main() {
	var err error
	// A link to this program under a provider's name serves that provider.
	switch name := filepath.Base(os.Args[0]); {
	case strings.HasPrefix(name, "terraform-provider-azurerm"):
		err = serve("registry.terraform.io/hashicorp/azurerm", azurermtest.Server(generation()))
	case strings.HasPrefix(name, "terraform-provider-azapi"):
		err = serve("registry.terraform.io/azure/azapi", azurermtest.AzapiServer)
	default:
		cases := flag.String("cases", links, "folder of archives")
		flag.Parse()
		err = run(*cases, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "linkgen:", err)
		os.Exit(1)
	}
}

func serve(address string, stub func() (tfprotov6.ProviderServer, error)) error {
	s, err := stub()
	if err != nil {
		return err
	}
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return s })
}

const generationVariable = "LINKGEN_AZURERM"

func generation() azurermtest.Generation {
	for _, g := range []azurermtest.Generation{azurermtest.V3, azurermtest.V4} {
		if os.Getenv(generationVariable) == fmt.Sprint(g) {
			return g
		}
	}
	return azurermtest.V5
}

func run(cases string, names []string) error {
	if len(names) == 0 {
		err := fs.WalkDir(os.DirFS(cases), ".", func(path string, _ fs.DirEntry, err error) error {
			if name, ok := strings.CutSuffix(path, ".txtar"); ok {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("run it from the top of the repository: %w", err)
		}
	}
	work, err := os.MkdirTemp("", "linkgen")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work) //nolint:errcheck // a folder for temporary files
	env, err := environment(work)
	if err != nil {
		return err
	}
	for i, name := range names {
		if err := planCase(filepath.Join(cases, name+".txtar"), filepath.Join(work, fmt.Sprint(i)), env, cases == links); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// environment lets Terraform find the stubs, and nothing of the user's.
func environment(work string) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"terraform-provider-azurerm", "terraform-provider-azapi"} {
		if err := os.Symlink(self, filepath.Join(work, name)); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(work, "terraformrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"hashicorp/azurerm\" = %[1]q\n    \"azure/azapi\" = %[1]q\n  }\n "+
		" direct {}\n}\n", work)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return append(os.Environ(), "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_DATA_DIR=.terraform"), nil
}

// planCase makes the plan of one archive, in a folder of its own, and puts it there,
// as JSON and, where keepSaved says so, as Terraform saves it.
func planCase(file, work string, env []string, keepSaved bool) error {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return err
	}
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "plan.") })
	source := filepath.Join(work, "source")
	if err := txtar.Write(archive, source); err != nil {
		return err
	}
	text, saved, err := plan(source, filepath.Join(work, "plan"), env)
	if err != nil {
		return err
	}
	archive.Files = append(archive.Files, txtar.File{Name: "plan.json", Data: text})
	if keepSaved {
		encoded := lines(base64.StdEncoding.EncodeToString(saved))
		archive.Files = append(archive.Files, txtar.File{Name: "plan.tfplan.base64", Data: encoded})
	}
	return os.WriteFile(file, txtar.Format(archive), 0o644)
}

// lines breaks a text into lines of 100.
func lines(text string) (out []byte) {
	for line := range slices.Chunk([]byte(text), 100) {
		out = append(append(out, line...), '\n')
	}
	return out
}

// plan returns the plan of a configuration, as JSON and as Terraform saves it.
func plan(source, work string, env []string) (text, saved []byte, err error) {
	want, err := os.ReadFile(filepath.Join(source, "want.txt"))
	if err != nil {
		return nil, nil, err
	}
	args := []string{"plan", "-input=false", "-no-color", "-refresh=false", "-lock=false", "-out=plan.tfplan"}
	for _, line := range strings.Split(string(want), "\n") {
		if v, ok := strings.CutPrefix(line, "azurerm:"); ok {
			env = append(env[:len(env):len(env)], generationVariable+"="+strings.TrimSpace(v))
		}
		if v, ok := strings.CutPrefix(line, "plan:"); ok {
			args = append(args, strings.Fields(v)...)
		}
	}
	terraform := func(args ...string) ([]byte, error) {
		cmd := exec.Command("terraform", args...)
		cmd.Dir, cmd.Env = work, env
		out, err := cmd.Output()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("terraform %s: %s%s", args[0], out, exit.Stderr)
		}
		return out, err
	}
	before := filepath.Join(source, "before")
	if _, err := os.Stat(before); err == nil {
		if err := copyConfiguration(before, work); err != nil {
			return nil, nil, err
		}
		if _, err := terraform("get"); err != nil {
			return nil, nil, err
		}
		if _, err := terraform("apply", "-auto-approve", "-input=false", "-no-color"); err != nil {
			return nil, nil, err
		}
		if err := clean(work); err != nil {
			return nil, nil, err
		}
	}
	if err := copyConfiguration(source, work); err != nil {
		return nil, nil, err
	}
	if _, err := terraform("get"); err != nil {
		return nil, nil, err
	}
	if _, err := terraform(args...); err != nil {
		return nil, nil, err
	}
	if text, err = terraform("show", "-json", "plan.tfplan"); err != nil {
		return nil, nil, err
	}
	saved, err = os.ReadFile(filepath.Join(work, "plan.tfplan"))
	return text, saved, err
}

// copyConfiguration copies the files of a configuration, modules and data included.
func copyConfiguration(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && rel == "before":
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		case rel == "want.txt":
			return nil
		}
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		defer in.Close()
		out, err := os.Create(filepath.Join(to, rel))
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		return errors.Join(err, out.Close())
	})
}

// clean leaves the state alone and takes the configuration away.
func clean(work string) error {
	entries, err := os.ReadDir(work)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "terraform.tfstate") {
			if err := os.RemoveAll(filepath.Join(work, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
