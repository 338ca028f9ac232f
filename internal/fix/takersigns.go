package fix

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// signing is what somebody does who has the host name of a cache and a password: whether that
// is a key of the cache does not show.
const signing = "has the host name of the cache beside a password or the like, and may sign in with a key"

// hostName is the host name of a cache in a text, secretWord the name of something that may be
// a key.
var (
	hostName = regexp.MustCompile(`(?i)([\w-]*)(\.[\w-]+)?\.redis(enterprise)?\.(cache\.)?` +
		`(windows|azure|usgovcloudapi|chinacloudapi)\.(net|us|cn)\b`)
	// secretWord has the words for a password, and those for a key of a cache; a URL has a
	// password behind a colon, which is not that of a port, or before an at sign.
	secretWord = regexp.MustCompile(`(?i)passw|_pass\b|_pw\b|pwd|secret|token|credential|auth\b|` +
		`rediss?://[^/\s]*(:([^0-9/]|$)|@)|(access|primary|secondary|redis|cache|auth)[_-]?keys?\b`)
)

// passedOn is the same of somebody who hands the host name to another place, where it may meet
// any password.
const passedOn = "passes the host name of the cache on, to where it may stand beside a password or the like that the configuration has"

func isHostName(attribute string) bool { return strings.EqualFold(attribute, "hostname") }

// signsIn reports whether the block that is searched names a password or the like; of locals
// it is one of them.
func (s *search) signsIn() bool {
	rng := s.top.Body.SrcRange
	if s.top.Type == "locals" && len(s.stack) > 0 {
		for _, n := range s.stack {
			if a, ok := n.(*hclsyntax.Attribute); ok {
				rng = a.SrcRange
				break
			}
		}
	}
	data := s.module.Files[rng.Filename]
	return namesSecret(data[min(rng.Start.Byte, len(data)):min(rng.End.Byte, len(data))])
}

// namesSecret reports whether a source has a word for a password outside of its comments.
func namesSecret(source []byte) bool {
	tokens, _ := hclsyntax.LexConfig(source, "", hcl.InitialPos)
	return slices.ContainsFunc(tokens, func(t hclsyntax.Token) bool {
		return t.Type != hclsyntax.TokenComment && secretWord.Match(t.Bytes)
	})
}

// signing is what the block that is searched does with the host name of a cache, which it has
// from a local or not; empty where nobody may sign in with it. A local that has it itself is
// followed to where it is used.
func (s *search) signing(fromLocal bool) string {
	switch t := s.top.Type; {
	case s.signsIn():
		return signing
	case (t == "module" || t == "locals" && fromLocal || t == "output" && s.module.Address != "") && s.secrets():
		return passedOn
	default:
		return ""
	}
}

// hostText notes a text that has the host name of a cache where a password is named. A zero
// byte, or in JSON a brace, stands for what is not written out.
func (s *search) hostText(text string, at hcl.Range) {
	for _, found := range hostName.FindAllStringSubmatchIndex(text, -1) {
		what := s.signing(false)
		if what == "" {
			return
		}
		name := text[found[2]:found[3]]
		if found[0] > 0 && strings.IndexByte("\x00}", text[found[0]-1]) >= 0 {
			name = ""
		}
		s.add(subject{name: name}, at, what)
	}
}

// hostLocals notes which locals of a block have the host name of a cache.
func (s *search) hostLocals(b *hclsyntax.Block) {
	if b.Type != "locals" {
		return
	}
	for name, a := range b.Body.Attributes {
		if hostName.Match(s.module.Files[a.SrcRange.Filename][a.SrcRange.Start.Byte:a.SrcRange.End.Byte]) {
			s.hosts[name] = subject{}
		}
		for _, t := range a.Expr.Variables() {
			if slices.Contains(cacheTypes, t.RootName()) && isHostName(nameAt(t, len(t)-1)) {
				s.hosts[name] = subject{typ: t.RootName(), key: t.RootName() + "." + nameAt(t, 1)}
			}
		}
	}
}

// absent is the first call whose module is not there, and may hold clients of any cache; more
// counts the others.
func (r *run) absent() (first *taker, more int) {
	var found []taker
	for _, m := range r.Config.Modules() {
		for _, name := range slices.Sorted(maps.Keys(m.Absent)) {
			address := strings.TrimPrefix(m.Address+".module."+name, ".")
			if d, ok := r.Config.Declaration(address + ".null_resource.any"); m.Absent[name] && ok {
				found = append(found, taker{at: d.Position(), who: address, what: "is not there, and may hold firewall rules or clients"})
			}
		}
	}
	if found = inOrder(found); len(found) == 0 {
		return nil, 0
	}
	return &found[0], len(found) - 1
}
