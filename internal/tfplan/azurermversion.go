package tfplan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/go-version"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/providerschema"
	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/tfconfig"
)

// schemasFor are the schemas of the resource types that count, of the versions of their
// providers that a configuration takes; unknown says, for people, that the version of
// azurerm is not known.
func schemasFor(c *tfconfig.Configuration) (types map[string]*providerschema.Resource, unknown string) {
	versions, unknown := AzurermVersions(c)
	if unknown == "" {
		types = providerschema.Common(versions)
		for name, r := range providerschema.Common(providerschema.Newest) {
			if types[name] == nil {
				r.Refused = true
				types[name] = r
			}
		}
	} else {
		types = providerschema.Unknown()
	}
	maps.Copy(types, providerschema.Azapi())
	maps.Copy(types, providerschema.Own())
	for name := range resourceTypes {
		if types[name] == nil {
			types[name] = &providerschema.Resource{}
		}
	}
	if !usesAzurerm(c, types) {
		unknown = ""
	}
	return types, unknown
}

// usesAzurerm reports whether a configuration has a resource of azurerm that counts.
func usesAzurerm(c *tfconfig.Configuration, types map[string]*providerschema.Resource) bool {
	for name := range types {
		if strings.HasPrefix(name, "azurerm_") && c.HasType(name) {
			return true
		}
	}
	return false
}

// AzurermVersions are the versions of azurerm that a configuration may take, at most one
// for each major version: that of its lock file, else the newest ones that its constraints
// allow and that have all that is written. Where none of them is known, unknown says so.
func AzurermVersions(c *tfconfig.Configuration) (list []providerschema.Version, unknown string) {
	may, unknown := constrained(c)
	if len(may) < 2 {
		return may, unknown
	}
	all := providerschema.Common(providerschema.Newest)
	refused := func(v providerschema.Version) bool { return refuses(v, c, all) }
	if fitting := slices.DeleteFunc(slices.Clone(may), refused); len(fitting) > 0 {
		return fitting, unknown
	}
	return may, unknown
}

// refuses reports whether a version of azurerm lacks an argument that a configuration has,
// or a resource type that is one of all.
func refuses(v providerschema.Version, c *tfconfig.Configuration, all map[string]*providerschema.Resource) bool {
	here := providerschema.Azurerm(v)
	for name := range all {
		if here[name] == nil && c.HasType(name) {
			return true
		}
	}
	return len(c.Refused(here)) > 0
}

// versionNotKnown ends what is said of a version of azurerm that is not known.
const versionNotKnown = " is not known here: what is omitted in its resources is not known"

// constrained are the versions of azurerm that the lock file or the constraints allow.
func constrained(c *tfconfig.Configuration) (list []providerschema.Version, unknown string) {
	for _, host := range azurermHosts {
		said := c.ProviderVersion(host + "/hashicorp/azurerm")
		if said.Locked != "" {
			if v, ok := knownVersion(said.Locked); ok {
				return []providerschema.Version{v}, ""
			}
			return nil, fmt.Sprintf("azurerm %s, which %s names,%s", said.Locked, tfconfig.LockFile, versionNotKnown)
		}
		if len(said.Constraints) > 0 {
			if list = allowedBy(said.Constraints); len(list) == 0 {
				unknown = fmt.Sprintf("azurerm %s, which the configuration asks for,%s", strings.Join(said.Constraints, ", "), versionNotKnown)
			}
			return list, unknown
		}
	}
	return providerschema.Newest, ""
}

// lockIsOld reports whether the version in the lock file is not one that the constraints
// allow.
func lockIsOld(said tfconfig.ProviderVersion) bool {
	locked, err := version.NewVersion(said.Locked)
	if err != nil || len(said.Constraints) == 0 {
		return false
	}
	all, err := version.NewConstraint(strings.Join(said.Constraints, ","))
	return err == nil && !all.Check(locked)
}

// oldLock is, for people, that the lock file has a version of azurerm that the constraints
// do not allow; empty where it has none.
func oldLock(c *tfconfig.Configuration) string {
	for _, host := range azurermHosts {
		if said := c.ProviderVersion(host + "/hashicorp/azurerm"); lockIsOld(said) {
			return fmt.Sprintf("%s names azurerm %s, which %s does not allow: "+
				"Terraform refuses that until terraform init -upgrade runs; the lock file counts here",
				tfconfig.LockFile, said.Locked, strings.Join(said.Constraints, ", "))
		}
	}
	return ""
}

// azurermHosts are the hosts from which azurerm comes.
var azurermHosts = []string{"registry.terraform.io", "registry.opentofu.org"}

// knownVersion is a version of azurerm whose schemas are known; no prerelease is.
func knownVersion(text string) (providerschema.Version, bool) {
	v, err := version.NewVersion(text)
	if err != nil || v.Prerelease() != "" {
		return providerschema.Version{}, false
	}
	parts := v.Segments()
	at := providerschema.Version{Major: parts[0], Minor: parts[1]}
	return at, slices.ContainsFunc(providerschema.Newest, func(n providerschema.Version) bool { return n.Major == at.Major })
}

// allowedBy are the newest versions of azurerm that constraints allow, one for each major
// version: among those that are known, else among later ones.
func allowedBy(constraints []string) (list []providerschema.Version) {
	all, err := version.NewConstraint(strings.Join(constraints, ","))
	if err != nil {
		return nil
	}
	for _, newest := range providerschema.Newest {
		if v, ok := newestAllowed(all, newest); ok {
			list = append(list, v)
		}
	}
	return list
}

// newestAllowed is the newest version of a major version that constraints allow.
func newestAllowed(all version.Constraints, newest providerschema.Version) (found providerschema.Version, ok bool) {
	const later = 200 // minor versions that may come
	var candidates []string
	for minor := newest.Minor; minor >= 0; minor-- {
		candidates = append(candidates, minorOf(newest.Major, minor))
	}
	// A constraint may allow a patch only.
	var patches []string
	for _, c := range all {
		text := strings.TrimLeft(c.String(), "=!<>~ ")
		patches = append(patches, text, text+".1")
	}
	allowed := func(text string) (providerschema.Version, bool) {
		v, err := version.NewVersion(text)
		if err != nil || !all.Check(v) {
			return providerschema.Version{}, false
		}
		at, ok := knownVersion(text)
		return at, ok && at.Major == newest.Major
	}
	for _, text := range slices.Concat(candidates, patches) {
		if v, may := allowed(text); may && (!ok || v.Minor > found.Minor) {
			found, ok = v, true
		}
	}
	for minor := newest.Minor + 1; !ok && minor < later; minor++ {
		found, ok = allowed(minorOf(newest.Major, minor))
	}
	return found, ok
}

func minorOf(major, minor int) string { return strconv.Itoa(major) + "." + strconv.Itoa(minor) + ".0" }
