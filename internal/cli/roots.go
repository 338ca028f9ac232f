package cli

import (
	"crypto/x509"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// trustRoots gives the process root certificates where the system has none, as
// in an image that holds nothing but this program. Those of a system are always
// preferred: mount them, or name them with SSL_CERT_FILE.
var trustRoots = sync.OnceFunc(func() { x509.SetFallbackRoots(bundledRoots()) })

// bundledRoots are the certificates that Mozilla trusts, as of the build.
func bundledRoots() *x509.CertPool {
	pool := x509.NewCertPool()
	for root := range bundle.Roots() {
		certificate, err := x509.ParseCertificate(root.Certificate)
		switch {
		case err != nil: // one that this version of Go does not read is not trusted
		case root.Constraint != nil:
			pool.AddCertWithConstraint(certificate, root.Constraint)
		default:
			pool.AddCert(certificate)
		}
	}
	return pool
}
