package runtask

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// DefaultHost is the host of HCP Terraform.
const DefaultHost = "app.terraform.io"

// archives are, by host of the API, the hosts that plans and configurations are
// downloaded from. A Terraform Enterprise host keeps them itself.
var archives = map[string][]string{
	DefaultHost:           {"archivist.terraform.io"},
	"app.eu.terraform.io": {"archivist.eu.terraform.io"},
}

// hosts are the hosts that the service may connect to. The addresses come from the
// request, and so from everybody who has a signing key, or from everybody where no
// key is set. Without this list they could make the service fetch from its own
// network.
type hosts struct {
	api     []string // get the access token
	archive []string // never get it
}

// newHosts normalizes the hosts, which may have a port.
func newHosts(api, archive []string) (hosts, error) {
	var h hosts
	if len(api) == 0 {
		api = []string{DefaultHost}
	}
	for _, name := range api {
		host, err := hostPort(name)
		if err != nil {
			return h, err
		}
		h.api = append(h.api, host)
		h.archive = append(h.archive, host)
		for _, a := range archives[strings.TrimSuffix(host, ":443")] {
			h.archive = append(h.archive, a+":443")
		}
	}
	for _, name := range archive {
		host, err := hostPort(name)
		if err != nil {
			return h, err
		}
		h.archive = append(h.archive, host)
	}
	return h, nil
}

func hostPort(name string) (string, error) {
	u, err := url.Parse("https://" + name)
	if err != nil || u.Hostname() == "" || u.Host != name {
		return "", fmt.Errorf("%q is not a host: use for example %s", name, DefaultHost)
	}
	return address(u), nil
}

// address is the host and port of a URL, in one spelling.
func address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "443"
	}
	return net.JoinHostPort(strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), port)
}

// refuse returns an error for a URL whose host is not allowed. The error names the
// host, and never the rest of the URL, which may hold a secret.
func refuse(u *url.URL, allowed []string) error {
	switch {
	case u.Scheme != "https":
		return errors.New("the address is not https")
	case u.User != nil:
		return errors.New("the address holds credentials")
	case !slices.Contains(allowed, address(u)):
		return fmt.Errorf("the host %q is not one that this service may talk to (--tfe-host, --archive-host)", u.Host)
	}
	return nil
}

// check parses an address of the API and refuses any other.
func (h hosts) check(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("the address is not a URL")
	}
	return u, refuse(u, h.api)
}

// dialer returns a function that connects to public addresses only, unless private
// ones are allowed. It checks the address after the name was resolved, so that no
// name can lead to another address.
func dialer(private bool) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	d.Control = func(_, address string, _ syscall.RawConn) error { return reachable(address, private) }
	return d.DialContext
}

// Addresses at which clouds hand out credentials and settings to every machine.
var (
	azureWire   = netip.MustParseAddr("168.63.129.16") // answers every virtual machine of Azure
	awsMetadata = netip.MustParseAddr("fd00:ec2::254")
	nat64       = netip.MustParsePrefix("64:ff9b::/96")
	globalIPv6  = netip.MustParsePrefix("2000::/3") // the only range of public addresses so far
)

// reserved are the ranges that are not on the public internet and that netip does
// not call private: carrier NAT, protocol assignments, benchmarks, documentation,
// relays, future use.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"),
}

// refusedAddress is the error for a host that resolves to an address to which the
// service does not connect.
type refusedAddress struct{ text string }

func (e *refusedAddress) Error() string { return e.text }

// reachable returns an error for an address (with a port) that is not on the public
// internet. Where private networks are allowed, it still refuses link-local
// addresses and those of a cloud's own services.
func reachable(address string, private bool) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &refusedAddress{"the resolved address is not an IP address"}
	}
	ip := unmapped(ap.Addr())
	switch {
	case ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip == azureWire || ip == awsMetadata:
		return &refusedAddress{"the host resolves to " + ip.String() + ", where no Terraform Enterprise can be"}
	case !private && !public(ip):
		return &refusedAddress{"the host resolves to " + ip.String() + ", which is not a public address (--allow-private-networks)"}
	}
	return nil
}

// unmapped returns the IPv4 address that an IPv6 address stands for, mapped by the
// system or translated by the network (NAT64); other addresses it returns as they
// are.
func unmapped(ip netip.Addr) netip.Addr {
	ip = ip.Unmap().WithZone("")
	if nat64.Contains(ip) {
		b := ip.As16()
		return netip.AddrFrom4([4]byte(b[12:]))
	}
	return ip
}

func public(ip netip.Addr) bool {
	for _, p := range reserved {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && (ip.Is4() || globalIPv6.Contains(ip))
}
