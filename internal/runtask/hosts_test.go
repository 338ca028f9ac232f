package runtask

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Where outgoing requests may lead to, once a name was resolved.
func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"20.50.2.1:443":                    true,
		"[2600:1f18::1]:443":               true,
		"127.0.0.1:443":                    false,
		"127.8.9.1:443":                    false,
		"0.0.0.0:443":                      false,
		"10.1.2.3:443":                     false,
		"172.16.0.1:443":                   false,
		"192.168.1.1:443":                  false,
		"100.64.0.1:443":                   false, // carrier NAT
		"169.254.169.254:80":               false, // metadata of Azure, AWS, Google Cloud
		"168.63.129.16:80":                 false, // Azure's wire server
		"224.0.0.1:443":                    false,
		"255.255.255.255:443":              false,
		"[::1]:443":                        false,
		"[::]:443":                         false,
		"[fe80::1%eth0]:443":               false,
		"[fc00::1]:443":                    false,
		"[::ffff:127.0.0.1]:443":           false, // IPv4 in IPv6
		"[::ffff:10.0.0.1]:443":            false,
		"[64:ff9b::a9fe:a9fe]:443":         false, // NAT64 of the metadata address
		"[2002:7f00:1::]:443":              false, // 6to4 of 127.0.0.1
		"[fd00:ec2::254]:80":               false, // metadata of AWS
		"a name that was not resolved:443": false,
	} {
		if got := public(address) == nil; got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
	if !netip.MustParseAddr("169.254.169.254").IsLinkLocalUnicast() {
		t.Error("not link-local")
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
