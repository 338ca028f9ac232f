package runtask

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redisbaseline/terraform-provider-redisbaseline/internal/runtask/hcptest"
)

// Where outgoing requests may lead to, once a name was resolved.
func TestReachable(t *testing.T) {
	const (
		always  = iota // public
		allowed        // with --allow-private-networks
		never
	)
	for address, want := range map[string]int{
		"20.50.2.1:443":                    always,
		"[2600:1f18::1]:443":               always,
		"[::ffff:20.50.2.1]:443":           always, // IPv4 in IPv6
		"[64:ff9b::1432:201]:443":          always, // NAT64 of 20.50.2.1: a network without IPv4
		"127.0.0.1:443":                    allowed,
		"127.8.9.1:443":                    allowed,
		"0.0.0.0:443":                      allowed,
		"10.1.2.3:443":                     allowed,
		"172.16.0.1:443":                   allowed,
		"192.168.1.1:443":                  allowed,
		"100.64.0.1:443":                   allowed, // carrier NAT
		"198.18.0.1:443":                   allowed, // benchmarks
		"192.88.99.1:443":                  allowed, // 6to4 relays
		"255.255.255.255:443":              allowed,
		"[::1]:443":                        allowed,
		"[::]:443":                         allowed,
		"[::127.0.0.1]:443":                allowed, // as IPv4 was once written in IPv6
		"[::10.0.0.1]:443":                 allowed,
		"[fc00::1]:443":                    allowed,
		"[fec0::1]:443":                    allowed, // site-local, of old
		"[100::1]:443":                     allowed, // discarded
		"[5f00::1]:443":                    allowed, // segment routing
		"[2001::1]:443":                    allowed, // Teredo
		"[3fff::1]:443":                    allowed, // documentation
		"[::ffff:127.0.0.1]:443":           allowed,
		"[::ffff:10.0.0.1]:443":            allowed,
		"[64:ff9b::a00:1]:443":             allowed, // NAT64 of 10.0.0.1
		"[64:ff9b:1::a00:1]:443":           allowed, // NAT64 with a prefix of one's own
		"[2002:7f00:1::]:443":              allowed, // 6to4 of 127.0.0.1
		"169.254.169.254:80":               never,   // metadata of Azure, AWS, Google Cloud
		"[::ffff:169.254.169.254]:80":      never,
		"[64:ff9b::a9fe:a9fe]:443":         never, // NAT64 of the metadata address
		"168.63.129.16:80":                 never, // Azure's wire server
		"[::ffff:168.63.129.16]:80":        never,
		"[fd00:ec2::254]:80":               never, // metadata of AWS
		"[fe80::1%eth0]:443":               never,
		"224.0.0.1:443":                    never,
		"[ff02::1]:443":                    never,
		"a name that was not resolved:443": never,
	} {
		for _, private := range []bool{false, true} {
			if got := reachable(address, private) == nil; got != (want == always || private && want == allowed) {
				t.Errorf("%s, private networks allowed %v: %v", address, private, got)
			}
		}
	}
}

func TestAddresses(t *testing.T) {
	h, err := newHosts([]string{"tfe.example.com", "app.terraform.io"}, []string{"objects.example.com:8443"})
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]struct{ api, archive bool }{
		"https://tfe.example.com/api/v2/x":        {true, true},
		"https://TFE.example.com./x":              {true, true},
		"https://tfe.example.com:443/x":           {true, true},
		"https://tfe.example.com:444/x":           {},
		"http://tfe.example.com/x":                {},
		"https://app.terraform.io/x":              {true, true},
		"https://archivist.terraform.io/v1/x":     {false, true},
		"https://objects.example.com:8443/x":      {false, true},
		"https://objects.example.com/x":           {},
		"https://app.terraform.io.evil.com/":      {},
		"https://app.terraform.io@evil.com/":      {},
		"https://evil.com#@app.terraform.io/":     {},
		`https://evil.com\@app.terraform.io/`:     {},
		"https://user:pass@app.terraform.io/":     {},
		"https://[::1]/":                          {},
		"https://127.0.0.1/":                      {},
		"https://2130706433/":                     {},
		"file:///etc/passwd":                      {},
		"gopher://app.terraform.io/":              {},
		"//app.terraform.io/x":                    {},
		"":                                        {},
		"https://archivist.eu.terraform.io/":      {},
		"https://app.terraform.io%2f.evil.com/":   {},
		"https://app.terraform.io\u3002evil.com/": {},
	} {
		_, err := h.check(raw)
		if got := err == nil; got != want.api {
			t.Errorf("%s as the API: %v (%v)", raw, got, err)
		}
		u, err := url.Parse(raw)
		if err == nil {
			if got := refuse(u, h.archive) == nil; got != want.archive {
				t.Errorf("%s as the archive: %v", raw, got)
			}
		}
	}
	for _, name := range []string{"app.terraform.io:443", "App.Terraform.io."} { // other ways to write it
		if h, err := newHosts([]string{name}, nil); err != nil || !slices.Contains(h.archive, "archivist.terraform.io:443") {
			t.Errorf("%s has the archives %v (%v)", name, h.archive, err)
		}
	}
	for _, bad := range []string{"https://tfe.example.com", "tfe.example.com/x", "", "a b", "user@host"} {
		if _, err := newHosts([]string{bad}, nil); err == nil {
			t.Errorf("%q is taken as a host", bad)
		}
	}
}

// The real dialer, with a name that leads to loopback: the connection is refused
// before a byte is sent, unless private networks are allowed.
func TestDialer(t *testing.T) {
	reached := make(chan struct{}, 10)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached <- struct{}{} }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "0.0.0.0"} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		conn, err := dialer(false)(ctx, "tcp", net.JoinHostPort(host, port))
		cancel()
		if err == nil {
			_ = conn.Close()
			t.Errorf("%s: connected", host)
		} else if !strings.Contains(err.Error(), "not a public address") {
			t.Errorf("%s: %v", host, err)
		}
	}
	conn, err := dialer(true)(t.Context(), "tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if len(reached) > 0 {
		t.Error("a request arrived")
	}
}

// An address that was refused is refused for good: a name that changes between
// two tries is how one gets past such a check.
func TestRefusedAddressIsNotTriedAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		dials := 0
		w := newWorld(t, func(o *Options) {
			o.Dial = func(context.Context, string, string) (net.Conn, error) {
				dials++
				return nil, &net.OpError{Op: "dial", Err: reachable("10.0.0.1:443", false)}
			}
		})
		plan := &task{s: w.service}
		err := plan.retry(t.Context(), func() error {
			_, err := w.service.client.get(t.Context(), "https://"+hcptest.Host+"/plan", "token", "the plan")
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "not a public address") || dials != 1 {
			t.Errorf("%d dials, %v", dials, err)
		}
		dials = 0
		report := &callback{client: w.service.client, url: "https://" + hcptest.Host + "/callback", token: "token"}
		if err := report.finish(t.Context(), Result{Status: Failed}, func(error) {}); err == nil || dials != 1 {
			t.Errorf("%d dials, %v", dials, err)
		}
	})
}
